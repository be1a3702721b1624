"""The sweep's fan-out: every workspace that has a request with a step due."""

from collections.abc import Mapping
from datetime import datetime

from clientdesk.workspaces.sweeping import SweepResult, sweep_workspaces
from clientdesk.workspaces.upkeep import keep_statistics
from feedback.models import Request
from feedback.operations import sweep


def sweep_all(*, now: datetime) -> Mapping[str, SweepResult]:
    """By workspace slug, what one pass at the instant `now` did. A failing one is logged."""
    results = sweep_workspaces(Request.unscoped.all(), sweep.climb_due, now=now)
    keep_statistics(written=sum(result.queued for result in results.values()))
    return results
