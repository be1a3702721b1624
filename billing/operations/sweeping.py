"""The sweep's fan-out: every workspace that has something due."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from billing.models import Invoice
from billing.operations.sweep import SweepResult, climb_due
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in
from clientdesk.workspaces.upkeep import keep_statistics

log = logging.getLogger(__name__)


def sweep_all(*, now: datetime) -> Mapping[str, SweepResult]:
    """By workspace slug, what one pass at the instant `now` did. A failing one is logged."""
    # The local day is at most a day ahead of UTC's, wherever the workspace is.
    horizon = (now + timedelta(days=1)).date()
    # One look into the index for each workspace, however much of it is open or due tomorrow.
    due = Invoice.unscoped.filter(workspace=OuterRef("pk"), next_step_on__lte=horizon)
    due_in = Workspace.objects.filter(Exists(due)).order_by("pk")
    results: dict[str, SweepResult] = {}
    for workspace in due_in:
        with acting_in(workspace.pk):
            try:
                results[workspace.slug] = climb_due(workspace=workspace, now=now)
            except Exception:
                log.exception("workspace %s could not be swept", workspace.slug)
    keep_statistics(written=sum(result.queued for result in results.values()))
    return results
