"""Issuing: the number, the snapshot of both parties, the due day, the first step of the ladder."""

import json
from datetime import date, datetime

from django.db import transaction

from billing.models import Invoice
from billing.operations.drafts import NotADraft
from billing.operations.ladder import plan_next_step
from billing.operations.numbering import next_number
from billing.queries.terms import due_date_for
from clientdesk.money import from_minor
from clientdesk.record import operations as record
from clientdesk.workspaces.models import Workspace
from clients.models import Client


class NothingToPay(Exception):
    """An invoice over nothing, or less, is not issued; that would be a credit note."""


class DueBeforeIssue(Exception):
    """The due day lies before the invoice day."""


def parties_of(workspace: Workspace, client: Client) -> str:
    """Seller and buyer as they are now, canonical JSON: later changes do not reach an invoice."""
    seller = {
        "name": workspace.legal_name or workspace.name,
        "address": workspace.address,
        "tax_id": workspace.tax_id,
        "vat_id": workspace.vat_id,
        "iban": workspace.iban,
        "email": workspace.email,
        "country": workspace.country,
    }
    buyer = {
        "name": client.name,
        "address": client.address,
        "tax_id": client.tax_id,
        "vat_id": client.vat_id,
        "country": client.country,
    }
    return json.dumps({"seller": seller, "buyer": buyer}, sort_keys=True, ensure_ascii=False)


@transaction.atomic
def issue_invoice(
    *,
    invoice: Invoice,
    issued_on: date,
    now: datetime,
    actor: str,
    due_on: date | None = None,
) -> Invoice:
    """Give the draft its number and fix it. `due_on` goes before the agreement's terms.

    Raises NotADraft (also for the second of two clicks), NothingToPay, DueBeforeIssue,
    SeriesUnknown.
    """
    invoice = Invoice.objects.select_for_update(no_key=True).get(pk=invoice.pk)
    if invoice.state != Invoice.State.DRAFT:
        raise NotADraft(invoice.number)
    if invoice.total_minor <= 0:
        raise NothingToPay
    due_on = due_on or due_date_for(client=invoice.client, issued_on=issued_on)
    if due_on < issued_on:
        raise DueBeforeIssue(f"due {due_on}, issued {issued_on}")
    invoice.state = Invoice.State.ISSUED
    invoice.issued_on, invoice.due_on = issued_on, due_on
    invoice.parties = parties_of(invoice.workspace, invoice.client)
    invoice.number, invoice.number_year = next_number(
        workspace_id=invoice.workspace_id, on=issued_on, series=invoice.series
    )
    plan_next_step(invoice=invoice)
    invoice.save()
    record.append(
        workspace_id=invoice.workspace_id,
        kind="invoice.issued",
        content={
            "number": invoice.number,
            "issued_on": issued_on.isoformat(),
            "due_on": due_on.isoformat(),
            "currency": invoice.currency,
            "net": str(from_minor(invoice.net_minor, invoice.currency)),
            "vat": str(from_minor(invoice.vat_minor, invoice.currency)),
            "total": str(from_minor(invoice.total_minor, invoice.currency)),
            "description": invoice.description,
        },
        now=now,
        actor=actor,
        client_ref=invoice.client_id,
        subject=f"invoice:{invoice.pk}",
    )
    return invoice
