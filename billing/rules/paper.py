"""What stands on an invoice, a credit note and a statement, before any word is chosen. Pure.

Amounts are minor units of the document's currency.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal

from clientdesk.money import half_up

STANDARD = "S"


@dataclass(frozen=True, slots=True)
class Party:
    """Seller or buyer as on the day of issue; `address` without empty lines."""

    name: str
    address: tuple[str, ...] = ()
    tax_id: str = ""
    vat_id: str = ""
    country: str = ""
    iban: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """The entry of the record that tells of the document: its number and hash."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Item:
    """A line; `_bp` is hundredths of a per cent, `net_minor` is after the discount."""

    what: str
    net_minor: int
    detail: str = ""
    quantity: Decimal | None = Decimal(1)
    unit: str = ""
    price_minor: int | None = None
    discount_bp: int = 0
    vat_category: str = STANDARD
    vat_bp: int | None = 0
    vat_note: str = ""


@dataclass(frozen=True, slots=True)
class VatSum:
    """A row of the VAT breakdown (BG-23): one category and rate. No rate: it is not known."""

    category: str
    vat_bp: int | None
    net_minor: int
    vat_minor: int


@dataclass(frozen=True, slots=True)
class Booked:
    """What came in or was credited, and when; `number` of the credit note."""

    on: date
    amount_minor: int
    number: str = ""


@dataclass(frozen=True, slots=True)
class Bill:
    """An invoice."""

    number: str
    currency: str
    seller: Party
    buyer: Party
    issued_on: date
    due_on: date | None
    net_minor: int
    vat_minor: int
    total_minor: int
    items: tuple[Item, ...]
    # Local time of issue, where it is known to be of that day.
    issued_at: time | None = None
    operator: str = ""
    delivered_from: date | None = None
    delivered_until: date | None = None
    buyer_reference: str = ""
    note: str = ""
    legal_note: str = ""
    mark: Mark | None = None
    # Only a page of today knows these; the document is of the day of issue.
    payments: tuple[Booked, ...] = ()
    credits: tuple[Booked, ...] = ()

    @property
    def left_minor(self) -> int:
        booked = sum(one.amount_minor for one in (*self.payments, *self.credits))
        return self.total_minor - booked


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit note, and the invoice it corrects as it stood right after."""

    number: str
    currency: str
    seller: Party
    buyer: Party
    issued_on: date
    reason: str
    net_minor: int
    vat_minor: int
    total_minor: int
    items: tuple[Item, ...]
    invoice_number: str
    invoice_issued_on: date
    invoice_due_on: date | None
    invoice_total_minor: int
    invoice_paid_minor: int
    invoice_credited_minor: int
    issued_at: time | None = None
    operator: str = ""
    legal_note: str = ""
    mark: Mark | None = None

    @property
    def left_minor(self) -> int:
        return self.invoice_total_minor - self.invoice_paid_minor - self.invoice_credited_minor


@dataclass(frozen=True, slots=True)
class Move:
    """A day's movement of an account. `kind`: invoice, payment, credit, lost."""

    on: date
    kind: str
    number: str
    currency: str
    debit_minor: int = 0
    credit_minor: int = 0
    about: str = ""


@dataclass(frozen=True, slots=True)
class OpenItem:
    number: str
    currency: str
    due_on: date | None
    open_minor: int
    about: str = ""
    # Since when the client disputes it.
    disputed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """What the client owed on the day `until`, and how it came to it."""

    seller: Party
    buyer: Party
    since: date
    until: date
    # Balances on the eve of `since`, by currency.
    opening: dict[str, int] = field(default_factory=dict)
    moves: tuple[Move, ...] = ()
    open_items: tuple[OpenItem, ...] = ()
    legal_note: str = ""
    mark: Mark | None = None

    @property
    def currencies(self) -> list[str]:
        used = {move.currency for move in self.moves} | {one.currency for one in self.open_items}
        used |= {currency for currency, minor in self.opening.items() if minor}
        return sorted(used, key=lambda code: (code != "EUR", code))

    def balance(self, currency: str) -> int:
        """The balance at the end of `until`; currencies are never added together."""
        moved = sum(m.debit_minor - m.credit_minor for m in self.moves if m.currency == currency)
        return self.opening.get(currency, 0) + moved


def vat_breakdown(items: Sequence[Item], *, net_minor: int, vat_minor: int) -> tuple[VatSum, ...]:
    """VAT by category and rate on the sum of the lines' nets (BR-CO-17), highest rate first.

    Where that is not what was issued (rows from another program), one row tells the stored sums.
    """
    nets: dict[tuple[str, int], int] = {}
    for item in items:
        if item.vat_bp is None:
            break
        key = (item.vat_category, item.vat_bp)
        nets[key] = nets.get(key, 0) + item.net_minor
    rows = tuple(
        VatSum(category, vat_bp, net, half_up(Decimal(net) * vat_bp / 10_000))
        for (category, vat_bp), net in sorted(nets.items(), key=lambda one: (-one[0][1], one[0][0]))
    )
    if (sum(r.net_minor for r in rows), sum(r.vat_minor for r in rows)) == (net_minor, vat_minor):
        return rows
    return (VatSum(STANDARD, None, net_minor, vat_minor),)


def vat_notes(items: Sequence[Item]) -> tuple[str, ...]:
    """Why lines have no VAT, each reason once, in the order of the lines."""
    return tuple(dict.fromkeys(item.vat_note for item in items if item.vat_note))
