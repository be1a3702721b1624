"""Invoices and credit notes laid out. Pure."""

from dataclasses import dataclass
from typing import Any

from billing.rules.paper import Bill, Credit, Item, vat_breakdown, vat_notes
from billing.rules.paper_english import English
from billing.rules.sheet import (
    WORDS,
    Cell,
    Column,
    Grid,
    Row,
    Sheet,
    Sum,
    head_of,
    legal_of,
    pay_of,
    width_of,
)

WITHOUT_RATE = "–"


def bill_sheet(bill: Bill, language: str) -> Sheet:
    """The invoice; with `payments` or `credits`, as it stands today."""
    words = WORDS[language]
    money = words.money
    sums = _sums(words, bill, bill.items, sign=1)
    booked = [
        Sum(words.paid_on(p.on), money(-p.amount_minor, bill.currency)) for p in bill.payments
    ]
    booked += [
        Sum(words.credited_by(c.number), money(-c.amount_minor, bill.currency))
        for c in bill.credits
    ]
    if booked:
        sums += [Sum(words.total, money(bill.total_minor, bill.currency)), *booked]
    label = words.left if booked else words.amount_due
    sums.append(Sum(label, money(bill.left_minor, bill.currency), strong=True))
    title = words.title(words.invoice, bill.number, bill.buyer.name)
    fixed: dict[str, Any] = {
        **head_of(words, bill.seller, bill.buyer),
        **legal_of(words, bill.seller, bill.legal_note, bill.mark),
    }
    return Sheet(
        title=title,
        heading=words.invoice,
        sub=bill.number,
        fact_label=label,
        fact=money(bill.left_minor, bill.currency),
        fact_due=words.by_day(bill.due_on) if bill.due_on else "",
        to_label=words.bill_to,
        facts=tuple(_bill_facts(words, bill)),
        lines=_lines(words, bill.items, bill.currency, sign=1),
        sums=tuple(sums),
        asides=(*vat_notes(bill.items), *_paragraphs(bill.note), *_questions(words, bill)),
        pay=pay_of(
            words,
            seller=bill.seller,
            buyer=bill.buyer,
            currency=bill.currency,
            amount_minor=bill.left_minor,
            number=bill.number,
            text=words.payment_text(bill.number),
        ),
        **fixed,
    )


def credit_sheet(credit: Credit, language: str) -> Sheet:
    """A credit note: its figures stand with a minus, as they lower the invoice."""
    words = WORDS[language]
    money = words.money
    facts = [
        (words.issued, words.moment(credit.issued_on, credit.issued_at)),
        (words.corrects, words.invoice_of(credit.invoice_number, credit.invoice_issued_on)),
        (words.reason, credit.reason),
    ]
    if credit.operator:
        facts.append((words.operator, credit.operator))
    sums = _sums(words, credit, credit.items, sign=-1)
    sums.append(Sum(words.credited, money(-credit.total_minor, credit.currency), strong=True))
    left = money(credit.left_minor, credit.currency)
    after = (
        words.credit_sums(left, credit.invoice_number, _iban(credit))
        if credit.left_minor > 0
        else words.credit_clears(credit.invoice_number)
    )
    fixed: dict[str, Any] = {
        **head_of(words, credit.seller, credit.buyer),
        **legal_of(words, credit.seller, credit.legal_note, credit.mark),
    }
    return Sheet(
        title=words.title(words.credit_note, credit.number, credit.buyer.name),
        heading=words.credit_note,
        sub=credit.number,
        fact_label=words.credited_to_you,
        fact=money(credit.total_minor, credit.currency),
        fact_due=words.on_invoice(credit.invoice_number),
        to_label=words.credit_to,
        facts=tuple(facts),
        lines=_lines(words, credit.items, credit.currency, sign=-1),
        sums=tuple(sums),
        asides=vat_notes(credit.items),
        grids=(_changes(words, credit),),
        after=after,
        **fixed,
    )


def _bill_facts(words: English, bill: Bill) -> list[tuple[str, str]]:
    facts = [(words.issued, words.moment(bill.issued_on, bill.issued_at))]
    first, last = bill.delivered_from, bill.delivered_until
    if first and last and first != last:
        facts.append((words.delivered, words.span(first, last)))
    elif first or last:
        facts.append((words.delivered_on, words.day(last or first or bill.issued_on)))
    if bill.buyer_reference:
        facts.append((words.order, bill.buyer_reference))
    if bill.seller.iban:
        facts.append((words.payment_by, words.transfer))
    if bill.operator:
        facts.append((words.operator, bill.operator))
    return facts


def _paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.split("\n") if part.strip()]


def _questions(words: English, bill: Bill) -> tuple[str, ...]:
    return (words.questions(bill.seller.email),) if bill.seller.email else ()


def _iban(credit: Credit) -> str:
    from billing.rules.paycodes import grouped_iban  # noqa: PLC0415 -- beside its only use

    return grouped_iban(credit.seller.iban)


def _sums(
    words: English, document: Bill | Credit, items: tuple[Item, ...], *, sign: int
) -> list[Sum]:
    """Net and each rate's VAT; where there are several rates, on what."""
    currency = document.currency

    def money(minor: int) -> str:
        return words.money(sign * minor, currency)

    rows = vat_breakdown(items, net_minor=document.net_minor, vat_minor=document.vat_minor)
    if len(rows) == 1 and rows[0].vat_bp is None and not rows[0].vat_minor:
        return []
    sums = [Sum(words.net, money(document.net_minor))]
    for row in rows:
        label = words.vat_of(row.category, row.vat_bp)
        if len(rows) > 1:
            label = words.vat_on(label, money(row.net_minor))
        sums.append(Sum(label, money(row.vat_minor)))
    return sums


@dataclass(frozen=True, slots=True)
class _Draft:
    """A column while it is measured."""

    label: str
    css: str
    cells: list[str]
    least: float


def _lines(words: English, items: tuple[Item, ...], currency: str, *, sign: int) -> Grid:
    """The lines; columns that no line fills are left out, the description takes what is free."""
    symbol = words.sign(currency)

    def figure(minor: int | None) -> str:
        return "" if minor is None else words.figure(sign * minor, currency)

    drafts = [
        _Draft(words.quantity, "r", [_quantity(words, i) for i in items], 12),
        _Draft(words.unit, "", [i.unit for i in items], 10),
        _Draft(f"{words.price}, {symbol}", "r", [figure(i.price_minor) for i in items], 13),
        _Draft(words.discount, "r", [_discount(words, i) for i in items], 10),
        _Draft(words.vat, "r", [_rate(words, i) for i in items], 10),
        _Draft(f"{words.amount}, {symbol}", "r", [figure(i.net_minor) for i in items], 15),
    ]
    drafts = [draft for draft in drafts if any(draft.cells)]
    widths = [width_of(d.cells, d.least) if d.css else d.least for d in drafts]
    columns = [Column(words.description, "", max(24.0, 100 - sum(widths)))]
    columns += [
        Column(draft.label, draft.css, width) for draft, width in zip(drafts, widths, strict=True)
    ]
    rows = [
        Row((Cell(item.what, item.detail), *(Cell(draft.cells[index]) for draft in drafts)))
        for index, item in enumerate(items)
    ]
    return Grid(tuple(columns), tuple(rows))


def _quantity(words: English, item: Item) -> str:
    return "" if item.quantity is None else words.number(item.quantity)


def _discount(words: English, item: Item) -> str:
    return words.discounted(words.percent(item.discount_bp)) if item.discount_bp else ""


def _rate(words: English, item: Item) -> str:
    if item.vat_bp is None:
        return ""
    return WITHOUT_RATE if item.vat_category == "O" else words.percent(item.vat_bp)


def _changes(words: English, credit: Credit) -> Grid:
    """The invoice before and after, in one row; what was paid only where something was."""
    money = words.money
    cells = [
        credit.invoice_number,
        words.day(credit.invoice_due_on) if credit.invoice_due_on else "",
        money(credit.invoice_total_minor, credit.currency),
        money(-credit.invoice_paid_minor, credit.currency) if credit.invoice_paid_minor else "",
        money(-credit.invoice_credited_minor, credit.currency),
        money(credit.left_minor, credit.currency),
    ]
    css = ["", "d", "r", "r", "r", "r strong"]
    shown = [n for n in range(6) if n != 3 or cells[3]]
    widths = {n: width_of([cells[n]], 15) for n in shown if n > 1}
    widths[1] = 19
    widths[0] = max(18.0, 100 - sum(widths.values()))
    columns = tuple(Column(words.change_columns[n], css[n], widths[n]) for n in shown)
    row = Row(tuple(Cell(cells[n]) for n in shown))
    return Grid(columns, (row,), title=words.changes)
