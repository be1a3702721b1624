"""The chess clock: whose move each working day of a project was. Pure.

A working day is the client's where an answer that the work needs is late, or work rests because
they have not paid or answered; else it is waiting, where something was asked and is not late yet;
else it is ours. The day of asking is ours, the day on which the answer comes is still waited.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from clients.rules.delivery import (
    ONE_DAY,
    REQUEST,
    STOP,
    Cause,
    Delay,
    late_answer,
    lost_days,
    working_days,
)


class Court(StrEnum):
    OURS = "ours"
    WAITING = "waiting"
    LATE = "late"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Asked:
    """One round of a request that the work needs; `closed_on`: answered or withdrawn."""

    request_id: int
    asked_on: date
    answer_by: date
    closed_on: date | None

    @property
    def is_late_at_all(self) -> bool:
        return self.closed_on is None or self.closed_on > self.answer_by

    @property
    def delay(self) -> Delay:
        return late_answer(self.request_id, self.answer_by, self.closed_on)


@dataclass(frozen=True, slots=True)
class Span:
    """Working days in a row, `first` to `last`, in one court for one cause."""

    first: date
    last: date
    days: int
    court: Court
    cause: Cause | None


@dataclass(frozen=True, slots=True)
class Clock:
    """The spans follow one another and cover every working day from `first` to `last`.

    ours + waiting + late + stopped is the number of these days; late + stopped is the client's.
    """

    first: date
    last: date
    spans: tuple[Span, ...]
    ours: int
    waiting: int
    late: int
    stopped: int

    @property
    def elapsed(self) -> int:
        return self.ours + self.waiting + self.late + self.stopped

    @property
    def clients(self) -> int:
        return self.late + self.stopped

    @property
    def now(self) -> Span | None:
        """The court that the last working day ended in, since when."""
        return self.spans[-1] if self.spans else None


def clock(
    *, first: date, last: date, country: str, asked: Iterable[Asked], rests: Iterable[Delay]
) -> Clock:
    """Whose move each working day from `first` to `last` (both included) was."""
    asked = [one for one in asked if one.closed_on is None or one.closed_on > one.asked_on]
    days = working_days(first, last, country)
    late = lost_days([*(one.delay for one in asked if one.is_late_at_all), *rests], days)
    waited = lost_days([_waiting(one) for one in asked], days)
    courts = [(day, *_court(late.get(day), waited.get(day))) for day in days]
    counted = Counter(court for _, court, _ in courts)
    return Clock(
        first,
        last,
        _spans(courts),
        ours=counted[Court.OURS],
        waiting=counted[Court.WAITING],
        late=counted[Court.LATE],
        stopped=counted[Court.STOPPED],
    )


def _waiting(one: Asked) -> Delay:
    return Delay(Cause(REQUEST, one.request_id), one.asked_on + ONE_DAY, one.closed_on)


def _court(lost: Cause | None, waited: Cause | None) -> tuple[Court, Cause | None]:
    if lost is not None and lost.clients:
        return (Court.STOPPED if lost.kind == STOP else Court.LATE), lost
    # Work that rests for a reason of our own is our time, with the stop as its cause.
    return (Court.WAITING, waited) if waited is not None else (Court.OURS, lost)


def _spans(courts: Sequence[tuple[date, Court, Cause | None]]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for day, court, cause in courts:
        if spans and (spans[-1].court, spans[-1].cause) == (court, cause):
            before = spans[-1]
            spans[-1] = Span(before.first, day, before.days + 1, court, cause)
        else:
            spans.append(Span(day, day, 1, court, cause))
    return tuple(spans)
