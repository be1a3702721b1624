from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing.operations.ladders import set_money_ladder
from clientdesk import clock
from clientdesk.ladder import Calendar, LadderInvalid, format_ladder
from clientdesk.workspaces.commandline import print_json, workspace_named
from clientdesk.workspaces.scoping import acting_in
from feedback.operations.ladders import set_answers_ladder


class Command(BaseCommand):
    help = (
        "Set the rungs everything overdue climbs: for money in calendar days after the due date, "
        "for answers in working days from the answer-by date, minus for before."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("rungs", help='e.g. "reminder:3,stop_work:10:review,final:20:review"')
        parser.add_argument("--workspace", required=True, metavar="W")
        parser.add_argument("--for", required=True, dest="purpose", choices=["money", "answers"])
        parser.add_argument(
            "--calendar", choices=[str(c) for c in Calendar], default=str(Calendar.CLIENT)
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace = workspace_named(options["workspace"])
        try:
            with acting_in(workspace.pk):
                set_it = set_money_ladder if options["purpose"] == "money" else set_answers_ladder
                ladder = set_it(
                    workspace=workspace,
                    rungs=options["rungs"],
                    calendar=Calendar(options["calendar"]),
                    now=clock.now(),
                    actor="command",
                )
        except LadderInvalid as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            print_json(self, {"ladder": format_ladder(ladder), "calendar": str(ladder.calendar)})
        else:
            self.stdout.write(f"Ladder for {options['purpose']}: {format_ladder(ladder)}")
