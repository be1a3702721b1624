from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from billing.operations.sweeping import sweep_all
from clientdesk.workspaces.commandline import instant, print_json


class Command(BaseCommand):
    help = "One pass of everything due, all workspaces. Letters wait in the outbox for `deliver`."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", metavar="ISO", help="the instant to act at (default: now)")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        results = sweep_all(now=instant(options["now"]))
        totals = {
            "queued": sum(result.queued for result in results.values()),
            "review": sum(result.review for result in results.values()),
            "failed": sum(len(result.failed) for result in results.values()),
        }
        if options["json"]:
            print_json(self, totals)
        else:
            self.stdout.write(
                "{queued} letters queued, {review} steps wait for their owner, "
                "{failed} invoices failed.".format(**totals)
            )
