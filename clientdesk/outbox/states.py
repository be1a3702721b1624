"""The life of a message as a table. Pure.

queued ─ claimed ─ sending ─ sent
                          ├─ retry      refused for now; tried again later
                          ├─ failed     refused for good
                          └─ uncertain  nobody knows; only the owner decides
"""

from collections.abc import Iterable
from enum import StrEnum


class State(StrEnum):
    QUEUED = "queued"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    RETRY = "retry"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    SUPPRESSED = "suppressed"
    CANCELLED = "cancelled"


TRANSITIONS: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.CLAIMED, State.CANCELLED, State.SUPPRESSED}),
    State.RETRY: frozenset({State.CLAIMED, State.CANCELLED, State.SUPPRESSED}),
    # Back to queued: its worker died, or sending was paused meanwhile.
    State.CLAIMED: frozenset(
        {State.SENDING, State.SUPPRESSED, State.QUEUED, State.RETRY, State.FAILED}
    ),
    # Back to claimed: begun with others, but nothing of it left; only its worker can know.
    State.SENDING: frozenset(
        {State.SENT, State.RETRY, State.FAILED, State.UNCERTAIN, State.CLAIMED}
    ),
    # By the owner's word, or by the worker itself where it was only slow.
    State.UNCERTAIN: frozenset({State.SENT}),
    State.SENT: frozenset(),
    State.FAILED: frozenset(),
    State.SUPPRESSED: frozenset(),
    State.CANCELLED: frozenset(),
}

WAITING = frozenset({State.QUEUED, State.RETRY})
"""Not in anybody's hands: can be taken back, joined by another part, or claimed."""

GONE = frozenset({State.CANCELLED, State.SUPPRESSED})
"""Never went out; such a message does not count as the client's message of the day."""


class TransitionRefused(Exception):
    """A message cannot go from `old` to `new`."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__(f"a message that is {old} cannot become {new}")
        self.old = old
        self.new = new


def check(old: Iterable[State], new: State) -> None:
    """Raise TransitionRefused unless every state of `old` may become `new`."""
    for state in old:
        if new not in TRANSITIONS[state]:
            raise TransitionRefused(state, new)
