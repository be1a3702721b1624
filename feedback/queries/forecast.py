"""What the ladder for answers will send: the sweep's engine, walked over days."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from clientdesk.ladder import Effect, Ladder, walk
from feedback.models import AnswerStep, Request
from feedback.queries.climbing import IN_FLIGHT, Climb, climbs_of

CHUNK = 1_000


@dataclass(frozen=True, slots=True, order=True)
class PlannedAnswerStep:
    """One rung of one request on one day; `automatic` tells whether it goes without its owner."""

    on: date
    title: str
    rung: str
    effect: str
    automatic: bool
    client_id: int
    client_name: str
    request_id: int

    def as_json(self) -> dict[str, str]:
        return {"date": self.on.isoformat(), "request": f"r{self.request_id}", "rung": self.rung}


def answers_forecast(
    *, today: date, days: int, ladder: Ladder | None = None, client_id: int | None = None
) -> list[PlannedAnswerStep]:
    """Every step from `today` for `days` calendar days, if nobody answers and reviews say yes.

    `ladder` is tried in place of each one's own; `client_id` narrows it to one client.
    """
    last = today + timedelta(days=days)
    rows = Request.objects.open().select_related("client").order_by("pk")
    if client_id is not None:
        rows = rows.filter(client_id=client_id)
    in_flight = set(
        AnswerStep.objects.filter(state__in=IN_FLIGHT).values_list("request_id", flat=True)
    )
    # The stored day is by the ladder that holds; another one may come to a request sooner.
    near = rows if ladder else rows.filter(next_step_on__lte=last)
    soon = {request.pk: request for request in near}
    soon |= {request.pk: request for request in rows.filter(pk__in=in_flight)}
    requests = list(soon.values())
    planned: list[PlannedAnswerStep] = []
    for start in range(0, len(requests), CHUNK):
        for climb in climbs_of(requests[start : start + CHUNK]).values():
            climb = replace(climb, ladder=ladder) if ladder else climb
            planned.extend(_of(climb, today, last))
    return sorted(planned)


def _of(climb: Climb, today: date, last: date) -> list[PlannedAnswerStep]:
    steps = [
        _planned(climb.request, today, step.rung, step.effect, step.state == "queued")
        for step in climb.in_flight
    ]
    facts = climb.as_if_climbed(on=today)
    return steps + [
        _planned(climb.request, ahead.on, ahead.rung.name, ahead.rung.effect, ahead.rung.automatic)
        for ahead in walk(climb.ladder, facts, first=today, last=last)
    ]


def _planned(
    request: Request, on: date, rung: str, effect: str, automatic: bool
) -> PlannedAnswerStep:
    return PlannedAnswerStep(
        on=on,
        title=request.title,
        rung=rung,
        effect=effect,
        automatic=automatic and effect != Effect.TASK,
        client_id=request.client_id,
        client_name=request.client.name,
        request_id=request.pk,
    )
