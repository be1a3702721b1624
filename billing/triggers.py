"""What is issued never changes: the database refuses it on both engines, whoever asks.

An issued invoice keeps its number, days, parties, lines and sums; what follows it (payments,
credit, its ladder, whether it was sent) is free to move. Its state goes to void or written off, and
from written off back. A credit note is fixed from its first moment. Each gets its document once.
"""

from clientdesk.guards import Guards, register

INVOICE = "billing_invoice"
LINE = "billing_line"
NOTE = "billing_creditnote"
NOTE_LINE = "billing_creditline"

FIXED = (
    "id", "workspace_id", "client_id", "project_id", "stops", "number", "number_year", "series",
    "issued_on", "due_on", "currency", "description", "delivered_from", "delivered_until",
    "buyer_reference", "note", "net_minor", "vat_minor", "total_minor", "parties", "imported",
    "created_at", "created_by_id",
)  # fmt: skip
NOTE_FIXED = (
    "id", "workspace_id", "invoice_id", "number", "number_year", "issued_on", "reason",
    "net_minor", "vat_minor", "total_minor", "parties", "created_at", "created_by_id", "once_key",
)  # fmt: skip


def _changed(columns: tuple[str, ...], differs: str) -> str:
    return " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in columns)


STATES = """NEW.state <> OLD.state AND NOT (
    (OLD.state = 'issued' AND NEW.state IN ('void', 'lost'))
    OR (OLD.state = 'lost' AND NEW.state = 'issued'))"""
DOCUMENT = "OLD.document_id IS NOT NULL AND (NEW.document_id {differs} OLD.document_id)"


def _invoice_rule(differs: str) -> str:
    document = DOCUMENT.format(differs=differs)
    return f"OLD.state <> 'draft' AND ({_changed(FIXED, differs)} OR ({STATES}) OR ({document}))"


def _note_rule(differs: str) -> str:
    return f"{_changed(NOTE_FIXED, differs)} OR ({DOCUMENT.format(differs=differs)})"


ISSUED = "an issued invoice does not change"
CREDITED = "a credit note does not change"
LINES = "the lines of an issued invoice do not change"


def _abort(words: str) -> str:
    return f"BEGIN SELECT RAISE(ABORT, '{words}'); END"


# A draft's lines come and go; a file brings an issued invoice with its one line.
OPEN_FOR_LINES = f"""EXISTS (SELECT 1 FROM {INVOICE} i WHERE i.id = {{row}}.invoice_id
    AND i.state = 'draft')"""
OPEN_FOR_NEW = f"""EXISTS (SELECT 1 FROM {INVOICE} i WHERE i.id = NEW.invoice_id
    AND (i.state = 'draft' OR (i.imported AND NOT EXISTS
        (SELECT 1 FROM {LINE} l WHERE l.invoice_id = i.id))))"""

SQLITE = {
    "billing_invoice_fixed": f"""BEFORE UPDATE ON {INVOICE}
        WHEN {_invoice_rule("IS NOT")} {_abort(ISSUED)}""",
    "billing_invoice_stays": f"""BEFORE DELETE ON {INVOICE}
        WHEN OLD.state <> 'draft' {_abort(ISSUED)}""",
    # REPLACE deletes the row in its way without asking the trigger above. One question for each
    # unique index: asked all at once, SQLite may read the whole workspace for each new invoice.
    "billing_invoice_no_replace": f"""BEFORE INSERT ON {INVOICE}
        WHEN EXISTS (SELECT 1 FROM {INVOICE} i WHERE i.id = NEW.id AND i.state <> 'draft')
            OR EXISTS (SELECT 1 FROM {INVOICE} i WHERE i.workspace_id = NEW.workspace_id
                AND i.number = NEW.number AND i.number_year = NEW.number_year
                AND i.state <> 'draft')
            OR EXISTS (SELECT 1 FROM {INVOICE} i WHERE i.workspace_id = NEW.workspace_id
                AND i.once_key = NEW.once_key AND i.state <> 'draft')
        {_abort(ISSUED)}""",
    "billing_line_fixed": f"""BEFORE UPDATE ON {LINE}
        WHEN NOT {OPEN_FOR_LINES.format(row="OLD")} OR NOT {OPEN_FOR_LINES.format(row="NEW")}
        {_abort(LINES)}""",
    "billing_line_stays": f"""BEFORE DELETE ON {LINE}
        WHEN NOT {OPEN_FOR_LINES.format(row="OLD")} {_abort(LINES)}""",
    "billing_line_not_added": f"""BEFORE INSERT ON {LINE}
        WHEN NOT {OPEN_FOR_NEW} OR EXISTS (SELECT 1 FROM {LINE} l WHERE l.id = NEW.id)
        {_abort(LINES)}""",
    "billing_note_fixed": f"""BEFORE UPDATE ON {NOTE}
        WHEN {_note_rule("IS NOT")} {_abort(CREDITED)}""",
    "billing_note_stays": f"BEFORE DELETE ON {NOTE} {_abort(CREDITED)}",
    "billing_note_no_replace": f"""BEFORE INSERT ON {NOTE}
        WHEN EXISTS (SELECT 1 FROM {NOTE} n WHERE n.id = NEW.id
            OR (n.workspace_id = NEW.workspace_id AND n.number = NEW.number
                AND n.number_year = NEW.number_year))
        {_abort(CREDITED)}""",
    "billing_note_line_fixed": f"BEFORE UPDATE ON {NOTE_LINE} {_abort(CREDITED)}",
    "billing_note_line_stays": f"BEFORE DELETE ON {NOTE_LINE} {_abort(CREDITED)}",
    "billing_note_line_no_replace": f"""BEFORE INSERT ON {NOTE_LINE}
        WHEN EXISTS (SELECT 1 FROM {NOTE_LINE} l WHERE l.id = NEW.id
            OR (l.credit_note_id = NEW.credit_note_id AND l.position = NEW.position))
        {_abort(CREDITED)}""",
}

# An integrity error, as SQLite's: callers catch the same on both.
RAISE = "USING ERRCODE = 'restrict_violation'"
FUNCTIONS = {
    "billing_refuse_issued": f"BEGIN RAISE EXCEPTION '{ISSUED}' {RAISE}; END",
    "billing_refuse_credited": f"BEGIN RAISE EXCEPTION '{CREDITED}' {RAISE}; END",
    "billing_refuse_lines": f"BEGIN RAISE EXCEPTION '{LINES}' {RAISE}; END",
    "billing_line_changes": f"""
    BEGIN
        IF TG_OP = 'INSERT' THEN
            IF NOT {OPEN_FOR_NEW} THEN RAISE EXCEPTION '{LINES}' {RAISE}; END IF;
            RETURN NEW;
        END IF;
        IF NOT {OPEN_FOR_LINES.format(row="OLD")} THEN
            RAISE EXCEPTION '{LINES}' {RAISE};
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        IF NOT {OPEN_FOR_LINES.format(row="NEW")} THEN
            RAISE EXCEPTION '{LINES}' {RAISE};
        END IF;
        RETURN NEW;
    END""",
}
DIFFERS = "IS DISTINCT FROM"
POSTGRES = {
    "billing_invoice_fixed": (
        INVOICE, "UPDATE", "ROW", "billing_refuse_issued", _invoice_rule(DIFFERS),
    ),
    "billing_invoice_stays": (
        INVOICE, "DELETE", "ROW", "billing_refuse_issued", "OLD.state <> 'draft'",
    ),
    "billing_invoice_no_truncate": (INVOICE, "TRUNCATE", "STATEMENT", "billing_refuse_issued"),
    "billing_line_kept": (LINE, "INSERT OR UPDATE OR DELETE", "ROW", "billing_line_changes"),
    "billing_line_no_truncate": (LINE, "TRUNCATE", "STATEMENT", "billing_refuse_lines"),
    "billing_note_fixed": (
        NOTE, "UPDATE", "ROW", "billing_refuse_credited", _note_rule(DIFFERS),
    ),
    "billing_note_stays": (NOTE, "DELETE", "ROW", "billing_refuse_credited"),
    "billing_note_no_truncate": (NOTE, "TRUNCATE", "STATEMENT", "billing_refuse_credited"),
    "billing_note_line_stays": (NOTE_LINE, "UPDATE OR DELETE", "ROW", "billing_refuse_credited"),
    "billing_note_line_no_truncate": (
        NOTE_LINE, "TRUNCATE", "STATEMENT", "billing_refuse_credited",
    ),
}  # fmt: skip

GUARDS = register(
    Guards(
        what="issued invoices are",
        tables=(INVOICE, LINE, NOTE, NOTE_LINE),
        sqlite=SQLITE,
        functions=FUNCTIONS,
        postgres=POSTGRES,
    )
)
