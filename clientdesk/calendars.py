"""Working days: Monday to Friday without the public holidays of a country. Pure.

A country is its ISO 3166 code of two or three letters. An empty or unknown one has no holidays, so
only weekends count.
"""

from calendar import monthrange
from datetime import date, timedelta
from functools import cache, lru_cache

import holidays

SATURDAY = 5
ONE_DAY = timedelta(days=1)


# Asked first: the library looks names up in its own modules, and "utils" is no country.
_known_countries = cache(holidays.list_supported_countries)


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    if country not in _known_countries(include_aliases=True):
        return frozenset()
    return frozenset(holidays.country_holidays(country, years=year))


def is_working_day(day: date, country: str) -> bool:
    return day.weekday() < SATURDAY and (not country or day not in _holidays(country, day.year))


@lru_cache(maxsize=4_096)
def roll_forward(day: date, country: str) -> date:
    """`day`, or the first working day after it."""
    while not is_working_day(day, country):
        day += ONE_DAY
    return day


@lru_cache(maxsize=4_096)
def add_working_days(day: date, count: int, country: str) -> date:
    """The `count`-th working day after `day`; before it, where `count` is negative."""
    step = ONE_DAY if count >= 0 else -ONE_DAY
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day, country):
            day += step
    return day


def working_days_between(start: date, end: date, country: str) -> int:
    """Working days after `start`, up to and including `end`; 0 where `end` is not later."""
    if end <= start:
        return 0
    weeks, rest = divmod((end - start).days, 7)
    days = weeks * 5
    days += sum((start + ONE_DAY * n).weekday() < SATURDAY for n in range(1, rest + 1))
    if not country:
        return days
    free = (
        1
        for year in range(start.year, end.year + 1)
        for day in _holidays(country, year)
        if start < day <= end and day.weekday() < SATURDAY
    )
    return days - sum(free)


def month_day(year: int, month: int, anchor: int) -> date:
    """The day `anchor` of a month, or its last day: anchor 31 gives 31, 28, 31, 30."""
    return date(year, month, min(anchor, monthrange(year, month)[1]))
