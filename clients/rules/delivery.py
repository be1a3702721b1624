"""Each working day that was lost moves the agreed delivery by one, and counts once. Pure.

Delivery forecast = agreed date + lost working days. A day is lost while work rests, or while an
answer that the work needs is late; of several causes of one day it belongs to the first.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import heappop, heappush

from clientdesk.calendars import add_working_days, is_working_day

ONE_DAY = timedelta(days=1)
STOP, REQUEST = "stop", "request"


@dataclass(frozen=True, slots=True)
class Cause:
    """What a day was lost to: a stop or a request, by its id.

    `clients` says that it lies with the client: work rests because they have not paid or answered.
    """

    kind: str
    id: int
    clients: bool = True


@dataclass(frozen=True, slots=True)
class Delay:
    """Days lost from `first` to `last`, both included; `last` None: it goes on."""

    cause: Cause
    first: date
    last: date | None

    @property
    def rank(self) -> tuple[bool, bool, date, int]:
        """Of two on one day the client's comes first, then a stop, then the earlier."""
        return not self.cause.clients, self.cause.kind != STOP, self.first, self.cause.id


@dataclass(frozen=True, slots=True)
class Shift:
    """What one cause moves the delivery by: `days` that are its own, of `lasted` working days.

    The difference are days that were lost to something before it already.
    """

    cause: Cause
    days: int
    lasted: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """`expected` lies `days` working days after `agreed`; the days of its `shifts` sum to them."""

    agreed: date
    expected: date
    days: int
    shifts: tuple[Shift, ...] = ()

    @property
    def clients_days(self) -> int:
        """Of the days, those that the client caused."""
        return sum(shift.days for shift in self.shifts if shift.cause.clients)


def rest(stop_id: int, begun_on: date, ended_on: date | None, *, clients: bool = True) -> Delay:
    """Work rests from `begun_on` and goes on from the morning of `ended_on`."""
    return Delay(Cause(STOP, stop_id, clients), begun_on, ended_on - ONE_DAY if ended_on else None)


def late_answer(request_id: int, answer_by: date, closed_on: date | None) -> Delay:
    """An answer is late from the day after it was due; the day it comes on is still waited."""
    return Delay(Cause(REQUEST, request_id), answer_by + ONE_DAY, closed_on)


def working_days(first: date, last: date, country: str) -> list[date]:
    """Every working day from `first` to `last`, both included."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if is_working_day(day, country)]


def lost_days(delays: Iterable[Delay], days: Iterable[date]) -> dict[date, Cause]:
    """Which of `days` (in order) were lost, each to its first cause."""
    coming = sorted(delays, key=lambda delay: delay.first, reverse=True)
    running: list[tuple[tuple[bool, bool, date, int], int, Delay]] = []
    lost: dict[date, Cause] = {}
    for day in days:
        while coming and coming[-1].first <= day:
            delay = coming.pop()
            heappush(running, (delay.rank, len(coming), delay))
        while running and (last := running[0][2].last) is not None and last < day:
            heappop(running)
        if running:
            lost[day] = running[0][2].cause
    return lost


def delivery(
    delays: Iterable[Delay], *, start: date, agreed: date, today: date, country: str
) -> Delivery:
    """When work begun on `start` and agreed for `agreed` is to be expected, seen on `today`.

    Days are lost from `start` until `today`, both included: nobody knows how long it will last.
    """
    delays = [delay for delay in delays if delay.last is None or delay.last >= delay.first]
    days = working_days(start, today, country)
    lost = lost_days(delays, days)
    expected = add_working_days(agreed, len(lost), country)
    return Delivery(agreed, expected, len(lost), _shifts(delays, days, lost))


def _shifts(
    delays: Iterable[Delay], days: list[date], lost: Mapping[date, Cause]
) -> tuple[Shift, ...]:
    """Those that lasted at all, in the order they began."""
    own: dict[Cause, int] = {}
    for cause in lost.values():
        own[cause] = own.get(cause, 0) + 1
    lasted: dict[Cause, set[int]] = {}
    for delay in sorted(delays, key=lambda delay: (delay.first, delay.rank)):
        last = len(days) if delay.last is None else bisect_right(days, delay.last)
        lasted.setdefault(delay.cause, set()).update(range(bisect_left(days, delay.first), last))
    return tuple(
        Shift(cause, own.get(cause, 0), len(inside)) for cause, inside in lasted.items() if inside
    )
