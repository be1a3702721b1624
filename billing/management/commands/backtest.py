from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing.queries.forecast import backtest, counts_of
from billing.queries.ladders import money_ladder
from clientdesk.ladder import Calendar, Ladder, LadderInvalid, parse_ladder
from clientdesk.workspaces.commandline import day, print_json, workspace_named
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in


class Command(BaseCommand):
    help = (
        "What a ladder would have sent over a period, given the recorded due dates and payments. "
        "Rungs for review count as approved on their day."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", required=True, metavar="W")
        parser.add_argument("--from", required=True, dest="first", metavar="D")
        parser.add_argument("--to", required=True, dest="last", metavar="D")
        parser.add_argument("--ladder", help='e.g. "reminder:3,stop_work:10,final:20"')
        parser.add_argument("--calendar", choices=[str(c) for c in Calendar])
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace = workspace_named(options["workspace"])
        first, last = day(options["first"], option="--from"), day(options["last"], option="--to")
        if last < first:
            raise CommandError(f"--to: {last} lies before --from {first}")
        with acting_in(workspace.pk):
            ladder = self._ladder(workspace, options)
            steps = backtest(workspace_id=workspace.pk, first=first, last=last, ladder=ladder)
        if options["json"]:
            rows = [step.as_json() for step in steps]
            print_json(self, {"steps": rows, "counts": counts_of(steps)})
            return
        for step in steps:
            self.stdout.write(f"{step.on}  {step.number}  {step.rung}  {step.client_name}")
        for rung, count in counts_of(steps).items():
            self.stdout.write(f"{rung}: {count}")

    def _ladder(self, workspace: Workspace, options: dict[str, Any]) -> Ladder:
        calendar = Calendar(options["calendar"]) if options["calendar"] else None
        if options["ladder"]:
            try:
                return parse_ladder(options["ladder"], calendar=calendar or Calendar.CLIENT)
            except LadderInvalid as error:
                raise CommandError(f"--ladder: {error}") from error
        ladder = money_ladder(workspace.pk)
        return Ladder(rungs=ladder.rungs, calendar=calendar) if calendar else ladder
