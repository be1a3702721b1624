"""Which ladder a request climbs: its client's own, else the workspace's, else the default."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from functools import lru_cache

from django.db.models import Q

from clientdesk.ladder import (
    ANSWERS_DEFAULT,
    Calendar,
    Counted,
    Ladder,
    NextStep,
    Overdue,
    parse_ladder,
    walk,
)
from clients.models import Client
from feedback.models import AnswersLadder

FAR = timedelta(days=3_000)


@lru_cache(maxsize=256)
def _parsed(rungs: str, calendar: str) -> Ladder:
    return parse_ladder(rungs, calendar=Calendar(calendar), counted=Counted.WORKING)


def answers_ladders(client_ids: Collection[int]) -> Mapping[int, Ladder]:
    """By client id, in one query."""
    rows = AnswersLadder.objects.filter(Q(client=None) | Q(client_id__in=client_ids))
    ladders = {row.client_id: _parsed(row.rungs, row.calendar) for row in rows}
    general = ladders.get(None, ANSWERS_DEFAULT)
    return {client_id: ladders.get(client_id, general) for client_id in client_ids}


def present_ladder(client: Client | None) -> Ladder:
    """The one that holds: the client's own, else the workspace's, else the default."""
    if client is not None:
        return answers_ladders({client.pk})[client.pk]
    row = AnswersLadder.objects.filter(client=None).first()
    return _parsed(row.rungs, row.calendar) if row else ANSWERS_DEFAULT


def has_own_ladder(client: Client | None) -> bool:
    """Whether one was set; without a client: for the workspace."""
    return AnswersLadder.objects.filter(client=client).exists()


def own_ladders() -> list[AnswersLadder]:
    """The clients that have one of their own."""
    rows = AnswersLadder.objects.exclude(client=None).select_related("client")
    return list(rows.order_by("client__name"))


def sample_days(ladder: Ladder, answer_by: date, *, country: str) -> list[NextStep]:
    """When each rung comes for an answer due then that never arrives, asked long before."""
    overdue = Overdue(due_on=answer_by, country=country)
    return list(walk(ladder, overdue, first=answer_by - FAR, last=answer_by + FAR))
