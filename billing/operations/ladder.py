"""An invoice on its ladder: when the next rung comes, starting, reviewing, skipping.

`Invoice.next_step_on` is the one thing the sweep looks at. It is empty while a letter is in flight,
waits for its owner or could not be sent: the ladder never climbs past a rung that did not arrive.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction

from billing.models import Invoice, Step, unasked_by_ladders
from billing.operations.letters import enqueue_steps
from billing.queries.climbing import climb_of, climbs_of
from clientdesk.ladder import Effect, NextStep
from clientdesk.record import operations as record
from clientdesk.record.operations import NewEntry

BATCH = 500
DECIDE = "decide"


class StepNotOpen(Exception):
    """The step is not waiting for the owner (any more)."""


class StepHeld(Exception):
    """A dispute, a promise or a pause keeps the letter back; the text says since when."""


def goes_by_itself(step: NextStep | None) -> bool:
    return step is not None and step.rung.automatic and step.rung.effect != Effect.TASK


def plan_next_step(*, invoice: Invoice) -> None:
    """Work out the next step of an invoice that is being issued. Saves nothing."""
    ahead = climb_of(invoice).upcoming()
    step = ahead[0][1] if ahead else None
    invoice.next_step_on = step.on if step else None
    invoice.next_step_automatic = goes_by_itself(step)


@transaction.atomic
def reschedule(*, invoice_ids: Collection[int]) -> None:
    """Work out the next step of these invoices anew, after anything it rests on changed."""
    invoices = list(
        Invoice.objects.filter(pk__in=invoice_ids)
        .select_related("client")
        .defer(*unasked_by_ladders())
        .order_by("pk")
    )
    climbs = climbs_of(invoices)
    for invoice in invoices:
        ahead = climbs[invoice.pk].upcoming()
        step = ahead[0][1] if ahead else None
        invoice.next_step_on = step.on if step else None
        invoice.next_step_automatic = goes_by_itself(step)
    write_next_steps(invoices)


def write_next_steps(invoices: Iterable[Invoice]) -> None:
    """Save the next steps: one UPDATE for each day, not a case for each row."""
    by_day: defaultdict[tuple[date | None, bool], list[int]] = defaultdict(list)
    for invoice in invoices:
        by_day[invoice.next_step_on, invoice.next_step_automatic].append(invoice.pk)
    for (on, automatic), ids in by_day.items():
        Invoice.objects.filter(pk__in=ids).update(next_step_on=on, next_step_automatic=automatic)


@transaction.atomic
def reschedule_where(**which: Any) -> None:
    """After a ladder or a hold was changed: every unpaid invoice that `which` names."""
    ids = list(Invoice.objects.unpaid().filter(**which).values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        reschedule(invoice_ids=ids[start : start + BATCH])


@transaction.atomic
def start_ladder(
    *, invoices: Iterable[Invoice], on: date, now: datetime, actor: str
) -> list[Invoice]:
    """Put imported invoices on their ladder, at its first rung; those already on it are left alone.

    The rung whose day has passed goes out with the next sweep, once, and the others follow at
    their distance.
    """
    ids = [invoice.pk for invoice in invoices]
    waiting = list(
        Invoice.objects.waiting_to_start()
        .select_for_update(of=("self",), no_key=True)
        .filter(pk__in=ids)
    )
    if not waiting:
        return []
    for invoice in waiting:
        invoice.ladder_started_on = on
    Invoice.objects.bulk_update(waiting, ["ladder_started_on"], batch_size=500)
    for start in range(0, len(waiting), BATCH):
        reschedule(invoice_ids=[invoice.pk for invoice in waiting[start : start + BATCH]])
    record.append_many(
        workspace_id=waiting[0].workspace_id,
        entries=[
            NewEntry(
                kind="ladder.started",
                content={"number": invoice.number, "on": on.isoformat()},
                actor=actor,
                client_ref=invoice.client_id,
                subject=f"invoice:{invoice.pk}",
            )
            for invoice in waiting
        ],
        now=now,
    )
    return waiting


def locked_step(step: Step, *states: str) -> Step:
    """The step as it stands, locked. Raises StepNotOpen unless it is in one of `states`."""
    step = (
        Step.objects.select_for_update(of=("self",), no_key=True)
        .select_related("invoice__client", "instalment", "workspace")
        .get(pk=step.pk)
    )
    settled = step.invoice.settled_on or (step.instalment and step.instalment.settled_on)
    if step.state not in states or settled or step.invoice.state != Invoice.State.ISSUED:
        raise StepNotOpen(step.pk)
    return step


@transaction.atomic
def approve_step(*, step: Step, now: datetime, actor: str) -> Step:
    """The owner has read the letter and sends it; it waits its minute in the outbox.

    A letter that failed or is uncertain is decided about in the outbox, not here. Raises
    StepNotOpen for the second of two clicks, when it was paid meanwhile, and where the owner has to
    choose a way (billing.operations.deciding); StepHeld.
    """
    step = locked_step(step, Step.State.REVIEW)
    if step.rung == DECIDE:
        raise StepNotOpen(step.pk)
    if step.effect == Effect.TASK:
        return close_step(step, Step.State.DONE, reason="", now=now, actor=actor)
    today = step.workspace.local_today(now)
    for hold in climb_of(step.invoice).holds:
        if hold.first <= today and (hold.until is None or today <= hold.until):
            raise StepHeld(f"held since {hold.first}")
    step.state, step.reason = Step.State.QUEUED, ""
    step.save()
    enqueue_steps(workspace=step.workspace, steps=[step], automatic=False, now=now)
    return step


@transaction.atomic
def skip_step(*, step: Step, reason: str, now: datetime, actor: str) -> Step:
    """Leave a rung out, saying why; the next one follows at its distance. Raises StepNotOpen."""
    return close_step(
        locked_step(step, Step.State.REVIEW, Step.State.STUCK),
        Step.State.SKIPPED,
        reason=reason,
        now=now,
        actor=actor,
    )


def close_step(step: Step, state: str, *, reason: str, now: datetime, actor: str) -> Step:
    """Write down what became of a step that its owner decided about, and plan the next."""
    step.state, step.reason = state, reason[:300]
    step.climbed_on = step.workspace.local_today(now)
    step.save()
    record.append(
        workspace_id=step.workspace_id,
        kind="step.skipped" if state == Step.State.SKIPPED else "step.done",
        content={"number": step.invoice.number, "rung": step.rung, "reason": reason},
        now=now,
        actor=actor,
        client_ref=step.invoice.client_id,
        subject=f"invoice:{step.invoice_id}",
    )
    reschedule(invoice_ids=[step.invoice_id])
    return step
