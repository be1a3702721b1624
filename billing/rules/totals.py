"""Totals of a document, as EN 16931 adds them up. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from clientdesk.money import half_up


@dataclass(frozen=True, slots=True)
class LineFacts:
    """Quantity in units, price in minor units, VAT rate in per cent."""

    quantity: Decimal
    price_minor: int
    vat_rate: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """Minor units; `by_rate` holds (net, VAT) for each rate."""

    net: int
    vat: int
    total: int
    by_rate: dict[Decimal, tuple[int, int]]


def line_net(line: LineFacts) -> int:
    """Quantity × price, rounded half up to minor units (BT-131)."""
    return half_up(line.quantity * line.price_minor)


def document_totals(lines: Sequence[LineFacts]) -> Totals:
    """Sum of rounded lines (BR-CO-10), VAT per rate on that sum (BR-CO-17), total (BR-CO-15)."""
    nets: defaultdict[Decimal, int] = defaultdict(int)
    for line in lines:
        nets[line.vat_rate] += line_net(line)
    by_rate = {rate: (net, half_up(Decimal(net) * rate / 100)) for rate, net in nets.items()}
    net = sum(net for net, _ in by_rate.values())
    vat = sum(vat for _, vat in by_rate.values())
    return Totals(net=net, vat=vat, total=net + vat, by_rate=by_rate)
