"""Late-payment interest, against values computed by hand from the directive's rule."""

from datetime import date

import pytest

from billing.rules.interest import interest_minor, reference_rate

BY_HAND = [
    # 1,000.00 for 30 days at 3.15 + 8 = 11.15 %: 100,000 × 0.1115 × 30 / 365 = 916.4…
    (100_000, date(2025, 1, 31), date(2025, 3, 2), 916),
    # Over the turn of a half-year: 10 days to 30 June at 11.15 %, 10 from 1 July at 10.15 %.
    # 100,000 × (0.1115 × 10 + 0.1015 × 10) / 365 = 305.479… + 278.082… = 583.56…
    (100_000, date(2025, 6, 20), date(2025, 7, 10), 584),
    # A leap year still divides by 365: 366 days, 182 at 12.5 % and 184 at 12.25 %.
    # 100,000 × (0.125 × 182 + 0.1225 × 184) / 365 = 6,232.87… + 6,175.34… = 12,408.21…
    (100_000, date(2023, 12, 31), date(2024, 12, 31), 12_408),
    # One day: the day after the due day. 36,500 × 0.1115 / 365 = 11.15
    (36_500, date(2025, 5, 14), date(2025, 5, 15), 11),
    # When the reference rate was nought, eight points remain: 36,500 × 0.08 × 10 / 365 = 80
    (36_500, date(2020, 5, 4), date(2020, 5, 14), 80),
]


@pytest.mark.parametrize(("open_minor", "due_on", "on", "interest"), BY_HAND)
def test_it_is_what_one_computes_by_hand(
    open_minor: int, due_on: date, on: date, interest: int
) -> None:
    assert interest_minor(open_minor=open_minor, due_on=due_on, on=on) == interest


@pytest.mark.parametrize("on", [date(2025, 5, 1), date(2025, 5, 14)])
def test_until_the_due_day_there_is_none(on: date) -> None:
    assert interest_minor(open_minor=1_000_000, due_on=date(2025, 5, 14), on=on) == 0


def test_nothing_open_bears_no_interest() -> None:
    assert interest_minor(open_minor=0, due_on=date(2020, 1, 1), on=date(2025, 1, 1)) == 0


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        (date(2024, 6, 30), "4.50"),
        (date(2024, 7, 1), "4.25"),
        (date(2025, 1, 1), "3.15"),
        (date(2022, 12, 31), "0.00"),
        (date(2015, 9, 1), "0.05"),
    ],
)
def test_the_rate_of_its_first_day_holds_for_a_half_year(day: date, rate: str) -> None:
    assert str(reference_rate(day)) == rate
