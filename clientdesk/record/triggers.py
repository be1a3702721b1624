"""The database refuses to rewrite the record, whoever asks.

Not in a migration, but after each `migrate`: SQLite drops a table's triggers when it rebuilds the
table for an alteration, so an old migration could not keep them there.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

ENTRY = "record_entry"
CONTENT = "record_content"
HEAD = "record_head"

SQLITE = {
    "record_entry_no_update": f"""BEFORE UPDATE ON {ENTRY} BEGIN
        SELECT RAISE(ABORT, 'the record is append-only'); END""",
    "record_entry_no_delete": f"""BEFORE DELETE ON {ENTRY} BEGIN
        SELECT RAISE(ABORT, 'the record is append-only'); END""",
    # REPLACE deletes the row in its way without asking the trigger above; so an insert must be the
    # next link in every column that could collide.
    "record_entry_next_only": f"""BEFORE INSERT ON {ENTRY}
        WHEN NEW.seq IS NOT COALESCE(
                (SELECT MAX(seq) FROM {ENTRY} WHERE workspace_id = NEW.workspace_id), 0) + 1
            OR NEW.prev IS NOT COALESCE(
                (SELECT hash FROM {ENTRY} WHERE workspace_id = NEW.workspace_id
                 ORDER BY seq DESC LIMIT 1), '{"0" * 64}')
            OR EXISTS (SELECT 1 FROM {ENTRY} WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'the record takes only its next entry'); END""",
    "record_content_no_update": f"""BEFORE UPDATE ON {CONTENT} BEGIN
        SELECT RAISE(ABORT, 'the record is append-only'); END""",
    "record_content_no_replace": f"""BEFORE INSERT ON {CONTENT}
        WHEN EXISTS (SELECT 1 FROM {CONTENT} WHERE entry_id = NEW.entry_id OR id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END""",
    "record_head_no_delete": f"""BEFORE DELETE ON {HEAD} BEGIN
        SELECT RAISE(ABORT, 'the record is append-only'); END""",
    "record_head_forward_only": f"""BEFORE UPDATE ON {HEAD}
        WHEN NEW.seq <= OLD.seq OR NEW.chain_id IS NOT OLD.chain_id
            OR NEW.workspace_id IS NOT OLD.workspace_id
        BEGIN SELECT RAISE(ABORT, 'the record only goes forward'); END""",
    "record_head_no_replace": f"""BEFORE INSERT ON {HEAD}
        WHEN EXISTS (SELECT 1 FROM {HEAD} WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END""",
}

POSTGRES_REFUSE = """CREATE OR REPLACE FUNCTION record_refuse() RETURNS trigger
    LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the record is append-only'; END $$"""
POSTGRES_FORWARD = """CREATE OR REPLACE FUNCTION record_forward() RETURNS trigger
    LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.seq <= OLD.seq OR NEW.chain_id <> OLD.chain_id
        OR NEW.workspace_id <> OLD.workspace_id THEN
        RAISE EXCEPTION 'the record only goes forward'; END IF;
    RETURN NEW; END $$"""
# Content may be deleted: that is a lawful erasure, and verification asks for the entry naming it.
POSTGRES = {
    "record_entry_keep": (
        ENTRY, f"BEFORE UPDATE OR DELETE ON {ENTRY} FOR EACH ROW EXECUTE FUNCTION record_refuse()"
    ),
    "record_entry_no_truncate": (
        ENTRY, f"BEFORE TRUNCATE ON {ENTRY} FOR EACH STATEMENT EXECUTE FUNCTION record_refuse()"
    ),
    "record_content_no_update": (
        CONTENT, f"BEFORE UPDATE ON {CONTENT} FOR EACH ROW EXECUTE FUNCTION record_refuse()"
    ),
    "record_content_no_truncate": (
        CONTENT, f"BEFORE TRUNCATE ON {CONTENT} FOR EACH STATEMENT EXECUTE FUNCTION record_refuse()"
    ),
    "record_head_no_delete": (
        HEAD, f"BEFORE DELETE ON {HEAD} FOR EACH ROW EXECUTE FUNCTION record_refuse()"
    ),
    "record_head_no_truncate": (
        HEAD, f"BEFORE TRUNCATE ON {HEAD} FOR EACH STATEMENT EXECUTE FUNCTION record_refuse()"
    ),
    "record_head_forward_only": (
        HEAD, f"BEFORE UPDATE ON {HEAD} FOR EACH ROW EXECUTE FUNCTION record_forward()"
    ),
}


class TriggersMissing(Exception):
    """The database would let the record be rewritten."""


def has_tables(connection: BaseDatabaseWrapper) -> bool:
    return ENTRY in connection.introspection.table_names()


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place, replacing older ones. Tables must exist."""
    remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, body in SQLITE.items():
                cursor.execute(f"CREATE TRIGGER {name} {body}")
            return
        cursor.execute(POSTGRES_REFUSE)
        cursor.execute(POSTGRES_FORWARD)
        for name, (_, body) in POSTGRES.items():
            cursor.execute(f"CREATE TRIGGER {name} {body}")


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: only a test that empties its database does this."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            return
        for name, (table, _) in POSTGRES.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")


def missing(connection: BaseDatabaseWrapper) -> set[str]:
    """Names of the triggers that are not there."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            return set(SQLITE) - {row[0] for row in cursor.fetchall()}
        # Disabled triggers ('D') count as missing.
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
        return set(POSTGRES) - {row[0] for row in cursor.fetchall()}


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
