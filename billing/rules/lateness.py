"""How late a client pays, and whether it gets later. Pure.

All days are calendar days after the due date. `on` is the day from which one looks: what was
settled after it counts as still open, so a back-test sees what was known then.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import combinations
from math import floor
from statistics import median

from clientdesk.findings import Fact, Finding, Reference, State

RISING = 3  # invoices, each later than the one before
SLOPE = 2  # days per invoice
SLOPE_NEEDS, SLOPE_LOOKS_BACK = 5, 60  # invoices; comparing all pairs grows with the square
USUAL_NEEDS, USUAL_OF = 3, 9


@dataclass(frozen=True, slots=True)
class Bill:
    """An issued invoice; `settled_on` None while a part of it is open."""

    invoice_id: int
    number: str
    due_on: date
    settled_on: date | None


@dataclass(frozen=True, slots=True)
class Point:
    """Days late of one invoice, 0 when paid in time; `so_far` while it is open."""

    bill: Bill
    days: int
    so_far: bool


@dataclass(frozen=True, slots=True)
class Usual:
    """Days after due, negative when paid before; at least half of `of` invoices in low..high."""

    median: int
    low: int
    high: int
    of: int


def _settled(bill: Bill, on: date) -> date | None:
    return bill.settled_on if bill.settled_on is not None and bill.settled_on <= on else None


def points(bills: Iterable[Bill], *, on: date) -> list[Point]:
    """Every settled invoice and the open one that is longest overdue, in order of due date.

    Further open ones fell due later and have had less time: they would make any trend look better.
    """
    late: list[Point] = []
    open_seen = False
    for bill in sorted(bills, key=lambda bill: (bill.due_on, bill.invoice_id)):
        paid_on = _settled(bill, on)
        if paid_on is None and (open_seen or bill.due_on >= on):
            continue
        open_seen = open_seen or paid_on is None
        days = max(0, ((paid_on or on) - bill.due_on).days)
        late.append(Point(bill, days, so_far=paid_on is None))
    return late


def theil_sen_slope(values: Sequence[int]) -> Fraction:
    """The median of the slopes between all pairs, per position; of at least two values.

    Sen, "Estimates of the Regression Coefficient Based on Kendall's Tau", JASA 63 (1968).
    """
    return median(Fraction(b - a, j - i) for (i, a), (j, b) in combinations(enumerate(values), 2))


def _rising_tail(late: list[Point]) -> list[Point]:
    """The longest run at the end in which each is later than the one before."""
    falls = [i for i in range(1, len(late)) if late[i - 1].days >= late[i].days]
    return late[falls[-1] if falls else 0 :]


def later_and_later(bills: Iterable[Bill], *, client_id: int, on: date) -> Finding:
    """Stands when the last three were each later than the one before, or when the Theil-Sen slope
    of at least five is two days per invoice or more.

    It shows the invoices that rise, or those the slope was taken from, else the last three.
    """
    late = points(bills, on=on)
    rising, recent = _rising_tail(late), late[-SLOPE_LOOKS_BACK:]
    state, shown = State.DOES_NOT_STAND, late[-RISING:]
    if len(late) < RISING:
        state = State.NOT_ENOUGH_HISTORY
    elif len(rising) >= RISING:
        state, shown = State.STANDS, rising
    elif len(recent) >= SLOPE_NEEDS and theil_sen_slope([p.days for p in recent]) >= SLOPE:
        state, shown = State.STANDS, recent
    facts = tuple(
        Fact(p.bill.number, Reference("invoice", p.bill.invoice_id), p.days, p.so_far)
        for p in shown
    )
    return Finding("later_and_later", client_id, state, needs=RISING, seen=len(late), facts=facts)


def usually_pays(bills: Iterable[Bill], *, on: date) -> Usual | None:
    """The median of the last nine settled by then, and their middle half; None below three.

    The range ends on days that occurred and never holds less than half of them; half a day goes up.
    """
    paid = sorted(
        (paid_on, bill.due_on, bill.invoice_id)
        for bill in bills
        if (paid_on := _settled(bill, on)) is not None
    )[-USUAL_OF:]
    if len(paid) < USUAL_NEEDS:
        return None
    days = sorted((paid_on - due_on).days for paid_on, due_on, _ in paid)
    quarter = len(days) // 4
    return Usual(floor(median(days) + 0.5), days[quarter], days[-1 - quarter], len(days))
