"""The final report: from facts to sections, in one language. Pure.

A section without facts is left out; each of the others opens with a sentence that carries its
figures.
"""

from datetime import date

from offboarding.rules import charts, money_section
from offboarding.rules.croatian_sentences import CroatianSentences
from offboarding.rules.english_sentences import EnglishSentences
from offboarding.rules.facts import Achieved, Court, Delivery, Facts
from offboarding.rules.page import Cell, Column, Figure, Page, Section, Side, Table

Words = EnglishSentences | CroatianSentences
WORDS: dict[str, Words] = {"en": EnglishSentences(), "hr": CroatianSentences()}
WORK_LISTED = 40
TICKS = 7


def page_of(facts: Facts, language: str) -> Page:
    """Raises KeyError for a language without words."""
    words = WORDS[language]
    best = best_of(facts)
    head = grouped(facts.record_head)
    made = (facts.made_on, facts.record_number, head)
    return Page(
        language=language,
        title=f"{words.report} · {facts.client}",
        sender=facts.sender,
        sender_where=facts.sender_where,
        running=f"{words.report} · {words.period(facts.first, facts.last)}",
        client=facts.client,
        foot=words.foot(facts.sender, *made),
        subtitle=f"{words.report}, {words.period(facts.first, facts.last)}",
        sentence=words.summary(facts, best),
        figures=tuple(words.cover_figures(facts, best)),
        closing=f"{words.closing(*made)} {_nothing_about(facts, words)}".strip(),
        sections=tuple(_sections(facts, words, best)),
    )


def best_of(facts: Facts) -> Achieved | None:
    """The result that changed most; one that began at nothing counts least, for want of a per cent.

    None where nothing was measured.
    """
    return max(
        facts.achieved,
        key=lambda one: abs(one.change_percent) if one.change_percent is not None else 0,
        default=None,
    )


def grouped(digest: str) -> str:
    """The first 16 digits of a fingerprint, in two groups."""
    return f"{digest[:8]} {digest[8:16]}"


def _sections(facts: Facts, words: Words, best: Achieved | None) -> list[Section]:
    sections = []
    if best:
        sections.append(_results(facts, words, best))
    if facts.deliveries or facts.spent:
        sections.append(_delivered(facts, words))
    if facts.clock and (facts.asked or facts.rests):
        sections.append(_clock(facts, words))
    if [one for one in facts.asked if not one.withdrawn]:
        sections.append(_asked(facts, words))
    if facts.billed:
        sections.append(money_section.section(facts, words))
    if facts.accounts:
        sections.append(_handover(facts, words))
    sections.append(_record(facts, words))
    return sections


def _nothing_about(facts: Facts, words: Words) -> str:
    """A section that is left out is named, so that nobody looks for it."""
    there = (
        (facts.achieved, words.results),
        (facts.deliveries or facts.spent, words.delivered),
        (facts.asked, words.asked),
        (facts.billed, words.money),
        (facts.accounts, words.handover),
    )
    names = [f"{name[0].lower()}{name[1:]}" for rows, name in there if not rows]
    return words.nothing(names) if names else ""


def _results(facts: Facts, words: Words, best: Achieved) -> Section:
    def with_unit(value: str, unit: str) -> str:
        return f"{value} {unit}".strip()

    def change(one: Achieved) -> str:
        percent = one.change_percent
        return words.percent(percent) if percent is not None else ""

    drawing = charts.pairs(
        words.results_lead(facts, best),
        [
            (
                one.metric,
                float(one.before),
                float(one.after),
                with_unit(words.number(one.before), one.unit),
                with_unit(words.number(one.after), one.unit),
                change(one),
            )
            for one in facts.achieved[:8]
        ],
    )
    table = Table(
        columns=(
            Column(words.what, 44),
            Column(words.before, 14, "r"),
            Column(words.after, 14, "r"),
            Column(words.change, 12, "r"),
            Column(words.when, 16, "r"),
        ),
        rows=tuple(
            (
                Cell(with_unit(one.metric, f"({one.unit})" if one.unit else ""), one.note),
                Cell(words.number(one.before)),
                Cell(words.number(one.after)),
                Cell(change(one)),
                Cell(words.day(one.measured_on)),
            )
            for one in facts.achieved
        ),
    )
    figure = Figure(f"{words.before} / {words.after}", drawing, words.before_after_small)
    return Section("results", words.results, words.results_lead(facts, best), parts=(figure, table))


def _delivered(facts: Facts, words: Words) -> Section:
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


def _clock(facts: Facts, words: Words) -> Section:
    span = (facts.last - facts.first).days + 1
    lanes = charts.lanes(
        words.clock_lead(facts),
        [((day - facts.first).days, court) for day, court in facts.clock],
        span,
        (
            (words.lane_late, words.lane_late_small),
            (words.lane_asked, words.lane_asked_small),
            (words.lane_ours, words.lane_ours_small),
        ),
        [
            (span * tick // TICKS, words.short_day(_day_at(facts.first, span * tick // TICKS)))
            for tick in range(TICKS)
        ],
    )
    theirs, asked, ours = (
        str(facts.days(*courts))
        for courts in ((Court.LATE, Court.STOPPED), (Court.ASKED,), (Court.OURS,))
    )
    parts: list[Figure | Table] = [Figure(words.every_day, lanes, words.every_day_small)]
    if facts.rests:
        parts.append(_rests(facts, words))
    return Section(
        "clock",
        words.clock,
        words.clock_lead(facts),
        sides=(
            Side(theirs, words.side_late, words.side_late_what(facts)),
            Side(asked, words.side_asked, words.side_asked_what),
            Side(ours, words.side_ours, words.side_ours_what),
        ),
        parts=tuple(parts),
        note=words.clock_note,
    )


def _day_at(first: date, offset: int) -> date:
    return date.fromordinal(first.toordinal() + offset)


def _rests(facts: Facts, words: Words) -> Table:
    return Table(
        columns=(
            Column(words.since, 22, "d"),
            Column(words.until, 20, "d"),
            Column(words.reason, 42),
            Column(words.days, 16, "r"),
        ),
        rows=tuple(
            (
                Cell(words.day(one.begun_on)),
                Cell(words.day(one.ended_on) if one.ended_on else words.running),
                Cell(words.reasons.get(one.reason, one.reason), one.cause),
                Cell(str(one.working_days)),
            )
            for one in facts.rests
        ),
        caption=words.stops,
    )


def _asked(facts: Facts, words: Words) -> Section:
    rows = []
    for one in facts.asked:
        answered = words.day(one.answered_on) if one.answered_on else words.still_open
        if one.withdrawn:
            answered, late = words.withdrawn, ""
        elif one.late_days:
            late = str(one.late_days)
        else:
            late = words.in_time if one.answered_on else ""
        rows.append(
            (
                Cell(f"R-{one.number:02}"),
                Cell(one.title),
                Cell(words.day(one.asked_on)),
                Cell(words.day(one.answer_by)),
                Cell(answered),
                Cell(late),
            )
        )
    table = Table(
        columns=(
            Column(words.no, 8, "w"),
            Column(words.request, 38),
            Column(words.asked_on, 14, "d"),
            Column(words.answer_by, 14, "d"),
            Column(words.answered_on, 14, "d"),
            Column(words.late, 12, "r"),
        ),
        rows=tuple(rows),
        note=words.asked_note,
    )
    lead = words.asked_lead(facts)
    return Section("asked", words.asked, lead, parts=(table,), page=len(rows) > 8)


def _handover(facts: Facts, words: Words) -> Section:
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


def _record(facts: Facts, words: Words) -> Section:
    digest = facts.record_head
    return Section(
        "record",
        words.record,
        words.record_lead,
        head=(
            words.record_line(facts.record_number, facts.made_on),
            " ".join(digest[at : at + 8] for at in range(0, 32, 8)),
            " ".join(digest[at : at + 8] for at in range(32, 64, 8)),
            words.record_entries(facts.record_entries),
        ),
        note=words.record_note,
        page=False,
    )
