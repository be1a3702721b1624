"""Late-payment interest between businesses in the EU, computed and explained, never charged.

Directive 2011/7/EU: article 2(6) and (7) set statutory interest at the European Central Bank's
reference rate plus at least eight percentage points; the rate of the first day of a half-year holds
for the whole half-year; article 3(1) lets it run from the day after the due date. Simple interest,
on actual days over 365.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

MARGIN = Decimal(8)
# ECB main refinancing operations, rate in force on 1 January and 1 July, in per cent.
# Source: European Central Bank, "Key ECB interest rates".
REFERENCE_RATES: tuple[tuple[date, Decimal], ...] = (
    (date(2012, 1, 1), Decimal("1.00")),
    (date(2012, 7, 1), Decimal("1.00")),
    (date(2013, 1, 1), Decimal("0.75")),
    (date(2013, 7, 1), Decimal("0.50")),
    (date(2014, 1, 1), Decimal("0.25")),
    (date(2014, 7, 1), Decimal("0.15")),
    (date(2015, 1, 1), Decimal("0.05")),
    (date(2016, 7, 1), Decimal("0.00")),
    (date(2023, 1, 1), Decimal("2.50")),
    (date(2023, 7, 1), Decimal("4.00")),
    (date(2024, 1, 1), Decimal("4.50")),
    (date(2024, 7, 1), Decimal("4.25")),
    (date(2025, 1, 1), Decimal("3.15")),
    (date(2025, 7, 1), Decimal("2.15")),
)


def reference_rate(day: date) -> Decimal:
    """The reference rate of the half-year `day` lies in, in per cent; the oldest known before."""
    known = [rate for since, rate in REFERENCE_RATES if since <= day]
    return known[-1] if known else REFERENCE_RATES[0][1]


def _spans(first: date, last: date) -> Iterator[tuple[date, int]]:
    """(a day of it, number of days) for each half-year between two days, both included."""
    day = first
    while day <= last:
        turn = date(day.year, 7, 1) if day.month < 7 else date(day.year + 1, 1, 1)
        end = min(last, turn - timedelta(days=1))
        yield day, (end - day).days + 1
        day = turn


def interest_minor(*, open_minor: int, due_on: date, on: date) -> int:
    """Interest on `open_minor` from the day after `due_on` up to and including `on`.

    In the minor units of `open_minor`, rounded half up once, at the end.
    """
    amount = sum(
        (
            Decimal(open_minor) * (reference_rate(day) + MARGIN) / 100 * days / 365
            for day, days in _spans(due_on + timedelta(days=1), on)
        ),
        Decimal(0),
    )
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))
