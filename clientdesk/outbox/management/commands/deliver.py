"""`manage.py deliver`: send what the outbox holds."""

import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management import BaseCommand, CommandError

from clientdesk import clock
from clientdesk.outbox.delivery import deliver


def instant(text: str) -> datetime:
    """An aware instant. Raises CommandError."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--now: {text!r} is no instant; expected 2026-05-14T09:00Z") from error
    if moment.tzinfo is None:
        raise CommandError(f"--now: {text!r} has no offset; expected 2026-05-14T09:00Z")
    return moment


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
            self.stdout.write(json.dumps(result))
        else:
            self.stdout.write(", ".join(f"{number} {state}" for state, number in result.items()))
