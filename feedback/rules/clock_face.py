"""The drawn clock with all its words, for whoever reads it. Pure.

The words come from a voice: the owner's, in the language of the desk, or the client's in theirs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from clients.rules.delivery import Cause
from feedback.rules import day_words
from feedback.rules.clock import Clock, Court, Span
from feedback.rules.moves import HARD, Move
from feedback.rules.strip import FILL, MONTHS_FROM, Part, sides, strip, ticks

LINKED = 60
"""More spans than that are no way to walk through; the table has all their links."""
LANE = {Court.OURS: "you", Court.WAITING: "wait", Court.LATE: "wait", Court.STOPPED: "stop"}
ICON = {Court.WAITING: "hourglass", Court.LATE: "hourglass", Court.STOPPED: "octagon-pause"}


class Voice(Protocol):
    """Says a phrase by its name, in the reader's language."""

    @property
    def language(self) -> str: ...

    def say(self, phrase: str, **values: object) -> str: ...

    def count(self, phrase: str, n: int, **values: object) -> str: ...


@dataclass(frozen=True, slots=True)
class Named:
    """What a cause is called, and where one reads about it; `url` may be empty."""

    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    name: str
    lane: str
    is_on: bool
    figure: int
    small: str
    whose: str
    icon: str
    bars: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Bar:
    part: Part
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table that says the same."""

    first: str
    last: str
    days: int
    court: str
    cause: Named | None


@dataclass(frozen=True, slots=True)
class Face:
    elapsed: int
    counted: str
    since: str
    you: Side
    them: Side
    strip: Sequence[Bar]
    label: str
    ticks: Sequence[tuple[str, str, str]]
    key: Sequence[tuple[str, str]]
    rows: Sequence[Row]
    words: Mapping[str, str]


WORDS = (
    "whose_move", "day_by_day", "as_table", "from", "to", "court", "because", "working_days",
    "elapsed",
)  # fmt: skip


def face(
    clock: Clock,
    *,
    move: Move | None,
    days: Sequence[date],
    today: date,
    causes: Mapping[Cause, Named],
    names: tuple[str, str],
    aside: str,
    voice: Voice,
) -> Face:
    """`days`: the clock's working days; `move` None: delivered, or not begun; `names`: the owner
    and the client as the reader calls them; `aside` stands with the owner's days."""
    ours, theirs = sides(clock)
    drawn = strip(clock)
    linked = len(drawn) <= LINKED
    return Face(
        elapsed=clock.elapsed,
        counted=voice.count("counted", clock.elapsed),
        since=voice.say("since", day=day_words.long(clock.first, voice.language)),
        you=_you(clock, move, names[0], aside, ours, voice),
        them=_them(clock, move, names[1], theirs, voice),
        strip=[
            Bar(part, _told(span, causes, names, voice), _url(span, causes) if linked else "")
            for span, part in drawn
        ],
        label=_label(clock, names, voice),
        ticks=[
            (tick.x, tick.anchor, _tick(tick.day, tick.anchor, days, today, voice))
            for tick in ticks(clock, days)
        ],
        key=[
            (FILL[court], voice.say(f"key_{court}", n=n, name=names[0]))
            for court, n in _counts(clock)
            if n
        ],
        rows=[_row(span, causes, names, voice) for span in clock.spans],
        words={name: voice.say(name) for name in WORDS},
    )


def _counts(clock: Clock) -> list[tuple[Court, int]]:
    return [
        (Court.OURS, clock.ours),
        (Court.WAITING, clock.waiting),
        (Court.LATE, clock.late),
        (Court.STOPPED, clock.stopped),
    ]


def _you(
    clock: Clock, move: Move | None, name: str, aside: str, bars: Sequence[Part], voice: Voice
) -> Side:
    is_on = move is not None and move.is_ours
    said = "" if move is None else voice.say("resting")
    if move is not None and is_on:
        said = voice.say("your_move", day=day_words.long(move.since, voice.language))
    return Side(
        name,
        "accent",
        is_on,
        clock.ours,
        voice.count("days", clock.ours),
        ", ".join(filter(None, (said, aside))),
        "arrow-right" if is_on else "",
        bars,
    )


def _them(clock: Clock, move: Move | None, name: str, bars: Sequence[Part], voice: Voice) -> Side:
    if clock.stopped and clock.late:
        small = voice.count("theirs_mixed", clock.clients, waiting=clock.waiting)
    elif clock.stopped:
        small = voice.say("theirs_stopped", waiting=clock.waiting)
    else:
        small = voice.say("theirs_late", waiting=clock.waiting)
    is_on = move is not None and not move.is_ours
    whose, lane, shown = "" if move is None else voice.say("resting"), "wait", ""
    if move is not None and is_on:
        lane, shown = LANE[move.court], ICON[move.court]
        whose = voice.say("their_move", day=day_words.long(move.since, voice.language))
        if move.hard_since and move.court in HARD:
            hard = voice.say(f"{move.court}_since", day=_since(move, voice))
            whose = f"{whose}, {hard}"
    return Side(name, lane, is_on, clock.clients, small, whose, shown, bars)


def _since(move: Move, voice: Voice) -> str:
    return day_words.long(move.hard_since or move.since, voice.language)


def _tick(day: date, anchor: str, days: Sequence[date], today: date, voice: Voice) -> str:
    if anchor == "end":
        return voice.say("today") if day == today else day_words.short(day, voice.language)
    if len(days) > MONTHS_FROM and (day != days[0] or days[0].year != days[-1].year):
        return day_words.month(day, voice.language, year=days[0].year != days[-1].year)
    return day_words.short(day, voice.language)


def _label(clock: Clock, names: tuple[str, str], voice: Voice) -> str:
    counts = ", ".join(
        voice.say(f"key_{court}", n=n, name=names[0]) for court, n in _counts(clock) if n
    )
    return f"{_between(clock.first, clock.last, voice)}: {counts}"


def _between(first: date, last: date, voice: Voice) -> str:
    if first == last:
        return day_words.long(first, voice.language)
    return voice.say(
        "between",
        first=day_words.long(first, voice.language),
        last=day_words.long(last, voice.language),
    )


def _named(span: Span, causes: Mapping[Cause, Named]) -> Named | None:
    return causes.get(span.cause) if span.cause else None


def _url(span: Span, causes: Mapping[Cause, Named]) -> str:
    named = _named(span, causes)
    return named.url if named else ""


def _told(span: Span, causes: Mapping[Cause, Named], names: tuple[str, str], voice: Voice) -> str:
    """ "13 May to 14 May, 2 working days: answer late, June posts"."""
    named = _named(span, causes)
    court = voice.say(f"court_{span.court}", name=names[0])
    told = f"{_between(span.first, span.last, voice)}, {voice.count('counted', span.days)}: {court}"
    return f"{told}, {named.title}" if named and named.title else told


def _row(span: Span, causes: Mapping[Cause, Named], names: tuple[str, str], voice: Voice) -> Row:
    return Row(
        day_words.short(span.first, voice.language),
        day_words.short(span.last, voice.language),
        span.days,
        voice.say(f"court_{span.court}", name=names[0]),
        _named(span, causes),
    )
