"""Payments from a file: they settle invoices, end ladders and lift stops, as one by one."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from billing.models import Invoice, Payment
from billing.operations.importing import waiting_overdue
from billing.operations.settling import part_came_in, settle
from clientdesk import importing
from clientdesk.cells import Cells
from clientdesk.importing import Report
from clientdesk.money import from_minor
from clientdesk.record import operations as record
from clientdesk.record.operations import NewEntry
from clientdesk.tabular import Row, Table
from clientdesk.workspaces.models import User, Workspace


class PaymentImporter:
    """A row written twice in the file is two payments; the file read twice is none more."""

    kind = "payments"
    required: tuple[str, ...] = ("invoice_number", "paid_on", "amount")
    optional: tuple[str, ...] = ("reference",)
    amounts: tuple[str, ...] = ("amount",)

    def __init__(
        self, *, workspace: Workspace, now: datetime, actor: str, by: User | None = None
    ) -> None:
        self.workspace, self.now, self.actor, self.by = workspace, now, actor, by
        self.seen: Counter[bytes] = Counter()
        self.twice: set[str | None] = set()

    def take(self, rows: Sequence[Row], table: Table, report: Report) -> None:
        numbers = {row["invoice_number"] for row in rows}
        # Locked like record_payment does: a payment made meanwhile is seen or waits.
        invoices = {
            invoice.number: invoice
            for invoice in Invoice.objects.select_for_update(no_key=True)
            .filter(number__in=numbers)
            .order_by("pk")
        }
        self.twice = {
            number
            for number, count in Counter(
                Invoice.objects.filter(number__in=numbers)
                .order_by()
                .values_list("number", flat=True)
            ).items()
            if count > 1
        }
        good: dict[str, tuple[Cells, Payment]] = {}
        for row in rows:
            cells = Cells(row, table, report)
            payment = self._read(cells, invoices.get(row["invoice_number"]))
            if payment and cells.good:
                payment.once_key = importing.nth_key(
                    self.seen,
                    row["invoice_number"],
                    payment.paid_on.isoformat(),
                    str(payment.amount_minor),
                    payment.reference,
                )
                good[payment.once_key] = cells, payment
        known = set(Payment.objects.filter(once_key__in=good).values_list("once_key", flat=True))
        new: list[tuple[Payment, int]] = []
        for key, (cells, payment) in good.items():
            if key not in known and _fits(cells, payment):
                payment.invoice.paid_minor += payment.amount_minor
                new.append((payment, payment.invoice.balance_minor))
        self._write(new)
        report.new += len(new)
        report.unchanged += len(known)

    def finish(self, report: Report) -> None:
        report.waiting = waiting_overdue(workspace=self.workspace, now=self.now)

    def _read(self, cells: Cells, invoice: Invoice | None) -> Payment | None:
        number = cells.text("invoice_number", limit=60, required=True)
        if number and invoice is None:
            cells.refuse("invoice_number", _("the number of an invoice; bring in invoices first"))
        elif number in self.twice:
            cells.refuse("invoice_number", _("a number that only one invoice has"))
        elif invoice and invoice.state != Invoice.State.ISSUED:
            cells.refuse("invoice_number", _("an invoice that is not void"))
        paid_on = cells.day("paid_on")
        reference = cells.text("reference", limit=120)
        if invoice is None:
            return None
        return Payment(
            workspace=self.workspace,
            invoice=invoice,
            paid_on=paid_on,
            amount_minor=cells.amount("amount", invoice.currency),
            reference=reference,
            recorded_at=self.now,
            recorded_by=self.by,
        )

    def _write(self, new: Sequence[tuple[Payment, int]]) -> None:
        if not new:
            return
        Payment.objects.bulk_create([payment for payment, _open in new])
        touched = {payment.invoice_id: payment.invoice for payment, _open in new}
        settled = [invoice for invoice in touched.values() if not invoice.balance_minor]
        # Nothing is overpaid, so the last day is the one on which the sum by date is reached.
        last_days = dict(
            Payment.objects.filter(invoice__in=settled)
            .order_by()
            .values_list("invoice_id")
            .annotate(last=Max("paid_on"))
        )
        for invoice in settled:
            invoice.settled_on = last_days[invoice.pk]
        Invoice.objects.bulk_update(touched.values(), ["paid_minor", "settled_on"], batch_size=500)
        record.append_many(
            workspace_id=self.workspace.pk,
            entries=[self._entry(payment, open_minor) for payment, open_minor in new],
            now=self.now,
        )
        # A file tells what happened; it writes to nobody.
        settle(invoices=settled, now=self.now, actor=self.actor, letters=False)
        for invoice in touched.values():
            if invoice.balance_minor:
                on = max(p.paid_on for p, _open in new if p.invoice_id == invoice.pk)
                part_came_in(invoices=[invoice], on=on, now=self.now, actor=self.actor)

    def _entry(self, payment: Payment, open_minor: int) -> NewEntry:
        invoice = payment.invoice
        return NewEntry(
            kind="payment.recorded",
            content={
                "number": invoice.number,
                "paid_on": payment.paid_on.isoformat(),
                "amount": str(from_minor(payment.amount_minor, invoice.currency)),
                "open": str(from_minor(open_minor, invoice.currency)),
                "currency": invoice.currency,
                "reference": payment.reference,
            },
            actor=self.actor,
            client_ref=invoice.client_id,
            subject=f"invoice:{invoice.pk}",
        )


def _fits(cells: Cells, payment: Payment) -> bool:
    """What was paid with the rows before is taken off what is open."""
    invoice = payment.invoice
    if payment.amount_minor <= invoice.balance_minor:
        return True
    cells.refuse(
        "amount",
        _("at most what is open: open: %(open)s, paid: %(paid)s")
        % {
            "open": from_minor(invoice.balance_minor, invoice.currency),
            "paid": from_minor(payment.amount_minor, invoice.currency),
        },
    )
    return False
