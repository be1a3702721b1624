"""Findings: statements about a client, each with the facts it rests on. Never a bare score. Pure.

A finding carries no sentence. Pages and letters word it in the reader's language, from its name and
its facts.
"""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    STANDS = "stands"
    NOT_ENOUGH_HISTORY = "not_enough_history"
    DOES_NOT_STAND = "does_not_stand"


class FindingUnfounded(ValueError):
    """A finding was made without the facts that its state demands."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What a page links to: a kind of thing, such as "invoice", and its id."""

    kind: str
    id: int


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a finding rests on.

    `label` is its own name in any language (an invoice number), `figure` what it adds, in the
    finding's unit; `so_far` says that the figure may still grow.
    """

    label: str
    reference: Reference
    figure: int
    so_far: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A named statement about a client, drawn from `seen` facts where it takes at least `needs`.

    Raises FindingUnfounded where the state contradicts that, or where nothing is shown for it.
    """

    name: str
    client_id: int
    state: State
    needs: int
    seen: int
    facts: tuple[Fact, ...]

    def __post_init__(self) -> None:
        if (self.seen < self.needs) != (self.state == State.NOT_ENOUGH_HISTORY):
            raise FindingUnfounded(
                f"{self.name}: {self.state} on {self.seen} facts, where it takes {self.needs}"
            )
        if self.state == State.STANDS and not self.facts:
            raise FindingUnfounded(f"{self.name}: stands on nothing that could be shown")

    @property
    def stands(self) -> bool:
        return self.state == State.STANDS

    @property
    def key(self) -> str:
        """What it rests on, whatever the figures are by now: with other facts it is a new one."""
        return " ".join(sorted({f"{f.reference.kind}:{f.reference.id}" for f in self.facts}))
