"""Appending: links, one lock, one transaction, one workspace; and the lawful way out."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from clientdesk.record.models import Content, Entry, Head
from clientdesk.record.operations import (
    NewEntry,
    NotErasable,
    NothingToErase,
    OutsideTransaction,
    ReservedName,
    append,
    append_many,
    erase,
    head_of,
)
from clientdesk.record.verify import verify_record
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import ForeignRow, OutsideWorkspace, acting_in
from tests.record.conftest import MORNING, new_workspace


def note(text: str, client_ref: int | None = None) -> NewEntry:
    return NewEntry("interaction.logged", {"summary": text}, "user:1", client_ref)


def test_the_chain_holds_for_who_only_knows_its_description(studio: Workspace) -> None:
    spring = datetime(2025, 4, 25, 16, 30, 0, 5, tzinfo=UTC)
    append(
        workspace_id=studio.pk,
        kind="payment.recorded",
        content={"amount": "800.00", "currency": "EUR", "note": "c\u030cekano"},
        now=MORNING,
        actor="user:1",
        happened_at=spring,
        client_ref=7,
        subject="invoice:3",
    )
    append_many(workspace_id=studio.pk, entries=[note("a"), note("b", 7)], now=MORNING)

    chain_id = Head.unscoped.get(workspace=studio).chain_id
    prev = "0" * 64
    for seq, entry in enumerate(Entry.unscoped.filter(workspace=studio).order_by("seq"), start=1):
        content = entry.content
        salted = bytes.fromhex(content.salt) + content.content.encode()
        said = json.loads(entry.envelope)
        assert said == {
            "v": 1,
            "workspace": chain_id,
            "seq": seq,
            "recorded_at": "2025-04-26T07:00:00.000000Z",
            "happened_at": "2025-04-25T16:30:00.000005Z"
            if seq == 1
            else "2025-04-26T07:00:00.000000Z",
            "kind": entry.kind,
            "actor": "user:1",
            "digest": hashlib.sha256(salted).hexdigest(),
            "prev": prev,
        }
        assert entry.hash == hashlib.sha256(b"\0" + entry.envelope.encode()).hexdigest()
        prev = entry.hash
    assert head_of(studio.pk) == (3, prev)

    first = Entry.unscoped.get(workspace=studio, seq=1)
    assert json.loads(first.content.content) == {
        "amount": "800.00",
        "currency": "EUR",
        "note": "\u010dekano",
        "client": 7,
        "subject": "invoice:3",
    }
    assert (first.client_ref, first.subject) == (7, "invoice:3")
    assert (first.recorded_at, first.happened_at) == (MORNING, spring)
    assert verify_record(studio.pk).ok


def test_salts_differ(studio: Workspace) -> None:
    append_many(workspace_id=studio.pk, entries=[note("same"), note("same")], now=MORNING)
    one, other = Content.unscoped.filter(workspace=studio)
    assert one.content == other.content
    assert one.salt != other.salt


def test_each_workspace_has_its_own_chain(studio: Workspace) -> None:
    bakery = new_workspace("bakery")
    for workspace in (studio, bakery, studio):
        append_many(workspace_id=workspace.pk, entries=[note("a")], now=MORNING)
    assert (head_of(studio.pk)[0], head_of(bakery.pk)[0]) == (2, 1)
    assert verify_record(studio.pk).ok
    assert verify_record(bakery.pk).ok


def test_an_empty_chain(studio: Workspace) -> None:
    assert append_many(workspace_id=studio.pk, entries=[], now=MORNING) == []
    assert head_of(studio.pk) == (0, "0" * 64)
    assert verify_record(studio.pk).as_json() == {
        "ok": True,
        "entries": 0,
        "head": "0" * 64,
        "first_break": None,
    }


def test_many_cost_few_queries(studio: Workspace) -> None:
    append_many(workspace_id=studio.pk, entries=[note("first")], now=MORNING)
    with CaptureQueriesContext(
        connection,
    ) as one:
        append_many(workspace_id=studio.pk, entries=[note("one")], now=MORNING)
    with CaptureQueriesContext(connection) as many:
        append_many(workspace_id=studio.pk, entries=[note(str(n)) for n in range(50)], now=MORNING)
    assert len(one) == len(many) == 5


def test_no_workspace_needs_to_be_active_and_no_other_may_be(studio: Workspace) -> None:
    bakery = new_workspace("bakery")
    with acting_in(studio.pk):
        append_many(workspace_id=studio.pk, entries=[note("a")], now=MORNING)
        with pytest.raises(ForeignRow):
            append_many(workspace_id=bakery.pk, entries=[note("a")], now=MORNING)
        assert [entry.seq for entry in Entry.objects.all()] == [1]
    with acting_in(bakery.pk):
        assert not Entry.objects.exists()
        entry = Entry.unscoped.get(workspace=studio)
        with pytest.raises(ForeignRow):
            erase(entry=entry, reason="asked", now=MORNING, actor="user:1")
    with pytest.raises(OutsideWorkspace):
        Entry.objects.exists()
    assert verify_record(studio.pk).entries == 1


@pytest.mark.parametrize("taken", ["client", "subject"])
def test_two_names_are_the_entrys_own(studio: Workspace, taken: str) -> None:
    with pytest.raises(ReservedName, match=taken):
        append(
            workspace_id=studio.pk,
            kind="message.sent",
            content={taken: "Invoice 7"},
            now=MORNING,
            actor="system",
        )


def test_what_is_refused_leaves_nothing(studio: Workspace) -> None:
    wrong = NewEntry("a.done", {"amount": 0.5}, "system")
    with pytest.raises(ValueError, match="float"), transaction.atomic():
        append_many(workspace_id=studio.pk, entries=[note("a"), wrong], now=MORNING)
    assert head_of(studio.pk)[0] == Entry.unscoped.count() == 0


@pytest.mark.django_db(transaction=True)
def test_it_belongs_to_the_callers_transaction() -> None:
    studio = new_workspace("studio")
    with pytest.raises(OutsideTransaction):
        append_many(workspace_id=studio.pk, entries=[note("a")], now=MORNING)
    with transaction.atomic():
        append_many(workspace_id=studio.pk, entries=[note("a")], now=MORNING)
        transaction.set_rollback(True)
    assert head_of(studio.pk) == (0, "0" * 64)
    with transaction.atomic():
        append_many(workspace_id=studio.pk, entries=[note("b")], now=MORNING)
    assert verify_record(studio.pk).entries == 1


def test_questions_to_the_record(studio: Workspace) -> None:
    entries = [
        NewEntry("invoice.issued", {}, "user:1", 7, "invoice:1"),
        NewEntry("client.created", {}, "user:1", 8, "client:8"),
        NewEntry("payment.recorded", {}, "user:1", 7, "invoice:1"),
    ]
    append_many(workspace_id=studio.pk, entries=entries, now=MORNING)
    with acting_in(studio.pk):
        assert [entry.seq for entry in Entry.objects.all()] == [3, 2, 1]
        assert [entry.seq for entry in Entry.objects.of_client(7)] == [3, 1]
        assert [entry.kind for entry in Entry.objects.of_subject("invoice:1")] == [
            "invoice.issued",
            "payment.recorded",
        ]


def test_erasure_takes_content_and_salt_and_says_so(studio: Workspace) -> None:
    secret, kept = append_many(
        workspace_id=studio.pk, entries=[note("Ana Anić", 7), note("kept")], now=MORNING
    )
    erased = erase(
        entry=secret, reason="asked by Ana", now=MORNING + timedelta(days=1), actor="user:1"
    )
    assert [row.entry_id for row in Content.unscoped.order_by("pk")] == [kept.pk, erased.pk]
    assert json.loads(erased.content.content) == {"seq": 1, "reason": "asked by Ana", "client": 7}
    assert erased.kind == "content.erased"
    assert verify_record(studio.pk).as_json()["first_break"] is None

    gone = Entry.unscoped.get(pk=secret.pk)
    with pytest.raises(NothingToErase):
        erase(entry=gone, reason="again", now=MORNING, actor="user:1")
    with pytest.raises(NotErasable):
        erase(entry=erased, reason="cover up", now=MORNING, actor="user:1")
    assert head_of(studio.pk)[0] == 3
