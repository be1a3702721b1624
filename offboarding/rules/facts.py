"""What a final report tells, as plain values. Pure.

Amounts are minor units of the named currency, `minutes` are minutes, days are local dates of the
workspace. "Late" counts working days of the client's country, for invoices calendar days.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

FINAL_REPORT, INTERIM_REPORT, DONE_REPORT = "final_report", "interim_report", "done_report"
"""The kinds under which reports are stored."""


class Court(StrEnum):
    """Whose move a working day was."""

    STOPPED = "stopped"
    LATE = "late"
    ASKED = "asked"
    OURS = "ours"


@dataclass(frozen=True, slots=True)
class Achieved:
    metric: str
    unit: str
    before: Decimal
    after: Decimal
    measured_on: date
    note: str

    @property
    def change_percent(self) -> Decimal | None:
        """None where there was nothing before."""
        if not self.before:
            return None
        return (self.after - self.before) / abs(self.before) * 100


@dataclass(frozen=True, slots=True)
class Delivery:
    name: str
    description: str
    started_on: date
    agreed_on: date | None
    forecast_on: date | None
    delivered_on: date | None
    # Working days after the agreed day; before it where negative; None where nothing was agreed.
    late_days: int | None


@dataclass(frozen=True, slots=True)
class Work:
    on: date
    summary: str
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Spent:
    kind: str
    entries: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Asked:
    number: int
    title: str
    asked_on: date
    answer_by: date
    answered_on: date | None
    withdrawn: bool
    late_days: int
    round_number: int = 1
    rounds_agreed: int = 1

    @property
    def is_open(self) -> bool:
        return self.answered_on is None and not self.withdrawn


@dataclass(frozen=True, slots=True)
class Moved:
    """What moved a delivery, in working days of its own; `title` is empty where work rested."""

    title: str
    days: int


@dataclass(frozen=True, slots=True)
class ProjectTime:
    """The clock of one project in working days, and where its delivery stands.

    ours + asked + late + stopped are the working days from `first` to `last`.
    """

    name: str
    first: date
    last: date
    ours: int
    asked: int
    late: int
    stopped: int
    agreed_on: date | None
    expected_on: date | None
    moved_days: int
    causes: tuple[Moved, ...]

    @property
    def elapsed(self) -> int:
        return self.ours + self.asked + self.late + self.stopped


@dataclass(frozen=True, slots=True)
class Missed:
    """Something that did not happen for want of an answer, and how one can tell."""

    title: str
    evidence: str
    on: date
    request: str


@dataclass(frozen=True, slots=True)
class Rest:
    """A stop: its working days are counted from its first day to the day before work went on."""

    reason: str
    cause: str
    begun_on: date
    ended_on: date | None
    working_days: int


@dataclass(frozen=True, slots=True)
class Billed:
    number: str
    description: str
    issued_on: date
    due_on: date | None
    currency: str
    total_minor: int
    paid_minor: int
    settled_on: date | None
    # Calendar days from the due day to the payment, or to the report's last day if unpaid.
    days_after_due: int | None

    @property
    def open_minor(self) -> int:
        return self.total_minor - self.paid_minor


@dataclass(frozen=True, slots=True)
class Received:
    paid_on: date
    number: str
    currency: str
    amount_minor: int
    reference: str


@dataclass(frozen=True, slots=True)
class Sum:
    """Of one currency; sums of different currencies are never added."""

    currency: str
    invoiced_minor: int
    paid_minor: int
    open_minor: int


@dataclass(frozen=True, slots=True)
class Account:
    platform: str
    handle: str
    access_needed: str
    access_given: str
    given_on: date | None
    handed_over_on: date | None


@dataclass(frozen=True, slots=True)
class Facts:
    client: str
    sender: str
    sender_where: str
    first: date
    last: date
    made_on: date
    achieved: tuple[Achieved, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    work: tuple[Work, ...] = ()
    spent: tuple[Spent, ...] = ()
    asked: tuple[Asked, ...] = ()
    rests: tuple[Rest, ...] = ()
    clock: tuple[tuple[date, Court], ...] = ()
    projects: tuple[ProjectTime, ...] = ()
    missed: tuple[Missed, ...] = ()
    billed: tuple[Billed, ...] = ()
    received: tuple[Received, ...] = ()
    sums: tuple[Sum, ...] = ()
    accounts: tuple[Account, ...] = ()
    record_number: int = 0
    record_head: str = ""
    record_entries: int = 0

    def days(self, *courts: Court) -> int:
        return sum(court in courts for _, court in self.clock)
