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
    span = (facts.last - facts.first).days + 1
    name = words.short_day if span <= DAYS_NAMED else words.short_month
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
            (span * tick // TICKS, name(_day_at(facts.first, span * tick // TICKS)))
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


def asked(facts: Facts, words: Words) -> Section:
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
