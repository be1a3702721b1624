"""Invoices, payments and how far each invoice has climbed its ladder.

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
from clients.models import Client


class Counter(TenantModel):
    """The last number given in a series and year; its row is locked while one is given."""

    series = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("workspace", "series", "year"), name="counter_once"),
        )

    def __str__(self) -> str:
        return f"{self.series} {self.year}: {self.last}"


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def issued(self) -> "InvoiceQuerySet":
        return self.filter(state=Invoice.State.ISSUED)

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

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="invoices")
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    number = models.CharField(max_length=60, null=True, blank=True)  # noqa: DJ001 -- drafts have no number, and NULLs do not collide
    issued_on = models.DateField(_("invoice date"), null=True, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    description = models.CharField(
        _("what it is for"), max_length=200, blank=True, validators=[validate_one_line]
    )
    net_minor = models.BigIntegerField(default=0)
    vat_minor = models.BigIntegerField(default=0)
    total_minor = models.BigIntegerField(default=0)
    paid_minor = models.BigIntegerField(default=0)
    settled_on = models.DateField(null=True, blank=True)
    # Seller and buyer as they were on the day of issue: canonical JSON.
    parties = models.TextField(blank=True)
    imported = models.BooleanField(default=False)
    ladder_started_on = models.DateField(null=True, blank=True)
    # NULL: nothing will be climbed by itself (paid, waiting for the owner, or a letter in flight).
    next_step_on = models.DateField(null=True, blank=True)
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
            models.UniqueConstraint(fields=("workspace", "number"), name="invoice_number_once"),
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
                condition=Q(paid_minor__gte=0) & Q(paid_minor__lte=F("total_minor")),
                name="paid_within_total",
            ),
            models.CheckConstraint(
                condition=Q(total_minor=F("net_minor") + F("vat_minor")),
                name="total_adds_up",
            ),
        )
        indexes = (
            models.Index(
                fields=("next_step_on",),
                condition=Q(next_step_on__isnull=False),
                name="invoice_next_step",
            ),
            models.Index(
                fields=("workspace", "due_on"),
                condition=Q(state="issued", settled_on=None),
                name="invoice_unpaid_by_due",
            ),
            models.Index(fields=("workspace", "-issued_on", "-id"), name="invoice_by_day"),
            models.Index(fields=("workspace", "client", "due_on"), name="invoice_by_client"),
        )

    def __str__(self) -> str:
        return self.number or f"draft {self.pk}"

    @property
    def balance_minor(self) -> int:
        return self.total_minor - self.paid_minor

    def days_late(self, *, on: date) -> int:
        """Calendar days past due on the day `on`, or until settled; 0 when in time."""
        if self.due_on is None or self.state != self.State.ISSUED:
            return 0
        return max(0, ((self.settled_on or on) - self.due_on).days)


class Line(TenantModel):
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    description = models.CharField(_("what"), max_length=300, validators=[validate_one_line])
    quantity_milli = models.BigIntegerField(_("quantity"), default=1000)
    unit = models.CharField(_("unit"), max_length=20, blank=True, validators=[validate_one_line])
    price_minor = models.BigIntegerField(_("price"))
    vat_bp = models.PositiveIntegerField(_("VAT"), default=0)
    net_minor = models.BigIntegerField()

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("invoice", "position"), name="line_position_once"),
        )

    def __str__(self) -> str:
        return self.description


class Payment(TenantModel):
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="payments")
    paid_on = models.DateField(_("paid on"))
    amount_minor = models.BigIntegerField(_("amount"))
    reference = models.CharField(
        _("reference"), max_length=120, blank=True, validators=[validate_one_line]
    )
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    once_key = models.CharField(max_length=200, null=True, blank=True, editable=False)  # noqa: DJ001 -- NULL keeps rows without a key out of the constraint

    class Meta:
        ordering = ("paid_on", "pk")
        constraints = (
            models.UniqueConstraint(fields=("workspace", "once_key"), name="payment_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payment_is_positive"),
        )
        indexes = (models.Index(fields=("workspace", "-paid_on"), name="payment_by_day"),)

    def __str__(self) -> str:
        return f"{self.amount_minor} on {self.paid_on}"


class Step(TenantModel):
    """A rung that one invoice has come to, and what became of it."""

    class State(models.TextChoices):
        REVIEW = "review", _("Needs your review")
        QUEUED = "queued", _("Waits in the outbox")
        SENT = "sent", _("Sent")
        DONE = "done", _("Done")
        SKIPPED = "skipped", _("Skipped")
        SUPPRESSED = "suppressed", _("Not needed")
        STUCK = "stuck", _("Not sent")

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="steps")
    rung = models.CharField(max_length=40)
    effect = models.CharField(max_length=8)
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices)
    # The day that counts for the distance to the next rung: sent, done or skipped on.
    climbed_on = models.DateField(null=True, blank=True)
    attempt = models.PositiveSmallIntegerField(default=1)
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("due_on", "pk")
        constraints = (
            models.UniqueConstraint(fields=("invoice", "rung"), name="rung_climbed_once"),
        )
        indexes = (
            models.Index(
                fields=("workspace", "due_on"),
                condition=Q(state__in=("review", "stuck")),
                name="steps_for_the_owner",
            ),
        )

    def __str__(self) -> str:
        return f"{self.invoice_id}/{self.rung}"


class InvoiceLink(TenantModel):
    """A public address of one invoice. Only the hash of its token is kept."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="links")
    nonce = models.CharField(max_length=32)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"link to {self.invoice_id}"


class LadderSetting(TenantModel):
    """The rungs of a workspace, as text: reminder:3,stop_work:10:review,…"""

    class Purpose(models.TextChoices):
        MONEY = "money", _("Money")

    purpose = models.CharField(max_length=8, choices=Purpose.choices, default=Purpose.MONEY)
    rungs = models.CharField(max_length=400)
    calendar = models.CharField(max_length=8, default="client")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("workspace", "purpose"), name="one_ladder_per_purpose"),
        )

    def __str__(self) -> str:
        return self.rungs
