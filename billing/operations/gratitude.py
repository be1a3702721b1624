"""Letters about an invoice that ask for nothing late: here it is, thank you, work goes on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from billing.models import Invoice
from clientdesk.outbox.operations import Recipient, Wanted, enqueue_many
from clients.models import Stop
from clients.queries import recipients_of

KIND = "billing.note"


class NoAddress(Exception):
    """The client has no address to which letters could go; the text says what was found."""


class NotIssued(Exception):
    """Only an issued invoice can be sent."""


def send_invoice(*, invoice: Invoice, now: datetime, once_key: str = "") -> None:
    """Send the client the invoice, by its owner's word; no rung of the ladder is climbed by it.

    Twice with one `once_key` it goes once; each sending without one is another letter. Raises
    NoAddress, NotIssued.
    """
    if invoice.state != Invoice.State.ISSUED:
        raise NotIssued(invoice.state)
    key = f"invoice:{invoice.pk}:sent:{once_key or now.isoformat()}"
    refusal = _enqueue(invoice, "invoice", key, {}, automatic=False, now=now)
    if refusal:
        raise NoAddress(refusal)


def thank(*, invoice: Invoice, now: datetime) -> None:
    """Thank for an invoice that is paid in full; once for each invoice."""
    _enqueue(invoice, "thanks", f"invoice:{invoice.pk}:thanks", {}, automatic=True, now=now)


def work_resumes(*, stop: Stop, invoice: Invoice, now: datetime) -> None:
    """Tell that work goes on since `invoice` was paid; once for each stop."""
    key = f"stop:{stop.pk}:resumed"
    _enqueue(invoice, "resumed", key, {"stop": stop.pk}, automatic=True, now=now)


def _enqueue(
    invoice: Invoice,
    what: str,
    key: str,
    more: Mapping[str, Any],
    *,
    automatic: bool,
    now: datetime,
) -> str:
    """Why the client cannot be written to, or nothing."""
    client = invoice.client
    recipient: Recipient | None = recipients_of({client.pk}).get(client.pk)
    if recipient is None:
        return "no e-mail address for letters"
    wanted = Wanted(
        kind=KIND,
        dedupe_key=key,
        facts={"invoice": invoice.pk, "what": what, **more},
        recipient=recipient,
        client_ref=client.pk,
        automatic=automatic,
        calendar=client.country,
    )
    done = enqueue_many(workspace=invoice.workspace, wanted=[wanted], now=now)
    return done.refused.get(key, "")
