from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from billing.operations import sweeping as money
from clientdesk.workspaces.commandline import instant, print_json
from feedback.operations import sweeping as answers


class Command(BaseCommand):
    help = "One pass of everything due, all workspaces. Letters wait in the outbox for `deliver`."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", metavar="ISO", help="the instant to act at (default: now)")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        now = instant(options["now"])
        results = [
            result
            for sweep_all in (money.sweep_all, answers.sweep_all)
            for result in sweep_all(now=now).values()
        ]
        totals = {
            "queued": sum(result.queued for result in results),
            "review": sum(result.review for result in results),
            "failed": sum(len(result.failed) for result in results),
        }
        if options["json"]:
            print_json(self, totals)
        else:
            self.stdout.write(
                "{queued} letters queued, {review} steps wait for their owner, "
                "{failed} invoices or requests failed.".format(**totals)
            )
