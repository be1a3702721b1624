"""The claim for late payment: what was earned stays (PEER-FAILURES 5), and every line adds up."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from billing.rules.interest import Claim, Lowered, Rate, claim_of, merged, reference_rate

ONE_DAY = timedelta(days=1)
due_days = st.dates(date(2012, 1, 1), date(2026, 6, 30))
late = st.integers(0, 700)


@st.composite
def invoices(draw: st.DrawFn) -> tuple[int, date, list[Lowered]]:
    total, due_on = draw(st.integers(1, 10**9)), draw(due_days)
    left, lowered = total, []
    for _ in range(draw(st.integers(0, 4))):
        if left:
            part = draw(st.integers(1, left))
            left -= part
            lowered.append(Lowered(due_on + timedelta(days=draw(st.integers(-30, 700))), part))
    return total, due_on, lowered


def claim(invoice: tuple[int, date, list[Lowered]], on: date) -> Claim:
    total, due_on, lowered = invoice
    return claim_of(total_minor=total, due_on=due_on, on=on, lowered=lowered)


@given(invoices(), late)
def test_it_is_the_sum_of_its_days(invoice: tuple[int, date, list[Lowered]], days: int) -> None:
    total, due_on, lowered = invoice
    exact = Fraction(0)
    for day in (due_on + timedelta(days=n) for n in range(1, days + 1)):
        balance = total - sum(one.minor for one in lowered if one.on < day)
        exact += Fraction(balance) * (Fraction(reference_rate(day)) + 8) / 36500
    found = claim(invoice, due_on + timedelta(days=days))
    assert found.exact == exact
    assert abs(found.interest_minor - exact) <= Fraction(1, 2)
    assert sum(span.amount_minor for span in found.spans) == found.interest_minor


@given(invoices(), late, late)
def test_parting_the_time_changes_nothing(
    invoice: tuple[int, date, list[Lowered]], first: int, second: int
) -> None:
    total, due_on, lowered = invoice
    middle, end = due_on + timedelta(days=first), due_on + timedelta(days=first + second)
    rest = claim_of(total_minor=total, due_on=middle, on=end, lowered=lowered)
    assert claim(invoice, middle).exact + rest.exact == claim(invoice, end).exact


@given(invoices(), late)
def test_it_never_shrinks(invoice: tuple[int, date, list[Lowered]], days: int) -> None:
    on = invoice[1] + timedelta(days=days)
    assert claim(invoice, on).interest_minor <= claim(invoice, on + ONE_DAY).interest_minor


def test_it_survives_part_payment_and_payment_of_the_principal() -> None:
    due_on, paid_on = date(2025, 1, 31), date(2025, 3, 2)
    half = Lowered(date(2025, 2, 10), 50_000)
    rest = Lowered(paid_on, 50_000)
    # 100,000 × 0.1115 × 10 / 365 = 305.48; 50,000 × 0.1115 × 20 / 365 = 305.48: together 610.96.
    on_the_day = claim((100_000, due_on, [half, rest]), paid_on)
    assert [span.amount_minor for span in on_the_day.spans] == [305, 306]
    assert on_the_day.interest_minor == 611
    assert on_the_day.compensation_minor == 4000
    assert claim((100_000, due_on, [half, rest]), date(2026, 3, 2)) == on_the_day


def test_the_owners_rate_goes_before_and_an_unknown_one_is_said() -> None:
    table = merged([Rate(date(2025, 7, 1), Decimal("3.00"), "the gazette")])
    assert reference_rate(date(2025, 8, 1), table) == Decimal("3.00")
    found = claim_of(
        total_minor=100, due_on=date(2026, 6, 1), on=date(2027, 2, 1), rates=table, currency="USD"
    )
    assert found.unknown_since == date(2026, 7, 1)
    assert [span.rate_is_older for span in found.spans] == [False, True, True]
    assert found.compensation_minor is None
