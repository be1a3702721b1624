"""Whose move it is now and since when, and what an answer on a day would make of the rest. Pure.

The clock counts whole days: the day of asking is still ours, and so is nothing of the day an answer
comes on. Whose move it is at this moment follows what is open.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile

from clients.rules.delivery import ONE_DAY, Delay
from feedback.rules.clock import Asked, Clock, Court

HARD = frozenset({Court.LATE, Court.STOPPED})


@dataclass(frozen=True, slots=True)
class Move:
    """In whose court the ball is; `hard_since`: the first day of being late, or of the stop."""

    court: Court
    since: date
    hard_since: date | None = None

    @property
    def is_ours(self) -> bool:
        return self.court == Court.OURS


def whose_move(
    clock: Clock, *, asked: Iterable[Asked], rests: Iterable[Delay], today: date
) -> Move:
    """Of work that has begun and is not delivered, seen on `today`."""
    asked = [one for one in asked if one.asked_on <= today]
    rests = [one for one in rests if one.cause.clients and one.first <= today]
    open_ = [one for one in asked if one.closed_on is None]
    stopped = [one for one in rests if one.last is None or one.last >= today]
    if not open_ and not stopped:
        return Move(Court.OURS, _ours_since(clock.first, asked, rests, today))
    theirs = list(takewhile(lambda span: span.court != Court.OURS, reversed(clock.spans)))
    hard = list(takewhile(lambda span: span.court in HARD, reversed(clock.spans)))
    began = min([*(one.asked_on for one in open_), *(one.first for one in stopped)])
    court = Court.WAITING
    if stopped:
        court = Court.STOPPED
    elif hard and any(one.answer_by < today for one in open_):
        court = Court.LATE
    return Move(
        court,
        theirs[-1].first if theirs else max(began, clock.first),
        hard[-1].first if hard and court in HARD else None,
    )


def _ours_since(first: date, asked: Sequence[Asked], rests: Sequence[Delay], today: date) -> date:
    """Since the last answer, or since the last stop ended; else since the work began."""
    closed = [one.closed_on for one in asked if one.closed_on and one.closed_on <= today]
    ended = [one.last + ONE_DAY for one in rests if one.last]
    return max([first, *closed, *ended])


def if_answered(asked: Iterable[Asked], *, on: date) -> list[Asked]:
    """The same rounds, had everything open been answered on the day `on`."""
    return [
        replace(one, closed_on=max(on, one.asked_on)) if one.closed_on is None else one
        for one in asked
    ]
