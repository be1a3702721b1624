import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from clientdesk.record.verify import verify_record
from clientdesk.workspaces.commandline import print_json, workspace_named


class Command(BaseCommand):
    help = "Read the record of a workspace from its first entry to its head; name the first break."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", required=True, metavar="W")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace = workspace_named(options["workspace"])
        verdict = verify_record(workspace.pk)
        if options["json"]:
            print_json(self, {"workspace": workspace.slug, **verdict.as_json()})
        elif verdict.first_break is None:
            self.stdout.write(f"{verdict.entries} entries hold; head {verdict.head}")
        else:
            broken = verdict.first_break
            self.stdout.write(f"Entry {broken.seq} does not hold: {broken.problem}.")
        if not verdict.ok:
            sys.exit(1)
