"""How late a client pays, from their last sixty invoices; one query."""

from datetime import date, timedelta

from billing.models import Invoice
from billing.rules.lateness import SLOPE_LOOKS_BACK, Bill, Usual, later_and_later, usually_pays
from clientdesk.findings import Finding


def bills_of(client_id: int) -> list[Bill]:
    """The last issued ones; what was settled without any money says nothing about paying."""
    rows = (
        Invoice.objects.issued()
        .filter(client=client_id, due_on__isnull=False)
        .exclude(settled_on__isnull=False, paid_minor=0)
        .order_by("-due_on", "-pk")
        .values_list("pk", "number", "due_on", "settled_on")[:SLOPE_LOOKS_BACK]
    )
    return [Bill(pk, number or "", due_on, on) for pk, number, due_on, on in rows if due_on]


def lateness_of(client_id: int, *, today: date) -> tuple[Finding, Usual | None]:
    """ "Pays later and later", and when they usually pay; None below three settled invoices."""
    bills = bills_of(client_id)
    finding = later_and_later(bills, client_id=client_id, on=today)
    return finding, usually_pays(bills, on=today)


def expected_on(invoice: Invoice, usual: Usual | None) -> date | None:
    """The day on which the money is to be expected, by what this client usually does."""
    if usual is None or invoice.due_on is None or invoice.settled_on is not None:
        return None
    return invoice.due_on + timedelta(days=usual.median)
