"""Issued invoices as rows of a table."""

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet

from billing.models import Invoice
from billing.queries.breakdown import breakdown
from clientdesk.money import from_minor
from clientdesk.tabular import inert

COLUMNS = (
    "number",
    "client_reference",
    "client",
    "issued_on",
    "due_on",
    "currency",
    "net",
    "vat",
    "total",
    "paid",
    "credited",
    "open",
    "state",
    "settled_on",
    "vat_by_rate",
)
CHUNK = 500


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def invoice_rows(chosen: QuerySet[Invoice] | None = None) -> Iterator[list[str]]:
    """One row for each issued invoice, or for each of the chosen, oldest first.

    Amounts have all decimals of the row's currency.

    "vat_by_rate" holds category, rate, net and VAT of each share: "S 25: 100.00 + 25.00".
    """
    invoices = (
        (Invoice.objects.all() if chosen is None else chosen)
        .exclude(state=Invoice.State.DRAFT)
        .select_related("client")
        .prefetch_related("lines")
        .order_by("issued_on", "pk")
    )
    for invoice in invoices.iterator(chunk_size=CHUNK):
        amounts = (
            str(from_minor(minor, invoice.currency))
            for minor in (
                invoice.net_minor,
                invoice.vat_minor,
                invoice.total_minor,
                invoice.paid_minor,
                invoice.credited_minor,
                invoice.balance_minor,
            )
        )
        shares = "; ".join(
            f"{share.category} {share.rate.normalize():f}: "
            f"{from_minor(share.net, invoice.currency)} + {from_minor(share.vat, invoice.currency)}"
            for share in breakdown(invoice)
        )
        yield [
            inert(invoice.number or ""),
            inert(invoice.client.reference),
            inert(invoice.client.name),
            _day(invoice.issued_on),
            _day(invoice.due_on),
            invoice.currency,
            *amounts,
            invoice.state,
            _day(invoice.settled_on),
            shares,
        ]
