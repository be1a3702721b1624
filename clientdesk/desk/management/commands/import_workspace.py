from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clientdesk import clock
from clientdesk.desk.operations.moving_in import ImportRefused, import_workspace
from clientdesk.workspaces.commandline import print_json


class Command(BaseCommand):
    help = "Bring in a workspace that export_workspace wrote. Sending is paused afterwards."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="OUT.zip")
        parser.add_argument("--as", dest="slug", default="", metavar="W", help="another address")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        if not path.is_file():
            raise CommandError(f"OUT.zip: there is no file {str(path)!r}")
        try:
            with path.open("rb") as file:
                found = import_workspace(file, now=clock.now(), slug=options["slug"])
        except (ImportRefused, OSError) as error:
            raise CommandError(f"nothing was brought in: {error}") from error
        if options["json"]:
            said = {
                "workspace": found.workspace.slug,
                "rows": found.rows,
                "files": found.files,
                "new_users": found.new_users,
            }
            print_json(self, said)
            return
        self.stdout.write(f"{found.workspace.slug}: {found.rows} rows, {found.files} files")
        self.stdout.write("Sending is paused: the outbox shows what waits, and lets it go.")
        for email in found.new_users:
            self.stdout.write(f"{email} is new here: manage.py changepassword {email}")
