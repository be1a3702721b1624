"""The database refuses to rewrite the record, whoever asks.

What they let through: the next entry, content for an entry that has none, a head that moves
forward, and the deletion of content, which a lawful erasure needs; verification asks for the entry
that names it. No trigger here reads another table: on SQLite it would stop that table's rebuild.
"""

from clientdesk.guards import Guards, TriggersMissing, register
from clientdesk.record.chain import GENESIS

__all__ = ["GUARDS", "TriggersMissing"]

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

GUARDS = register(
    Guards(
        what="the record is",
        tables=(ENTRY, CONTENT, HEAD),
        sqlite=SQLITE,
        functions=POSTGRES_FUNCTIONS,
        postgres=POSTGRES,
    )
)
