"""A reminder that the owner sends by hand, at most one on a day."""

from collections import defaultdict
from collections.abc import Sequence
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
__all__ = ["KIND", "AlreadyNudgedToday", "NoAddress", "nudge", "nudge_together"]


class AlreadyNudgedToday(Exception):
    """One reminder a day is enough for anyone."""


@transaction.atomic
def nudge(*, request: Request, on: date, now: datetime, actor: str) -> Request:
    """A kind reminder, through the outbox.

    Raises RequestNotOpen, NoAddress, AlreadyNudgedToday.
    """
    nudge_together(requests=[request], on=on, now=now, actor=actor)
    request.refresh_from_db()
    return request


@transaction.atomic
def nudge_together(*, requests: Sequence[Request], on: date, now: datetime, actor: str) -> int:
    """Remind of several, in one message for each client; all or none. Answers the messages.

    What its client was reminded of today already is left out; where nothing is left that is
    refused. Raises RequestNotOpen, NoAddress, AlreadyNudgedToday.
    """
    open_ = [locked_open(one) for one in sorted(requests, key=lambda request: request.pk)]
    fresh = [request for request in open_ if request.last_nudged_on != on]
    if not fresh:
        raise AlreadyNudgedToday([request.pk for request in open_])
    recipients = recipients_of({request.client_id for request in fresh})
    by_client: defaultdict[int, list[Request]] = defaultdict(list)
    for request in fresh:
        if request.client_id not in recipients:
            raise NoAddress(request.client.name)
        by_client[request.client_id].append(request)
    for client_id, theirs in by_client.items():
        ids = [request.pk for request in theirs]
        part = enqueue(
            workspace=theirs[0].workspace,
            kind=KIND,
            dedupe_key=f"nudge:{on.isoformat()}:{','.join(map(str, ids))}"[:200],
            facts={"requests": ids, "on": on.isoformat()},
            recipient=recipients[client_id],
            client_ref=client_id,
            automatic=False,
            now=now,
        )
        if part is None:
            raise AlreadyNudgedToday(ids)
    Request.objects.filter(pk__in=[request.pk for request in fresh]).update(
        last_nudged_on=on, nudges=F("nudges") + 1
    )
    for request in fresh:
        record_request(request, "request.nudged", {"on": on.isoformat()}, now=now, actor=actor)
    return len(by_client)
