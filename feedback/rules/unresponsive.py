"""Whether a client answers late as a habit: a finding with the answers it rests on. Pure.

All days are working days of the client's country.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import floor
from statistics import median

from clientdesk.calendars import working_days_between
from clientdesk.findings import Fact, Finding, Reference, State

NAME = "unresponsive"
NEEDS, LOOKS_BACK = 3, 20  # questions


@dataclass(frozen=True, slots=True)
class Put:
    """One time of asking; `answered_on` None while it is open."""

    request_id: int
    title: str
    asked_on: date
    answer_by: date
    answered_on: date | None


@dataclass(frozen=True, slots=True)
class Waited:
    """What one answer took, and how late it was; `so_far` while it is still missing."""

    put: Put
    took: int
    late: int
    so_far: bool


@dataclass(frozen=True, slots=True)
class Answering:
    """The finding, and the figures that its sentence names.

    `usual` is the median of what the answers took, `agreed` the time the agreement gives, None
    where none is in force; `late` of `finding.seen` came after their day.
    """

    finding: Finding
    usual: int
    agreed: int | None
    late: int
    lost: int

    @property
    def mostly_late(self) -> bool:
        return 2 * self.late >= self.finding.seen

    @property
    def in_time(self) -> int:
        return self.finding.seen - self.late


def waited(put: Put, *, country: str, today: date) -> Waited | None:
    """None for what is open and may still be answered in time: it says nothing yet."""
    if put.answered_on is None and put.answer_by >= today:
        return None
    until = put.answered_on or today
    return Waited(
        put,
        took=working_days_between(put.asked_on, until, country),
        late=working_days_between(put.answer_by, until, country),
        so_far=put.answered_on is None,
    )


def _facts(late: Iterable[Waited]) -> tuple[Fact, ...]:
    """One for each request, with the days of all its rounds, the longest first."""
    by_request: dict[int, list[Waited]] = {}
    for one in late:
        by_request.setdefault(one.put.request_id, []).append(one)
    facts = (
        Fact(
            of[0].put.title,
            Reference("request", pk),
            sum(one.late for one in of),
            so_far=any(one.so_far for one in of),
        )
        for pk, of in by_request.items()
    )
    return tuple(sorted(facts, key=lambda fact: -fact.figure))


def unresponsive(
    puts: Iterable[Put], *, client_id: int, agreed: int | None, country: str, today: date
) -> Answering:
    """Stands when at least half of the last twenty were answered after their day, and the median
    answer took longer than the agreement gives.

    Both, because each alone is unfair: days that the owner set shorter than was agreed, or a habit
    of answering just in time what was given a long time.
    """
    recent = sorted(puts, key=lambda put: (put.asked_on, put.request_id))
    seen = [one for put in recent if (one := waited(put, country=country, today=today))]
    seen = seen[-LOOKS_BACK:]
    late = [one for one in seen if one.late]
    usual = floor(median([one.took for one in seen]) + 0.5) if seen else 0
    if len(seen) < NEEDS:
        state = State.NOT_ENOUGH_HISTORY
    elif 2 * len(late) >= len(seen) and (agreed is None or usual > agreed):
        state = State.STANDS
    else:
        state = State.DOES_NOT_STAND
    finding = Finding(NAME, client_id, state, needs=NEEDS, seen=len(seen), facts=_facts(late))
    return Answering(finding, usual, agreed, len(late), sum(one.late for one in late))
