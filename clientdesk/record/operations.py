"""Appending to the record, and the one lawful way to take content out of it."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from clientdesk.record import chain
from clientdesk.record.models import Content, Entry, Head
from clientdesk.record.moves import MOVED
from clientdesk.workspaces.rows import insert_rows
from clientdesk.workspaces.scoping import ForeignRow, active_workspace_id

ERASED = "content.erased"
# Without what these say, the rest could no longer be read.
KEPT = frozenset({ERASED, MOVED})


class OutsideTransaction(Exception):
    """An entry is written in the transaction of what it tells, so that both are there or none."""


class ReservedName(Exception):
    """The content has its own "client" or "subject", which the entry's would overwrite."""


class NothingToErase(Exception):
    """The entry's content was erased already."""


class NotErasable(Exception):
    """Without its content, an erasure or a move would no longer say what was erased or moved."""


@dataclass(frozen=True, slots=True)
class NewEntry:
    """`content` is JSON of text, whole numbers and lists; money and times are strings.

    `client_ref` and `subject` are put into the content too, as "client" and "subject", so that they
    are hashed; the content cannot use these two names for anything else.
    """

    kind: str
    content: Mapping[str, Any]
    actor: str
    client_ref: int | None = None
    subject: str = ""
    happened_at: datetime | None = None


def append(
    *,
    workspace_id: int,
    kind: str,
    content: Mapping[str, Any],
    now: datetime,
    actor: str,
    happened_at: datetime | None = None,
    client_ref: int | None = None,
    subject: str = "",
) -> Entry:
    """One entry. Raises OutsideTransaction, ForeignRow, NotCanonical, ReservedName."""
    entry = NewEntry(kind, content, actor, client_ref, subject, happened_at)
    return append_many(workspace_id=workspace_id, entries=[entry], now=now)[0]


def append_many(*, workspace_id: int, entries: Sequence[NewEntry], now: datetime) -> list[Entry]:
    """Entries in order, recorded at the instant `now`, under one lock of the chain's head.

    It needs no active workspace (deliveries have none), but writes to no other than the active one.
    Raises OutsideTransaction, ForeignRow, NotCanonical, ReservedName.
    """
    if (active := active_workspace_id()) not in (None, workspace_id):
        raise ForeignRow(f"workspace {active} is active, not {workspace_id}")
    if not entries:
        return []
    head = _locked_head(workspace_id)
    rows: list[Entry] = []
    contents: list[tuple[str, str]] = []
    seq, prev = head.seq, head.hash
    for new in entries:
        seq += 1
        text = chain.canonical(_whole_content(new))
        salt = secrets.token_hex(16)
        happened_at = new.happened_at or now
        envelope = chain.envelope_of(
            chain_id=head.chain_id,
            seq=seq,
            recorded_at=now,
            happened_at=happened_at,
            kind=chain.normal(new.kind),
            actor=chain.normal(new.actor),
            digest=chain.digest_of(salt, text),
            prev=prev,
        )
        link = chain.hash_of(envelope)
        rows.append(
            Entry(
                workspace_id=workspace_id,
                seq=seq,
                prev=prev,
                hash=link,
                envelope=envelope,
                kind=chain.normal(new.kind),
                actor=chain.normal(new.actor),
                client_ref=new.client_ref,
                subject=chain.normal(new.subject),
                recorded_at=now,
                happened_at=happened_at,
            )
        )
        contents.append((salt, text))
        prev = link
    insert_rows(rows)
    ids = (
        Entry.unscoped.filter(workspace_id=workspace_id, seq__gt=head.seq)
        .order_by("seq")
        .values_list("pk", flat=True)
    )
    for row, pk in zip(rows, ids, strict=True):
        row.pk = pk
    insert_rows(
        [
            Content(workspace_id=workspace_id, entry_id=row.pk, salt=salt, content=text)
            for row, (salt, text) in zip(rows, contents, strict=True)
        ]
    )
    Head.unscoped.filter(pk=head.pk).update(seq=seq, hash=prev)
    return rows


def _whole_content(new: NewEntry) -> dict[str, Any]:
    if taken := {"client", "subject"} & new.content.keys():
        raise ReservedName(f"{new.kind}: {', '.join(sorted(taken))}")
    content = dict(new.content)
    if new.client_ref is not None:
        content["client"] = new.client_ref
    if new.subject:
        content["subject"] = new.subject
    return content


def _locked_head(workspace_id: int) -> Head:
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction
    # SQLite has one writer and its transactions begin IMMEDIATE; PostgreSQL locks the row.
    head = Head.unscoped.select_for_update().filter(workspace_id=workspace_id).first()
    if head is None:
        Head.unscoped.bulk_create([Head(workspace_id=workspace_id)], ignore_conflicts=True)
        head = Head.unscoped.select_for_update().get(workspace_id=workspace_id)
    return head


def head_of(workspace_id: int) -> tuple[int, str]:
    """Number and hash of the last entry; 0 and zeros where there is none."""
    head = Head.unscoped.filter(workspace_id=workspace_id).first()
    return (head.seq, head.hash) if head else (0, chain.GENESIS)


@transaction.atomic
def erase_many(*, entries: Sequence[Entry], reason: str, now: datetime, actor: str) -> list[Entry]:
    """The same for many entries of one workspace, each named by an entry of its own.

    Raises NothingToErase, NotErasable, ForeignRow; then nothing is erased.
    """
    if kept := [entry.seq for entry in entries if entry.kind in KEPT]:
        raise NotErasable(kept)
    workspaces = {entry.workspace_id for entry in entries}
    if len(workspaces) > 1:
        raise ForeignRow(f"entries of workspaces {sorted(workspaces)}")
    removed, _ = Content.unscoped.filter(entry_id__in=[entry.pk for entry in entries]).delete()
    if removed != len(entries):
        raise NothingToErase(f"{len(entries) - removed} of {len(entries)}")
    erasures = [
        NewEntry(
            ERASED, {"seq": entry.seq, "reason": reason}, actor, entry.client_ref, entry.subject
        )
        for entry in entries
    ]
    return append_many(workspace_id=workspaces.pop(), entries=erasures, now=now) if entries else []


def erase(*, entry: Entry, reason: str, now: datetime, actor: str) -> Entry:
    """Remove what an entry says, keep that it was there, and record the removal.

    Verification accepts missing content only where such a record names it. Raises NothingToErase,
    NotErasable, ForeignRow.
    """
    return erase_many(entries=[entry], reason=reason, now=now, actor=actor)[0]
