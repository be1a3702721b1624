"""Taking an issued invoice back: by a credit note, in whole or in part, or by making it void."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_noop as n_

from billing.models import CreditLine, CreditNote, Invoice, Line, Series, Step
from billing.operations.drafts import NewLine, NothingToInvoice, columns_of, worded
from billing.operations.numbering import next_number
from billing.operations.settling import part_came_in, settle
from billing.rules.totals import document_totals
from clientdesk.money import format_money, from_minor
from clientdesk.record import operations as record
from clientdesk.workspaces.models import User


class NotCreditable(Exception):
    """Only an issued invoice can be credited or made void."""


class CreditTooLarge(Exception):
    """More than is left to credit; the text says both amounts."""


class HasPayments(Exception):
    """An invoice with payments or credit is not made void: credit what is left of it."""


def lines_of(invoice: Invoice) -> list[NewLine]:
    """The invoice's lines as a credit note for the whole would have them."""
    return [_as_new(line) for line in invoice.lines.all()]


def _as_new(line: Line) -> NewLine:
    return NewLine(
        description=line.description,
        detail=line.detail,
        quantity=Decimal(line.quantity_milli) / 1000,
        unit=line.unit,
        price_minor=line.price_minor,
        discount=Decimal(line.discount_bp) / 100,
        vat_rate=Decimal(line.vat_bp) / 100,
        vat_category=line.vat_category,
        vat_note=line.vat_note,
    )


@transaction.atomic
def credit_invoice(
    *,
    invoice: Invoice,
    lines: Sequence[NewLine],
    reason: str,
    issued_on: date,
    now: datetime,
    actor: str,
    by: User | None = None,
    once_key: str | None = None,
) -> CreditNote:
    """Credit `lines` of an issued invoice: positive amounts, by which it is lowered.

    What is credited is open no more: letters and stops follow as after a payment. It can credit at
    most what is left open, so two at once never exceed the invoice. Sent twice with one `once_key`
    it is one credit note. Raises NotCreditable, CreditTooLarge, NothingToInvoice, LineRefused.
    """
    # The lock comes first: of two at once the second sees what the first left.
    invoice = (
        Invoice.objects.select_for_update(of=("self",), no_key=True)
        .select_related("workspace")
        .get(pk=invoice.pk)
    )
    if once_key and (existing := CreditNote.objects.filter(once_key=once_key).first()):
        return existing
    if invoice.state not in (Invoice.State.ISSUED, Invoice.State.WRITTEN_OFF):
        raise NotCreditable(invoice.state)
    if not lines:
        raise NothingToInvoice
    lines = worded(lines, country=invoice.workspace.country, language=invoice.client.language)
    totals = document_totals([line.facts for line in lines])
    if not 0 < totals.total <= invoice.balance_minor:
        raise CreditTooLarge(
            f"the credit comes to {format_money(totals.total, invoice.currency, 'en')}; expected "
            f"more than nothing and at most what is open, "
            f"{format_money(invoice.balance_minor, invoice.currency, 'en')}"
        )
    number, year = next_number(
        workspace_id=invoice.workspace_id, on=issued_on, kind=Series.Kind.CREDIT_NOTE
    )
    note = CreditNote.objects.create(
        workspace_id=invoice.workspace_id,
        invoice=invoice,
        number=number,
        number_year=year,
        issued_on=issued_on,
        reason=reason,
        net_minor=totals.net,
        vat_minor=totals.vat,
        total_minor=totals.total,
        parties=invoice.parties,
        created_at=now,
        created_by=by,
        once_key=once_key or None,
    )
    CreditLine.objects.bulk_create(
        CreditLine(credit_note=note, **columns_of(line, n, workspace_id=invoice.workspace_id))
        for n, line in enumerate(lines, start=1)
    )
    _lower(invoice, note, now=now, actor=actor)
    return note


def _lower(invoice: Invoice, note: CreditNote, *, now: datetime, actor: str) -> None:
    invoice.credited_minor += note.total_minor
    settled = invoice.balance_minor == 0
    if settled:
        paid_on = invoice.payments.aggregate(last=Max("paid_on"))["last"]
        invoice.settled_on = max(note.issued_on, paid_on or note.issued_on)
        invoice.state = Invoice.State.ISSUED
    invoice.save(update_fields=["credited_minor", "settled_on", "state"])
    record.append(
        workspace_id=invoice.workspace_id,
        kind="credit.issued",
        content={
            "number": note.number,
            "invoice": invoice.number or "",
            "on": note.issued_on.isoformat(),
            "amount": str(from_minor(note.total_minor, invoice.currency)),
            "currency": invoice.currency,
            "because": note.reason,
        },
        now=now,
        actor=actor,
        client_ref=invoice.client_id,
        subject=f"invoice:{invoice.pk}",
    )
    if settled:
        settle(invoices=[invoice], now=now, actor=actor)
    else:
        part_came_in(invoices=[invoice], on=note.issued_on, now=now, actor=actor)


@transaction.atomic
def void_invoice(*, invoice: Invoice, reason: str, now: datetime, actor: str) -> Invoice:
    """Declare an issued invoice void, keeping it and its number; nothing of it is owed any more.

    Raises NotCreditable, HasPayments.
    """
    invoice = (
        Invoice.objects.select_for_update(of=("self",), no_key=True)
        .select_related("workspace")
        .get(pk=invoice.pk)
    )
    if invoice.state not in (Invoice.State.ISSUED, Invoice.State.WRITTEN_OFF):
        raise NotCreditable(invoice.state)
    if invoice.paid_minor or invoice.credited_minor:
        raise HasPayments(invoice.number)
    invoice.state = Invoice.State.VOID
    invoice.closed_on = invoice.workspace.local_today(now)
    invoice.close_reason, invoice.next_step_on = reason[:300], None
    invoice.save(update_fields=["state", "closed_on", "close_reason", "next_step_on"])
    Step.objects.filter(invoice=invoice, state__in=(Step.State.REVIEW, Step.State.STUCK)).update(
        state=Step.State.SUPPRESSED, reason=n_("the invoice is void")
    )
    record.append(
        workspace_id=invoice.workspace_id,
        kind="invoice.voided",
        content={
            "number": invoice.number or "",
            "amount": str(from_minor(invoice.total_minor, invoice.currency)),
            "currency": invoice.currency,
            "because": reason,
        },
        now=now,
        actor=actor,
        client_ref=invoice.client_id,
        subject=f"invoice:{invoice.pk}",
    )
    settle(invoices=[invoice], now=now, actor=actor, letters=False)
    return invoice
