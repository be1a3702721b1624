"""The sections about what was achieved, delivered and handed over. Pure."""

from offboarding.rules import charts
from offboarding.rules.croatian_sentences import CroatianSentences
from offboarding.rules.english_sentences import EnglishSentences
from offboarding.rules.facts import Achieved, Delivery, Facts
from offboarding.rules.page import Cell, Column, Figure, Section, Table

Words = EnglishSentences | CroatianSentences
WORK_LISTED = 40
DRAWN = 8


def results(facts: Facts, words: Words, best: Achieved) -> Section:
    drawing = charts.pairs(
        words.results_lead(facts, best),
        [
            (
                one.metric,
                float(one.before),
                float(one.after),
                _with_unit(words.number(one.before), one.unit),
                _with_unit(words.number(one.after), one.unit),
                _change(one, words),
            )
            for one in facts.achieved[:DRAWN]
        ],
    )
    table = achieved_table(facts, words)
    figure = Figure(f"{words.before} / {words.after}", drawing, words.before_after_small)
    return Section("results", words.results, words.results_lead(facts, best), parts=(figure, table))


def achieved_table(facts: Facts, words: Words, *, caption: str = "") -> Table:
    """Every figure before the work and after it."""
    return Table(
        columns=(
            Column(words.what, 44),
            Column(words.before, 14, "r"),
            Column(words.after, 14, "r"),
            Column(words.change, 12, "r"),
            Column(words.when, 16, "r"),
        ),
        rows=tuple(
            (
                Cell(_with_unit(one.metric, f"({one.unit})" if one.unit else ""), one.note),
                Cell(words.number(one.before)),
                Cell(words.number(one.after)),
                Cell(_change(one, words)),
                Cell(words.day(one.measured_on)),
            )
            for one in facts.achieved
        ),
        caption=caption,
    )


def _with_unit(value: str, unit: str) -> str:
    return f"{value} {unit}".strip()


def _change(one: Achieved, words: Words) -> str:
    percent = one.change_percent
    return words.percent(percent) if percent is not None else ""


def delivered(facts: Facts, words: Words) -> Section:
    parts: list[Figure | Table] = []
    if facts.deliveries:
        columns = (
            Column(words.piece, 49),
            Column(words.agreed, 17, "d"),
            Column(words.done, 20, "d"),
            Column(words.days_off, 14, "r"),
        )
        rows = tuple(_delivery(one, words) for one in facts.deliveries)
        parts.append(Table(columns, rows, note=words.delivered_note))
    if facts.spent:
        rows_of_bars = [
            (
                words.kinds.get(one.kind, one.kind),
                words.hours(one.minutes),
                one.minutes / 60,
                words.entries(one.entries),
            )
            for one in facts.spent
        ]
        drawing = charts.bars(words.hours_by_kind, rows_of_bars)
        parts.append(Figure(words.hours_by_kind, drawing))
    if facts.work:
        parts.append(_work(facts, words))
    return Section("work", words.delivered, words.delivered_lead(facts), parts=tuple(parts))


def _delivery(one: Delivery, words: Words) -> tuple[Cell, ...]:
    if one.delivered_on:
        done = Cell(words.day(one.delivered_on))
    elif one.forecast_on:
        done = Cell(words.not_yet, f"{words.forecast} {words.day(one.forecast_on)}")
    else:
        done = Cell(words.not_yet)
    if one.late_days is None:
        late = ""
    elif one.late_days < 0:
        late = words.early(-one.late_days)
    else:
        late = str(one.late_days) if one.late_days else words.in_time
    if one.late_days == 0 and not one.delivered_on:
        late = ""
    return (
        Cell(one.name, one.description),
        Cell(words.day(one.agreed_on) if one.agreed_on else ""),
        done,
        Cell(late),
    )


def _work(facts: Facts, words: Words) -> Table:
    shown = facts.work[-WORK_LISTED:]
    left_out = len(facts.work) - len(shown)
    return Table(
        columns=(
            Column(words.on, 17, "d"),
            Column(words.entry, 71),
            Column(words.took, 12, "r"),
        ),
        rows=tuple(
            (
                Cell(words.day(one.on)),
                Cell(one.summary),
                Cell(words.hours(one.minutes) if one.minutes else ""),
            )
            for one in shown
        ),
        caption=words.entries_of_work,
        note=words.earlier_work(left_out) if left_out else "",
    )


def handover(facts: Facts, words: Words) -> Section:
    table = Table(
        columns=(
            Column(words.account, 36),
            Column(words.needed, 30),
            Column(words.given, 17, "d"),
            Column(words.handed, 17, "d"),
        ),
        rows=tuple(
            (
                Cell(one.platform, one.handle),
                Cell(one.access_needed),
                Cell(words.day(one.given_on) if one.given_on else words.not_yet),
                Cell(words.day(one.handed_over_on) if one.handed_over_on else words.not_yet),
            )
            for one in facts.accounts
        ),
    )
    lead = words.handover_lead(facts)
    return Section("handover", words.handover, lead, parts=(table,), page=False)
