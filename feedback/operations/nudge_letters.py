"""The reminder of an open request: what it says, and whether it is still due."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from clientdesk.dates import long_day
from clientdesk.outbox.kinds import Letter, Ready, Withdrawn
from clientdesk.outbox.letters import letter_text
from clientdesk.outbox.models import Part
from clients.queries import recipients_of
from feedback.models import Request
from feedback.operations.nudging import KIND


class NudgeLetter:
    """The outbox's kind for reminders that the owner sends by hand."""

    name = KIND

    def check(self, parts: Sequence[Part], *, now: datetime) -> Mapping[int, Ready | Withdrawn]:
        requests = {
            request.pk: request
            for request in Request.objects.select_for_update(of=("self",), no_key=True)
            .select_related("client", "workspace")
            .filter(pk__in=[part.facts["request"] for part in parts])
        }
        recipients = recipients_of({request.client_id for request in requests.values()})
        verdicts: dict[int, Ready | Withdrawn] = {}
        for part in parts:
            request = requests.get(part.facts["request"])
            if request is None or request.state != Request.State.OPEN:
                verdicts[part.pk] = Withdrawn("answered or taken back meanwhile")
                continue
            recipient = recipients.get(request.client_id)
            language = request.client.language
            verdicts[part.pk] = Ready(
                facts={
                    "text": part.facts["text"],
                    "contact_name": (recipient.name if recipient else "") or request.client.name,
                    "request_title": request.title,
                    "answer_by": long_day(request.answer_by, language),
                    "sender_name": request.workspace.sender_name or request.workspace.name,
                },
                tone=1,
            )
        return verdicts

    def letter(self, part: Part, ready: Ready, language: str) -> Letter:
        return letter_text("feedback", ready.facts["text"], language, part.workspace).filled(
            ready.facts
        )

    def line(self, part: Part, ready: Ready, language: str) -> str:
        name = ready.facts["text"] + "_line"
        return letter_text("feedback", name, language, part.workspace).filled(ready.facts).body

    def sent(self, parts: Sequence[Part], *, now: datetime) -> None:
        """Nothing follows: the request stays open until it is answered."""

    def stuck(self, parts: Sequence[Part], *, outcome: str, reason: str, now: datetime) -> None:
        """Nothing hangs on a reminder sent by hand; the outbox shows what became of it."""
