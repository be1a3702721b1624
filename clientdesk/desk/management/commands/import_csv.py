import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clientdesk import clock
from clientdesk.desk.imports import IMPORTERS
from clientdesk.importing import run_import
from clientdesk.workspaces.commandline import print_json, workspace_named
from clientdesk.workspaces.scoping import acting_in


class Command(BaseCommand):
    help = (
        "Bring in clients, invoices, payments or interactions from a CSV file: all rows or none. "
        "UTF-8 with a header, ISO dates; the same file twice changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=sorted(IMPORTERS))
        parser.add_argument("file", type=Path)
        parser.add_argument("--workspace", required=True, metavar="W")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace, path = workspace_named(options["workspace"]), options["file"]
        if not path.is_file():
            raise CommandError(f"{path}: no such file")
        with acting_in(workspace.pk):
            result = run_import(
                IMPORTERS[options["kind"]],
                path=path,
                workspace=workspace,
                now=clock.now(),
                actor="command",
                dry_run=options["dry_run"],
            )
        for note in result.notes:
            self.stderr.write(note)
        for bad in result.problems.kept:
            self.stderr.write(
                f"line {bad.line}, column {bad.column!r}: it says {bad.value!r}, "
                f"expected {bad.expected}"
            )
        if options["json"]:
            print_json(self, result.as_json())
        elif result.ok:
            would = "would be new" if options["dry_run"] else "new"
            self.stdout.write(f"{result.new} {would}, {result.unchanged} unchanged.")
        else:
            self.stdout.write(f"{result.problems.count} bad cells; nothing was brought in.")
        if not result.ok:
            sys.exit(1)
