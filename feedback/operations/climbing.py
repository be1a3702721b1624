"""A request on its ladder: when the next rung comes.

`Request.next_step_on` is the one thing the sweep looks at. It is empty while a letter is in flight,
waits for its owner or could not be sent.
"""

from collections.abc import Collection

from django.db import transaction

from clientdesk.ladder import Effect, NextStep, next_step
from feedback.models import Request
from feedback.queries.climbing import climbs_of


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
        ahead = next_step(climb.ladder, climb.overdue) if climb and not climb.in_flight else None
        request.next_step_on = ahead.on if ahead else None
        request.next_step_automatic = goes_by_itself(ahead)
    Request.objects.bulk_update(requests, ["next_step_on", "next_step_automatic"], batch_size=500)
