"""Drafts: lines that may still change. Nothing here has a number or a due letter yet."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from billing.models import Invoice, Line, VatCategory
from billing.rules.totals import LineFacts, LineRefused, document_totals, line_net, resolved
from billing.rules.vat_notes import usual_note
from clientdesk.money import from_minor
from clientdesk.workspaces.models import User
from clientdesk.workspaces.scoping import ForeignRow, check_same_workspace
from clients.models import Client, Project


class NotADraft(Exception):
    """An issued invoice does not change."""


class NothingToInvoice(Exception):
    """An invoice needs at least one line."""


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line as typed: quantity in units, price in minor units, VAT and discount in per cent.

    Without a category it is decided by the rate; without a note the usual words stand there.
    """

    description: str
    quantity: Decimal
    price_minor: int
    unit: str = ""
    vat_rate: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    vat_category: str = ""
    vat_note: str = ""
    detail: str = ""

    @property
    def facts(self) -> LineFacts:
        return LineFacts(
            quantity=self.quantity,
            price_minor=self.price_minor,
            vat_rate=self.vat_rate,
            discount=self.discount,
            category=self.vat_category,
            note=self.vat_note,
        )


@dataclass(frozen=True, slots=True)
class Heading:
    """What an invoice says above and below its lines."""

    description: str = ""
    project: Project | None = None
    stops: str = Invoice.Stops.CLIENT
    delivered_from: date | None = None
    delivered_until: date | None = None
    buyer_reference: str = ""
    note: str = ""
    series: str = ""


@transaction.atomic
def create_draft(
    *,
    client: Client,
    currency: str,
    lines: Sequence[NewLine],
    now: datetime,
    by: User | None,
    description: str = "",
    heading: Heading | None = None,
    once_key: str | None = None,
) -> Invoice:
    """A draft for `client`. Sent twice with one `once_key`, it is the same draft.

    Raises NothingToInvoice, LineRefused, ForeignRow.
    """
    if once_key:
        # The client's row is the lock: of two clicks at once the second sees the first one's draft.
        Client.objects.select_for_update(no_key=True).get(pk=client.pk)
        if existing := Invoice.objects.filter(once_key=once_key).first():
            return existing
    invoice = Invoice(
        workspace_id=client.workspace_id,
        client=client,
        currency=currency,
        created_at=now,
        created_by=by,
        once_key=once_key or None,
    )
    _put_heading(invoice, heading or Heading(description=description))
    _put_lines(invoice, lines)
    return invoice


@transaction.atomic
def change_draft(
    *,
    invoice: Invoice,
    currency: str,
    lines: Sequence[NewLine],
    description: str = "",
    heading: Heading | None = None,
) -> Invoice:
    """Replace what the draft says. Raises NotADraft, NothingToInvoice, LineRefused, ForeignRow."""
    invoice = _locked_draft(invoice)
    invoice.currency = currency
    _put_heading(invoice, heading or Heading(description=description))
    _put_lines(invoice, lines)
    return invoice


@transaction.atomic
def discard_draft(*, invoice: Invoice) -> None:
    """A draft leaves no trace and, having no number, no gap. Raises NotADraft."""
    _locked_draft(invoice).delete()


def _locked_draft(invoice: Invoice) -> Invoice:
    check_same_workspace(invoice.workspace_id, invoice.client)
    found = Invoice.objects.select_for_update(no_key=True).filter(pk=invoice.pk).first()
    if found is None or found.state != Invoice.State.DRAFT:
        raise NotADraft(found.number if found else invoice.pk)
    return found


def _put_heading(invoice: Invoice, heading: Heading) -> None:
    check_same_workspace(invoice.workspace_id, heading.project)
    if heading.project is not None and heading.project.client_id != invoice.client_id:
        raise ForeignRow(f"project {heading.project.pk} is another client's")
    invoice.description, invoice.project = heading.description, heading.project
    invoice.stops = heading.stops if heading.project else Invoice.Stops.CLIENT
    invoice.delivered_from = heading.delivered_from
    invoice.delivered_until = heading.delivered_until
    invoice.buyer_reference, invoice.note = heading.buyer_reference, heading.note
    invoice.series = heading.series


def worded(lines: Sequence[NewLine], *, country: str, language: str) -> list[NewLine]:
    """The lines with their category decided and, where there is no VAT, its legal note.

    `country` is the seller's, `language` the client's. Raises LineRefused.
    """
    done = []
    for line, category in zip(lines, resolved([one.facts for one in lines]), strict=True):
        note = line.vat_note
        if not note and line.vat_category:
            note = usual_note(category, country=country, language=language)
        done.append(replace(line, vat_category=category, vat_note=note))
    return done


def _put_lines(invoice: Invoice, lines: Sequence[NewLine]) -> None:
    if not lines:
        raise NothingToInvoice
    lines = worded(lines, country=invoice.workspace.country, language=invoice.client.language)
    totals = document_totals([line.facts for line in lines])
    if totals.total < 0:
        total = from_minor(totals.total, invoice.currency)
        raise LineRefused(
            f"total: {total} {invoice.currency}; expected 0 or more, else write a credit note"
        )
    invoice.net_minor, invoice.vat_minor, invoice.total_minor = totals.net, totals.vat, totals.total
    invoice.save()
    invoice.lines.all().delete()
    Line.objects.bulk_create(
        Line(invoice=invoice, **columns_of(line, position, workspace_id=invoice.workspace_id))
        for position, line in enumerate(lines, start=1)
    )


def columns_of(line: NewLine, position: int, *, workspace_id: int) -> dict[str, Any]:
    """The columns of one line, on an invoice or a credit note."""
    return {
        "workspace_id": workspace_id,
        "position": position,
        "description": line.description,
        "detail": line.detail,
        "quantity_milli": int(line.quantity * 1000),
        "unit": line.unit,
        "price_minor": line.price_minor,
        "discount_bp": int(line.discount * 100),
        "vat_category": VatCategory(line.vat_category),
        "vat_bp": int(line.vat_rate * 100),
        "vat_note": line.vat_note,
        "net_minor": line_net(line.facts),
    }
