"""The letter of the talk: its words, and whether it still waits to be sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext_noop as n_

from clientdesk.outbox.kinds import Letter, Ready, Verdict, Withdrawn
from clientdesk.outbox.letters import letter_text
from clientdesk.outbox.models import Part
from feedback.models import Talk
from feedback.operations.talks import KIND
from feedback.queries.talks import facts_of

NOT_GONE = frozenset({"cancelled", "failed", "suppressed"})


class TalkLetter:
    """The outbox's kind for it. What was settled or thrown away meanwhile does not go out."""

    name = KIND

    def check(self, parts: Sequence[Part], *, now: datetime) -> Mapping[int, Verdict]:
        talks = {
            talk.pk: talk
            for talk in Talk.objects.select_for_update(of=("self",), no_key=True)
            .select_related("client", "project", "workspace")
            .filter(pk__in={part.facts["talk"] for part in parts}, state=Talk.State.SENT)
            .order_by("pk")
        }
        return {
            part.pk: Ready(facts=facts_of(talks[part.facts["talk"]]), tone=2)
            if part.facts["talk"] in talks
            else Withdrawn(n_("settled or taken back meanwhile"))
            for part in parts
        }

    def letter(self, part: Part, ready: Ready, language: str) -> Letter:
        text = letter_text("feedback", ready.facts["text"], language, part.workspace)
        return text.filled(ready.facts)

    def line(self, part: Part, ready: Ready, language: str) -> str:
        text = letter_text("feedback", "talk_line", language, part.workspace)
        return text.filled(ready.facts).body

    def sent(self, parts: Sequence[Part], *, now: datetime) -> None:
        """Nothing follows: the talk waits for what they say."""

    def stuck(self, parts: Sequence[Part], *, outcome: str, reason: str, now: datetime) -> None:
        """What did not go out is a draft again."""
        if outcome in NOT_GONE:
            Talk.objects.filter(
                pk__in={part.facts["talk"] for part in parts}, state=Talk.State.SENT
            ).update(state=Talk.State.DRAFT, sent_on=None)
