"""What every import shares: one transaction, rows in batches, each bad row named.

Memory stays bounded: rows are read, checked and written a batch at a time, and of the bad ones
only the first are kept for showing.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Protocol, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from clientdesk import tabular
from clientdesk.tabular import Row, Table, Unreadable
from clientdesk.workspaces.models import User, Workspace

BATCH = 1_000
SHOWN = 200
PREVIEWED = 5
VALUE_SHOWN = 200

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Problem:
    """`line` 0 is the file as a whole; `expected` is said in the language in use."""

    line: int
    column: str
    value: str
    expected: str


@dataclass(slots=True)
class Report:
    """What an import did or, in a dry run or with problems, would have done with the good rows.

    `problems` are the first SHOWN of `problem_count`; `bad` counts rows.
    """

    kind: str
    dry_run: bool
    new: int = 0
    unchanged: int = 0
    bad: int = 0
    problem_count: int = 0
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    preview: list[Row] = field(default_factory=list)
    # Overdue invoices that stand still until their owner starts the ladder.
    waiting: int = 0
    _last_bad: int = -1

    @property
    def ok(self) -> bool:
        return not self.problem_count

    @property
    def lines(self) -> int:
        return self.new + self.unchanged + self.bad

    @property
    def unshown(self) -> int:
        return self.problem_count - len(self.problems)

    def refuse(self, line: int, column: str, value: str, expected: str) -> None:
        """A row may have several problems; it is one bad row."""
        self.problem_count += 1
        if line != self._last_bad:
            self.bad += bool(line)
            self._last_bad = line
        if len(self.problems) < SHOWN:
            self.problems.append(Problem(line, column, value[:VALUE_SHOWN], expected))


class Importer(Protocol):
    """How one kind of row is checked and written."""

    kind: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    amounts: tuple[str, ...]

    def __init__(
        self, *, workspace: Workspace, now: datetime, actor: str, by: User | None = None
    ) -> None:
        """`by` is who is shown as the author of what comes in."""

    def take(self, rows: Sequence[Row], table: Table, report: Report) -> None:
        """Check a batch and write its good rows; called inside the transaction."""

    def finish(self, report: Report) -> None:
        """Called after the last batch, before the transaction ends."""


def run(importer: Importer, path: Path, *, workspace: Workspace, dry_run: bool) -> Report:
    """Take all rows of the file or none. A dry run goes the same way and rolls back.

    The workspace must be the active one.
    """
    report = Report(importer.kind, dry_run)
    try:
        table = tabular.open_table(
            path,
            required=importer.required,
            optional=importer.optional,
            amounts=importer.amounts,
        )
        report.columns = table.columns
        report.notes = notes_on(table)
        with transaction.atomic():
            # Of two imports at once the second sees what the first brought.
            Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
            for rows in batched(_fitting(table, report), BATCH):
                importer.take(rows, table, report)
            importer.finish(report)
            if dry_run or not report.ok:
                transaction.set_rollback(True)
    except Unreadable as error:
        report.refuse(error.line, error.column, error.value, _(error.expected) % error.parts)
    report.problems.sort(key=lambda problem: problem.line)
    return report


def _fitting(table: Table, report: Report) -> Iterator[Row]:
    for row in table.rows():
        if row.misfit is not None:
            report.refuse(
                row.line,
                "",
                "",
                _("%(expected)s cells, as in the header; here are %(found)s")
                % {"expected": len(table.columns), "found": row.misfit},
            )
            continue
        if len(report.preview) < PREVIEWED:
            report.preview.append(row)
        yield row


def notes_on(table: Table) -> list[str]:
    """What was recognised in the file without being asked for."""
    notes = []
    if table.marked:
        notes.append(_("The file begins with a byte order mark; it is left out."))
    if table.delimiter == ";":
        notes.append(_("Semicolons stand between the cells."))
    if table.delimiter == "\t":
        notes.append(_("Tabs stand between the cells."))
    if table.decimal_comma:
        notes.append(_("Amounts are read with a comma before the decimals."))
    return notes


def nth_key(seen: Counter[bytes], *values: str) -> str:
    """A key for the row's values and how often they came before: the same for the same file."""
    digest = hashlib.sha256("\0".join(values).encode()).digest()
    # Half of it tells rows of one file apart; the memory for all rows is what counts here.
    seen[digest[:16]] += 1
    return f"csv:{digest.hex()}:{seen[digest[:16]]}"


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
