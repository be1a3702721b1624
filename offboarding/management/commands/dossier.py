from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clientdesk import clock
from clientdesk.pdf import PdfFailed, PdfRefused
from clientdesk.workspaces.commandline import day, print_json, workspace_named
from clientdesk.workspaces.models import CLIENT_LANGUAGES
from clientdesk.workspaces.moments import one_moment
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client
from offboarding.operations.dossier import write_dossier
from offboarding.queries.spans import Span
from offboarding.rules.dossier import Part


class Command(BaseCommand):
    help = "Write the dossier of a client to a ZIP: the record, the papers, an index, a verifier."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", required=True, metavar="W")
        parser.add_argument("--client", required=True, metavar="SLUG")
        parser.add_argument("--out", required=True, metavar="FILE.zip")
        parser.add_argument("--language", choices=[code for code, _ in CLIENT_LANGUAGES])
        parser.add_argument(
            "--without", action="append", default=[], choices=[str(part) for part in Part]
        )
        parser.add_argument("--from", dest="first", metavar="D", help="exhibits from this day")
        parser.add_argument("--to", dest="last", metavar="D", help="exhibits until this day")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace = workspace_named(options["workspace"])
        out = Path(options["out"])
        if not out.parent.is_dir():
            raise CommandError(f"--out: there is no folder {str(out.parent)!r}")
        chosen = [part for part in Part if str(part) not in options["without"]]
        half = out.with_name(f".{out.name}.part")
        first = day(options["first"], option="--from") if options["first"] else None
        last = day(options["last"], option="--to") if options["last"] else None
        if first and last and first > last:
            raise CommandError(f"--to: {last} lies before --from {first}")
        with acting_in(workspace.pk), one_moment():
            client = (
                Client.objects.select_related("workspace").filter(slug=options["client"]).first()
            )
            if client is None:
                raise CommandError(
                    f"--client: {options['client']!r} is no client of {workspace.slug!r}"
                )
            try:
                # Whole or not at all: what is named as asked for is a dossier.
                with half.open("wb") as file:
                    contents = write_dossier(
                        file,
                        client=client,
                        parts=chosen,
                        language=options["language"] or client.language,
                        now=clock.now(),
                        span=Span(first, last),
                    )
                half.replace(out)
            except (PdfRefused, PdfFailed, OSError) as error:
                raise CommandError(f"the dossier could not be written: {error}") from error
            finally:
                half.unlink(missing_ok=True)
        if options["json"]:
            said = {
                "file": str(out),
                "exhibits": len(contents.exhibits),
                "entries": contents.entries,
                "head": contents.head,
            }
            print_json(self, said)
        else:
            self.stdout.write(f"{out}: {len(contents.exhibits)} exhibits, head {contents.head}")
