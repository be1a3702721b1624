"""The letter that asks: for one thing, or for several at once; whether it still holds."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext_noop as n_

from clientdesk.outbox.kinds import Ready, Withdrawn
from clientdesk.outbox.models import Part
from feedback.models import Round
from feedback.operations.letters import ASK
from feedback.operations.worded import Worded, addresses, open_requests
from feedback.queries.letters import facts_of_many, several


class AskLetter(Worded):
    """The outbox's kind for what the owner asks. What was answered meanwhile is left out."""

    name = ASK

    def check(self, parts: Sequence[Part], *, now: datetime) -> Mapping[int, Ready | Withdrawn]:
        requests = open_requests([pk for part in parts for pk in part.facts["requests"]], parts)
        rounds = {pk for part in parts for pk in part.facts["rounds"]}
        still = set(
            Round.objects.filter(pk__in=rounds, closed_on=None).values_list("request_id", flat=True)
        )
        asked = [request for pk, request in requests.items() if pk in still]
        to = addresses(parts)
        emails = {pk: to[part.pk] for part in parts for pk in part.facts["requests"]}
        facts = facts_of_many(asked, bases={one.pk: "ask" for one in asked}, emails=emails, now=now)
        verdicts: dict[int, Ready | Withdrawn] = {}
        for part in parts:
            here = [requests[pk] for pk in part.facts["requests"] if pk in facts]
            if here:
                said = several(here, facts) if len(here) > 1 else facts[here[0].pk]
                verdicts[part.pk] = Ready(facts=said, tone=1)
            else:
                verdicts[part.pk] = Withdrawn(n_("answered or taken back meanwhile"))
        return verdicts

    def sent(self, parts: Sequence[Part], *, now: datetime) -> None:
        """Nothing follows: the ladder counts from the days that were agreed, not from the mail."""

    def stuck(self, parts: Sequence[Part], *, outcome: str, reason: str, now: datetime) -> None:
        """Nothing hangs on it; the outbox shows what became of it."""
