"""The section about money. Pure; currencies are listed side by side and never added."""

from offboarding.rules import charts
from offboarding.rules.croatian_sentences import CroatianSentences
from offboarding.rules.english_sentences import EnglishSentences
from offboarding.rules.facts import Billed, Facts
from offboarding.rules.page import Cell, Column, Figure, Section, Table

DRAWN = 24


def section(facts: Facts, words: EnglishSentences | CroatianSentences) -> Section:
    parts: list[Figure | Table] = []
    drawn = [one for one in facts.billed if one.days_after_due is not None][-DRAWN:]
    if drawn:
        parts.append(_drawing(drawn, words))
    parts.append(_invoices(facts, words))
    if facts.received:
        parts.append(_payments(facts, words))
    sums = []
    for one in facts.sums:
        sums.append((words.invoiced, words.money_of(one.invoiced_minor, one.currency), False))
        sums.append((words.paid, words.money_of(one.paid_minor, one.currency), False))
        sums.append((words.unpaid, words.money_of(one.open_minor, one.currency), True))
    return Section(
        "money",
        words.money,
        words.money_lead(facts),
        parts=tuple(parts),
        note=words.money_note,
        sums=tuple(sums),
    )


def _drawing(drawn: list[Billed], words: EnglishSentences | CroatianSentences) -> Figure:
    rows = []
    for one in sorted(drawn, key=lambda one: (one.due_on or one.issued_on, one.number)):
        days = one.days_after_due or 0
        label = words.early(-days) if days < 0 else str(days)
        if not one.settled_on:
            label = f"{label}, {words.still_open}"
        rows.append((one.number, days, label, one.settled_on is None))
    drawing = charts.around_due(words.days_to_pay, rows)
    return Figure(words.days_to_pay, drawing, words.days_to_pay_small)


def _invoices(facts: Facts, words: EnglishSentences | CroatianSentences) -> Table:
    rows = []
    for one in facts.billed:
        days = one.days_after_due
        if days is None:
            late = ""
        elif days < 0:
            late = words.early(-days)
        else:
            late = str(days) if days else words.in_time
        if one.settled_on:
            paid = Cell(words.day(one.settled_on))
        elif one.paid_minor:
            left = words.money_of(one.open_minor, one.currency)
            paid = Cell(words.partly, f"{words.still_open} {left}")
        elif days is None:
            paid = Cell(words.not_due)
        else:
            paid = Cell(words.still_open)
        rows.append(
            (
                Cell(one.number, one.description),
                Cell(words.day(one.issued_on)),
                Cell(words.day(one.due_on) if one.due_on else ""),
                Cell(words.money_of(one.total_minor, one.currency)),
                paid,
                Cell(late),
            )
        )
    return Table(
        columns=(
            Column(words.invoice, 32),
            Column(words.issued, 14, "d"),
            Column(words.due, 14, "d"),
            Column(words.total, 14, "r"),
            Column(words.paid_on, 16, "apart"),
            Column(words.late, 10, "r"),
        ),
        rows=tuple(rows),
    )


def _payments(facts: Facts, words: EnglishSentences | CroatianSentences) -> Table:
    return Table(
        columns=(
            Column(words.on, 17, "d"),
            Column(words.invoice, 27),
            Column(words.reference, 36),
            Column(words.amount, 20, "r"),
        ),
        rows=tuple(
            (
                Cell(words.day(one.paid_on)),
                Cell(one.number),
                Cell(one.reference),
                Cell(words.money_of(one.amount_minor, one.currency)),
            )
            for one in facts.received
        ),
        caption=words.payments,
    )
