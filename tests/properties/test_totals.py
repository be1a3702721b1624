"""Totals of a document add up as EN 16931 demands."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from billing.rules.totals import LineFacts, Totals, document_totals, line_net

rates = st.sampled_from([Decimal(0), Decimal(5), Decimal(13), Decimal(25), Decimal("25.00")])
lines = st.builds(
    LineFacts,
    quantity=st.decimals(Decimal(-1000), Decimal(1000), places=3),
    price_minor=st.integers(-(10**7), 10**7),
    vat_rate=rates,
)


def nearest(value: Fraction) -> int:
    """Half away from zero, in whole numbers only."""
    sign = -1 if value < 0 else 1
    return sign * ((2 * abs(value).numerator + abs(value).denominator) // (2 * value.denominator))


@given(lines)
def test_a_line_is_rounded_half_up(line: LineFacts) -> None:
    assert line_net(line) == nearest(Fraction(line.quantity) * line.price_minor)


@given(st.lists(lines, max_size=8))
def test_totals_add_up(document: list[LineFacts]) -> None:
    totals = document_totals(document)
    assert totals.net == sum(line_net(line) for line in document)  # BR-CO-10
    assert totals.total == totals.net + totals.vat  # BR-CO-15
    assert totals.vat == sum(vat for _, vat in totals.by_rate.values())  # BR-CO-14
    assert set(totals.by_rate) == {line.vat_rate for line in document}
    for rate, (net, vat) in totals.by_rate.items():
        assert net == sum(line_net(line) for line in document if line.vat_rate == rate)
        assert vat == nearest(Fraction(net) * Fraction(rate) / 100)  # BR-CO-17


@given(st.lists(lines, max_size=8))
def test_the_order_of_lines_changes_nothing(document: list[LineFacts]) -> None:
    assert document_totals(document[::-1]) == document_totals(document)


def test_vat_is_taken_from_the_sum_and_not_from_each_line() -> None:
    thirds = [LineFacts(Decimal("1.5"), 33, Decimal(25))] * 3  # 49.5 each: 50, 50, 50
    assert document_totals(thirds) == Totals(150, 38, 188, {Decimal(25): (150, 38)})
    each = [(Decimal(50) * 25 / 100).quantize(Decimal(1), ROUND_HALF_UP)] * 3
    assert sum(each) == 39


def test_a_rate_written_twice_is_one_rate() -> None:
    two = [LineFacts(Decimal(1), 10, Decimal("25")), LineFacts(Decimal(1), 12, Decimal("25.00"))]
    assert document_totals(two) == Totals(22, 6, 28, {Decimal(25): (22, 6)})


def test_an_empty_document_is_nothing() -> None:
    assert document_totals([]) == Totals(0, 0, 0, {})
