"""A request on its ladder: when the next rung comes.

`Request.next_step_on` is the one thing the sweep looks at. It is empty while a letter is in flight,
waits for its owner or could not be sent.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db import transaction

from clientdesk.ladder import Effect, NextStep
from feedback.models import Request
from feedback.queries.climbing import climbs_of

BATCH = 500


def goes_by_itself(step: NextStep | None) -> bool:
    return step is not None and step.rung.automatic and step.rung.effect != Effect.TASK


@transaction.atomic
def reschedule(*, request_ids: Collection[int]) -> None:
    """Work out the next step of these requests anew, after anything it rests on changed."""
    requests = list(
        Request.objects.filter(pk__in=request_ids).select_related("client").order_by("pk")
    )
    climbs = climbs_of(requests)
    for request in requests:
        climb = climbs.get(request.pk)
        # A rest without an end so far: the sweep looks again each day, so none is forgotten.
        ahead = (climb.next_step() or climb.look_again()) if climb else None
        request.next_step_on = ahead.on if ahead else None
        request.next_step_automatic = goes_by_itself(ahead)
    write_next_steps(requests)


def write_next_steps(requests: Iterable[Request]) -> None:
    """Save the next steps: one UPDATE for each day, not a case for each row.

    Only of open ones: an answer that came at this moment has emptied them.
    """
    by_day: defaultdict[tuple[date | None, bool], list[int]] = defaultdict(list)
    for request in requests:
        by_day[request.next_step_on, request.next_step_automatic].append(request.pk)
    for (on, automatic), ids in by_day.items():
        Request.objects.open().filter(pk__in=ids).update(
            next_step_on=on, next_step_automatic=automatic
        )


@transaction.atomic
def reschedule_where(**which: Any) -> None:
    """After a ladder was changed: every open request that `which` names."""
    ids = list(Request.objects.open().filter(**which).values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        reschedule(request_ids=ids[start : start + BATCH])
