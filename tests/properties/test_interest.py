"""Late-payment interest: day by day at the half-year's rate, rounded once."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.interest import interest_minor, reference_rate

days = st.dates(date(2012, 1, 1), date(2026, 12, 31))
amounts = st.integers(1, 10**8)


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        (date(2023, 6, 30), "2.50"),
        (date(2023, 7, 1), "4.00"),
        (date(2024, 12, 31), "4.25"),
        (date(2025, 1, 1), "3.15"),
        (date(2015, 7, 1), "0.05"),  # no change that half-year
    ],
)
def test_the_rate_of_a_half_year(day: date, rate: str) -> None:
    assert str(reference_rate(day)) == rate


def test_a_year_at_one_rate_and_a_turn_of_the_half_year() -> None:
    # 100 days of 2025's first half at 3.15 + 8 on EUR 1,000.
    assert (
        interest_minor(open_minor=100_000, due_on=date(2025, 1, 31), on=date(2025, 5, 11)) == 3055
    )
    # One day at 11.15 per cent and one at 10.15 on EUR 36,500: EUR 11.15 + EUR 10.15.
    assert (
        interest_minor(open_minor=3_650_000, due_on=date(2025, 6, 29), on=date(2025, 7, 1)) == 2130
    )


@given(amounts, days, st.integers(0, 900))
def test_interest_is_the_sum_of_its_days(open_minor: int, due_on: date, late: int) -> None:
    rates = [Fraction(reference_rate(due_on + timedelta(days=n))) + 8 for n in range(1, late + 1)]
    exact = open_minor * sum(rates, Fraction(0)) / 36500
    on = due_on + timedelta(days=late)
    assert abs(interest_minor(open_minor=open_minor, due_on=due_on, on=on) - exact) <= Fraction(
        500_001, 1_000_000
    )


@given(amounts, days, st.integers(0, 400))
def test_nothing_runs_up_to_and_on_the_due_day(open_minor: int, on: date, early: int) -> None:
    due_on = on + timedelta(days=early)
    assert interest_minor(open_minor=open_minor, due_on=due_on, on=on) == 0
