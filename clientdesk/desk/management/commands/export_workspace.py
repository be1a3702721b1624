from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clientdesk import clock
from clientdesk.desk.operations.moving_out import FileLost, export_workspace
from clientdesk.workspaces.commandline import print_json, workspace_named


class Command(BaseCommand):
    help = "Write a whole workspace, every row and every file, to one ZIP."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("workspace", metavar="W")
        parser.add_argument("out", metavar="OUT.zip")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace = workspace_named(options["workspace"])
        out = Path(options["out"])
        if not out.parent.is_dir():
            raise CommandError(f"OUT.zip: there is no folder {str(out.parent)!r}")
        half = out.with_name(f".{out.name}.part")
        try:
            # Whole or not at all.
            with half.open("wb") as file:
                counts = export_workspace(file, workspace=workspace, now=clock.now())
            half.replace(out)
        except (FileLost, OSError) as error:
            raise CommandError(f"the export could not be written: {error}") from error
        finally:
            half.unlink(missing_ok=True)
        files = counts.pop("files")
        rows = sum(counts.values())
        if options["json"]:
            print_json(self, {"file": str(out), "rows": rows, "files": files})
        else:
            self.stdout.write(f"{out}: {rows} rows, {files} files")
