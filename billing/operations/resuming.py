"""The owner lets work go on after money came in, or stops it by hand because none did."""

from datetime import date, datetime

from django.db import transaction

from billing.models import Invoice
from billing.operations.gratitude import work_resumes
from clients.models import Client, Stop
from clients.operations.stops import NothingUnpaid, end_stop


@transaction.atomic
def resume_work(*, stop: Stop, reason: str, now: datetime, actor: str) -> Stop:
    """End a stop by the owner's word; where money came in for its invoice, the client is told.

    Raises StopEnded.
    """
    today = stop.workspace.local_today(now)
    stop = end_stop(stop=stop, on=max(stop.begun_on, today), reason=reason, now=now, actor=actor)
    invoice = (
        Invoice.objects.numbered(stop.cause)
        .filter(client=stop.client_id)
        .select_related("client", "workspace")
        .first()
        if stop.reason == Stop.Reason.UNPAID and stop.cause
        else None
    )
    if invoice is not None and (invoice.settled_on or invoice.paid_minor):
        work_resumes(stop=stop, invoice=invoice, now=now)
    return stop


def something_is_unpaid(*, client: Client, reason: str, on: date) -> None:
    """A stop by hand for money needs an invoice that is late: a paid client is never stopped.

    Locks the client's unpaid invoices, as a payment does, so that neither overlooks the other.
    Raises NothingUnpaid.
    """
    if reason != Stop.Reason.UNPAID:
        return
    late = (
        Invoice.objects.overdue(on=on)
        .select_for_update(no_key=True)
        .filter(client=client)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if not list(late):
        raise NothingUnpaid(client.pk)
