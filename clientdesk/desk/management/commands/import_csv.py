import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from clientdesk import clock
from clientdesk.desk.operations.imports import KINDS, import_file
from clientdesk.importing import Report
from clientdesk.workspaces.commandline import print_json, workspace_named


def as_json(report: Report) -> dict[str, Any]:
    """`errors` are the first 200 of `error_count`."""
    return {
        "kind": report.kind,
        "new": report.new if report.ok or report.dry_run else 0,
        "unchanged": report.unchanged,
        "errors": [
            {
                "line": problem.line,
                "column": problem.column,
                "value": problem.value,
                "expected": problem.expected,
            }
            for problem in report.problems
        ],
        "error_count": report.problem_count,
        "notes": report.notes,
        "waiting": report.waiting,
        "dry_run": report.dry_run,
    }


class Command(BaseCommand):
    help = (
        "Bring in a CSV file: all its rows or none. The same file twice changes nothing, nothing "
        "that exists is overwritten, and nothing is mailed: what is late waits for start_ladder."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=KINDS)
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--workspace", required=True, metavar="W")
        parser.add_argument("--dry-run", action="store_true", help="check everything, keep nothing")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        report = import_file(
            kind=options["kind"],
            path=options["file"],
            workspace=workspace_named(options["workspace"]),
            now=clock.now(),
            actor="command",
            dry_run=options["dry_run"],
        )
        self._tell(report)
        if options["json"]:
            print_json(self, as_json(report))
        if not report.ok:
            sys.exit(1)

    def _tell(self, report: Report) -> None:
        for note in report.notes:
            self.stdout.write(note)
        for problem in report.problems:
            where = f"line {problem.line}" if problem.line else "file"
            column = f", {problem.column}" if problem.column else ""
            self.stderr.write(f"{where}{column}: {problem.value!r}; expected {problem.expected}")
        if report.unshown:
            self.stderr.write(f"… and {report.unshown:,} more")
        if not report.ok:
            self.stderr.write(
                f"Nothing was brought in: {report.bad:,} of {report.lines:,} lines need you."
            )
            return
        done = "would be new" if report.dry_run else "new"
        self.stdout.write(f"{report.new:,} {report.kind} {done}, {report.unchanged:,} unchanged.")
        if report.waiting:
            self.stdout.write(
                f"{report.waiting:,} overdue invoices stand still until start_ladder."
            )
