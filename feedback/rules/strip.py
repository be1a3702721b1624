"""Where the parts of a drawn clock stand, in per cent of its width. Pure.

Whole days are one width each, so the strip is true to the count; ends are rounded once, so that
neighbours never gape or overlap.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from feedback.rules.clock import Clock, Court, Span

FILL = {
    Court.OURS: "f-you",
    Court.WAITING: "f-wait",
    Court.LATE: "f-them",
    Court.STOPPED: "f-stop",
}
"""The class that fills a part: solid is used up, hatched waits in time."""
ROOM = 17
"""Per cent that a day's label takes on a small screen."""
FULL = 8
"""Working days that fill a small strip."""
MONTHS_FROM = 45
"""Working days from which on the ticks stand at months instead of Mondays."""


@dataclass(frozen=True, slots=True)
class Part:
    """`x` and `width` in per cent; a hatched part lies within its outline."""

    x: str
    width: str
    fill: str


@dataclass(frozen=True, slots=True)
class Tick:
    x: str
    anchor: str
    day: date


def parts(counts: Sequence[tuple[Court, int]], *, whole: int, begin: int = 0) -> list[Part]:
    """One part for each count, after `begin` of `whole`, side by side."""
    made, at = [], begin
    for court, count in counts:
        if count:
            made.append(Part(_per_cent(at, whole), _width(at, count, whole), FILL[court]))
        at += count
    return made


def strip(clock: Clock) -> list[tuple[Span, Part]]:
    """The spans of a clock in their order, one part each."""
    made = parts([(span.court, span.days) for span in clock.spans], whole=clock.elapsed)
    return list(zip(clock.spans, made, strict=True))


def sides(clock: Clock) -> tuple[list[Part], list[Part]]:
    """The owner's days end at the axis, the client's begin there: used up first, then waiting."""
    whole = max(clock.ours, clock.clients + clock.waiting, 1)
    ours = parts([(Court.OURS, clock.ours)], whole=whole, begin=whole - clock.ours)
    stopped_first = (Court.STOPPED, Court.LATE, Court.WAITING)
    counts = {
        Court.STOPPED: clock.stopped, Court.LATE: clock.late, Court.WAITING: clock.waiting,
    }  # fmt: skip
    return ours, parts([(court, counts[court]) for court in stopped_first], whole=whole)


def ticks(clock: Clock, days: Sequence[date]) -> list[Tick]:
    """The first of `days` and its last, and between them as many as there is room for.

    `days`: the working days of the clock. In between stand weeks, in a long project months.
    """
    if not days:
        return []
    monthly = len(days) > MONTHS_FROM
    made = [Tick("0.00%", "start", days[0])]
    last_at = 0.0
    for before, (number, day) in zip(days, list(enumerate(days))[1:], strict=False):
        begins = before.month != day.month if monthly else before.isocalendar()[:2] != _week(day)
        at = 100 * number / len(days)
        if begins and last_at + ROOM <= at <= 100 - ROOM:
            made.append(Tick(_per_cent(number, len(days)), "start", day))
            last_at = at
    return [*made, Tick("100.00%", "end", clock.last)]


def _week(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]


def _per_cent(count: int, whole: int) -> str:
    return f"{100 * count / whole:.2f}%"


def _width(at: int, count: int, whole: int) -> str:
    end, begin = round(100 * (at + count) / whole, 2), round(100 * at / whole, 2)
    return f"{end - begin:.2f}%"


@dataclass(frozen=True, slots=True)
class Small:
    """A row's own strip: working days waited in time, days late, days left until it is due."""

    waited: int
    late: int
    left: int

    @property
    def whole(self) -> int:
        """One scale for all rows, but for those that are open very long."""
        return max(self.waited + self.late + self.left, FULL)

    @property
    def bars(self) -> list[Part]:
        return parts([(Court.WAITING, self.waited), (Court.LATE, self.late)], whole=self.whole)

    @property
    def due_from(self) -> str:
        """Where the dotted line to the day it is due begins; empty where none is left."""
        return _per_cent(self.waited + self.late, self.whole) if self.left else ""

    @property
    def due(self) -> str:
        return _per_cent(self.waited + self.late + self.left, self.whole)
