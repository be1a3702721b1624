"""The sections about whose move it was: the clock, the stops, the requests. Pure."""

from datetime import date

from offboarding.rules import charts
from offboarding.rules.croatian_sentences import CroatianSentences
from offboarding.rules.english_sentences import EnglishSentences
from offboarding.rules.facts import Court, Facts
from offboarding.rules.page import Cell, Column, Figure, Section, Side, Table

Words = EnglishSentences | CroatianSentences
TICKS = 7
# A longer period names months under its lanes instead of days.
DAYS_NAMED = 330


def clock(facts: Facts, words: Words) -> Section:
    parts: list[Figure | Table] = [lanes(facts, words)]
    if facts.projects:
        parts.append(_by_project(facts, words))
    if any(one.causes for one in facts.projects):
        parts.append(why_moved(facts, words))
    if facts.rests:
        parts.append(rests(facts, words))
    return Section(
        "clock",
        words.clock,
        words.clock_lead(facts),
        sides=sides(facts, words),
        parts=tuple(parts),
        note=words.clock_note,
    )


def sides(facts: Facts, words: Words) -> tuple[Side, ...]:
    """Theirs, asked and ours, in working days."""
    theirs, asked, ours = (
        str(facts.days(*courts))
        for courts in ((Court.LATE, Court.STOPPED), (Court.ASKED,), (Court.OURS,))
    )
    return (
        Side(theirs, words.side_late, words.side_late_what(facts)),
        Side(asked, words.side_asked, words.side_asked_what),
        Side(ours, words.side_ours, words.side_ours_what),
    )


def lanes(facts: Facts, words: Words) -> Figure:
    """Every working day in the lane of the one whose move it was."""
    span = (facts.last - facts.first).days + 1
    name = words.short_day if span <= DAYS_NAMED else words.short_month
    drawing = charts.lanes(
        words.clock_lead(facts),
        [((day - facts.first).days, court) for day, court in facts.clock],
        span,
        (
            (words.lane_late, words.lane_late_small),
            (words.lane_asked, words.lane_asked_small),
            (words.lane_ours, words.lane_ours_small),
        ),
        [
            (span * tick // TICKS, name(_day_at(facts.first, span * tick // TICKS)))
            for tick in range(TICKS)
        ],
    )
    return Figure(words.every_day, drawing, words.every_day_small)


def _day_at(first: date, offset: int) -> date:
    return date.fromordinal(first.toordinal() + offset)


def _by_project(facts: Facts, words: Words) -> Table:
    """The figures that the page of each project shows on the last day of the period."""
    return Table(
        columns=(
            Column(words.project, 26),
            Column(words.days_in_all, 9, "r"),
            Column(words.ours, 8, "r"),
            Column(words.asked_days, 9, "r"),
            Column(words.late_days, 8, "r"),
            Column(words.stopped_days, 10, "r"),
            Column(words.agreed, 15, "r"),
            Column(words.expected, 15, "r"),
        ),
        rows=tuple(
            (
                Cell(one.name),
                Cell(str(one.elapsed)),
                Cell(str(one.ours)),
                Cell(str(one.asked)),
                Cell(str(one.late)),
                Cell(str(one.stopped)),
                Cell(words.day(one.agreed_on) if one.agreed_on else ""),
                Cell(words.day(one.expected_on) if one.expected_on else ""),
            )
            for one in facts.projects
        ),
        caption=words.by_project,
    )


def why_moved(facts: Facts, words: Words) -> Table:
    """Every cause with the working days that are its own; together they are the whole shift."""
    return Table(
        columns=(
            Column(words.project, 34),
            Column(words.cause, 50),
            Column(words.moved_by, 16, "r"),
        ),
        rows=tuple(
            (
                Cell(one.name),
                Cell(cause.title or words.rested),
                Cell(f"+{cause.days}" if cause.days else words.same_day),
            )
            for one in facts.projects
            for cause in one.causes
        ),
        caption=words.why_moved,
    )


def missed(facts: Facts, words: Words) -> Table:
    return Table(
        columns=(
            Column(words.missed_on, 14, "d"),
            Column(words.missed, 36),
            Column(words.how_told, 50),
        ),
        rows=tuple(
            (
                Cell(words.day(one.on)),
                Cell(one.title, words.for_want_of(one.request) if one.request else ""),
                Cell(one.evidence),
            )
            for one in facts.missed
        ),
        caption=words.missed,
    )


def rests(facts: Facts, words: Words) -> Table:
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


def asked(facts: Facts, words: Words) -> Section:
    table = asked_table(facts, words, note=words.asked_note)
    lead = words.asked_lead(facts)
    parts = (table, missed(facts, words)) if facts.missed else (table,)
    page = len(table.rows) > 8 or bool(facts.projects)
    return Section("asked", words.asked, lead, parts=parts, page=page)


def asked_table(facts: Facts, words: Words, *, caption: str = "", note: str = "") -> Table:
    """Every round: when it was asked, due and answered."""
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
                Cell(
                    one.title,
                    words.round_of(one.round_number, one.rounds_agreed)
                    if one.round_number > 1
                    else "",
                ),
                Cell(words.day(one.asked_on)),
                Cell(words.day(one.answer_by)),
                Cell(answered),
                Cell(late),
            )
        )
    return Table(
        columns=(
            Column(words.no, 8, "w"),
            Column(words.request, 38),
            Column(words.asked_on, 14, "d"),
            Column(words.answer_by, 14, "d"),
            Column(words.answered_on, 14, "d"),
            Column(words.late, 12, "r"),
        ),
        rows=tuple(rows),
        caption=caption,
        note=note,
    )
