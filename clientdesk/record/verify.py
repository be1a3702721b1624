"""Reading a chain from its first link to its head, naming the first break."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from clientdesk.record import chain
from clientdesk.record.models import Content, Entry, Head
from clientdesk.record.moves import Moves, moves_of
from clientdesk.record.operations import ERASED

ENVELOPE = {
    "v", "workspace", "seq", "recorded_at", "happened_at", "kind", "actor", "digest", "prev",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry that does not hold, and why."""

    seq: int
    problem: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`entries` counts those read, the broken one included; `head` is the hash the head states."""

    entries: int
    head: str
    first_break: Break | None

    @property
    def ok(self) -> bool:
        return self.first_break is None

    def as_json(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "entries": self.entries,
            "head": self.head,
            "first_break": asdict(self.first_break) if self.first_break else None,
        }


class Erasures:
    """Which entries an entry content.erased names; read again when one is missing, for content may
    be erased while the chain is being read."""

    def __init__(self, workspace_id: int) -> None:
        self._texts = Content.unscoped.filter(
            workspace_id=workspace_id, entry__kind=ERASED
        ).values_list("content", flat=True)
        self._named: set[int] = set()

    def name(self, seq: int) -> bool:
        if seq not in self._named:
            said = (_object(text) for text in self._texts.iterator())
            self._named = {words["seq"] for words in said if words and "seq" in words}
        return seq in self._named


def _object(text: str) -> dict[str, Any] | None:
    """The canonical JSON object `text` is, or None."""
    try:
        value = json.loads(text)
        return value if isinstance(value, dict) and chain.canonical(value) == text else None
    except (ValueError, RecursionError):
        return None


def _broken_link(entry: Entry, *, seq: int, prev: str, chain_id: str, moves: Moves) -> str | None:
    if entry.seq != seq:
        return f"entry {seq} is missing; {entry.seq} comes in its place"
    if entry.prev != prev:
        return "it does not follow the entry before it"
    if chain.hash_of(entry.envelope) != entry.hash:
        return "its hash is not that of its envelope"
    envelope = _object(entry.envelope)
    if envelope is None or envelope.keys() != ENVELOPE:
        return "its envelope is none"
    expected = {
        "v": chain.VERSION,
        "workspace": chain_id,
        "seq": entry.seq,
        "prev": entry.prev,
        "kind": entry.kind,
        "recorded_at": chain.instant(entry.recorded_at),
        "happened_at": chain.instant(entry.happened_at),
    }
    for name, value in expected.items():
        if envelope[name] != value:
            return f"its {name} is not what was hashed"
    if moves.actor(seq, envelope["actor"]) != entry.actor:
        return "its actor is not what was hashed"
    return None


def _broken_content(entry: Entry, content: Content, moves: Moves) -> str | None:
    try:
        digest = chain.digest_of(content.salt, content.content)
    except ValueError:
        return "the salt of its content is none"
    if digest != json.loads(entry.envelope)["digest"]:
        return "its content is not what was hashed"
    said = _object(content.content)
    if said is None or content.workspace_id != entry.workspace_id:
        return "its content is none"
    client = moves.client(entry.seq, said.get("client"))
    if client != entry.client_ref or moves.subject(entry.seq, said.get("subject", "")) != (
        entry.subject
    ):
        return "it stands at another client or subject than it names"
    return None


def verify_record(workspace_id: int) -> Verdict:
    """Walk the chain of a workspace in constant memory, while others may append to it.

    A plain chain cannot see that its tail was cut together with the head, or that all of it was
    written anew; that is what the heads printed on documents and letters are for. Of an entry whose
    content was erased, the columns client and subject cannot be compared with anything.
    """
    entries = Entry.unscoped.filter(workspace_id=workspace_id)
    last = entries.filter(workspace_id=OuterRef("workspace_id")).order_by("-seq").values("seq")[:1]
    # Asked before the head: the first entry and its head may be written between two questions.
    has_entries = entries.exists()
    # One statement, hence one moment: what is appended after it is not read.
    head = (
        Head.unscoped.filter(workspace_id=workspace_id)
        .annotate(last=Coalesce(Subquery(last), F("seq")))
        .first()
    )
    if head is None:
        headless = Break(1, "there is no head") if has_entries else None
        return Verdict(0, chain.GENESIS, headless)
    erasures, moves = Erasures(workspace_id), moves_of(workspace_id)
    seq, prev = 0, chain.GENESIS
    rows = entries.filter(seq__lte=head.last).select_related("content").order_by("seq")
    for entry in rows.iterator(chunk_size=1000):
        seq += 1
        problem = _broken_link(entry, seq=seq, prev=prev, chain_id=head.chain_id, moves=moves)
        if problem is None:
            content: Content | None = getattr(entry, "content", None)
            if content is not None:
                problem = _broken_content(entry, content, moves)
            elif not erasures.name(seq):
                problem = "its content is missing, and no erasure names it"
        if problem:
            return Verdict(seq, head.hash, Break(seq, problem))
        prev = entry.hash
    if head.seq > seq:
        return Verdict(
            seq, head.hash, Break(seq + 1, f"the head says that entry {head.seq} is last")
        )
    if (head.seq, head.hash) != (seq, prev):
        return Verdict(seq, head.hash, Break(seq, "it is last, but the head names another"))
    return Verdict(seq, head.hash, None)
