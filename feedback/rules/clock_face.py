"""The drawn clock with all its words, for whoever reads it. Pure.

The words come from a voice: the owner's, in the language of the desk, or the client's in theirs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from clients.rules.delivery import Cause
from feedback.rules.clock import Clock, Court, Span
from feedback.rules.day_words import Days
from feedback.rules.moves import Move
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
    return _Artist(clock, move, causes, names, voice, Days(voice.language, today)).face(days, aside)


@dataclass(frozen=True, slots=True)
class _Artist:
    clock: Clock
    move: Move | None
    causes: Mapping[Cause, Named]
    names: tuple[str, str]
    voice: Voice
    said: Days

    def face(self, days: Sequence[date], aside: str) -> Face:
        clock, voice = self.clock, self.voice
        ours, theirs = sides(clock)
        drawn = strip(clock)
        linked = len(drawn) <= LINKED
        return Face(
            elapsed=clock.elapsed,
            counted=voice.count("counted", clock.elapsed),
            since=voice.say("since", day=self.said.long(clock.first)),
            you=self.you(aside, ours),
            them=self.them(theirs),
            strip=[
                Bar(part, self.told(span), self.url(span) if linked else "") for span, part in drawn
            ],
            label=f"{self.between(clock.first, clock.last)}: "
            + ", ".join(text for _, text in self.key()),
            ticks=[
                (tick.x, tick.anchor, self.tick(tick.day, tick.anchor, days))
                for tick in ticks(clock, days)
            ],
            key=self.key(),
            rows=[self.row(span) for span in clock.spans],
            words={name: voice.say(name) for name in WORDS},
        )

    def you(self, aside: str, bars: Sequence[Part]) -> Side:
        move, clock = self.move, self.clock
        is_on = move is not None and move.is_ours
        whose = "" if move is None else self.voice.say("resting")
        if move is not None and is_on:
            whose = self.voice.say("your_move", day=self.said.long(move.since))
        return Side(
            self.names[0],
            "accent",
            is_on,
            clock.ours,
            self.voice.count("days", clock.ours),
            ", ".join(filter(None, (whose, aside))),
            "arrow-right" if is_on else "",
            bars,
        )

    def them(self, bars: Sequence[Part]) -> Side:
        clock, move = self.clock, self.move
        kind = "mixed" if clock.stopped and clock.late else "stopped" if clock.stopped else "late"
        small = self.voice.count(f"theirs_{kind}", clock.clients)
        if clock.waiting:
            small = self.voice.say("and_waiting", what=small, waiting=clock.waiting)
        is_on = move is not None and not move.is_ours
        whose, lane, shown = "" if move is None else self.voice.say("resting"), "wait", ""
        if move is not None and is_on:
            whose, lane, shown = self.their_move(move), LANE[move.court], ICON[move.court]
        return Side(self.names[1], lane, is_on, clock.clients, small, whose, shown, bars)

    def their_move(self, move: Move) -> str:
        since = self.voice.say("their_move", day=self.said.long(move.since))
        if move.hard_since is None:
            return since
        hard = self.voice.say(f"{move.court}_since", day=self.said.long(move.hard_since))
        # Of the same day one says it once.
        return hard[:1].upper() + hard[1:] if move.hard_since <= move.since else f"{since}, {hard}"

    def key(self) -> list[tuple[str, str]]:
        counts = {
            Court.OURS: self.clock.ours,
            Court.WAITING: self.clock.waiting,
            Court.LATE: self.clock.late,
            Court.STOPPED: self.clock.stopped,
        }
        return [
            (FILL[court], self.voice.say(f"key_{court}", n=n, name=self.names[0]))
            for court, n in counts.items()
            if n
        ]

    def tick(self, day: date, anchor: str, days: Sequence[date]) -> str:
        if anchor == "end":
            is_today = day == self.said.today
            return self.voice.say("today") if is_today else self.said.short(day)
        of_month = len(days) > MONTHS_FROM and day != days[0]
        return self.said.month(day) if of_month else self.said.short(day)

    def between(self, first: date, last: date) -> str:
        if first == last:
            return self.said.long(first)
        return self.voice.say("between", first=self.said.long(first), last=self.said.long(last))

    def named(self, span: Span) -> Named | None:
        return self.causes.get(span.cause) if span.cause else None

    def url(self, span: Span) -> str:
        named = self.named(span)
        return named.url if named else ""

    def court(self, span: Span) -> str:
        return self.voice.say(f"court_{span.court}", name=self.names[0])

    def told(self, span: Span) -> str:
        """ "13 May to 14 May, 2 working days: answer late, June posts"."""
        named, days = self.named(span), self.voice.count("counted", span.days)
        told = f"{self.between(span.first, span.last)}, {days}: {self.court(span)}"
        return f"{told}, {named.title}" if named and named.title else told

    def row(self, span: Span) -> Row:
        first, last = self.said.short(span.first), self.said.short(span.last)
        return Row(first, last, span.days, self.court(span), self.named(span))
