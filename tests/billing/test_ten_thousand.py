"""Random invoices as the database holds them: every identity of EN 16931 is exact, and the export
says the same figures. PEER-FAILURES 16: currencies are never mixed."""

import random
from decimal import Decimal
from fractions import Fraction

import pytest

from billing.models import Invoice
from billing.operations.drafts import NewLine, create_draft
from billing.queries.breakdown import breakdown
from billing.queries.exports import COLUMNS, invoice_rows
from billing.rules.totals import LineRefused
from clientdesk.money import exponent
from clients.models import Client
from tests.billing.desk import NOW, TODAY

CURRENCIES = ("EUR", "JPY", "KWD")
KINDS = ("S", "Z", "E", "AE", "K", "G", "O")


def nearest(value: Fraction) -> int:
    """Half away from zero, in whole numbers only."""
    sign = -1 if value < 0 else 1
    return sign * ((2 * abs(value).numerator + abs(value).denominator) // (2 * value.denominator))


def random_lines(rng: random.Random) -> list[NewLine]:
    kinds = ["O"] if rng.random() < 0.1 else rng.sample(KINDS[:-1], rng.randint(1, 3))
    return [_line(rng, rng.choice(kinds)) for _ in range(rng.randint(1, 8))]


def _line(rng: random.Random, kind: str) -> NewLine:
    return NewLine(
        description="Care",
        quantity=Decimal(rng.randint(1, 10**5)) / 1000,
        price_minor=rng.randint(-(10**4), 10**6),
        discount=Decimal(rng.choice([0, 0, 500, 1250, 3333, 10_000])) / 100,
        vat_rate=Decimal(rng.choice(["5", "7.7", "13", "25"])) if kind == "S" else Decimal(0),
        vat_category=kind,
    )


def check(invoice: Invoice, typed: list[NewLine]) -> None:
    """By whole numbers and fractions, from the columns of the rows."""
    rows = list(invoice.lines.all())
    assert len(rows) == len(typed)
    groups: dict[tuple[str, int], list[int]] = {}
    for row, line in zip(rows, typed, strict=True):
        gross = nearest(Fraction(row.quantity_milli, 1000) * row.price_minor)
        assert row.net_minor == gross - nearest(Fraction(gross * row.discount_bp, 10_000))
        assert (row.vat_bp > 0) == (row.vat_category == "S")  # BR-S/Z/E/AE/IC/G/O-05 to 07
        assert bool(row.vat_note) == (row.vat_category not in "SZ")  # …-10
        assert (Fraction(row.quantity_milli, 1000), row.vat_category, row.price_minor) == (
            Fraction(line.quantity), line.vat_category, line.price_minor,
        )  # fmt: skip
        groups.setdefault((row.vat_category, row.vat_bp), []).append(row.net_minor)
    vats = {
        key: nearest(Fraction(sum(nets) * key[1], 10_000)) for key, nets in groups.items()
    }  # BR-CO-17
    net, vat = sum(row.net_minor for row in rows), sum(vats.values())
    assert (invoice.net_minor, invoice.vat_minor) == (net, vat)  # BR-CO-10, 13, 14
    assert invoice.total_minor == net + vat  # BR-CO-15
    assert invoice.balance_minor == invoice.total_minor - invoice.paid_minor  # BR-CO-16
    shares = {(s.category, int(s.rate * 100)): (s.net, s.vat) for s in breakdown(invoice)}
    assert shares == {key: (sum(nets), vats[key]) for key, nets in groups.items()}


@pytest.mark.parametrize(
    "count", [60, pytest.param(10_000, marks=pytest.mark.soak)], ids=["some", "all"]
)
def test_rows_and_export_add_up_to_the_last_unit(lune: Client, count: int) -> None:
    rng = random.Random(20260514)
    typed: dict[int, list[NewLine]] = {}
    while len(typed) < count:
        lines, currency = random_lines(rng), rng.choice(CURRENCIES)
        try:
            draft = create_draft(client=lune, currency=currency, lines=lines, now=NOW, by=None)
        except LineRefused:  # deductions beyond the sum
            continue
        typed[draft.pk] = lines
    for invoice in Invoice.objects.prefetch_related("lines").iterator(chunk_size=500):
        check(invoice, typed[invoice.pk])
    assert Invoice.objects.count() == count
    # As issued by hand in one go: what the export shows is about amounts, not about issuing.
    for pk in typed:
        Invoice.objects.filter(pk=pk, total_minor__gt=0).update(
            state=Invoice.State.ISSUED, number=f"N{pk}", issued_on=TODAY, due_on=TODAY
        )
    issued = {i.number: i for i in Invoice.objects.issued().prefetch_related("lines")}
    exported = [dict(zip(COLUMNS, row, strict=True)) for row in invoice_rows()]
    assert {row["number"] for row in exported} == set(issued)
    for row in exported:
        invoice = issued[row["number"]]
        digits = exponent(row["currency"])
        for column in ("net", "vat", "total"):
            whole, _, decimals = row[column].partition(".")
            assert len(decimals) == digits
            assert int(whole + decimals) == getattr(invoice, f"{column}_minor")
        vats = [Decimal(part.rsplit(" + ", 1)[1]) for part in row["vat_by_rate"].split("; ")]
        assert sum(vats) == Decimal(row["vat"])  # BR-CO-14


def test_an_invoice_below_zero_is_refused_in_words_and_leaves_nothing(lune: Client) -> None:
    lines = [NewLine("Care", Decimal(1), 1_000), NewLine("Deduction", Decimal(1), -1_001)]
    with pytest.raises(LineRefused, match=r"total: -0.01 EUR; expected 0 or more"):
        create_draft(client=lune, currency="EUR", lines=lines, now=NOW, by=None)
    assert not Invoice.objects.exists()


def test_the_three_currencies_have_none_two_and_three_decimals() -> None:
    assert [exponent(currency) for currency in CURRENCIES] == [2, 0, 3]
