"""Money that came in."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from billing.models import Invoice, Payment
from billing.operations.settling import part_came_in, settle
from clientdesk.money import format_money, from_minor
from clientdesk.record import operations as record
from clientdesk.workspaces.models import User


class Overpayment(Exception):
    """More than is open. Carries the amounts in minor units."""

    def __init__(self, *, open_minor: int, paid_minor: int, currency: str) -> None:
        self.open_minor, self.paid_minor, self.currency = open_minor, paid_minor, currency
        super().__init__(
            f"open is {format_money(open_minor, currency, 'en')}, "
            f"paid would be {format_money(paid_minor, currency, 'en')}"
        )


class NotPayable(Exception):
    """Only an issued invoice can be paid, and one whose amount was given up."""


PAYABLE = frozenset({Invoice.State.ISSUED, Invoice.State.WRITTEN_OFF})


@transaction.atomic
def record_payment(
    *,
    invoice: Invoice,
    paid_on: date,
    amount_minor: int,
    now: datetime,
    actor: str,
    by: User | None = None,
    reference: str = "",
    once_key: str | None = None,
) -> Payment:
    """Book `amount_minor` (minor units of the invoice's currency) received on `paid_on`.

    In full, it settles the invoice: the ladder ends, letters not yet sent are not needed, and a
    stop because of this invoice is lifted or its owner asked. In part, the rest is still chased.
    Sent twice with one `once_key`, it is booked once. Raises NotPayable, Overpayment, ValueError
    for an amount ≤ 0.
    """
    # The lock comes first: of two payments at once the second sees what the first left open.
    invoice = Invoice.objects.select_for_update(no_key=True).get(pk=invoice.pk)
    if once_key and (existing := Payment.objects.filter(once_key=once_key).first()):
        return existing
    if invoice.state not in PAYABLE:
        raise NotPayable(invoice.pk)
    if amount_minor <= 0:
        raise ValueError("a payment is more than nothing")
    if amount_minor > invoice.balance_minor:
        raise Overpayment(
            open_minor=invoice.balance_minor, paid_minor=amount_minor, currency=invoice.currency
        )
    payment = Payment.objects.create(
        workspace_id=invoice.workspace_id,
        invoice=invoice,
        paid_on=paid_on,
        amount_minor=amount_minor,
        reference=reference,
        recorded_at=now,
        recorded_by=by,
        once_key=once_key or None,
    )
    invoice.paid_minor += amount_minor
    if invoice.balance_minor == 0:
        invoice.settled_on = invoice.payments.aggregate(last=Max("paid_on"))["last"]
        # Money that had been given up: paid after all.
        invoice.state = Invoice.State.ISSUED
    invoice.save(update_fields=["paid_minor", "settled_on", "state"])
    record.append(
        workspace_id=invoice.workspace_id,
        kind="payment.recorded",
        content={
            "number": invoice.number,
            "paid_on": paid_on.isoformat(),
            "amount": str(from_minor(amount_minor, invoice.currency)),
            "open": str(from_minor(invoice.balance_minor, invoice.currency)),
            "currency": invoice.currency,
            "reference": reference,
        },
        now=now,
        actor=actor,
        client_ref=invoice.client_id,
        subject=f"invoice:{invoice.pk}",
    )
    if invoice.settled_on:
        settle(invoices=[invoice], now=now, actor=actor)
    else:
        part_came_in(invoices=[invoice], on=paid_on, now=now, actor=actor)
    return payment
