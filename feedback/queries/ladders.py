"""Which ladder a request climbs: its client's own, else the workspace's, else the default."""

from collections.abc import Collection, Mapping
from functools import lru_cache

from django.db.models import Q

from clientdesk.ladder import ANSWERS_DEFAULT, Calendar, Counted, Ladder, parse_ladder
from feedback.models import AnswersLadder


@lru_cache(maxsize=256)
def _parsed(rungs: str, calendar: str) -> Ladder:
    return parse_ladder(rungs, calendar=Calendar(calendar), counted=Counted.WORKING)


def answers_ladders(client_ids: Collection[int]) -> Mapping[int, Ladder]:
    """By client id, in one query."""
    rows = AnswersLadder.objects.filter(Q(client=None) | Q(client_id__in=client_ids))
    ladders = {row.client_id: _parsed(row.rungs, row.calendar) for row in rows}
    general = ladders.get(None, ANSWERS_DEFAULT)
    return {client_id: ladders.get(client_id, general) for client_id in client_ids}
