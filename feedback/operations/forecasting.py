"""What an answer, or the lack of one, makes of the deliveries that wait for it."""

from collections.abc import Iterable
from datetime import datetime

from clients.models import Project
from clients.operations.forecasting import write_forecasts
from feedback.models import Request


def forecast_anew(*, requests: Iterable[Request], now: datetime, actor: str) -> list[Project]:
    """Of the projects that cannot go on without these; their workspace must be loaded.

    Called after whatever the clock reads of them changed: a round closed, dates edited.
    """
    requests = [request for request in requests if request.project_id and request.blocking]
    if not requests:
        return []
    return write_forecasts(
        project_ids={request.project_id for request in requests if request.project_id},
        today=requests[0].workspace.local_today(now),
        now=now,
        actor=actor,
    )
