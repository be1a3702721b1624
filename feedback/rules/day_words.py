"""Days within one project, as pages write them: without a year. Pure."""

import re
from datetime import date
from functools import lru_cache

from babel.dates import format_date

NBSP = "\N{NO-BREAK SPACE}"
SHORT = {"en": "d MMM", "hr": "d. MMM"}
LONG = {"en": "d MMMM", "hr": "d. MMMM"}
WEEKDAY = {"en": "EEE d MMM", "hr": "EEE d. MMM"}
WHOLE = {"en": "EEEE d MMMM", "hr": "EEEE, d. MMMM"}
MONTH = {"en": "MMM", "hr": "LLL"}
MONTH_YEAR = {"en": "MMM y", "hr": "LLL y."}


@lru_cache(maxsize=8_192)
def _written(day: date, pattern: str, language: str) -> str:
    # The day comes before its month, as in all text of the product.
    locale = "en_GB" if language == "en" else language
    text = format_date(day, pattern, locale=locale)
    return re.sub(r"\bSept\b", "Sep", text).replace(" ", NBSP)


def short(day: date, language: str) -> str:
    """ "14 May"; Croatian "14. svi"."""
    return _written(day, SHORT[language], language)


def long(day: date, language: str) -> str:
    """ "14 May" with its whole month; Croatian "14. svibnja"."""
    return _written(day, LONG[language], language)


def weekday(day: date, language: str) -> str:
    """ "Wed 14 May"; Croatian "sri 14. svi"."""
    return _written(day, WEEKDAY[language], language)


def whole(day: date, language: str) -> str:
    """ "Wednesday 14 May"; Croatian "srijeda, 14. svibnja"."""
    return _written(day, WHOLE[language], language)


def month(day: date, language: str, *, year: bool) -> str:
    """ "May", with its year "May 2025"; Croatian "svi", "svi 2025."."""
    return _written(day, (MONTH_YEAR if year else MONTH)[language], language)
