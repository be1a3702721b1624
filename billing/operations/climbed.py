"""What follows when the letters of the ladder have gone out."""

from collections.abc import Sequence
from datetime import date, datetime

from billing.models import Invoice, Step
from billing.operations.ladder import reschedule
from clientdesk.ladder import Effect
from clientdesk.workspaces.models import Workspace
from clients.models import Stop
from clients.operations.stops import StopRunning, begin_stop


def letters_went(*, workspace: Workspace, steps: Sequence[Step], now: datetime) -> None:
    """Write the rungs down as climbed today and plan what comes next.

    A stop-work notice that went out begins the stop it speaks of, unless one is running. Call it in
    the transaction that writes "sent".
    """
    if not steps:
        return
    today = workspace.local_today(now)
    ids = [step.pk for step in steps]
    Step.objects.filter(pk__in=ids).update(state=Step.State.SENT, climbed_on=today, reason="")
    for step in steps:
        step.state, step.climbed_on, step.reason = Step.State.SENT, today, ""
    reschedule(invoice_ids=[step.invoice_id for step in steps])
    stopping = [step.pk for step in steps if step.effect == Effect.STOP]
    if stopping:
        with_facts = Step.objects.select_related(
            "invoice__client", "invoice__project", "instalment"
        ).order_by("pk")
        _begin_stops(list(with_facts.filter(pk__in=stopping)), today, now)


def _begin_stops(steps: Sequence[Step], today: date, now: datetime) -> None:
    """A client who paid between the last look and the mail server's answer is not stopped.

    The invoices are locked first, as a payment locks them: it is either seen here, or it waits and
    then finds the stop and lifts it.
    """
    unpaid = set(
        Invoice.objects.unpaid()
        .select_for_update(no_key=True)
        .filter(pk__in=[step.invoice_id for step in steps])
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    running: set[tuple[int, int | None]] = set(
        Stop.objects.running()
        .filter(client_id__in={step.invoice.client_id for step in steps})
        .values_list("client_id", "project_id")
    )
    for step in steps:
        invoice = step.invoice
        paid = step.instalment is not None and step.instalment.settled_on is not None
        if invoice.pk not in unpaid or paid:
            continue
        project = invoice.project if invoice.stops == Invoice.Stops.PROJECT else None
        where = invoice.client_id, project.pk if project else None
        if where in running or (invoice.client_id, None) in running:
            continue
        running.add(where)
        try:
            begin_stop(
                client=invoice.client,
                project=project,
                reason=Stop.Reason.UNPAID,
                cause=invoice.number or "",
                on=today,
                now=now,
                actor="system",
            )
        except StopRunning:  # begun by its owner at this very moment
            continue
