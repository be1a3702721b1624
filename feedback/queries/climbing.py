"""What climbs: the open round of a request, as the ladder sees it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from clientdesk import ladder as engine
from clientdesk.ladder import Climbed, Ladder, Overdue
from feedback.models import AnswerStep, Pause, Request
from feedback.queries.ladders import answers_ladders

IN_FLIGHT = frozenset({AnswerStep.State.REVIEW, AnswerStep.State.QUEUED, AnswerStep.State.STUCK})
"""Waiting for its owner, for the outbox, or for a decision: the ladder goes no further."""


@dataclass(frozen=True, slots=True)
class Climb:
    """A request with all that decides about its next step; `steps` are of its open round."""

    request: Request
    ladder: Ladder
    overdue: Overdue
    steps: tuple[AnswerStep, ...]

    @property
    def in_flight(self) -> list[AnswerStep]:
        return [step for step in self.steps if step.state in IN_FLIGHT]

    def step_of(self, rung: str) -> AnswerStep | None:
        return next((step for step in self.steps if step.rung == rung), None)


def climbs_of(requests: Collection[Request]) -> dict[int, Climb]:
    """By request id, of those that are open; three queries. Their clients must be loaded."""
    found = [request for request in requests if request.is_open]
    ids = [request.pk for request in found]
    steps: defaultdict[int, list[AnswerStep]] = defaultdict(list)
    for step in AnswerStep.objects.filter(request_id__in=ids, round__closed_on=None).order_by(
        "due_on", "pk"
    ):
        steps[step.request_id].append(step)
    pauses: defaultdict[int, list[engine.Hold]] = defaultdict(list)
    for pause in Pause.objects.filter(request_id__in=ids):
        if pause.until >= pause.first:
            pauses[pause.request_id].append(engine.Hold(pause.first, pause.until))
    ladders = answers_ladders({request.client_id for request in found})
    return {
        request.pk: Climb(
            request=request,
            ladder=ladders[request.client_id],
            overdue=_overdue(request, steps[request.pk], tuple(pauses[request.pk])),
            steps=tuple(steps[request.pk]),
        )
        for request in found
    }


def _overdue(request: Request, steps: list[AnswerStep], pauses: tuple[engine.Hold, ...]) -> Overdue:
    climbed = (Climbed(rung=s.rung, on=s.climbed_on) for s in steps if s.climbed_on)
    return Overdue(
        due_on=request.answer_by,
        country=request.client.country,
        started_on=request.asked_on,
        climbed=tuple(sorted(climbed, key=lambda c: c.on)),
        holds=pauses,
    )
