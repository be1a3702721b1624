"""Invoices and their lines.

Amounts are integers in the minor unit of the row's currency; `quantity_milli` is thousandths of
a unit and `vat_bp` hundredths of a per cent, because SQLite would keep decimals as floats.
"""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clientdesk.workspaces.models import TenantModel, validate_one_line
from clientdesk.workspaces.scoping import WorkspaceManager
from clients.models import Client, Project

# What is left to pay, minor units, as the database computes it.
OPEN_MINOR = F("total_minor") - F("paid_minor") - F("credited_minor")


# What neither a ladder nor its letters ask for; a row read without it still has it when asked.
_UNASKED = (
    "number_year", "series", "description", "delivered_from", "delivered_until", "buyer_reference",
    "note", "net_minor", "vat_minor", "parties", "closed_on", "close_reason", "document",
    "sent_on", "created_at", "created_by", "once_key",
    "client__slug", "client__reference", "client__currency", "client__address", "client__tax_id",
    "client__vat_id", "client__note", "client__archived_at", "client__created_at",
)  # fmt: skip


def unasked_by_ladders(prefix: str = "") -> tuple[str, ...]:
    """For `defer` of invoices with their clients, where many are read."""
    return tuple(prefix + name for name in _UNASKED)


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def issued(self) -> "InvoiceQuerySet":
        return self.filter(state=Invoice.State.ISSUED)

    def numbered(self, number: str, *, year: int | None = None) -> "InvoiceQuerySet":
        """Those with this number, newest first: some patterns give a number again each year."""
        found = self.filter(number=number).order_by("-issued_on", "-pk")
        return found.filter(issued_on__year=year) if year else found

    def unpaid(self) -> "InvoiceQuerySet":
        """Issued and not paid in full."""
        return self.issued().filter(settled_on=None)

    def overdue(self, *, on: date) -> "InvoiceQuerySet":
        """Unpaid after the due day, seen on the day `on`."""
        return self.unpaid().filter(due_on__lt=on)

    def due_a_step(self, *, on: date) -> "InvoiceQuerySet":
        """Those whose next step has come by the day `on`; a partial index answers this."""
        return self.filter(next_step_on__lte=on)

    def waiting_to_start(self) -> "InvoiceQuerySet":
        """Imported, unpaid, and not on the ladder until the owner starts them."""
        return self.unpaid().filter(imported=True, ladder_started_on=None)


InvoiceManager = WorkspaceManager.from_queryset(InvoiceQuerySet)


class Invoice(TenantModel):
    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ISSUED = "issued", _("Issued")
        VOID = "void", _("Void")
        WRITTEN_OFF = "lost", _("Written off")

    class Stops(models.TextChoices):
        CLIENT = "client", _("all work for the client")
        PROJECT = "project", _("this project only")

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="invoices")
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    project = models.ForeignKey(
        Project,
        on_delete=models.PROTECT,
        related_name="invoices",
        null=True,
        blank=True,
        verbose_name=_("project"),
    )
    # What rests when it stays unpaid.
    stops = models.CharField(
        _("if it stays unpaid, it stops"),
        max_length=8,
        choices=Stops.choices,
        default=Stops.CLIENT,
    )
    number = models.CharField(max_length=60, null=True, blank=True)  # noqa: DJ001 -- drafts have no number, and NULLs do not collide
    # The year, where the pattern does not write it: "31/1/1" comes again each year. Else 0.
    number_year = models.PositiveSmallIntegerField(default=0)
    series = models.CharField(max_length=20, blank=True)
    issued_on = models.DateField(_("invoice date"), null=True, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    description = models.CharField(
        _("what it is for"), max_length=200, blank=True, validators=[validate_one_line]
    )
    delivered_from = models.DateField(_("delivered from"), null=True, blank=True)
    delivered_until = models.DateField(_("delivered until"), null=True, blank=True)
    buyer_reference = models.CharField(
        _("the client’s order number"), max_length=60, blank=True, validators=[validate_one_line]
    )
    note = models.TextField(_("note on the invoice"), max_length=600, blank=True)
    net_minor = models.BigIntegerField(default=0)
    vat_minor = models.BigIntegerField(default=0)
    total_minor = models.BigIntegerField(default=0)
    paid_minor = models.BigIntegerField(default=0)
    credited_minor = models.BigIntegerField(default=0)
    settled_on = models.DateField(null=True, blank=True)
    # Seller and buyer as they were on the day of issue: canonical JSON.
    parties = models.TextField(blank=True)
    imported = models.BooleanField(default=False)
    ladder_started_on = models.DateField(null=True, blank=True)
    # NULL: nothing will be climbed by itself (paid, waiting for the owner, or a letter in flight).
    next_step_on = models.DateField(null=True, blank=True)
    # Whether that step goes without its owner; it waits while the books are stale.
    next_step_automatic = models.BooleanField(default=False)
    closed_on = models.DateField(null=True, blank=True)
    close_reason = models.CharField(max_length=300, blank=True, validators=[validate_one_line])
    document = models.ForeignKey(
        "documents.Document", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    sent_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    once_key = models.CharField(max_length=80, null=True, blank=True, editable=False)  # noqa: DJ001 -- NULL keeps rows without a key out of the constraint

    # The types' plugin says Self of the right side, which is Invoice here.
    objects: ClassVar[InvoiceManager["Invoice"]] = InvoiceManager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-issued_on", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "number", "number_year"), name="invoice_number_once"
            ),
            models.UniqueConstraint(fields=("workspace", "once_key"), name="invoice_once"),
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(issued_on=None) | Q(due_on__gte=F("issued_on")),
                name="invoice_due_after_issue",
                violation_error_message=_("The due date cannot lie before the invoice date."),
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(number__isnull=False, issued_on__isnull=False),
                name="issued_invoice_has_number_and_day",
            ),
            models.CheckConstraint(
                condition=Q(paid_minor__gte=0)
                & Q(credited_minor__gte=0)
                & Q(total_minor__gte=F("paid_minor") + F("credited_minor")),
                name="paid_and_credited_within_total",
            ),
            models.CheckConstraint(
                condition=Q(total_minor=F("net_minor") + F("vat_minor")),
                name="total_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(delivered_from=None)
                | Q(delivered_until=None)
                | Q(delivered_until__gte=F("delivered_from")),
                name="delivery_ends_after_begin",
                violation_error_message=_("The delivery cannot end before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(stops="client") | Q(project__isnull=False),
                name="stop_of_a_project_names_it",
                violation_error_message=_("Choose the project whose work would stop."),
            ),
        )
        indexes = (
            models.Index(
                fields=("workspace", "next_step_on", "id"),
                condition=Q(next_step_on__isnull=False),
                name="invoice_next_step",
            ),
            models.Index(
                fields=("workspace", "due_on", "id"),
                condition=Q(state="issued", settled_on=None),
                name="invoice_unpaid_by_due",
            ),
            models.Index(
                fields=("workspace", "due_on"),
                condition=Q(state="issued", settled_on=None, imported=True, ladder_started_on=None),
                name="invoice_waiting_to_start",
            ),
            models.Index(
                fields=("workspace", "-settled_on", "-id"),
                condition=Q(settled_on__isnull=False),
                name="invoice_paid_by_day",
            ),
            models.Index(
                fields=("workspace", "-id"), condition=Q(state="draft"), name="invoice_drafts"
            ),
            models.Index(
                fields=("workspace", "-issued_on", "-id"),
                condition=Q(state="void"),
                name="invoice_void",
            ),
            models.Index(fields=("workspace", "-issued_on", "-id"), name="invoice_by_day"),
            models.Index(fields=("workspace", "client", "due_on"), name="invoice_by_client"),
        )

    def __str__(self) -> str:
        return self.number or f"draft {self.pk}"

    @property
    def balance_minor(self) -> int:
        return self.total_minor - self.paid_minor - self.credited_minor

    def days_late(self, *, on: date) -> int:
        """Calendar days past due on the day `on`, or until settled; 0 when in time."""
        if self.due_on is None or self.state != self.State.ISSUED:
            return 0
        return max(0, ((self.settled_on or on) - self.due_on).days)


class VatCategory(models.TextChoices):
    """EN 16931's codes (UNCL5305) for why a line has the VAT it has."""

    STANDARD = "S", _("with VAT")
    ZERO = "Z", _("zero rate")
    EXEMPT = "E", _("exempt, also small businesses")
    REVERSE = "AE", _("reverse charge")
    INTRA_EU = "K", _("delivery within the EU")
    EXPORT = "G", _("export")
    OUTSIDE = "O", _("not subject to VAT")


class LineBase(TenantModel):
    """One line of an invoice or credit note. `net_minor` is after the discount."""

    position = models.PositiveSmallIntegerField()
    description = models.CharField(_("what"), max_length=300, validators=[validate_one_line])
    detail = models.CharField(
        _("more about it"), max_length=300, blank=True, validators=[validate_one_line]
    )
    quantity_milli = models.BigIntegerField(_("quantity"), default=1000)
    unit = models.CharField(_("unit"), max_length=20, blank=True, validators=[validate_one_line])
    price_minor = models.BigIntegerField(_("price"))
    discount_bp = models.PositiveIntegerField(_("discount"), default=0)
    vat_category = models.CharField(
        max_length=2, choices=VatCategory.choices, default=VatCategory.STANDARD
    )
    vat_bp = models.PositiveIntegerField(_("VAT"), default=0)
    # Why there is no VAT, in the words of the law, in the client's language.
    vat_note = models.CharField(max_length=300, blank=True, validators=[validate_one_line])
    net_minor = models.BigIntegerField()

    class Meta:
        abstract = True


class Line(LineBase):
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("invoice", "position"), name="line_position_once"),
            models.CheckConstraint(
                condition=Q(vat_category="S") | Q(vat_bp=0), name="line_rate_fits_category"
            ),
            models.CheckConstraint(
                condition=Q(discount_bp__lte=10_000), name="line_discount_within_price"
            ),
        )

    def __str__(self) -> str:
        return self.description
