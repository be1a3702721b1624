"""`manage.py deliver`: send what the outbox holds."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand

from clientdesk import clock
from clientdesk.outbox.delivery import deliver
from clientdesk.workspaces.commandline import instant, print_json


class Command(BaseCommand):
    help = "Send what the outbox holds and is due, in all workspaces."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--now", metavar="ISO", help="as if it were this instant")
        parser.add_argument("--limit", type=int, metavar="N", help="at most so many messages")
        parser.add_argument("--json", action="store_true", help="one JSON object on the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        now = options["now"]
        fixed = instant(now) if now else None
        result = deliver(now=fixed or clock.now, limit=options["limit"]).as_dict()
        if options["json"]:
            print_json(self, result)
        else:
            self.stdout.write(", ".join(f"{number} {state}" for state, number in result.items()))
