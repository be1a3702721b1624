"""Money that came in, what was credited, and what was agreed about the rest."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.invoices import Invoice, LineBase
from clientdesk.workspaces.models import TenantModel, validate_one_line


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


class CreditNote(TenantModel):
    """Takes back an issued invoice, in whole or in part. It is issued at once and never changes.

    Its amounts are positive: they are what the invoice is lowered by.
    """

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="credit_notes")
    number = models.CharField(max_length=60)
    number_year = models.PositiveSmallIntegerField(default=0)
    issued_on = models.DateField(_("date"))
    reason = models.CharField(_("reason"), max_length=300, validators=[validate_one_line])
    net_minor = models.BigIntegerField()
    vat_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    # Seller and buyer as on the invoice that it corrects: canonical JSON.
    parties = models.TextField(blank=True)
    document = models.ForeignKey(
        "documents.Document", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    once_key = models.CharField(max_length=80, null=True, blank=True, editable=False)  # noqa: DJ001 -- NULL keeps rows without a key out of the constraint

    class Meta:
        ordering = ("issued_on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "number", "number_year"), name="credit_note_number_once"
            ),
            models.UniqueConstraint(fields=("workspace", "once_key"), name="credit_note_once"),
            models.CheckConstraint(condition=Q(total_minor__gt=0), name="credit_is_positive"),
            models.CheckConstraint(
                condition=Q(total_minor=models.F("net_minor") + models.F("vat_minor")),
                name="credit_adds_up",
            ),
        )

    def __str__(self) -> str:
        return self.number


class CreditLine(LineBase):
    credit_note = models.ForeignKey(CreditNote, on_delete=models.PROTECT, related_name="lines")

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(
                fields=("credit_note", "position"), name="credit_line_position_once"
            ),
        )

    def __str__(self) -> str:
        return self.description


class Plan(TenantModel):
    """What was agreed about paying an invoice in instalments; the invoice's own ladder rests."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="plans")
    agreed_on = models.DateField(_("agreed on"))
    count = models.PositiveSmallIntegerField()
    note = models.CharField(_("note"), max_length=300, blank=True, validators=[validate_one_line])
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-agreed_on", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("invoice",), condition=Q(ended_on=None), name="one_plan_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"plan for {self.invoice_id}"


class Instalment(TenantModel):
    """One part of a plan, on the ladder like an invoice of its own."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="instalments")
    position = models.PositiveSmallIntegerField()
    due_on = models.DateField(_("due on"))
    amount_minor = models.BigIntegerField(_("amount"))
    # Paid and credited in all, of the invoice, when this one is settled: minor units.
    reach_minor = models.BigIntegerField()
    settled_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("plan", "position")
        constraints = (
            models.UniqueConstraint(fields=("plan", "position"), name="instalment_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="instalment_is_positive"),
        )

    def __str__(self) -> str:
        return f"{self.plan_id}/{self.position}"
