"""Due days by an agreement's terms."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.due import DayOfMonth, DaysAfter, due_date
from clientdesk.calendars import month_day

ONE_DAY = timedelta(days=1)
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
anchors = st.integers(1, 31)


@given(days, st.integers(0, 365))
def test_days_after_the_invoice_are_calendar_days(issued_on: date, count: int) -> None:
    assert (due_date(issued_on, DaysAfter(count)) - issued_on).days == count


@given(days, anchors)
def test_a_fixed_day_is_the_first_such_day_strictly_after(issued_on: date, anchor: int) -> None:
    day = issued_on + ONE_DAY
    while day != month_day(day.year, day.month, anchor):
        day += ONE_DAY
    assert due_date(issued_on, DayOfMonth(anchor)) == day


@pytest.mark.parametrize(
    ("issued_on", "anchor", "due_on"),
    [
        (date(2025, 4, 30), 1, date(2025, 5, 1)),
        (date(2025, 5, 1), 1, date(2025, 6, 1)),
        (date(2025, 12, 15), 1, date(2026, 1, 1)),
        (date(2025, 12, 31), 31, date(2026, 1, 31)),
        (date(2025, 2, 27), 31, date(2025, 2, 28)),
        (date(2025, 2, 28), 31, date(2025, 3, 31)),
        (date(2024, 2, 28), 30, date(2024, 2, 29)),
    ],
)
def test_fixed_days(issued_on: date, anchor: int, due_on: date) -> None:
    assert due_date(issued_on, DayOfMonth(anchor)) == due_on


def test_peer_08_invoices_due_at_month_end_stay_at_month_end() -> None:
    due_on = date(2025, 1, 30)
    chain = [due_on := due_date(due_on, DayOfMonth(31)) for _ in range(5)]
    assert [(day.month, day.day) for day in chain] == [(1, 31), (2, 28), (3, 31), (4, 30), (5, 31)]
