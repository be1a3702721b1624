"""Reading a chain from its first link to its head, naming the first break."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from clientdesk.record import chain
from clientdesk.record.models import Content, Entry
from clientdesk.record.operations import head_of


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry that does not hold, and why."""

    seq: int
    problem: str


@dataclass(frozen=True, slots=True)
class Verdict:
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


def _erased(workspace_id: int) -> set[int]:
    texts = Content.unscoped.filter(
        workspace_id=workspace_id, entry__kind="content.erased"
    ).values_list("content", flat=True)
    return {json.loads(text)["seq"] for text in texts.iterator()}


def _problem(entry: Entry, *, seq: int, prev: str, chain_id: str, erased: set[int]) -> str | None:
    if entry.seq != seq:
        return f"entry {seq} is missing"
    if entry.prev != prev:
        return "it does not follow the entry before it"
    if chain.hash_of(entry.envelope) != entry.hash:
        return "its hash is not that of its envelope"
    envelope = json.loads(entry.envelope)
    expected = {
        "seq": entry.seq,
        "prev": entry.prev,
        "kind": entry.kind,
        "actor": entry.actor,
        "recorded_at": chain.instant(entry.recorded_at),
        "happened_at": chain.instant(entry.happened_at),
        "workspace": chain_id,
    }
    for name, value in expected.items():
        if envelope[name] != value:
            return f"its {name} is not what was hashed"
    content = getattr(entry, "content", None)
    if content is None:
        return None if seq in erased else "its content is missing, and no erasure names it"
    if chain.digest_of(content.salt, content.content) != envelope["digest"]:
        return "its content is not what was hashed"
    said = json.loads(content.content)
    if said.get("client") != entry.client_ref or said.get("subject", "") != entry.subject:
        return "it stands at another client or subject than it names"
    return None


def verify_record(workspace_id: int) -> Verdict:
    """Walk the chain of a workspace in constant memory.

    A plain chain cannot see that its tail was cut together with the head, or that all of it was
    written anew; that is what the heads printed on documents and letters are for.
    """
    head_seq, head_hash = head_of(workspace_id)
    erased = _erased(workspace_id)
    seq, prev, chain_id = 0, chain.GENESIS, ""
    entries = (
        Entry.unscoped.filter(workspace_id=workspace_id)
        .select_related("content")
        .order_by("seq")
    )
    for entry in entries.iterator(chunk_size=1000):
        seq += 1
        chain_id = chain_id or json.loads(entry.envelope)["workspace"]
        problem = _problem(entry, seq=seq, prev=prev, chain_id=chain_id, erased=erased)
        if problem:
            return Verdict(seq, head_hash, Break(seq, problem))
        prev = entry.hash
    if (seq, prev) != (head_seq, head_hash):
        return Verdict(seq, head_hash, Break(seq + 1, "the chain does not end at its head"))
    return Verdict(seq, head_hash, None)
