"""The database refuses to rewrite the record, whoever asks.

Not in a migration, but after each `migrate`: SQLite drops a table's triggers when it rebuilds the
table for an alteration, so an old migration could not keep them there.

What they let through: the next entry, content for an entry that has none, a head that moves
forward, and the deletion of content, which a lawful erasure needs; verification asks for the entry
that names it. No trigger here reads another table: on SQLite it would stop that table's rebuild.
"""

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from clientdesk.record.chain import GENESIS

ENTRY = "record_entry"
CONTENT = "record_content"
HEAD = "record_head"

REFUSE = "BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END"
SQLITE = {
    "record_entry_no_update": f"BEFORE UPDATE ON {ENTRY} {REFUSE}",
    "record_entry_no_delete": f"BEFORE DELETE ON {ENTRY} {REFUSE}",
    # REPLACE deletes the row in its way without asking the trigger above; so an insert must be the
    # next link in every column that could collide.
    "record_entry_next_only": f"""BEFORE INSERT ON {ENTRY}
        WHEN NEW.seq IS NOT COALESCE(
                (SELECT MAX(seq) FROM {ENTRY} WHERE workspace_id = NEW.workspace_id), 0) + 1
            OR NEW.prev IS NOT COALESCE(
                (SELECT hash FROM {ENTRY} WHERE workspace_id = NEW.workspace_id
                 ORDER BY seq DESC LIMIT 1), '{GENESIS}')
            OR EXISTS (SELECT 1 FROM {ENTRY} WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'the record takes only its next entry'); END""",
    "record_content_no_update": f"BEFORE UPDATE ON {CONTENT} {REFUSE}",
    "record_content_no_replace": f"""BEFORE INSERT ON {CONTENT}
        WHEN EXISTS (SELECT 1 FROM {CONTENT} WHERE entry_id = NEW.entry_id OR id = NEW.id)
        {REFUSE}""",
    "record_head_no_delete": f"BEFORE DELETE ON {HEAD} {REFUSE}",
    "record_head_forward_only": f"""BEFORE UPDATE ON {HEAD}
        WHEN NEW.seq <= OLD.seq OR NEW.id IS NOT OLD.id OR NEW.chain_id IS NOT OLD.chain_id
            OR NEW.workspace_id IS NOT OLD.workspace_id
        BEGIN SELECT RAISE(ABORT, 'the record only goes forward'); END""",
    "record_head_no_replace": f"""BEFORE INSERT ON {HEAD}
        WHEN EXISTS (SELECT 1 FROM {HEAD} WHERE id = NEW.id
            OR workspace_id = NEW.workspace_id OR chain_id = NEW.chain_id)
        {REFUSE}""",
}

# An integrity error, as SQLite's: callers catch the same on both.
RAISE = "USING ERRCODE = 'restrict_violation'"
POSTGRES_FUNCTIONS = {
    "record_refuse": f"BEGIN RAISE EXCEPTION 'the record is append-only' {RAISE}; END",
    "record_next": f"""
    DECLARE last_seq bigint; last_hash text;
    BEGIN
        SELECT seq, hash INTO last_seq, last_hash FROM {ENTRY}
            WHERE workspace_id = NEW.workspace_id ORDER BY seq DESC LIMIT 1;
        IF NEW.seq <> COALESCE(last_seq, 0) + 1
            OR NEW.prev <> COALESCE(last_hash, '{GENESIS}') THEN
            RAISE EXCEPTION 'the record takes only its next entry' {RAISE};
        END IF;
        RETURN NEW;
    END""",
    "record_forward": f"""
    BEGIN
        IF NEW.seq <= OLD.seq OR NEW.id <> OLD.id OR NEW.chain_id <> OLD.chain_id
            OR NEW.workspace_id <> OLD.workspace_id THEN
            RAISE EXCEPTION 'the record only goes forward' {RAISE};
        END IF;
        RETURN NEW;
    END""",
}
# name: (table, moment, per what, function)
POSTGRES = {
    "record_entry_keep": (ENTRY, "UPDATE OR DELETE", "ROW", "record_refuse"),
    "record_entry_no_truncate": (ENTRY, "TRUNCATE", "STATEMENT", "record_refuse"),
    "record_entry_next_only": (ENTRY, "INSERT", "ROW", "record_next"),
    "record_content_no_update": (CONTENT, "UPDATE", "ROW", "record_refuse"),
    "record_content_no_truncate": (CONTENT, "TRUNCATE", "STATEMENT", "record_refuse"),
    "record_head_no_delete": (HEAD, "DELETE", "ROW", "record_refuse"),
    "record_head_no_truncate": (HEAD, "TRUNCATE", "STATEMENT", "record_refuse"),
    "record_head_forward_only": (HEAD, "UPDATE", "ROW", "record_forward"),
}


class TriggersMissing(Exception):
    """The database would let the record be rewritten."""


def has_tables(connection: BaseDatabaseWrapper) -> bool:
    tables = connection.introspection.table_names()
    return all(name in tables for name in (ENTRY, CONTENT, HEAD))


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place, replacing older ones. Tables must exist."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        remove(connection)
        if connection.vendor == "sqlite":
            for name, body in SQLITE.items():
                cursor.execute(_sqlite(name, body))
            return
        for function, body in POSTGRES_FUNCTIONS.items():
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger"
                f" LANGUAGE plpgsql AS $${body}$$"
            )
        for name, (table, moment, each, function) in POSTGRES.items():
            cursor.execute(
                f"CREATE TRIGGER {name} BEFORE {moment} ON {table}"
                f" FOR EACH {each} EXECUTE FUNCTION {function}()"
            )


def _sqlite(name: str, body: str) -> str:
    return f"CREATE TRIGGER {name} {body}"


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: only a test that empties its database does this."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            return
        for name, (table, *_) in POSTGRES.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")


def missing(connection: BaseDatabaseWrapper) -> set[str]:
    """Names of the triggers that are not there, or not as they are written here."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            there = {(name, sql) for name, sql in cursor.fetchall()}
            return {
                name for name, body in SQLITE.items() if (name, _sqlite(name, body)) not in there
            }
        # Disabled triggers ('D') and those for replicas only ('R') count as missing.
        cursor.execute(
            """SELECT t.tgname, p.prosrc
               FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
               WHERE t.tgenabled IN ('O', 'A')
                 AND t.tgrelid IN (to_regclass(%s), to_regclass(%s), to_regclass(%s))""",
            [ENTRY, CONTENT, HEAD],
        )
        found = dict(cursor.fetchall())
        return {
            name
            for name, (*_, function) in POSTGRES.items()
            if found.get(name) != POSTGRES_FUNCTIONS[function]
        }


def installed(connection: BaseDatabaseWrapper) -> bool:
    return not missing(connection)


def require_triggers(connection: BaseDatabaseWrapper) -> None:
    """Called at the start of web and worker processes. Raises TriggersMissing."""
    if not has_tables(connection):
        raise TriggersMissing("the database is not set up; run manage.py migrate")
    if names := missing(connection):
        raise TriggersMissing(
            f"the record is not guarded ({', '.join(sorted(names))}); run manage.py migrate"
        )
