"""A reminder that the owner sends by hand, at most one on a day."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from clientdesk.outbox.operations import enqueue
from clients.queries import recipients_of
from feedback.models import Request
from feedback.operations.asking import locked_open
from feedback.operations.letters import NoAddress
from feedback.operations.recording import record_request

KIND = "feedback.nudge"
__all__ = ["KIND", "AlreadyNudgedToday", "NoAddress", "nudge"]


class AlreadyNudgedToday(Exception):
    """One reminder a day is enough for anyone."""


@transaction.atomic
def nudge(*, request: Request, on: date, now: datetime, actor: str) -> Request:
    """A kind reminder, through the outbox.

    Raises RequestNotOpen, NoAddress, AlreadyNudgedToday.
    """
    request = locked_open(request)
    recipient = recipients_of({request.client_id}).get(request.client_id)
    if recipient is None:
        raise NoAddress(request.client.name)
    part = enqueue(
        workspace=request.workspace,
        kind=KIND,
        dedupe_key=f"request:{request.pk}:nudge:{on.isoformat()}",
        facts={"request": request.pk, "text": "before" if on <= request.answer_by else "kind"},
        recipient=recipient,
        client_ref=request.client_id,
        automatic=False,
        now=now,
    )
    if part is None:
        raise AlreadyNudgedToday(request.pk)
    Request.objects.filter(pk=request.pk).update(last_nudged_on=on, nudges=F("nudges") + 1)
    record_request(request, "request.nudged", {"on": on.isoformat()}, now=now, actor=actor)
    return request
