"""What the outbox asks of the app that a letter belongs to.

The outbox knows no invoice: it keeps the identifiers an app gave it (`Part.facts`) and asks the
app's kind whether the letter still holds, how it reads, and tells it what became of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from clientdesk.outbox.models import Part


@dataclass(frozen=True, slots=True)
class Letter:
    """Plain text. Blank lines part paragraphs; links are bare URLs.

    A paragraph whose every line holds a tab is a table: "Amount due<TAB>€800.00".
    """

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Ready:
    """The letter holds. `facts` is all that its text says: a change of them is a new text.

    `tone` rises along a ladder: up to 1 gentle, 2 firm, from 3 a last notice. `step` names the
    step it takes for the X-Clientdesk-Steps header, e.g. "611365/reminder".
    """

    facts: Mapping[str, str]
    tone: int
    step: str | None = None


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The letter no longer holds; `reason` is shown to the owner."""

    reason: str


Verdict = Ready | Withdrawn


class Kind(Protocol):
    """Registered by an app in its AppConfig.ready().

    All methods run with the parts' workspace active, and all but the texts inside a transaction.
    """

    @property
    def name(self) -> str: ...

    def check(self, parts: Sequence["Part"], *, now: datetime) -> Mapping[int, Verdict]:
        """Each part's verdict by its id, with what it guards locked (select_for_update).

        Called twice on the way: when the message is put together, and just before it leaves. A
        part without a verdict counts as withdrawn.
        """
        ...

    def letter(self, part: "Part", ready: Ready, language: str) -> Letter:
        """The full text, where it goes out alone."""
        ...

    def line(self, part: "Part", ready: Ready, language: str) -> str:
        """One paragraph of a digest."""
        ...

    def sent(self, parts: Sequence["Part"], *, now: datetime) -> None:
        """In the transaction that writes `sent`."""
        ...

    def stuck(self, parts: Sequence["Part"], *, outcome: str, reason: str, now: datetime) -> None:
        """In the transaction that writes `outcome`: failed, uncertain, cancelled or suppressed."""
        ...


class KindUnknown(LookupError):
    """A part names a kind that no app registered."""


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make `kind` known under its name; a second one of the same name replaces the first."""
    _kinds[kind.name] = kind


def kind_named(name: str) -> Kind:
    """Raises KindUnknown."""
    try:
        return _kinds[name]
    except KeyError as error:
        raise KindUnknown(name) from error
