from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing.models import Invoice
from billing.operations.ladder import start_ladder
from clientdesk.workspaces.commandline import instant, print_json, workspace_named
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client


class Command(BaseCommand):
    help = "Put imported invoices on their ladder; what is late starts at the first rung."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", required=True, metavar="W")
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--all", action="store_true")
        which.add_argument("--client", metavar="SLUG")
        which.add_argument("--invoice", metavar="NUMBER")
        parser.add_argument("--now", metavar="ISO", help="the instant to act at (default: now)")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace = workspace_named(options["workspace"])
        now = instant(options["now"])
        with acting_in(workspace.pk):
            invoices = Invoice.objects.waiting_to_start()
            if slug := options["client"]:
                if not Client.objects.filter(slug=slug).exists():
                    raise CommandError(f"--client: there is no client {slug!r}")
                invoices = invoices.filter(client__slug=slug)
            if number := options["invoice"]:
                with_it = Invoice.objects.filter(number=number).count()
                if with_it != 1:
                    raise CommandError(
                        f"--invoice: {with_it} invoices have the number {number!r}; expected one"
                    )
                invoices = invoices.filter(number=number)
            started = start_ladder(
                invoices=invoices, on=workspace.local_today(now), now=now, actor="command"
            )
        if options["json"]:
            print_json(self, {"started": len(started)})
        else:
            self.stdout.write(f"{len(started)} invoices are on their ladder.")
