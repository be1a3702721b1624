"""Late-payment interest between businesses in the EU, computed and explained, never charged.

Directive 2011/7/EU: article 2(6) and (7) set statutory interest at the European Central Bank's
reference rate plus at least eight percentage points; the rate of the first day of a half-year holds
for the whole half-year; article 3(1) lets it run from the day after the due date; article 6 adds
EUR 40 for the cost of recovery. Simple interest, on actual days over 365.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor

MARGIN_BP = 800  # hundredths of a per cent
COMPENSATION_MINOR = 4000  # EUR 40.00
ONE_DAY = timedelta(days=1)
ECB = "European Central Bank, Key ECB interest rates"


@dataclass(frozen=True, slots=True)
class Rate:
    """The reference rate in per cent of the half-years from `since`, until another is known."""

    since: date
    percent: Decimal
    source: str = ECB


# ECB main refinancing operations, rate in force on 1 January and 1 July, in per cent.
_KNOWN = (
    "2012-01 1.00, 2012-07 1.00, 2013-01 0.75, 2013-07 0.50, 2014-01 0.25, 2014-07 0.15, "
    "2015-01 0.05, 2015-07 0.05, 2016-01 0.05, 2016-07 0.00, 2017-01 0.00, 2017-07 0.00, "
    "2018-01 0.00, 2018-07 0.00, 2019-01 0.00, 2019-07 0.00, 2020-01 0.00, 2020-07 0.00, "
    "2021-01 0.00, 2021-07 0.00, 2022-01 0.00, 2022-07 0.00, 2023-01 2.50, 2023-07 4.00, "
    "2024-01 4.50, 2024-07 4.25, 2025-01 3.15, 2025-07 2.15"
)
REFERENCE_RATES: tuple[Rate, ...] = (
    *(
        Rate(date.fromisoformat(f"{month}-01"), Decimal(percent))
        for month, percent in (known.split() for known in _KNOWN.split(", "))
    ),
    Rate(
        date(2026, 1, 1),
        Decimal("2.15"),
        "Banka Slovenije, main refinancing operations settled 23 December 2025 and 7 January 2026",
    ),
)


@dataclass(frozen=True, slots=True)
class Lowered:
    """A payment or credit note of the day `on`; the balance is lower from the day after."""

    on: date
    minor: int


@dataclass(frozen=True, slots=True)
class Span:
    """Days, `first` to `last`, with one balance and rate. `percent` is the reference rate, `total`
    with the margin; `rate_is_older` says that the half-year's own rate is not known."""

    first: date
    last: date
    balance_minor: int
    percent: Decimal
    total: Decimal
    rate_is_older: bool
    amount_minor: int

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Claim:
    """Spans whose amounts add up to `interest_minor`; `exact` is the same before rounding.

    `compensation_minor` is None where the currency is not the euro: then it is EUR 40 or its
    equivalent. `unknown_since` is the first half-year without a rate of its own.
    """

    spans: tuple[Span, ...]
    exact: Fraction
    interest_minor: int
    compensation_minor: int | None
    unknown_since: date | None

    @property
    def total_minor(self) -> int:
        return self.interest_minor + (self.compensation_minor or 0)


def half_year(day: date) -> date:
    """The first day of the half-year in which `day` lies."""
    return date(day.year, 1 if day.month < 7 else 7, 1)


def rate_on(day: date, rates: Iterable[Rate] = REFERENCE_RATES) -> Rate:
    """The latest rate known on the first day of the half-year; before all, the oldest known."""
    table = sorted(rates, key=lambda rate: rate.since)
    known = [rate for rate in table if rate.since <= half_year(day)]
    return known[-1] if known else table[0]


def reference_rate(day: date, rates: Iterable[Rate] = REFERENCE_RATES) -> Decimal:
    """The reference rate of the half-year `day` lies in, in per cent; the oldest known before."""
    return rate_on(day, rates).percent


def merged(own: Iterable[Rate], bundled: Iterable[Rate] = REFERENCE_RATES) -> tuple[Rate, ...]:
    """The bundled table with the owner's rows, which go before those of the same day."""
    by_day = {rate.since: rate for rate in (*bundled, *own)}
    return tuple(by_day[day] for day in sorted(by_day))


def _turns(first: date, last: date, lowered: Sequence[Lowered]) -> Iterator[tuple[date, date]]:
    """Days between `first` and `last`, parted where a half-year or the balance turns."""
    breaks = {one.on + ONE_DAY for one in lowered}
    breaks |= {
        date(year, month, 1) for year in range(first.year, last.year + 1) for month in (1, 7)
    }
    starts = [first, *sorted(day for day in breaks if first < day <= last)]
    yield from zip(starts, [*(day - ONE_DAY for day in starts[1:]), last], strict=True)


def _half_up(exact: Fraction) -> int:
    return floor(exact + Fraction(1, 2))


def claim_of(
    *,
    total_minor: int,
    due_on: date,
    on: date,
    lowered: Sequence[Lowered] = (),
    rates: Sequence[Rate] = REFERENCE_RATES,
    margin_bp: int = MARGIN_BP,
    currency: str = "EUR",
) -> Claim:
    """What the directive lets one claim up to and including `on`, from the day after `due_on`.

    In the minor units of `total_minor`, rounded half up once at the end. What has run up stays when
    the principal is paid.
    """
    exact, spans, unknown = Fraction(0), [], None
    days = _turns(due_on + ONE_DAY, on, lowered) if due_on < on else ()
    for first, last in days:
        balance = total_minor - sum(one.minor for one in lowered if one.on < first)
        if balance <= 0:
            continue
        rate = rate_on(first, rates)
        older = rate.since != half_year(first)
        if older and unknown is None:
            unknown = half_year(first)
        total = max(Decimal(0), rate.percent + Decimal(margin_bp) / 100)
        before = _half_up(exact)
        exact += Fraction(balance) * Fraction(total) * ((last - first).days + 1) / 36500
        # The difference of rounded sums: the lines always add up to the rounded total.
        spans.append(
            Span(first, last, balance, rate.percent, total, older, _half_up(exact) - before)
        )
    compensation = (COMPENSATION_MINOR if spans else 0) if currency == "EUR" else None
    return Claim(tuple(spans), exact, _half_up(exact), compensation, unknown)


def interest_minor(
    *,
    open_minor: int,
    due_on: date,
    on: date,
    rates: Sequence[Rate] = REFERENCE_RATES,
    margin_bp: int = MARGIN_BP,
) -> int:
    """Interest on `open_minor` from the day after `due_on` up to and including `on`.

    In the minor units of `open_minor`, rounded half up once, at the end.
    """
    return claim_of(
        total_minor=open_minor, due_on=due_on, on=on, rates=rates, margin_bp=margin_bp
    ).interest_minor
