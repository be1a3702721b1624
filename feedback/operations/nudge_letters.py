"""The reminder of an open request: what it says, and whether it is still due."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.utils.translation import gettext_noop as n_

from clientdesk.outbox.kinds import Ready, Withdrawn
from clientdesk.outbox.models import Part
from feedback.operations.nudging import KIND
from feedback.operations.worded import Worded, addresses, open_requests
from feedback.queries.letters import facts_of_many, several


class NudgeLetter(Worded):
    """The outbox's kind for reminders that the owner sends by hand."""

    name = KIND

    def check(self, parts: Sequence[Part], *, now: datetime) -> Mapping[int, Ready | Withdrawn]:
        requests = open_requests([pk for part in parts for pk in part.facts["requests"]], parts)
        to = addresses(parts)
        verdicts: dict[int, Ready | Withdrawn] = {}
        # One by one: the same request may be in two of them, each with its own day.
        for part in parts:
            here = [requests[pk] for pk in part.facts["requests"] if pk in requests]
            if not here:
                verdicts[part.pk] = Withdrawn(n_("answered or taken back meanwhile"))
                continue
            on = date.fromisoformat(part.facts["on"])
            facts = facts_of_many(
                here,
                bases={one.pk: "before" if on <= one.answer_by else "kind" for one in here},
                emails={one.pk: to[part.pk] for one in here},
                now=now,
            )
            said = facts[here[0].pk] if len(here) == 1 else several(here, facts, "remind_several")
            verdicts[part.pk] = Ready(facts=said, tone=1)
        return verdicts

    def sent(self, parts: Sequence[Part], *, now: datetime) -> None:
        """Nothing follows: the request stays open until it is answered."""

    def stuck(self, parts: Sequence[Part], *, outcome: str, reason: str, now: datetime) -> None:
        """Nothing hangs on a reminder sent by hand; the outbox shows what became of it."""
