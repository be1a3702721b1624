"""The reminder of an open request: what it says, and whether it is still due."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from clientdesk.outbox.kinds import Ready, Withdrawn
from clientdesk.outbox.models import Part
from feedback.operations.nudging import KIND
from feedback.operations.worded import Worded, addresses, open_requests
from feedback.queries.letters import facts_of_many


class NudgeLetter(Worded):
    """The outbox's kind for reminders that the owner sends by hand."""

    name = KIND

    def check(self, parts: Sequence[Part], *, now: datetime) -> Mapping[int, Ready | Withdrawn]:
        requests = open_requests([part.facts["request"] for part in parts], parts)
        to = addresses(parts)
        facts = facts_of_many(
            list(requests.values()),
            bases={
                part.facts["request"]: part.facts["text"]
                for part in parts
                if part.facts["request"] in requests
            },
            emails={part.facts["request"]: to[part.pk] for part in parts},
            now=now,
        )
        return {
            part.pk: Ready(facts=facts[part.facts["request"]], tone=1)
            if part.facts["request"] in facts
            else Withdrawn("answered or taken back meanwhile")
            for part in parts
        }

    def sent(self, parts: Sequence[Part], *, now: datetime) -> None:
        """Nothing follows: the request stays open until it is answered."""

    def stuck(self, parts: Sequence[Part], *, outcome: str, reason: str, now: datetime) -> None:
        """Nothing hangs on a reminder sent by hand; the outbox shows what became of it."""
