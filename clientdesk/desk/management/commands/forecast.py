from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing.queries.forecast import PlannedStep
from clientdesk.desk.queries.forecast import what_goes_out
from clientdesk.workspaces.commandline import instant, print_json, workspace_named
from clientdesk.workspaces.scoping import acting_in


class Command(BaseCommand):
    help = "What goes out in the next days if nobody pays or answers and every review says yes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", required=True, metavar="W")
        parser.add_argument("--days", type=int, default=30)
        parser.add_argument("--now", metavar="ISO", help="the instant to look from (default: now)")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace = workspace_named(options["workspace"])
        if options["days"] < 0:
            raise CommandError(f"--days: {options['days']}; expected 0 or more")
        today = workspace.local_today(instant(options["now"]))
        with acting_in(workspace.pk):
            ahead = what_goes_out(workspace_id=workspace.pk, today=today, days=options["days"])
        if options["json"]:
            rows = [
                {**step.as_json(), "client": step.client_name, "automatic": step.automatic}
                for step in ahead.steps
            ]
            print_json(self, {"steps": rows, "counts": ahead.counts})
            return
        for step in ahead.steps:
            what = step.number if isinstance(step, PlannedStep) else f"“{step.title}”"
            how = "by itself" if step.automatic else "for your review"
            self.stdout.write(f"{step.on}  {what}  {step.rung}  {step.client_name}, {how}")
        self.stdout.write(f"{len(ahead.steps)} steps in {options['days']} days.")
