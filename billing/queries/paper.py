"""From rows to what stands on an invoice or credit note: the parties as they were on its day."""

import json
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Q

from billing.models import CreditNote, Invoice, LineBase
from billing.queries.settings import money_settings
from billing.rules.paper import Bill, Booked, Credit, Item, Mark, Party
from clientdesk.record.models import Entry
from clientdesk.workspaces.models import User, Workspace
from clients.models import Client


def bill_of(invoice: Invoice, *, as_of_today: bool = False) -> Bill:
    """The invoice as issued; `as_of_today` adds what was paid and credited since."""
    seller, buyer = parties_from(invoice.parties, invoice.workspace, invoice.client)
    issued_on = invoice.issued_on or invoice.created_at.date()
    mark, recorded_at = _mark(invoice.workspace_id, f"invoice:{invoice.pk}", "invoice.issued")
    return Bill(
        number=invoice.number or "",
        currency=invoice.currency,
        seller=seller,
        buyer=buyer,
        issued_on=issued_on,
        issued_at=_time_of(invoice.workspace, issued_on, recorded_at),
        due_on=invoice.due_on,
        net_minor=invoice.net_minor,
        vat_minor=invoice.vat_minor,
        total_minor=invoice.total_minor,
        items=_items(list(invoice.lines.all())) or _only_item(invoice),
        operator=_operator(seller, invoice.created_by),
        delivered_from=invoice.delivered_from,
        delivered_until=invoice.delivered_until,
        buyer_reference=invoice.buyer_reference,
        note=invoice.note,
        legal_note=money_settings(invoice.workspace_id).legal_note,
        mark=mark,
        payments=_payments(invoice) if as_of_today else (),
        credits=_credits(invoice) if as_of_today else (),
    )


def credit_of(note: CreditNote) -> Credit:
    """The credit note, and its invoice as it stood when the note was written."""
    invoice = note.invoice
    seller, buyer = parties_from(note.parties or invoice.parties, invoice.workspace, invoice.client)
    mark, recorded_at = _mark(
        note.workspace_id,
        f"invoice:{invoice.pk}",
        "credit.issued",
        after=invoice.credit_notes.filter(pk__lt=note.pk).count(),
    )
    credited = invoice.credit_notes.filter(pk__lte=note.pk)
    paid = invoice.payments.filter(recorded_at__lte=note.created_at)
    return Credit(
        number=note.number,
        currency=invoice.currency,
        seller=seller,
        buyer=buyer,
        issued_on=note.issued_on,
        issued_at=_time_of(note.workspace, note.issued_on, recorded_at or note.created_at),
        reason=note.reason,
        net_minor=note.net_minor,
        vat_minor=note.vat_minor,
        total_minor=note.total_minor,
        items=_items(list(note.lines.all()))
        or (Item(note.reason, note.net_minor, quantity=None, vat_bp=None),),
        operator=_operator(seller, note.created_by),
        invoice_number=invoice.number or "",
        invoice_issued_on=invoice.issued_on or note.issued_on,
        invoice_due_on=invoice.due_on,
        invoice_total_minor=invoice.total_minor,
        invoice_paid_minor=sum(one.amount_minor for one in paid),
        invoice_credited_minor=sum(one.total_minor for one in credited),
        legal_note=money_settings(note.workspace_id).legal_note,
        mark=mark,
    )


def parties_from(snapshot: str, workspace: Workspace, client: Client) -> tuple[Party, Party]:
    """Seller and buyer of the snapshot; of today only where none was taken (imported invoices)."""
    if snapshot:
        kept = json.loads(snapshot)
        return _party(kept.get("seller", {})), _party(kept.get("buyer", {}))
    return parties_today(workspace, client)


def parties_today(workspace: Workspace, client: Client) -> tuple[Party, Party]:
    """Seller and buyer as they are now, for a document of now."""
    seller = Party(
        name=workspace.legal_name or workspace.name,
        address=_lines(workspace.address),
        tax_id=workspace.tax_id,
        vat_id=workspace.vat_id,
        country=workspace.country,
        iban=workspace.iban,
        email=workspace.email,
    )
    buyer = Party(
        name=client.name,
        address=_lines(client.address),
        tax_id=client.tax_id,
        vat_id=client.vat_id,
        country=client.country,
    )
    return seller, buyer


def invoice_numbered(number: str, year: str = "") -> Invoice | None:
    """The invoice by number; of several years' alike the one of `year`, else the newest."""
    found = Invoice.objects.select_related("client", "workspace", "created_by").filter(
        number=number
    )
    return _of_year(found, year)  # type: ignore[return-value]  # the rows it was given


def credit_note_numbered(number: str, year: str = "") -> CreditNote | None:
    found = CreditNote.objects.select_related(
        "invoice__client", "invoice__workspace", "workspace", "created_by"
    ).filter(number=number)
    return _of_year(found, year)  # type: ignore[return-value]  # the rows it was given


def _of_year(found: object, year: str) -> object | None:
    # Querysets of two models come here, alike in these columns.
    rows = found.order_by("-issued_on", "-pk")  # type: ignore[attr-defined]
    if year.isascii() and year.isdigit() and len(year) == 4:
        rows = rows.filter(Q(number_year=int(year)) | Q(number_year=0, issued_on__year=int(year)))
    first: object | None = rows.first()
    return first


def _party(kept: dict[str, str]) -> Party:
    return Party(
        name=kept.get("name", ""),
        address=_lines(kept.get("address", "")),
        tax_id=kept.get("tax_id", ""),
        vat_id=kept.get("vat_id", ""),
        country=kept.get("country", ""),
        iban=kept.get("iban", ""),
        email=kept.get("email", ""),
    )


def _lines(address: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in address.splitlines() if line.strip())


def _items(lines: list[LineBase]) -> tuple[Item, ...]:
    return tuple(
        Item(
            what=line.description,
            detail=line.detail,
            quantity=Decimal(line.quantity_milli) / 1000,
            unit=line.unit,
            price_minor=line.price_minor,
            discount_bp=line.discount_bp,
            vat_category=line.vat_category,
            vat_bp=line.vat_bp,
            vat_note=line.vat_note,
            net_minor=line.net_minor,
        )
        for line in lines
    )


def _only_item(invoice: Invoice) -> tuple[Item, ...]:
    """An invoice of another program comes without lines: what it is for, and its sum."""
    what = invoice.description or invoice.number or ""
    return (Item(what, invoice.net_minor, quantity=None, vat_bp=None),)


def _payments(invoice: Invoice) -> tuple[Booked, ...]:
    return tuple(Booked(one.paid_on, one.amount_minor) for one in invoice.payments.all())


def _credits(invoice: Invoice) -> tuple[Booked, ...]:
    return tuple(
        Booked(one.issued_on, one.total_minor, one.number) for one in invoice.credit_notes.all()
    )


def _mark(
    workspace_id: int, subject: str, kind: str, *, after: int = 0
) -> tuple[Mark | None, datetime | None]:
    """The entry that tells of the issue, `after` earlier ones; none for an imported invoice."""
    entries = Entry.objects.filter(workspace_id=workspace_id, subject=subject, kind=kind)
    entry = next(iter(entries.order_by("seq")[after : after + 1]), None)
    if entry is None:
        return None, None
    return Mark(entry.seq, entry.hash), entry.recorded_at


def _time_of(workspace: Workspace, day: date, at: datetime | None) -> time | None:
    """The local time of issue, if it was issued on the day that it bears."""
    local = at.astimezone(ZoneInfo(workspace.time_zone)) if at else None
    return local.time() if local and local.date() == day else None


def _operator(seller: Party, user: User | None) -> str:
    """Croatian invoices name who wrote them, by initials."""
    if seller.country != "HR" or user is None:
        return ""
    return "".join(part[0] for part in user.name.split() if part)[:4].upper()
