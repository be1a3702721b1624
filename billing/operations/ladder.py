"""An invoice on its ladder: when the next rung comes, starting, reviewing, skipping, ending.

`Invoice.next_step_on` is the one thing the sweep looks at. It is empty while a letter is in flight,
waits for its owner or could not be sent: the ladder never climbs past a rung that did not arrive.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from django.db import transaction

from billing.models import Invoice, Step
from billing.operations.letters import enqueue_steps
from billing.queries.ladders import money_ladder, overdue_facts
from clientdesk.ladder import Ladder, NextStep, next_step
from clientdesk.record import operations as record
from clientdesk.record.operations import NewEntry
from clients.models import Stop
from clients.operations.stops import end_stop

IN_FLIGHT = frozenset({Step.State.REVIEW, Step.State.QUEUED, Step.State.STUCK})


class StepNotOpen(Exception):
    """The step is not waiting for the owner (any more)."""


def upcoming(
    invoice: Invoice,
    steps: Sequence[Step],
    ladder: Ladder,
    country: str,
    *,
    not_before: date | None = None,
) -> NextStep | None:
    """The next rung and its day, or None where nothing may be climbed by itself."""
    if invoice.state != Invoice.State.ISSUED or invoice.settled_on or invoice.due_on is None:
        return None
    if invoice.imported and invoice.ladder_started_on is None:
        return None
    if any(step.state in IN_FLIGHT for step in steps):
        return None
    return next_step(ladder, overdue_facts(invoice, steps, country), not_before=not_before)


def plan_next_step(*, invoice: Invoice) -> date | None:
    """The same for one invoice, asked of the database."""
    steps = list(invoice.steps.all()) if invoice.pk else []
    step = upcoming(invoice, steps, money_ladder(invoice.workspace_id), invoice.client.country)
    return step.on if step else None


@transaction.atomic
def reschedule(*, invoice_ids: Collection[int]) -> None:
    """Work out the next step of these invoices anew, after anything it rests on changed."""
    invoices = list(
        Invoice.objects.filter(pk__in=invoice_ids).select_related("client").order_by("pk")
    )
    if not invoices:
        return
    steps: defaultdict[int, list[Step]] = defaultdict(list)
    for climbed in Step.objects.filter(invoice_id__in=invoice_ids):
        steps[climbed.invoice_id].append(climbed)
    ladder = money_ladder(invoices[0].workspace_id)
    for invoice in invoices:
        step = upcoming(invoice, steps[invoice.pk], ladder, invoice.client.country)
        invoice.next_step_on = step.on if step else None
    Invoice.objects.bulk_update(invoices, ["next_step_on"], batch_size=500)


@transaction.atomic
def reschedule_all(*, workspace_id: int, batch: int = 500) -> None:
    """After the ladder was changed: every unpaid invoice of the workspace."""
    ids = list(Invoice.objects.unpaid().values_list("pk", flat=True))
    for start in range(0, len(ids), batch):
        reschedule(invoice_ids=ids[start : start + batch])


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
        Invoice.objects.waiting_to_start().select_for_update(of=("self",)).filter(pk__in=ids)
    )
    if not waiting:
        return []
    for invoice in waiting:
        invoice.ladder_started_on = on
    Invoice.objects.bulk_update(waiting, ["ladder_started_on"], batch_size=500)
    reschedule(invoice_ids=[invoice.pk for invoice in waiting])
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


@transaction.atomic
def settle(*, invoices: Sequence[Invoice], now: datetime, actor: str) -> None:
    """Paid in full: the ladder ends, open steps are not needed, and the stop it caused is lifted.

    A letter in the outbox is stopped by its guard, which sees the invoice settled.
    """
    ids = [invoice.pk for invoice in invoices]
    Invoice.objects.filter(pk__in=ids).update(next_step_on=None)
    Step.objects.filter(invoice_id__in=ids, state__in=(Step.State.REVIEW, Step.State.STUCK)).update(
        state=Step.State.SUPPRESSED, reason="paid in full"
    )
    causes = {invoice.number: invoice for invoice in invoices}
    for stop in Stop.objects.running().filter(reason=Stop.Reason.UNPAID, cause__in=causes):
        invoice = causes[stop.cause]
        if not still_stops_work(client_id=stop.client_id):
            end_stop(
                stop=stop,
                on=max(stop.begun_on, invoice.settled_on or stop.begun_on),
                reason=f"{invoice.number} paid",
                now=now,
                actor=actor,
            )


def still_stops_work(*, client_id: int) -> bool:
    """Whether an unpaid invoice of this client has come as far as its stop-work rung."""
    return Step.objects.filter(
        invoice__client_id=client_id,
        invoice__settled_on=None,
        invoice__state=Invoice.State.ISSUED,
        effect="stop",
        state=Step.State.SENT,
    ).exists()


def _locked(step: Step, *states: str) -> Step:
    step = (
        Step.objects.select_for_update(of=("self",))
        .select_related("invoice__client", "workspace")
        .get(pk=step.pk)
    )
    if step.state not in states or step.invoice.settled_on:
        raise StepNotOpen(step.pk)
    return step


@transaction.atomic
def approve_step(*, step: Step, now: datetime, actor: str) -> Step:
    """The owner has read the letter and sends it; it waits its minute in the outbox.

    A letter that failed or is uncertain is decided about in the outbox, not here. Raises
    StepNotOpen for the second of two clicks, or when it was paid meanwhile.
    """
    step = _locked(step, Step.State.REVIEW)
    if step.effect == "task":
        return _close(step, Step.State.DONE, reason="", now=now, actor=actor)
    step.state, step.reason = Step.State.QUEUED, ""
    step.save()
    enqueue_steps(workspace=step.workspace, steps=[step], automatic=False, now=now)
    return step


@transaction.atomic
def skip_step(*, step: Step, reason: str, now: datetime, actor: str) -> Step:
    """Leave a rung out, saying why; the next one follows at its distance. Raises StepNotOpen."""
    return _close(
        _locked(step, Step.State.REVIEW, Step.State.STUCK),
        Step.State.SKIPPED,
        reason=reason,
        now=now,
        actor=actor,
    )


def _close(step: Step, state: str, *, reason: str, now: datetime, actor: str) -> Step:
    step.state, step.reason = state, reason
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
