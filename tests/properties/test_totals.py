"""Totals of a document add up as EN 16931 demands."""

import random
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.totals import (
    LineFacts,
    LineRefused,
    Totals,
    VatShare,
    document_totals,
    line_net,
    resolved,
)

rates = st.sampled_from([Decimal(0), Decimal(5), Decimal(13), Decimal(25), Decimal("25.00")])
percents = st.decimals(Decimal(0), Decimal(100), places=2)
lines = st.builds(
    LineFacts,
    quantity=st.decimals(Decimal(-1000), Decimal(1000), places=3),
    price_minor=st.integers(-(10**7), 10**7),
    vat_rate=rates,
    discount=st.just(Decimal(0)) | percents,
)


def nearest(value: Fraction) -> int:
    """Half away from zero, in whole numbers only."""
    sign = -1 if value < 0 else 1
    return sign * ((2 * abs(value).numerator + abs(value).denominator) // (2 * value.denominator))


def oracle_net(line: LineFacts) -> int:
    gross = nearest(Fraction(line.quantity) * line.price_minor)
    return gross - nearest(gross * Fraction(line.discount) / 100)


def check_identities(document: list[LineFacts]) -> Totals:
    """Every BR-CO identity, by fractions and another way of adding than the rule's."""
    totals = document_totals(document)
    assert totals.net == sum(oracle_net(line) for line in document)  # BR-CO-10, 13
    assert totals.vat == sum(share.vat for share in totals.shares)  # BR-CO-14
    assert totals.total == totals.net + totals.vat  # BR-CO-15
    categories = resolved(document)
    for share in totals.shares:
        nets = [
            oracle_net(line)
            for line, category in zip(document, categories, strict=True)
            if (category, line.vat_rate) == (share.category, share.rate)
        ]
        assert nets
        assert share.net == sum(nets)
        assert share.vat == nearest(Fraction(share.net) * Fraction(share.rate) / 100)  # BR-CO-17
        assert (share.rate > 0) == (share.category == "S")
    return totals


@given(lines)
def test_a_line_is_rounded_half_up(line: LineFacts) -> None:
    assert line_net(line) == oracle_net(line)


@given(st.lists(lines, max_size=8))
def test_totals_add_up(document: list[LineFacts]) -> None:
    totals = check_identities(document)
    assert {share.rate for share in totals.shares} == {line.vat_rate for line in document}


@given(st.lists(lines, max_size=8))
def test_the_order_of_lines_changes_nothing(document: list[LineFacts]) -> None:
    assert document_totals(document[::-1]) == document_totals(document)


@pytest.mark.parametrize(
    "count", [500, pytest.param(10_000, marks=pytest.mark.soak)], ids=["some", "all"]
)
def test_random_documents_add_up_to_the_last_unit(count: int) -> None:
    rng = random.Random(20260514)
    for _ in range(count):
        kind = rng.choice(["S", "mixed", "E", "AE"])
        check_identities([_random_line(rng, kind) for _ in range(rng.randint(1, 12))])


def _random_line(rng: random.Random, kind: str) -> LineFacts:
    taxed = kind == "S" or (kind == "mixed" and rng.random() < 0.7)
    return LineFacts(
        quantity=Decimal(rng.randint(1, 10**6)) / 1000,
        price_minor=rng.randint(-(10**6), 10**7),
        vat_rate=Decimal(rng.choice(["5", "13", "25", "7.7"])) if taxed else Decimal(0),
        discount=Decimal(rng.choice([0, 0, 500, 1250, 3333])) / 100,
        category="S" if taxed else "Z" if kind == "mixed" else kind,
    )


def test_vat_is_taken_from_the_sum_and_not_from_each_line() -> None:
    thirds = [LineFacts(Decimal("1.5"), 33, Decimal(25))] * 3  # 49.5 each: 50, 50, 50
    share = VatShare("S", Decimal(25), 150, 38)
    assert document_totals(thirds) == Totals(150, 38, 188, (share,))
    each = [(Decimal(50) * 25 / 100).quantize(Decimal(1), ROUND_HALF_UP)] * 3
    assert sum(each) == 39


def test_a_rate_written_twice_is_one_rate() -> None:
    two = [LineFacts(Decimal(1), 10, Decimal("25")), LineFacts(Decimal(1), 12, Decimal("25.00"))]
    assert document_totals(two) == Totals(22, 6, 28, (VatShare("S", Decimal(25), 22, 6),))


def test_an_empty_document_is_nothing() -> None:
    assert document_totals([]) == Totals(0, 0, 0, ())


def line(rate: str, category: str = "", note: str = "") -> LineFacts:
    return LineFacts(Decimal(1), 100, Decimal(rate), category=category, note=note)


def test_what_says_nothing_about_vat_is_decided_by_its_company() -> None:
    assert resolved([line("0"), line("0")]) == ["O", "O"]
    assert resolved([line("0"), line("25")]) == ["Z", "S"]
    assert resolved([line("0"), line("0", "AE")]) == ["Z", "AE"]


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([line("0", "S")], "line 1: VAT rate 0; expected more than 0"),
        ([line("25"), line("25", "E")], "line 2: VAT rate 25; expected 0"),
        ([line("25"), line("0", "O")], "line 2: not subject to VAT"),
        ([line("0", "E", "a"), line("0", "E", "b")], "line 2: 'b'; expected 'a'"),
    ],
)
def test_lines_that_cannot_stand_together_are_refused(
    document: list[LineFacts], words: str
) -> None:
    with pytest.raises(LineRefused, match=words):
        document_totals(document)
