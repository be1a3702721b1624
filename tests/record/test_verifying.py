"""Someone takes the guards away and rewrites the record: verification names the first break."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from clientdesk.record import chain, triggers
from clientdesk.record.models import Content, Entry, Head
from clientdesk.record.operations import NewEntry, append_many, erase
from clientdesk.record.verify import verify_record
from clientdesk.workspaces.models import Workspace
from tests.record.conftest import MORNING, check_keys_now, new_workspace


@contextmanager
def unguarded() -> Iterator[None]:
    check_keys_now()
    triggers.GUARDS.remove(connection)
    yield
    triggers.GUARDS.install(connection)


@pytest.fixture
def six(studio: Workspace) -> Workspace:
    entries = [
        NewEntry("payment.recorded", {"amount": f"{n}00.00"}, "user:1", 7, f"invoice:{n}")
        for n in range(1, 7)
    ]
    append_many(workspace_id=studio.pk, entries=entries, now=MORNING)
    return studio


def run(sql: str, **values: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


CONTENT_OF_3 = "entry_id = (SELECT id FROM record_entry WHERE seq = 3)"


@pytest.mark.parametrize(
    ("sql", "seq", "problem"),
    [
        ("UPDATE record_entry SET kind = 'x' WHERE seq = 3", 3, "its kind is not what was hashed"),
        ("UPDATE record_entry SET actor = 'x' WHERE seq = 3", 3, "its actor is not"),
        ("UPDATE record_entry SET recorded_at = '2024-01-01 00:00:00+00'", 1, "its recorded_at"),
        ("UPDATE record_entry SET happened_at = '2024-01-01 00:00:00+00'", 1, "its happened_at"),
        ("UPDATE record_entry SET client_ref = 8 WHERE seq = 3", 3, "another client or subject"),
        ("UPDATE record_entry SET client_ref = NULL WHERE seq = 3", 3, "another client or subject"),
        ("UPDATE record_entry SET subject = 'x' WHERE seq = 3", 3, "another client or subject"),
        ("UPDATE record_entry SET hash = 'x' WHERE seq = 3", 3, "its hash is not that"),
        ("UPDATE record_entry SET prev = 'x' WHERE seq = 3", 3, "does not follow"),
        ("UPDATE record_entry SET envelope = envelope || ' ' WHERE seq = 3", 3, "its hash is not"),
        ("UPDATE record_entry SET envelope = 'rubbish' WHERE seq = 3", 3, "its hash is not"),
        ("UPDATE record_entry SET seq = 9 WHERE seq = 3", 3, "entry 3 is missing; 4 comes"),
        (
            f"UPDATE record_content SET content = '{{}}' WHERE {CONTENT_OF_3}",
            3,
            "its content is not",
        ),
        (f"UPDATE record_content SET content = 'x' WHERE {CONTENT_OF_3}", 3, "its content is not"),
        (f"UPDATE record_content SET salt = '00' WHERE {CONTENT_OF_3}", 3, "its content is not"),
        (
            f"UPDATE record_content SET salt = 'x' WHERE {CONTENT_OF_3}",
            3,
            "the salt of its content",
        ),
        (f"DELETE FROM record_content WHERE {CONTENT_OF_3}", 3, "missing, and no erasure"),
        ("UPDATE record_head SET hash = 'x'", 6, "the head names another"),
        ("UPDATE record_head SET seq = 5", 6, "the head names another"),
        ("UPDATE record_head SET seq = 7", 7, "the head says that entry 7 is last"),
        ("UPDATE record_head SET chain_id = 'x'", 1, "its workspace is not what was hashed"),
        ("DELETE FROM record_head", 1, "there is no head"),
    ],
)
def test_the_first_break_is_named(six: Workspace, sql: str, seq: int, problem: str) -> None:
    with unguarded():
        run(sql)
    verdict = verify_record(six.pk)
    assert verdict.first_break is not None
    assert verdict.first_break.seq == seq
    assert problem in verdict.first_break.problem


def test_an_entry_taken_out(six: Workspace) -> None:
    with unguarded():
        run(f"DELETE FROM record_content WHERE {CONTENT_OF_3}")
        run("DELETE FROM record_entry WHERE seq = 3")
    assert verify_record(six.pk).as_json()["first_break"] == {
        "seq": 3,
        "problem": "entry 3 is missing; 4 comes in its place",
    }


def test_a_cut_tail(six: Workspace) -> None:
    with unguarded():
        run("DELETE FROM record_content WHERE entry_id = (SELECT MAX(id) FROM record_entry)")
        run("DELETE FROM record_entry WHERE seq = 6")
    assert verify_record(six.pk).as_json()["first_break"] == {
        "seq": 6,
        "problem": "the head says that entry 6 is last",
    }


def test_an_entry_rewritten_with_its_hash_breaks_the_one_after_it(six: Workspace) -> None:
    third = Entry.unscoped.select_related("content").get(seq=3)
    text = third.content.content.replace("300.00", "900.00")
    said = json.loads(third.envelope)
    said["digest"] = chain.digest_of(third.content.salt, text)
    envelope = chain.canonical(said)
    with unguarded():
        run(f"UPDATE record_content SET content = %(text)s WHERE {CONTENT_OF_3}", text=text)
        run(
            "UPDATE record_entry SET envelope = %(envelope)s, hash = %(hash)s WHERE seq = 3",
            envelope=envelope,
            hash=chain.hash_of(envelope),
        )
    assert verify_record(six.pk).as_json()["first_break"] == {
        "seq": 4,
        "problem": "it does not follow the entry before it",
    }


@pytest.mark.parametrize(
    "envelope", ["rubbish", "[]", '{"v":1}', '{"seq": 6}', '{"a":0.5}', "[" * 100_000]
)
def test_a_last_envelope_that_is_none(six: Workspace, envelope: str) -> None:
    with unguarded():
        run(
            "UPDATE record_entry SET envelope = %(envelope)s, hash = %(hash)s WHERE seq = 6",
            envelope=envelope,
            hash=chain.hash_of(envelope),
        )
    assert verify_record(six.pk).as_json()["first_break"] == {
        "seq": 6,
        "problem": "its envelope is none",
    }


def test_an_erasure_covers_what_it_names_and_nothing_else(six: Workspace) -> None:
    erase(
        entry=Entry.unscoped.get(seq=2),
        reason="asked",
        now=MORNING + timedelta(days=1),
        actor="user:1",
    )
    assert verify_record(six.pk).ok
    run(f"DELETE FROM record_content WHERE {CONTENT_OF_3}")
    broken = verify_record(six.pk).first_break
    assert broken is not None
    assert broken.seq == 3


def test_another_workspaces_erasure_covers_nothing_here(six: Workspace) -> None:
    bakery = new_workspace("bakery")
    entries = [NewEntry("client.created", {}, "user:1")] * 3
    third = append_many(workspace_id=bakery.pk, entries=entries, now=MORNING)[-1]
    erase(entry=third, reason="asked", now=MORNING, actor="user:1")
    run(
        "DELETE FROM record_content WHERE entry_id IN"
        f" (SELECT id FROM record_entry WHERE seq = 3 AND workspace_id = {six.pk})"
    )
    assert verify_record(bakery.pk).ok
    assert not verify_record(six.pk).ok


def test_a_chain_moved_whole_to_another_number_still_holds(six: Workspace) -> None:
    moved = new_workspace("moved")
    with unguarded():
        for model in (Head, Content, Entry):
            model.unscoped.update(workspace_id=moved.pk)
    assert verify_record(moved.pk).as_json()["ok"] is True
    assert verify_record(moved.pk).entries == 6


def verified(slug: str) -> tuple[int, dict[str, object]]:
    out = io.StringIO()
    code: object = 0
    try:
        call_command("verify_record", workspace=slug, json=True, stdout=out)
    except SystemExit as leaving:
        code = leaving.code
    assert isinstance(code, int)
    return code, json.loads(out.getvalue().splitlines()[-1])


def test_the_command(six: Workspace) -> None:
    head = Head.unscoped.get(workspace=six).hash
    assert verified("studio") == (
        0,
        {"workspace": "studio", "ok": True, "entries": 6, "head": head, "first_break": None},
    )
    with unguarded():
        run("UPDATE record_entry SET kind = 'x' WHERE seq > 3")
    assert verified("studio") == (
        1,
        {
            "workspace": "studio",
            "ok": False,
            "entries": 4,
            "head": head,
            "first_break": {"seq": 4, "problem": "its kind is not what was hashed"},
        },
    )
    with pytest.raises(CommandError, match="no workspace 'nowhere'"):
        call_command("verify_record", workspace="nowhere")
