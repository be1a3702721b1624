import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clientdesk import clock
from clientdesk.documents.operations import file_of
from clientdesk.pdf import PdfFailed, PdfRefused
from clientdesk.workspaces.commandline import day, print_json, workspace_named
from clientdesk.workspaces.models import CLIENT_LANGUAGES
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client
from offboarding.operations.report import PeriodRefused, make_final_report
from offboarding.queries.facts import beginning


class Command(BaseCommand):
    help = "Make the final report of a client, store it and write it to a file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", required=True, metavar="W")
        parser.add_argument("--client", required=True, metavar="SLUG")
        parser.add_argument("--out", required=True, metavar="FILE.pdf")
        parser.add_argument("--from", dest="first", metavar="D", help="the beginning if not given")
        parser.add_argument("--to", dest="last", metavar="D", help="today if not given")
        parser.add_argument(
            "--language",
            choices=[code for code, _ in CLIENT_LANGUAGES],
            help="the client's if not given",
        )
        parser.add_argument("--interim", action="store_true", help="while the work goes on")
        parser.add_argument("--json", action="store_true", help="print one JSON object at the end")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace = workspace_named(options["workspace"])
        out = Path(options["out"])
        if not out.parent.is_dir():
            raise CommandError(f"--out: there is no folder {str(out.parent)!r}")
        now = clock.now()
        today = workspace.local_today(now)
        with acting_in(workspace.pk):
            client = (
                Client.objects.select_related("workspace").filter(slug=options["client"]).first()
            )
            if client is None:
                raise CommandError(
                    f"--client: {options['client']!r} is no client of {workspace.slug!r}"
                )
            last = day(options["last"], option="--to") if options["last"] else today
            first = (
                day(options["first"], option="--from")
                if options["first"]
                else min(beginning(client, today=today), last)
            )
            try:
                document = make_final_report(
                    client=client,
                    first=first,
                    last=last,
                    language=options["language"] or client.language,
                    interim=options["interim"],
                    now=now,
                    actor="command",
                )
            except PeriodRefused as error:
                raise CommandError(
                    f"--from, --to: {first} to {last} is no period that ended by today, {today}"
                ) from error
            except (PdfRefused, PdfFailed) as error:
                raise CommandError(f"the report could not be set: {error}") from error
            try:
                _write(out, file_of(document).read_bytes())
            except OSError as error:
                raise CommandError(f"--out: {out} could not be written: {error}") from error
        if options["json"]:
            print_json(
                self,
                {
                    "file": str(out),
                    "document": document.pk,
                    "sha256": document.sha256,
                    "size": document.size,
                    "first": first.isoformat(),
                    "last": last.isoformat(),
                },
            )
        else:
            self.stdout.write(f"{out}: {document.size} bytes, sha256 {document.sha256}")


def _write(out: Path, data: bytes) -> None:
    """Whole or not at all."""
    handle, temporary = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(out)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
