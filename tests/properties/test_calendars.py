"""Working days against counting them one by one; holidays of countries; ends of months."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientdesk.calendars import (
    add_working_days,
    is_working_day,
    month_day,
    roll_forward,
    working_days_between,
)

ONE_DAY = timedelta(days=1)
days = st.dates(date(2019, 1, 1), date(2031, 12, 31))
countries = st.sampled_from(["", "HR", "DE", "US", "391"])


@pytest.mark.parametrize(
    ("day", "country", "works"),
    [
        (date(2025, 5, 30), "HR", False),  # Statehood Day
        (date(2025, 5, 30), "HRV", False),
        (date(2025, 5, 30), "DE", True),
        (date(2025, 5, 1), "HR", False),
        (date(2025, 5, 1), "US", True),
        (date(2025, 7, 4), "US", False),
        (date(2025, 4, 21), "HR", False),  # Easter Monday
        (date(2025, 4, 21), "", True),
        (date(2025, 5, 30), "", True),
        (date(2025, 5, 31), "HR", False),  # Saturday
        (date(2025, 6, 1), "", False),  # Sunday
    ],
)
def test_public_holidays_and_weekends(day: date, country: str, works: bool) -> None:
    assert is_working_day(day, country) == works


@pytest.mark.parametrize(
    "country", ["391", "818", "ZZ", "hr", "Croatia", "utils", "country_holidays", "HR\n"]
)
def test_an_unknown_country_has_weekends_only(country: str) -> None:
    year = [date(2025, 1, 1) + ONE_DAY * count for count in range(365)]
    assert [is_working_day(day, country) for day in year] == [day.weekday() < 5 for day in year]


@given(days, countries)
def test_rolling_forward_stops_at_the_first_working_day(day: date, country: str) -> None:
    rolled = roll_forward(day, country)
    assert rolled >= day
    assert is_working_day(rolled, country)
    between = [day + ONE_DAY * count for count in range((rolled - day).days)]
    assert not any(is_working_day(passed, country) for passed in between)


@given(days, st.integers(-10, 800), countries)
def test_working_days_between_are_those_counted_one_by_one(
    start: date, length: int, country: str
) -> None:
    end = start + timedelta(days=length)
    counted = sum(is_working_day(start + ONE_DAY * n, country) for n in range(1, length + 1))
    assert working_days_between(start, end, country) == counted


@given(days, st.integers(1, 60), countries)
def test_adding_working_days_is_undone_by_counting_them(
    day: date, count: int, country: str
) -> None:
    later = add_working_days(day, count, country)
    assert is_working_day(later, country)
    assert working_days_between(day, later, country) == count


@given(days, st.integers(1, 60), countries)
def test_taking_working_days_goes_back_as_far(day: date, count: int, country: str) -> None:
    earlier = add_working_days(day, -count, country)
    assert is_working_day(earlier, country)
    assert working_days_between(earlier - ONE_DAY, day - ONE_DAY, country) == count


@given(days, countries)
def test_adding_no_days_changes_nothing(day: date, country: str) -> None:
    assert add_working_days(day, 0, country) == day


def test_peer_15_a_weekend_burns_no_working_days() -> None:
    friday, sunday = date(2025, 5, 9), date(2025, 5, 11)
    assert working_days_between(friday, sunday, "HR") == 0
    assert add_working_days(friday, 1, "HR") == date(2025, 5, 12)


def test_peer_08_month_end_anchor_31_gives_31_28_31_30() -> None:
    assert [month_day(2025, month, 31).day for month in (1, 2, 3, 4)] == [31, 28, 31, 30]
    assert month_day(2024, 2, 30) == date(2024, 2, 29)


@given(st.integers(1900, 2200), st.integers(1, 12), st.integers(1, 31))
def test_a_day_of_the_month_is_the_anchor_or_the_last(year: int, month: int, anchor: int) -> None:
    day = month_day(year, month, anchor)
    assert (day.year, day.month) == (year, month)
    assert day.day == anchor or (day.day < anchor and day.day == monthrange(year, month)[1])
