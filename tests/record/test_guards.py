"""Plain SQL, in every form that rewrites a row, against the triggers of whichever database runs."""

import io
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from clientdesk.record import triggers
from clientdesk.record.models import Content, Entry, Head
from clientdesk.record.operations import NewEntry, append_many, erase, head_of
from clientdesk.record.triggers import TriggersMissing
from clientdesk.record.verify import verify_record
from clientdesk.workspaces.models import Workspace
from tests.record.conftest import MORNING, check_keys_now, new_workspace

COLUMNS = (
    "id, seq, prev, hash, envelope, kind, actor, client_ref, subject, recorded_at, happened_at,"
    " workspace_id"
)
LAST_HASH = "(SELECT hash FROM record_entry ORDER BY seq DESC LIMIT 1)"
FREE_ID = "id + 1000"


def entry(**changed: str) -> str:
    """What comes after INSERT or REPLACE: entry 2 with some columns replaced by SQL."""
    row = ", ".join(changed.get(name, name) for name in COLUMNS.split(", "))
    return f" INTO record_entry ({COLUMNS}) SELECT {row} FROM record_entry WHERE seq = 2"


def content(row: str) -> str:
    columns = "id, entry_id, salt, content, workspace_id"
    return f" INTO record_content ({columns}) SELECT {row} FROM record_content WHERE true"


def head(row: str) -> str:
    columns = "id, chain_id, seq, hash, workspace_id"
    return f" INTO record_head ({columns}) SELECT {row} FROM record_head WHERE true"


EVERYWHERE = [
    "UPDATE record_entry SET kind = 'x'",
    "UPDATE record_entry SET id = id + 1000 WHERE seq = 3",
    "UPDATE record_entry SET seq = seq + 1 WHERE seq = 3",
    "DELETE FROM record_entry WHERE seq = 3",
    "DELETE FROM record_entry",
    # Forks, gaps, and chains that begin anywhere but at one.
    "INSERT" + entry(id=FREE_ID, prev=LAST_HASH, seq="9"),
    "INSERT" + entry(id=FREE_ID, prev="'new'", seq="4"),
    "INSERT" + entry(id=FREE_ID, prev="'new'", seq="0"),
    "INSERT" + entry(id=FREE_ID, prev="'new'", workspace_id="OTHER"),
    # Upserts: by place, by predecessor, by number.
    "INSERT"
    + entry(id=FREE_ID, prev="'new'")
    + " ON CONFLICT (workspace_id, seq) DO UPDATE SET kind = 'x'",
    "INSERT"
    + entry(id=FREE_ID, seq="9")
    + " ON CONFLICT (workspace_id, prev) DO UPDATE SET kind = 'x'",
    "INSERT" + entry(seq="9", prev="'new'") + " ON CONFLICT (id) DO UPDATE SET kind = 'x'",
    "INSERT" + entry(seq="4", prev=LAST_HASH) + " ON CONFLICT (id) DO UPDATE SET kind = 'x'",
    "UPDATE record_content SET content = '{}'",
    "UPDATE record_content SET salt = '00'",
    "INSERT"
    + content("id, entry_id, '00', '{}', workspace_id")
    + " ON CONFLICT (entry_id) DO UPDATE SET content = '{}'",
    "UPDATE record_head SET seq = 1",
    "UPDATE record_head SET hash = 'x'",
    "UPDATE record_head SET seq = seq - 1, hash = 'x'",
    "UPDATE record_head SET seq = seq + 1, chain_id = 'x'",
    "UPDATE record_head SET seq = seq + 1, id = id + 1000",
    "UPDATE record_head SET seq = seq + 1, workspace_id = OTHER",
    "DELETE FROM record_head",
    "INSERT"
    + head("id + 1000, 'x', 0, 'x', workspace_id")
    + " ON CONFLICT (workspace_id) DO UPDATE SET seq = 0",
]
REPLACED = [
    entry(kind="'x'"),
    entry(seq="4", prev=LAST_HASH),
    entry(seq="4", prev=LAST_HASH, id="CAST(id AS TEXT)"),
    entry(seq="4", prev=LAST_HASH).replace("(id,", "(rowid,"),
    entry(id=FREE_ID, prev="'new'"),
    entry(id="NULL"),
    entry(id=FREE_ID, seq="4"),
    entry(id=FREE_ID, prev=LAST_HASH),
    content("id, entry_id + 1000, '00', '{}', workspace_id"),
    content("NULL, entry_id, '00', '{}', workspace_id"),
    head("id, 'x', 0, 'x', OTHER"),
    head("NULL, 'x', 0, 'x', workspace_id"),
    head("NULL, chain_id, 0, 'x', OTHER"),
]
SQLITE_ONLY = [
    *("INSERT OR REPLACE" + sql for sql in REPLACED),
    *("REPLACE" + sql for sql in REPLACED),
    "UPDATE OR REPLACE record_entry SET seq = 1 WHERE seq = 2",
    "UPDATE OR REPLACE record_content SET entry_id = entry_id - 1",
    "UPDATE OR IGNORE record_entry SET kind = 'x'",
    "UPDATE OR REPLACE record_head SET seq = 0",
]
POSTGRES_ONLY = [
    "TRUNCATE record_entry, record_content",
    "TRUNCATE record_content",
    "TRUNCATE record_head",
    "TRUNCATE workspaces_workspace CASCADE",
    "DELETE FROM ONLY record_entry",
    """MERGE INTO record_entry e USING (SELECT 2 AS seq) n ON e.seq = n.seq
       WHEN MATCHED THEN UPDATE SET kind = 'x'""",
]


def three(workspace: Workspace) -> list[Entry]:
    texts = ("first", "second", "third")
    entries = [NewEntry("interaction.logged", {"summary": text}, "user:1") for text in texts]
    with transaction.atomic():
        return append_many(workspace_id=workspace.pk, entries=entries, now=MORNING)


def stored() -> list[list[object]]:
    return [list(model.unscoped.order_by("pk").values()) for model in (Entry, Content, Head)]


def refused(sql: str) -> None:
    with pytest.raises(IntegrityError, match="the record|not change"), transaction.atomic():
        execute(sql)


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def attack(sql: str, studio: Workspace) -> None:
    three(studio)
    before = stored()
    other = new_workspace("other")
    check_keys_now()
    refused(sql.replace("OTHER", str(other.pk)))
    assert stored() == before
    assert verify_record(studio.pk).ok


@pytest.mark.parametrize("sql", EVERYWHERE)
def test_rewriting_is_refused(studio: Workspace, sql: str) -> None:
    attack(sql, studio)


@pytest.mark.sqlite
@pytest.mark.parametrize("sql", SQLITE_ONLY)
def test_replacing_is_refused(studio: Workspace, sql: str) -> None:
    attack(sql, studio)


@pytest.mark.postgres
@pytest.mark.parametrize("sql", POSTGRES_ONLY)
def test_truncating_is_refused(studio: Workspace, sql: str) -> None:
    attack(sql, studio)


def test_what_the_guards_let_through(studio: Workspace) -> None:
    first, *_ = three(studio)
    refused("INSERT" + entry(id=FREE_ID, seq="4"))
    execute("INSERT" + entry(id=FREE_ID, seq="4", prev=LAST_HASH, hash="'made up'"))
    broken = verify_record(studio.pk).first_break
    assert broken is not None
    assert (broken.seq, broken.problem) == (4, "its hash is not that of its envelope")


def test_content_goes_by_erasure_alone_or_verification_says_so(studio: Workspace) -> None:
    first, second, _ = three(studio)
    erase(entry=first, reason="asked", now=MORNING, actor="user:1")
    assert verify_record(studio.pk).ok
    execute(f"DELETE FROM record_content WHERE entry_id = {second.pk}")
    assert verify_record(studio.pk).as_json()["first_break"] == {
        "seq": 2,
        "problem": "its content is missing, and no erasure names it",
    }


@pytest.fixture
def rebuilt(transactional_db: None) -> Iterator[None]:
    """A column more in each table. SQLite copies the tables to alter them."""
    columns = []
    for model in (Entry, Content, Head):
        column = models.TextField(default="", db_default="")
        column.set_attributes_from_name("remark")
        column.model = model
        wider = models.TextField(null=True)
        wider.set_attributes_from_name("remark")
        wider.model = model
        columns.append((model, column, wider))
    for model, column, wider in columns:
        with connection.schema_editor() as editor:
            editor.add_field(model, column)
            editor.alter_field(model, column, wider)
    yield
    for model, _, wider in columns:
        with connection.schema_editor() as editor:
            editor.remove_field(model, wider)
    triggers.GUARDS.install(connection)


def test_after_a_table_was_rebuilt_migrate_puts_the_guards_back(rebuilt: None) -> None:
    studio = new_workspace("studio")
    three(studio)
    if connection.vendor == "sqlite":
        with pytest.raises(TriggersMissing, match="record_entry_no_update"):
            triggers.GUARDS.require(connection)
    call_command("migrate", verbosity=0, interactive=False)
    triggers.GUARDS.require(connection)
    for sql in ("UPDATE record_entry SET kind = 'x'", "DELETE FROM record_head"):
        refused(sql)
    assert verify_record(studio.pk).ok


@pytest.mark.parametrize(
    "name", triggers.SQLITE if connection.vendor == "sqlite" else triggers.POSTGRES
)
def test_without_one_guard_nothing_starts(db: None, name: str) -> None:
    table = "" if connection.vendor == "sqlite" else f" ON {triggers.POSTGRES[name][0]}"
    execute(f"DROP TRIGGER {name}{table}")
    assert triggers.GUARDS.missing(connection) == {name}
    with pytest.raises(TriggersMissing, match=name):
        triggers.GUARDS.require(connection)
    with pytest.raises(BaseException, match="its triggers are missing"):
        call_command("check", databases=["default"], stderr=io.StringIO())
    triggers.GUARDS.install(connection)
    triggers.GUARDS.require(connection)


@pytest.mark.postgres
@pytest.mark.parametrize("how", ["DISABLE TRIGGER ALL", "ENABLE REPLICA TRIGGER record_entry_keep"])
def test_a_sleeping_guard_is_none(db: None, how: str) -> None:
    execute(f"ALTER TABLE record_entry {how}")
    assert "record_entry_keep" in triggers.GUARDS.missing(connection)


def test_an_older_guard_is_none(db: None) -> None:
    if connection.vendor == "sqlite":
        execute("DROP TRIGGER record_head_no_delete")
        execute(
            "CREATE TRIGGER record_head_no_delete BEFORE DELETE ON record_head BEGIN SELECT 1; END"
        )
        assert triggers.GUARDS.missing(connection) == {"record_head_no_delete"}
    else:
        execute(
            "CREATE OR REPLACE FUNCTION record_forward() RETURNS trigger LANGUAGE plpgsql"
            " AS $$ BEGIN RETURN NEW; END $$"
        )
        assert triggers.GUARDS.missing(connection) == {"record_head_forward_only"}
    call_command("migrate", verbosity=0, interactive=False)
    assert not triggers.GUARDS.missing(connection)


def test_the_head_is_not_moved_by_a_refused_attempt(studio: Workspace) -> None:
    three(studio)
    before = head_of(studio.pk)
    refused("UPDATE record_head SET seq = 0, hash = 'x'")
    assert head_of(studio.pk) == before
