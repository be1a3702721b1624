"""The tasks of an ending and what each waits for. Pure.

A task that may begin never closes again because another one was done: every condition below asks
for something done or overridden, none for something not done.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Task(StrEnum):
    REASON = "reason"
    PAYMENTS = "payments"
    REPORT = "report"
    EVIDENCE = "evidence"
    HANDOVER = "handover"
    MESSAGE = "message"
    ARCHIVE = "archive"


class State(StrEnum):
    DONE = "done"
    OVERRIDDEN = "overridden"
    READY = "ready"
    WAITING = "waiting"
    """Nothing to do but wait: for money that is open."""
    LOCKED = "locked"


NEEDS: Mapping[Task, tuple[Task, ...]] = {
    Task.REASON: (),
    Task.PAYMENTS: (),
    Task.REPORT: (),
    Task.EVIDENCE: (),
    Task.HANDOVER: (Task.PAYMENTS,),
    Task.MESSAGE: (Task.REASON, Task.REPORT),
    Task.ARCHIVE: (Task.EVIDENCE, Task.HANDOVER, Task.MESSAGE),
}
OVERRIDABLE = frozenset({Task.PAYMENTS, Task.REPORT, Task.EVIDENCE, Task.HANDOVER, Task.MESSAGE})
"""Without a reason there is nothing to say, and the archive is the end itself."""


@dataclass(frozen=True, slots=True)
class EndingFacts:
    """What is so: `open_invoices` not settled, `left_to_tick` things not handed over."""

    has_reason: bool = False
    open_invoices: int = 0
    has_report: bool = False
    evidence_checked: bool = False
    left_to_tick: int = 0
    letter_sent: bool = False
    archived: bool = False
    overridden: frozenset[Task] = frozenset()


@dataclass(frozen=True, slots=True)
class Gate:
    """A task with its state; `missing` are the tasks that it still waits for."""

    task: Task
    state: State
    missing: tuple[Task, ...] = ()

    @property
    def is_met(self) -> bool:
        return self.state in (State.DONE, State.OVERRIDDEN)

    @property
    def may_begin(self) -> bool:
        return not self.missing

    @property
    def can_override(self) -> bool:
        return self.task in OVERRIDABLE and not self.is_met

    @property
    def number(self) -> int:
        return list(Task).index(self.task) + 1


def _done(task: Task, facts: EndingFacts) -> bool:
    return {
        Task.REASON: facts.has_reason,
        Task.PAYMENTS: facts.open_invoices == 0,
        Task.REPORT: facts.has_report,
        Task.EVIDENCE: facts.evidence_checked,
        Task.HANDOVER: facts.left_to_tick == 0,
        Task.MESSAGE: facts.letter_sent,
        Task.ARCHIVE: facts.archived,
    }[task]


def gates(facts: EndingFacts) -> list[Gate]:
    """All seven, in their order."""
    found: dict[Task, Gate] = {}
    for task in Task:
        missing = tuple(need for need in NEEDS[task] if not found[need].is_met)
        if task in facts.overridden and task in OVERRIDABLE:
            state, missing = State.OVERRIDDEN, ()
        elif _done(task, facts) and not missing:
            state = State.DONE
        elif missing:
            state = State.LOCKED
        else:
            state = State.WAITING if task == Task.PAYMENTS else State.READY
        found[task] = Gate(task, state, missing)
    return list(found.values())


def gate(task: Task, facts: EndingFacts) -> Gate:
    return next(one for one in gates(facts) if one.task == task)
