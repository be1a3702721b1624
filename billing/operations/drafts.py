"""Drafts: lines that may still change. Nothing here has a number or a due letter yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from billing.models import Invoice, Line
from billing.rules.totals import LineFacts, document_totals, line_net
from clientdesk.workspaces.models import User
from clientdesk.workspaces.scoping import check_same_workspace
from clients.models import Client


class NotADraft(Exception):
    """An issued invoice does not change."""


class NothingToInvoice(Exception):
    """An invoice needs at least one line."""


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line as typed: quantity in units, price in minor units, VAT in per cent."""

    description: str
    quantity: Decimal
    price_minor: int
    unit: str = ""
    vat_rate: Decimal = Decimal(0)

    @property
    def facts(self) -> LineFacts:
        return LineFacts(
            quantity=self.quantity, price_minor=self.price_minor, vat_rate=self.vat_rate
        )


@transaction.atomic
def create_draft(
    *,
    client: Client,
    currency: str,
    lines: Sequence[NewLine],
    now: datetime,
    by: User | None,
    description: str = "",
    once_key: str | None = None,
) -> Invoice:
    """A draft for `client`. Sent twice with one `once_key`, it is the same draft.

    Raises NothingToInvoice.
    """
    if once_key and (existing := Invoice.objects.filter(once_key=once_key).first()):
        return existing
    invoice = Invoice(
        workspace_id=client.workspace_id,
        client=client,
        currency=currency,
        description=description,
        created_at=now,
        created_by=by,
        once_key=once_key or None,
    )
    _put_lines(invoice, lines)
    return invoice


@transaction.atomic
def change_draft(
    *, invoice: Invoice, currency: str, lines: Sequence[NewLine], description: str = ""
) -> Invoice:
    """Replace what the draft says. Raises NotADraft, NothingToInvoice."""
    invoice = _locked_draft(invoice)
    invoice.currency, invoice.description = currency, description
    _put_lines(invoice, lines)
    return invoice


@transaction.atomic
def discard_draft(*, invoice: Invoice) -> None:
    """A draft leaves no trace and, having no number, no gap. Raises NotADraft."""
    _locked_draft(invoice).delete()


def _locked_draft(invoice: Invoice) -> Invoice:
    check_same_workspace(invoice.workspace_id, invoice.client)
    invoice = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if invoice.state != Invoice.State.DRAFT:
        raise NotADraft(invoice.number)
    return invoice


def _put_lines(invoice: Invoice, lines: Sequence[NewLine]) -> None:
    if not lines:
        raise NothingToInvoice
    totals = document_totals([line.facts for line in lines])
    invoice.net_minor, invoice.vat_minor, invoice.total_minor = totals.net, totals.vat, totals.total
    invoice.save()
    invoice.lines.all().delete()
    Line.objects.bulk_create(
        Line(
            workspace_id=invoice.workspace_id,
            invoice=invoice,
            position=position,
            description=line.description,
            quantity_milli=int(line.quantity * 1000),
            unit=line.unit,
            price_minor=line.price_minor,
            vat_bp=int(line.vat_rate * 100),
            net_minor=line_net(line.facts),
        )
        for position, line in enumerate(lines, start=1)
    )
