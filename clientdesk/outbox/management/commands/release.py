from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from clientdesk import clock
from clientdesk.outbox.operations import release
from clientdesk.outbox.queries import waiting_count
from clientdesk.workspaces.commandline import print_json, workspace_named
from clientdesk.workspaces.scoping import acting_in


class Command(BaseCommand):
    help = "Let the mail of a workspace leave again, after a look at what waits."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", required=True, metavar="W")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace = workspace_named(options["workspace"])
        with acting_in(workspace.pk):
            waiting = waiting_count()
            release(workspace=workspace, now=clock.now(), actor="command")
        if options["json"]:
            print_json(self, {"workspace": workspace.slug, "waiting": waiting})
        else:
            self.stdout.write(f"{waiting} letters of {workspace.slug} may leave.")
