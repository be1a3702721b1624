"""Totals of a document, as EN 16931 adds them up. Pure.

Amounts are integers in minor units of the document's one currency; quantities and rates decimals.
The numbers in brackets are the standard's business terms and rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from clientdesk.money import half_up

STANDARD, ZERO, OUTSIDE = "S", "Z", "O"


class LineRefused(ValueError):
    """The line cannot stand in a document; the text says what it holds and what was expected."""


@dataclass(frozen=True, slots=True)
class LineFacts:
    """Quantity in units, price in minor units, VAT rate and discount in per cent."""

    quantity: Decimal
    price_minor: int
    vat_rate: Decimal
    discount: Decimal = Decimal(0)
    category: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class VatShare:
    """One group of the VAT breakdown (BG-23): all lines of one category and rate."""

    category: str
    rate: Decimal
    net: int
    vat: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """Net (BT-109), VAT (BT-110), total (BT-112); shares in order of rate, highest first."""

    net: int
    vat: int
    total: int
    shares: tuple[VatShare, ...]


def line_discount(line: LineFacts) -> int:
    """The line's allowance (BT-136): a part of quantity × price, each rounded half up."""
    return half_up(half_up(line.quantity * line.price_minor) * line.discount / 100)


def line_net(line: LineFacts) -> int:
    """Quantity × price, rounded half up, less the discount (BT-131)."""
    return half_up(line.quantity * line.price_minor) - line_discount(line)


def resolved(lines: Sequence[LineFacts]) -> list[str]:
    """The category of each line: its own, else by its rate. Raises LineRefused.

    A line without VAT that says nothing more is outside of it, unless another line has VAT: then it
    is zero-rated, since "not subject to VAT" stands in no document beside others (BR-O-11).
    """
    taxed = any(line.vat_rate for line in lines) or any(
        line.category not in ("", OUTSIDE) for line in lines
    )
    categories = []
    for position, line in enumerate(lines, start=1):
        category = line.category or (STANDARD if line.vat_rate else ZERO if taxed else OUTSIDE)
        where = f"line {position}"
        if category == STANDARD and line.vat_rate <= 0:
            raise LineRefused(f"{where}: VAT rate {line.vat_rate}; expected more than 0")
        if category != STANDARD and line.vat_rate:
            raise LineRefused(f"{where}: VAT rate {line.vat_rate}; expected 0, as it has no VAT")
        if category == OUTSIDE and taxed:
            raise LineRefused(
                f"{where}: not subject to VAT; expected no other kind of VAT beside it"
            )
        categories.append(category)
    return categories


def document_totals(lines: Sequence[LineFacts]) -> Totals:
    """Sum of rounded lines (BR-CO-10, BR-CO-13), VAT per category and rate on that sum (BR-CO-17),
    sums of those (BR-CO-14, BR-CO-15).

    Raises LineRefused, also for two different notes in one group.
    """
    groups: dict[tuple[str, Decimal], tuple[int, str]] = {}
    for position, (line, category) in enumerate(zip(lines, resolved(lines), strict=True), start=1):
        net, note = groups.get((category, line.vat_rate), (0, line.note))
        if line.note and note and line.note != note:
            raise LineRefused(
                f"line {position}: {line.note!r}; expected {note!r}, as with the other lines of"
                " this kind of VAT"
            )
        groups[category, line.vat_rate] = net + line_net(line), note or line.note
    shares = tuple(
        VatShare(category, rate, net, half_up(Decimal(net) * rate / 100), note)
        for (category, rate), (net, note) in sorted(
            groups.items(), key=lambda group: (-group[0][1], group[0][0])
        )
    )
    net = sum(share.net for share in shares)
    vat = sum(share.vat for share in shares)
    return Totals(net=net, vat=vat, total=net + vat, shares=shares)
