"""The sweep's fan-out: every workspace that has something due."""

from collections.abc import Mapping
from datetime import datetime

from billing.models import Invoice
from billing.operations import sweep
from clientdesk.workspaces.sweeping import SweepResult, sweep_workspaces
from clientdesk.workspaces.upkeep import keep_statistics


def sweep_all(*, now: datetime) -> Mapping[str, SweepResult]:
    """By workspace slug, what one pass at the instant `now` did. A failing one is logged."""
    results = sweep_workspaces(Invoice.unscoped.all(), sweep.climb_due, now=now)
    keep_statistics(written=sum(result.queued for result in results.values()))
    return results
