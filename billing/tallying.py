"""Triggers that keep the tally of invoices: pages show sums over 100,000 without reading them.

Every way of writing an invoice is counted, in its own transaction. SQLite has one writer, so a sort
has one row there. On PostgreSQL each statement adds rows of differences and waits for nobody; now
and then one of them folds what has gathered, leaving alone what another is folding.
"""

from clientdesk.guards import After, Guards, register

INVOICE, TALLY = "billing_invoice", "billing_tally"
SORT = ("workspace_id", "state", "settled", "waiting", "currency", "due_on")
COLUMNS = ", ".join((*SORT, "invoices", "open_minor"))
WATCHED = (
    "workspace_id", "state", "settled_on", "imported", "ladder_started_on", "currency", "due_on",
    "total_minor", "paid_minor", "credited_minor",
)  # fmt: skip
FOLD_ONE_IN = 50


def _sort_of(row: str) -> tuple[str, ...]:
    """What a row of the invoices' table counts as, in the order of SORT."""
    is_open = f"({row}.state = 'issued' AND {row}.settled_on IS NULL)"
    return (
        f"{row}.workspace_id",
        f"{row}.state",
        f"({row}.settled_on IS NOT NULL)",
        f"({is_open} AND {row}.imported AND {row}.ladder_started_on IS NULL)",
        f"{row}.currency",
        f"CASE WHEN {is_open} AND {row}.due_on IS NOT NULL THEN {row}.due_on ELSE {{no_day}} END",
    )


def _open_of(row: str) -> str:
    return (
        f"CASE WHEN {row}.state = 'issued' AND {row}.settled_on IS NULL"
        f" THEN {row}.total_minor - {row}.paid_minor - {row}.credited_minor ELSE 0 END"
    )


def _counted(table: str, sign: str, no_day: str) -> str:
    """One line for each invoice of `table`, counted up or down."""
    sort = ", ".join(
        f"{value.format(no_day=no_day)} AS {name}"
        for value, name in zip(_sort_of("i"), SORT, strict=True)
    )
    return (
        f"SELECT {sort}, {sign}1 AS invoices, {sign}({_open_of('i')}) AS open_minor FROM {table} i"
    )


def _summed(lines: str) -> str:
    sort = ", ".join(SORT)
    return (
        f"INSERT INTO {TALLY} ({COLUMNS})"
        f" SELECT {sort}, SUM(invoices), SUM(open_minor) FROM ({lines}) AS lines GROUP BY {sort}"
        " HAVING SUM(invoices) <> 0 OR SUM(open_minor) <> 0"
    )


NO_DAY_SQLITE, NO_DAY_POSTGRES = "'0001-01-01'", "DATE '0001-01-01'"


def _on_sqlite(row: str, sign: str) -> str:
    values = [value.format(no_day=NO_DAY_SQLITE) for value in _sort_of(row)]
    same = " AND ".join(f"{name} = {value}" for name, value in zip(SORT, values, strict=True))
    change = (
        f"UPDATE {TALLY} SET invoices = invoices {sign} 1,"
        f" open_minor = open_minor {sign} ({_open_of(row)}) WHERE {same};"
    )
    if sign == "-":
        return f"{change} DELETE FROM {TALLY} WHERE {same} AND invoices = 0;"
    return (
        f"INSERT INTO {TALLY} ({COLUMNS}) SELECT {', '.join(values)}, 0, 0"
        f" WHERE NOT EXISTS (SELECT 1 FROM {TALLY} WHERE {same}); {change}"
    )


_CHANGED = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in WATCHED)
SQLITE = {
    "billing_tally_added": f"AFTER INSERT ON {INVOICE} BEGIN {_on_sqlite('NEW', '+')} END",
    "billing_tally_removed": f"AFTER DELETE ON {INVOICE} BEGIN {_on_sqlite('OLD', '-')} END",
    "billing_tally_changed": f"""AFTER UPDATE ON {INVOICE} WHEN {_CHANGED}
        BEGIN {_on_sqlite("OLD", "-")} {_on_sqlite("NEW", "+")} END""",
}

_ADDED = _counted("fresh", "", NO_DAY_POSTGRES)
_REMOVED = _counted("gone", "-", NO_DAY_POSTGRES)


def _function(lines: str, touched: str) -> str:
    return f"""
    BEGIN
        {_summed(lines)};
        IF FOUND AND random() * {FOLD_ONE_IN} < 1 THEN
            WITH folded AS (
                DELETE FROM {TALLY} WHERE id IN (
                    SELECT id FROM {TALLY}
                    WHERE workspace_id IN (SELECT workspace_id FROM {touched})
                    FOR UPDATE SKIP LOCKED)
                RETURNING {COLUMNS}
            ) {_summed(f"SELECT {COLUMNS} FROM folded")};
        END IF;
        RETURN NULL;
    END"""


FUNCTIONS = {
    "billing_tally_added": _function(_ADDED, "fresh"),
    "billing_tally_removed": _function(_REMOVED, "gone"),
    "billing_tally_changed": _function(f"{_ADDED} UNION ALL {_REMOVED}", "fresh"),
}
NEW, OLD = "NEW TABLE AS fresh", "OLD TABLE AS gone"
POSTGRES = {
    "billing_tally_added": After(INVOICE, "INSERT", NEW, "billing_tally_added"),
    "billing_tally_removed": After(INVOICE, "DELETE", OLD, "billing_tally_removed"),
    "billing_tally_changed": After(INVOICE, "UPDATE", f"{OLD} {NEW}", "billing_tally_changed"),
}

TALLIES = register(
    Guards(
        what="the sums over invoices are",
        tables=(INVOICE, TALLY),
        sqlite=SQLITE,
        functions=FUNCTIONS,
        postgres={},
        postgres_after=POSTGRES,
        # What was written while they were off is counted now.
        sqlite_then=(f"DELETE FROM {TALLY}", _summed(_counted(INVOICE, "", NO_DAY_SQLITE))),
        postgres_then=(f"DELETE FROM {TALLY}", _summed(_counted(INVOICE, "", NO_DAY_POSTGRES))),
    )
)
