"""A pass over rows whose day has come, in batches; and the fan-out over all workspaces.

Whoever takes a row empties the day it is found by, under a lock: that is what makes a thousand
passes, or two at once, do the same as one.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Exists, Model, OuterRef, QuerySet

from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in

BATCH = 200
Row = TypeVar("Row", bound=Model)
log = logging.getLogger(__name__)


@dataclass(slots=True)
class SweepResult:
    """What one pass did: letters queued, steps put before the owner, rows that failed.

    `waiting` counts the invoices whose automatic step waits until money was looked at again.
    """

    queued: int = 0
    review: int = 0
    failed: list[int] = field(default_factory=list)
    waiting: int = 0

    def add(self, other: "SweepResult") -> None:
        self.queued += other.queued
        self.review += other.review
        self.failed += other.failed


def in_batches(
    due: Callable[[], QuerySet[Row]], climb: Callable[[list[Row]], SweepResult]
) -> SweepResult:
    """Let `climb` take everything that `due` finds, each batch in a transaction of its own.

    `climb` must take its rows out of what `due` finds. Rows that others hold are passed over. A row
    that fails is logged and left; the others of its batch are climbed one by one.
    """
    result = SweepResult()
    while True:
        left = due().exclude(pk__in=result.failed) if result.failed else due()
        try:
            done = _batch(left, climb)
        except Exception:
            log.exception("a batch failed; climbing its rows one by one")
            done = _one_by_one(left, climb)
        if done is None:
            return result
        result.add(done)


@transaction.atomic
def _batch(due: QuerySet[Row], climb: Callable[[list[Row]], SweepResult]) -> SweepResult | None:
    skip_locked = connection.features.has_select_for_update_skip_locked
    rows = list(due.select_for_update(of=("self",), skip_locked=skip_locked, no_key=True)[:BATCH])
    return climb(rows) if rows else None


def _one_by_one(due: QuerySet[Row], climb: Callable[[list[Row]], SweepResult]) -> SweepResult:
    result = SweepResult()
    for pk in list(due.values_list("pk", flat=True)[:BATCH]):
        try:
            with transaction.atomic():
                locked = due.filter(pk=pk).select_for_update(of=("self",), no_key=True)
                result.add(climb(list(locked)))
        except Exception:
            log.exception("row %s could not be climbed", pk)
            result.failed.append(pk)
    return result


def sweep_workspaces(
    rows: QuerySet[Any], climb_due: Callable[..., SweepResult], *, now: datetime
) -> Mapping[str, SweepResult]:
    """By workspace slug, what one pass did wherever one of `rows` (of any workspace) has a step.

    A workspace that fails is logged; the others are swept.
    """
    # The local day is at most a day ahead of UTC's, wherever the workspace is.
    horizon = (now + timedelta(days=1)).date()
    # One look into the index for each workspace, however much of it is open or due tomorrow.
    due = rows.filter(workspace=OuterRef("pk"), next_step_on__lte=horizon)
    results: dict[str, SweepResult] = {}
    for workspace in Workspace.objects.filter(Exists(due)).order_by("pk"):
        with acting_in(workspace.pk):
            try:
                results[workspace.slug] = climb_due(workspace=workspace, now=now)
            except Exception:
                log.exception("workspace %s could not be swept", workspace.slug)
    return results
