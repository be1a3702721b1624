"""A document as it is laid out: plain text in its places, escaped by the template. Pure.

Only `Code.svg` is markup, our own.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from billing.rules import paycodes
from billing.rules.paper import Mark, Party
from billing.rules.paper_croatian import Croatian
from billing.rules.paper_english import English

WORDS: dict[str, English] = {"en": English(), "hr": Croatian()}
# Signs of small print that fit under the first page; longer notes stand behind the last row.
FOOT_SIGNS = 230
PAGE_MM = 170.0


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    small: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    css: str = ""
    # Per cent of the table's width.
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[Cell, ...]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; a row has a cell for each column."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    title: str = ""
    note: str = ""
    css: str = ""

    def __iter__(self) -> Iterator[tuple[Row, list[tuple[Column, Cell]]]]:
        for row in self.rows:
            yield row, list(zip(self.columns, row.cells, strict=True))


@dataclass(frozen=True, slots=True)
class Sum:
    label: str
    amount: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    label: str
    svg: str
    css: str = ""


@dataclass(frozen=True, slots=True)
class Pay:
    title: str
    facts: tuple[tuple[str, str], ...]
    codes: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    language: str
    title: str
    sender: str
    where: str
    heading: str
    sub: str
    fact_label: str
    fact: str
    fact_due: str
    to_label: str
    to: tuple[str, ...]
    to_ids: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    foot: str
    legal: tuple[str, ...]
    mark: tuple[str, str] | None = None
    # Small print too long for the foot.
    fine_print: str = ""
    lines: Grid | None = None
    sums: tuple[Sum, ...] = ()
    asides: tuple[str, ...] = ()
    pay: Pay | None = None
    grids: tuple[Grid, ...] = ()
    after: str = ""

    @property
    def fact_is_long(self) -> bool:
        return len(self.fact) > 15


def head_of(words: English, seller: Party, buyer: Party) -> dict[str, object]:
    """What every document says of its two parties."""
    return {
        "language": words.code,
        "sender": seller.name,
        "where": " · ".join(part for part in (", ".join(seller.address), seller.email) if part),
        "to": (buyer.name, *buyer.address),
        "to_ids": tuple(ids_of(words, buyer)),
        "foot": " · ".join((seller.name, *ids_of(words, seller)[:1])),
    }


def ids_of(words: English, party: Party) -> list[str]:
    nb = "\N{NO-BREAK SPACE}"
    ids = []
    if party.tax_id:
        ids.append(f"{words.tax_label(party.country)}{nb}{party.tax_id}")
    if party.vat_id:
        ids.append(f"{words.vat_label()}{nb}{party.vat_id}")
    return ids


def legal_of(words: English, seller: Party, note: str, mark: Mark | None) -> dict[str, object]:
    """The small print: who issued it, the owner's note, the entry of the record."""
    who = ", ".join((seller.name, *seller.address))
    ids = ", ".join(ids_of(words, seller))
    paragraphs = [f"{who}. {ids}." if ids else f"{who}."]
    plain = " ".join(note.split())
    short = len(plain) <= FOOT_SIGNS
    if plain and short:
        paragraphs.append(plain)
    digits = mark.hash[:16] if mark else ""
    return {
        "legal": tuple(paragraphs),
        "fine_print": "" if short else plain,
        "mark": (words.record(mark.number), f"{digits[:8]}\N{NO-BREAK SPACE}{digits[8:]}")
        if mark
        else None,
    }


def pay_of(
    words: English,
    *,
    seller: Party,
    buyer: Party,
    currency: str,
    amount_minor: int,
    number: str,
    text: str,
) -> Pay | None:
    """How to pay; the codes only where their standard has one. None without an account."""
    if not seller.iban or amount_minor <= 0:
        return None
    amount = words.money(amount_minor, currency)
    croatian = seller.country == "HR" and currency == "EUR"
    reference = number
    if croatian:
        model, plain = paycodes.hub3_reference(number)
        reference = f"{model}\N{NO-BREAK SPACE}{plain}" if plain else model
    facts = (
        (words.payee, seller.name),
        (words.iban, paycodes.grouped_iban(seller.iban)),
        (words.hub3_reference if croatian else words.reference, reference),
        (words.purpose, text),
        (words.amount, amount),
    )
    codes: list[Code] = []
    try:
        if croatian:
            svg = paycodes.hub3_svg(
                payer=_address(buyer),
                payee=_address(seller),
                iban=seller.iban,
                currency=currency,
                amount_minor=amount_minor,
                number=number,
                text=text,
                alt=words.hub3_alt(amount),
            )
            codes.append(Code(words.hub3, svg, "hub"))
    except paycodes.NotPayableByCode:
        codes = []
    try:
        svg = paycodes.epc_svg(
            name=seller.name,
            iban=seller.iban,
            currency=currency,
            amount_minor=amount_minor,
            text=text,
            alt=words.epc_alt(amount),
        )
        codes.append(Code(words.epc, svg))
    except paycodes.NotPayableByCode:
        pass
    return Pay(words.payment, facts, tuple(codes))


def _address(party: Party) -> paycodes.Address:
    lines = [*party.address, "", ""]
    return paycodes.Address(party.name, lines[0], lines[1])


def width_of(texts: list[str], least: float) -> float:
    """Per cent that a column of figures at 9 pt needs: fixed columns overflow silently."""
    wide = max((sum(0.95 if sign in ".,\N{NO-BREAK SPACE}" else 2.0 for sign in text)
                for text in texts), default=0.0)  # fmt: skip
    return max(least, 100 * (wide + 4.5) / PAGE_MM)
