"""What climbs: the open round of a request, as the ladder sees it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

from clientdesk import ladder as engine
from clientdesk.ladder import Climbed, Ladder, NextStep, Overdue, next_step
from clients.models import Stop
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
    rests: tuple[engine.Hold, ...] = ()

    @property
    def in_flight(self) -> list[AnswerStep]:
        return [step for step in self.steps if step.state in IN_FLIGHT]

    @property
    def pauses(self) -> tuple[engine.Hold, ...]:
        return self.overdue.holds

    def step_of(self, rung: str) -> AnswerStep | None:
        return next((step for step in self.steps if step.rung == rung), None)

    @property
    def with_rests(self) -> Overdue:
        """What the ladder sees: while work rests for them, nothing is chased."""
        return replace(self.overdue, holds=(*self.overdue.holds, *self.rests))

    def next_step(self, *, not_before: date | None = None) -> NextStep | None:
        """None also while something is in flight, or while work rests without an end so far."""
        if self.in_flight:
            return None
        return next_step(self.ladder, self.with_rests, not_before=not_before)

    def look_again(self, *, not_before: date | None = None) -> NextStep | None:
        """The step that a rest of work without an end so far keeps back, by its day without it."""
        if self.in_flight:
            return None
        return next_step(self.ladder, self.overdue, not_before=not_before)

    def as_if_climbed(self, *, on: date) -> Overdue:
        """The same with everything in flight climbed on the day `on`."""
        ahead = tuple(Climbed(step.rung, on) for step in self.in_flight if not step.climbed_on)
        return replace(self.with_rests, climbed=(*self.overdue.climbed, *ahead))

    def held(self, *, on: date) -> tuple[str, engine.Hold] | None:
        """What keeps letters back on the day `on`, "pause" or "rest", and from when until when."""
        for why, holds in (("rest", self.rests), ("pause", self.pauses)):
            for hold in holds:
                if hold.first <= on and (hold.until is None or on <= hold.until):
                    return why, hold
        return None


def climbs_of(requests: Collection[Request]) -> dict[int, Climb]:
    """By request id, of those that are open; four queries. Their clients must be loaded."""
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
    rests = _rests_of(found)
    ladders = answers_ladders({request.client_id for request in found})
    return {
        request.pk: Climb(
            request=request,
            ladder=ladders[request.client_id],
            overdue=_overdue(request, steps[request.pk], tuple(pauses[request.pk])),
            steps=tuple(steps[request.pk]),
            rests=rests.get(request.pk, ()),
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


def _rests_of(requests: Collection[Request]) -> dict[int, tuple[engine.Hold, ...]]:
    """By request id, when work for it rested: not for a missing answer, which is to be chased."""
    stops = Stop.objects.filter(client_id__in={request.client_id for request in requests}).exclude(
        reason=Stop.Reason.UNANSWERED
    )
    by_client: defaultdict[int, list[tuple[int | None, engine.Hold]]] = defaultdict(list)
    for stop in stops.order_by("begun_on", "pk"):
        until = stop.ended_on - timedelta(days=1) if stop.ended_on else None
        if until is None or until >= stop.begun_on:
            hold = engine.Hold(stop.begun_on, until)
            by_client[stop.client_id].append((stop.project_id, hold))
    return {
        request.pk: tuple(
            hold
            for project_id, hold in by_client[request.client_id]
            if project_id in (None, request.project_id)
        )
        for request in requests
        if request.client_id in by_client
    }


def climb_of(request: Request) -> Climb | None:
    """None where it is not open."""
    return climbs_of([request]).get(request.pk)
