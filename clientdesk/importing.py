"""The frame of every import: one transaction, all rows or none, each bad one named."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import transaction

from clientdesk.tabular import FileUnreadable, Problems, Row, Table, batches, open_table
from clientdesk.workspaces.models import Workspace

BATCH = 1_000
PREVIEW = 5


@dataclass(slots=True)
class Result:
    """What an import did, or would do where `dry_run`."""

    kind: str
    dry_run: bool
    new: int = 0
    unchanged: int = 0
    problems: Problems = field(default_factory=Problems)
    notes: list[str] = field(default_factory=list)
    first_rows: list[dict[str, str]] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return self.problems.count == 0

    def as_json(self) -> dict[str, object]:
        return {
            "kind": self.kind,
            "new": self.new if self.ok else 0,
            "unchanged": self.unchanged,
            "errors": [
                {"line": b.line, "column": b.column, "value": b.value, "expected": b.expected}
                for b in self.problems.kept
            ],
            "error_count": self.problems.count,
            "notes": self.notes,
            "dry_run": self.dry_run,
        }


@dataclass(frozen=True, slots=True)
class Run:
    """What a batch is taken in with."""

    workspace: Workspace
    table: Table
    result: Result
    now: datetime
    actor: str
    # What an importer remembers from batch to batch (numbers seen, occurrences).
    memory: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Importer:
    """The columns of one kind of file, and how a batch of its rows is taken in."""

    kind: str
    required: Sequence[str]
    optional: Sequence[str]
    amounts: Sequence[str]
    take: Callable[[Run, list[Row]], None]
    finish: Callable[[Run], None] | None = None


def run_import(
    importer: Importer,
    *,
    path: Path,
    workspace: Workspace,
    now: datetime,
    actor: str,
    dry_run: bool,
) -> Result:
    """Take the file in, or, with any bad row or `dry_run`, leave everything as it was.

    The same file twice changes nothing. Call it with the workspace active.
    """
    result = Result(kind=importer.kind, dry_run=dry_run)
    try:
        table = open_table(
            path,
            required=importer.required,
            optional=importer.optional,
            amounts=importer.amounts,
        )
    except FileUnreadable as error:
        result.problems.add(1, "", path.name, str(error))
        return result
    result.notes.extend(table.notes)
    run = Run(workspace, table, result, now, actor, {})
    with transaction.atomic():
        for batch in batches(table.rows(), BATCH):
            if len(result.first_rows) < PREVIEW:
                result.first_rows += [dict(row.cells) for row in batch[:PREVIEW]]
            importer.take(run, batch)
        if importer.finish and result.ok:
            importer.finish(run)
        if dry_run or not result.ok:
            transaction.set_rollback(True)
    return result


def seen_before(run: Run, what: str, key: str, line: int) -> int | None:
    """The line on which `key` stood first in this file, or None and it is remembered."""
    lines = run.memory.setdefault(what, {})
    if key in lines:
        return lines[key]
    lines[key] = line
    return None


def occurrence(run: Run, what: str, key: str) -> int:
    """How often `key` has stood in this file, this time included."""
    counts = run.memory.setdefault(what, {})
    counts[key] = counts.get(key, 0) + 1
    return counts[key]
