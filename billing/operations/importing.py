"""Invoices from a file. An import never mails: none of them is on a ladder until it is started."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from billing.models import Invoice, Line, VatCategory
from billing.operations.issuing import parties_of
from billing.operations.numbering import reserve_imported
from clientdesk.cells import Cells
from clientdesk.importing import Report
from clientdesk.money import from_minor, half_up
from clientdesk.record import operations as record
from clientdesk.record.operations import NewEntry
from clientdesk.tabular import Row, Table
from clientdesk.workspaces.models import User, Workspace
from clients.models import Client


class InvoiceImporter:
    kind = "invoices"
    required: tuple[str, ...] = (
        "number", "client_reference", "issued_on", "due_on", "currency", "total"
    )  # fmt: skip
    optional: tuple[str, ...] = ("net", "vat", "description")
    amounts: tuple[str, ...] = ("total", "net", "vat")

    def __init__(
        self, *, workspace: Workspace, now: datetime, actor: str, by: User | None = None
    ) -> None:
        self.workspace, self.now, self.actor, self.by = workspace, now, actor, by
        self.first_lines: dict[str, int] = {}

    def take(self, rows: Sequence[Row], table: Table, report: Report) -> None:
        references = {row["client_reference"] for row in rows}
        clients = {
            client.reference: client for client in Client.objects.filter(reference__in=references)
        }
        numbers = [row["number"] for row in rows]
        stored = {
            invoice.number: invoice
            for invoice in Invoice.objects.filter(number__in=numbers)
            .select_related("client")
            .order_by("-number_year")
        }
        new: list[Invoice] = []
        for row in rows:
            cells = Cells(row, table, report)
            invoice = self._read(cells, clients)
            first = self.first_lines.setdefault(row["number"], row.line)
            if row["number"] and first != row.line:
                cells.twice("number", first)
            elif cells.good and (existing := stored.get(row["number"])):
                _compare(cells, invoice, existing)
                report.unchanged += cells.good
            elif cells.good:
                new.append(invoice)
        self._write(new)
        report.new += len(new)

    def finish(self, report: Report) -> None:
        report.waiting = waiting_overdue(workspace=self.workspace, now=self.now)

    def _read(self, cells: Cells, clients: dict[str, Client]) -> Invoice:
        reference = cells.text("client_reference", limit=60, required=True)
        client = clients.get(reference)
        if reference and client is None:
            cells.refuse("client_reference", _("the reference of a client; bring in clients first"))
        issued_on, due_on = cells.day("issued_on"), cells.day("due_on")
        if cells.good and due_on < issued_on:
            cells.refuse("due_on", _("a day on or after the invoice date, %s") % issued_on)
        currency = cells.currency("currency")
        total = cells.amount("total", currency)
        net, vat = _parts(cells, currency, total)
        return Invoice(
            workspace=self.workspace,
            client=client,
            state=Invoice.State.ISSUED,
            number=cells.text("number", limit=60, required=True),
            issued_on=issued_on,
            due_on=due_on,
            currency=currency,
            description=cells.text("description", limit=200),
            net_minor=net,
            vat_minor=vat,
            total_minor=total,
            parties=parties_of(self.workspace, client) if client else "",
            imported=True,
            created_at=self.now,
            created_by=self.by,
        )

    def _write(self, new: Sequence[Invoice]) -> None:
        invoices = Invoice.objects.bulk_create(new)
        Line.objects.bulk_create(
            Line(
                workspace=self.workspace,
                invoice=invoice,
                position=1,
                description=invoice.description or str(invoice.number),
                price_minor=invoice.net_minor,
                net_minor=invoice.net_minor,
                vat_bp=(bp := rate_of(net_minor=invoice.net_minor, vat_minor=invoice.vat_minor)),
                vat_category=VatCategory.STANDARD if bp else VatCategory.OUTSIDE,
            )
            for invoice in invoices
        )
        reserve_imported(
            workspace_id=self.workspace.pk,
            issued=[(str(i.number), i.issued_on) for i in invoices if i.issued_on],
        )
        record.append_many(
            workspace_id=self.workspace.pk,
            entries=[self._entry(invoice) for invoice in invoices],
            now=self.now,
        )

    def _entry(self, invoice: Invoice) -> NewEntry:
        amounts = {
            name: str(from_minor(getattr(invoice, f"{name}_minor"), invoice.currency))
            for name in ("net", "vat", "total")
        }
        return NewEntry(
            kind="invoice.imported",
            content={
                "number": invoice.number,
                "issued_on": str(invoice.issued_on),
                "due_on": str(invoice.due_on),
                "currency": invoice.currency,
                **amounts,
                "description": invoice.description,
            },
            actor=self.actor,
            client_ref=invoice.client_id,
            subject=f"invoice:{invoice.pk}",
        )


def rate_of(*, net_minor: int, vat_minor: int) -> int:
    """The VAT rate in hundredths of a per cent: the roundest that gives this VAT of this net."""
    if not net_minor or not vat_minor:
        return 0
    exact = Decimal(vat_minor * 10_000) / net_minor
    for step in (100, 50, 10):
        rate = half_up(exact / step) * step
        if half_up(Decimal(net_minor * rate) / 10_000) == vat_minor:
            return rate
    return half_up(exact)


def _parts(cells: Cells, currency: str, total: int) -> tuple[int, int]:
    """Net and VAT; what is not given is the rest, and without either all is net."""
    net = cells.amount("net", currency, least=0) if cells.row["net"] else None
    vat = cells.amount("vat", currency, least=0) if cells.row["vat"] else None
    if net is None:
        net = total - (vat or 0)
    if vat is None:
        vat = total - net
    if cells.good and (net + vat != total or net < 0 or vat < 0):
        both = f"{from_minor(net, currency)} + {from_minor(vat, currency)}"
        cells.refuse("total", _("net and vat together; they are %s") % both)
    return net, vat


def _compare(cells: Cells, here: Invoice, stored: Invoice) -> None:
    """An empty cell says nothing."""
    if here.client_id != stored.client_id:
        cells.differs("client_reference", here.client.reference, stored.client.reference)
    for column in ("issued_on", "due_on", "currency", "description"):
        value, there = getattr(here, column), getattr(stored, column)
        if cells.row[column] and value != there:
            cells.differs(column, str(value), str(there or ""))
    for column in ("total", "net", "vat"):
        value, there = (getattr(row, f"{column}_minor") for row in (here, stored))
        if cells.row[column] and value != there:
            there_text = str(from_minor(there, stored.currency))
            cells.differs(column, cells.row[column], there_text)


def waiting_overdue(*, workspace: Workspace, now: datetime) -> int:
    """Imported invoices that are late today and whose ladder their owner has not started."""
    today = workspace.local_today(now)
    return Invoice.objects.waiting_to_start().filter(due_on__lt=today).count()
