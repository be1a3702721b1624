"""The letters of the ladder for answers: whether still due, and what follows when they went.

The outbox asks when a letter is put together and again before it leaves, each time under the lock
of the request: an answer that came before that stops it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.utils.translation import gettext_noop as n_

from clientdesk.outbox.kinds import Ready, Withdrawn
from clientdesk.outbox.models import Part
from feedback.models import AnswerStep, Request
from feedback.operations.climbed import letters_went
from feedback.operations.climbing import reschedule
from feedback.operations.letters import RUNG
from feedback.operations.worded import Worded, addresses, open_requests
from feedback.queries.climbing import Climb, climbs_of
from feedback.queries.letters import base_text, facts_of_many

FIRM = frozenset({"cannot_go_on", "date_moves"})
# STUCK: its message failed or is uncertain, and the owner may send that again from the outbox.
ON_ITS_WAY = frozenset({AnswerStep.State.QUEUED, AnswerStep.State.STUCK})


class RungLetter(Worded):
    """The outbox's kind for every rung that writes to a client."""

    name = RUNG

    def check(self, parts: Sequence[Part], *, now: datetime) -> Mapping[int, Ready | Withdrawn]:
        requests = open_requests([part.facts["request"] for part in parts], parts)
        climbs = climbs_of(list(requests.values()))
        steps = {
            step.pk: step
            for step in AnswerStep.objects.filter(
                pk__in=[part.facts["step"] for part in parts]
            ).select_related("round")
        }
        today = parts[0].workspace.local_today(now)
        verdicts: dict[int, Ready | Withdrawn] = {}
        due: dict[int, tuple[Part, AnswerStep]] = {}
        for part in parts:
            step = steps.get(part.facts["step"])
            request = requests.get(part.facts["request"])
            if request is None or step is None or step.round.closed_on is not None:
                verdicts[part.pk] = Withdrawn(n_("answered or taken back meanwhile"))
            elif step.state not in ON_ITS_WAY:
                verdicts[part.pk] = Withdrawn(n_("this step is not waiting any more"))
            elif why := _held(climbs[request.pk], today):
                verdicts[part.pk] = Withdrawn(why)
            else:
                due[request.pk] = (part, step)
        asked = [requests[pk] for pk in due]
        to = addresses(parts)
        facts = facts_of_many(
            asked,
            bases={
                pk: base_text(step.rung, is_late=requests[pk].answer_by < today)
                for pk, (_, step) in due.items()
            },
            emails={pk: to[part.pk] for pk, (part, _) in due.items()},
            now=now,
        )
        for pk, (part, step) in due.items():
            verdicts[part.pk] = Ready(
                facts=facts[pk],
                tone=2 if step.rung in FIRM else 1,
                step=_step_name(requests[pk], step),
            )
        return verdicts

    def sent(self, parts: Sequence[Part], *, now: datetime) -> None:
        """The rungs count as climbed from the day they went."""
        if parts:
            letters_went(
                workspace=parts[0].workspace,
                steps=list(
                    AnswerStep.objects.filter(pk__in={part.facts["step"] for part in parts})
                    .select_related("request__client", "request__project")
                    .order_by("pk")
                ),
                now=now,
            )

    def stuck(self, parts: Sequence[Part], *, outcome: str, reason: str, now: datetime) -> None:
        """A letter that did not go holds the ladder until its owner decides."""
        steps = list(AnswerStep.objects.filter(pk__in={part.facts["step"] for part in parts}))
        for step in steps:
            if outcome == "suppressed":
                step.state = AnswerStep.State.SUPPRESSED
            elif outcome == "cancelled":
                step.state = AnswerStep.State.REVIEW
                step.attempt += 1
            else:
                step.state = AnswerStep.State.STUCK
            step.reason = reason[:300]
        AnswerStep.objects.bulk_update(steps, ["state", "reason", "attempt"])
        if outcome == "suppressed":
            # After a pause the climb goes on where it was.
            reschedule(request_ids={step.request_id for step in steps})


def _held(climb: Climb, today: date) -> str:
    found = climb.held(on=today)
    if found is None:
        return ""
    why, hold = found
    if why == "rest":
        return f"work has been stopped since {hold.first}"
    return f"reminders are paused until {hold.until}"


def _step_name(request: Request, step: AnswerStep) -> str:
    """What stands in the header: "r12/kind", of a second round "r12.2/kind"."""
    number = step.round.number
    return f"r{request.pk}{f'.{number}' if number > 1 else ''}/{step.rung}"
