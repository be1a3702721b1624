"""One pass over everything whose next rung has come.

Cost follows what is due: a partial index on `next_step_on` finds it, in batches, each its own
transaction. Running it a thousand times or twice at once changes nothing, since the pass that takes
an invoice empties its `next_step_on` under a lock.
"""

import logging
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection, transaction

from billing.models import Invoice, Step
from billing.operations.ladder import upcoming
from billing.operations.letters import enqueue_steps
from billing.queries.ladders import money_ladder
from clientdesk.ladder import Effect, Ladder
from clientdesk.record import operations as record
from clientdesk.record.operations import NewEntry
from clientdesk.workspaces.models import Workspace

BATCH = 200
log = logging.getLogger(__name__)


@dataclass(slots=True)
class SweepResult:
    """What one pass did: letters queued, steps put before the owner, invoices that failed."""

    queued: int = 0
    review: int = 0
    failed: list[int] = field(default_factory=list)

    def add(self, other: "SweepResult") -> None:
        self.queued += other.queued
        self.review += other.review
        self.failed += other.failed


def climb_due(*, workspace: Workspace, now: datetime) -> SweepResult:
    """Climb every rung of this workspace whose day has come at the instant `now`.

    "Today" is the workspace's local day. An invoice that fails is logged and passed over; the
    others of its batch are climbed one by one.
    """
    today = workspace.local_today(now)
    ladder = money_ladder(workspace.pk)
    result = SweepResult()
    while True:
        try:
            done = _climb_batch(workspace, ladder, today, now, skip=result.failed)
        except Exception:
            log.exception("a batch failed; climbing its invoices one by one")
            done = _one_by_one(workspace, ladder, today, now, skip=result.failed)
        if done is None:
            return result
        result.add(done)


def _due(today: date, skip: list[int], limit: int) -> list[Invoice]:
    return list(
        Invoice.objects.due_a_step(on=today)
        .exclude(pk__in=skip)
        .select_related("client")
        .select_for_update(
            of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked
        )
        .order_by("next_step_on", "pk")[:limit]
    )


def _one_by_one(
    workspace: Workspace, ladder: Ladder, today: date, now: datetime, skip: list[int]
) -> SweepResult:
    result = SweepResult()
    ids = list(
        Invoice.objects.due_a_step(on=today)
        .exclude(pk__in=skip)
        .order_by("next_step_on", "pk")
        .values_list("pk", flat=True)[:BATCH]
    )
    for pk in ids:
        try:
            with transaction.atomic():
                invoices = list(
                    Invoice.objects.due_a_step(on=today)
                    .filter(pk=pk)
                    .select_related("client")
                    .select_for_update(of=("self",))
                )
                result.add(_climb(workspace, ladder, today, now, invoices))
        except Exception:
            log.exception("invoice %s could not be climbed", pk)
            result.failed.append(pk)
    return result


@transaction.atomic
def _climb_batch(
    workspace: Workspace, ladder: Ladder, today: date, now: datetime, skip: list[int]
) -> SweepResult | None:
    invoices = _due(today, skip, BATCH)
    return _climb(workspace, ladder, today, now, invoices) if invoices else None


def _climb(
    workspace: Workspace, ladder: Ladder, today: date, now: datetime, invoices: list[Invoice]
) -> SweepResult:
    result = SweepResult()
    history: defaultdict[int, list[Step]] = defaultdict(list)
    for climbed in Step.objects.filter(invoice__in=invoices):
        history[climbed.invoice_id].append(climbed)
    new: list[Step] = []
    again: list[Step] = []
    for invoice in invoices:
        steps = history[invoice.pk]
        # After an outage the day may lie behind and today be a free day: then it moves on.
        due = upcoming(invoice, steps, ladder, invoice.client.country, not_before=today)
        invoice.next_step_on = due.on if due else None
        if due is None or due.on > today:
            continue
        invoice.next_step_on = None
        # A rung once found unnecessary (say, paid, and the payment taken back) is climbed again.
        known = next((s for s in steps if s.rung == due.rung.name), None)
        if known is None:
            step = Step(workspace_id=workspace.pk, invoice=invoice, rung=due.rung.name)
            new.append(step)
        else:
            step = known
            step.attempt += 1
            again.append(step)
        step.effect, step.due_on, step.created_at, step.reason = due.rung.effect, due.on, now, ""
        by_itself = due.rung.automatic and due.rung.effect != Effect.TASK
        step.state = Step.State.QUEUED if by_itself else Step.State.REVIEW
    Step.objects.bulk_create(new)
    Step.objects.bulk_update(
        again, ["attempt", "effect", "due_on", "created_at", "reason", "state"]
    )
    Invoice.objects.bulk_update(invoices, ["next_step_on"])
    all_steps = new + again
    for_owner = [step for step in all_steps if step.state == Step.State.REVIEW]
    queued = [step for step in all_steps if step.state == Step.State.QUEUED]
    result.queued = enqueue_steps(workspace=workspace, steps=queued, automatic=True, now=now)
    result.review = len(all_steps) - result.queued
    record.append_many(
        workspace_id=workspace.pk,
        entries=[
            NewEntry(
                kind="step.due",
                content={"number": step.invoice.number, "rung": step.rung, "on": today.isoformat()},
                actor="system",
                client_ref=step.invoice.client_id,
                subject=f"invoice:{step.invoice_id}",
            )
            for step in for_owner
        ],
        now=now,
    )
    return result
