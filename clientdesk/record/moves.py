"""A record that moved to another installation, where rows have other numbers.

What was hashed is never written anew. The move itself is an entry: it says by how much the numbers
of each kind of row differ from then on, and which user is which, so that a reader can follow.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clientdesk.record.models import Content

MOVED = "workspace.moved"


@dataclass(frozen=True, slots=True)
class Move:
    """For the entries up to `upto`: what is added to a number, by the noun it stands with."""

    upto: int
    shifts: Mapping[str, int]
    users: Mapping[str, str]

    def as_content(self) -> dict[str, Any]:
        return {"upto": self.upto, "shifts": dict(self.shifts), "users": dict(self.users)}

    def client(self, number: int) -> int:
        return number + self.shifts.get("client", 0)

    def subject(self, text: str) -> str:
        """`invoice:12` as it is called here; what has no number stays."""
        noun, _, number = text.partition(":")
        if not number.isdecimal() or noun not in self.shifts:
            return text
        return f"{noun}:{int(number) + self.shifts[noun]}"

    def actor(self, text: str) -> str:
        noun, _, number = text.partition(":")
        return f"user:{self.users.get(number, number)}" if noun == "user" else text


@dataclass(frozen=True, slots=True)
class Moves:
    """All moves of one record, oldest first."""

    moves: Sequence[Move]

    def client(self, seq: int, number: int | None) -> int | None:
        """The client's number here that entry `seq` calls `number`."""
        for move in self._after(seq):
            number = None if number is None else move.client(number)
        return number

    def subject(self, seq: int, text: str) -> str:
        for move in self._after(seq):
            text = move.subject(text)
        return text

    def actor(self, seq: int, text: str) -> str:
        for move in self._after(seq):
            text = move.actor(text)
        return text

    def _after(self, seq: int) -> list[Move]:
        return [move for move in self.moves if seq <= move.upto]


def moves_of(workspace_id: int) -> Moves:
    """From the record itself; none for a workspace that was always here."""
    texts = (
        Content.unscoped.filter(workspace_id=workspace_id, entry__kind=MOVED)
        .order_by("entry__seq")
        .values_list("content", flat=True)
    )
    said = (json.loads(text) for text in texts)
    return Moves([Move(one["upto"], one["shifts"], one["users"]) for one in said])
