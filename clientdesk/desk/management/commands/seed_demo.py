from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clientdesk import clock
from clientdesk.desk.demo import seed, seed_bulk
from clientdesk.workspaces.commandline import day, workspace_named
from clientdesk.workspaces.models import Membership
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client


class Command(BaseCommand):
    help = "Fill a sample workspace with a story of six clients; it never sends mail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", required=True, metavar="W")
        parser.add_argument("--today", metavar="D", help="the day the story ends (default: today)")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--clients", type=int, default=0, help="plain clients besides")
        parser.add_argument("--invoices", type=int, default=0, help="plain invoices besides")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace = workspace_named(options["workspace"])
        if not workspace.is_sample:
            raise CommandError(f"--workspace: {workspace.slug} is no sample workspace")
        now = clock.now()
        today = (
            day(options["today"], option="--today")
            if options["today"]
            else workspace.local_today(now)
        )
        owner = Membership.objects.select_related("user").filter(workspace=workspace).first()
        with acting_in(workspace.pk):
            if owner is not None and not Client.objects.exists():
                seed(
                    workspace=workspace, owner=owner.user, today=today, seed_number=options["seed"]
                )
            seed_bulk(
                workspace=workspace,
                today=today,
                clients=options["clients"],
                invoices=options["invoices"],
                seed_number=options["seed"],
                now=now,
            )
