"""What follows when the letters of the ladder have gone out."""

from collections.abc import Sequence
from datetime import datetime

from billing.models import Invoice, Step
from billing.operations.ladder import reschedule
from clients.models import Stop
from clients.operations.stops import begin_stop


def letters_went(*, steps: Sequence[Step], now: datetime) -> None:
    """Write the rungs down as climbed today and plan what comes next.

    A stop-work notice that went out begins the stop it speaks of, unless one is running.
    """
    if not steps:
        return
    today = steps[0].invoice.workspace.local_today(now)
    for step in steps:
        step.state, step.climbed_on, step.reason = Step.State.SENT, today, ""
    Step.objects.bulk_update(steps, ["state", "climbed_on", "reason"])
    reschedule(invoice_ids=[step.invoice_id for step in steps])
    stopping = {s.invoice.client_id: s for s in steps if s.effect == "stop"}
    if not stopping:
        return
    # Paid between the last look and the mail server's answer: then there is nothing to stop for.
    unpaid = set(
        Invoice.objects.unpaid()
        .filter(pk__in=[s.invoice_id for s in stopping.values()])
        .values_list("client_id", flat=True)
    )
    running = set(
        Stop.objects.running()
        .filter(client_id__in=stopping, project=None)
        .values_list("client_id", flat=True)
    )
    for client_id, step in stopping.items():
        if client_id in unpaid and client_id not in running:
            begin_stop(
                client=step.invoice.client,
                reason=Stop.Reason.UNPAID,
                cause=step.invoice.number or "",
                on=today,
                now=now,
                actor="system",
            )
