"""Days as a letter writes them, per language. Pure."""

from datetime import date
from functools import lru_cache

from babel import Locale
from babel.dates import format_date


@lru_cache(maxsize=4_096)
def long_day(day: date, language: str) -> str:
    """ "26 April 2025" in English, "26. travnja 2025." in Croatian; its parts never break apart."""
    pattern = "d. MMMM y." if language == "hr" else "d MMMM y"
    return format_date(day, pattern, locale=language).replace(" ", "\N{NO-BREAK SPACE}")


@lru_cache(maxsize=4_096)
def counted_days(count: int, language: str) -> str:
    """ "1 day", "21 days"; Croatian "1 dan", "21 dan", "22 dana"."""
    one = Locale(language).plural_form(count) == "one"
    word = ("dan" if one else "dana") if language == "hr" else ("day" if one else "days")
    return f"{count}\N{NO-BREAK SPACE}{word}"


@lru_cache(maxsize=4_096)
def counted_working_days(count: int, language: str) -> str:
    """ "1 working day"; Croatian "1 radni dan", "3 radna dana", "5 radnih dana"."""
    form = Locale(language).plural_form(count)
    if language == "hr":
        word = {"one": "radni dan", "few": "radna dana"}.get(form, "radnih dana")
    else:
        word = "working day" if form == "one" else "working days"
    return f"{count}\N{NO-BREAK SPACE}{word}"


def counted_minutes(count: int, language: str) -> str:
    """ "1 minute", "5 minutes"; Croatian "5 min"."""
    if language == "hr":
        return f"{count}\N{NO-BREAK SPACE}min"
    return f"{count}\N{NO-BREAK SPACE}minute{'' if count == 1 else 's'}"
