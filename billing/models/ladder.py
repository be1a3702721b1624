"""How far an invoice has climbed, by which ladder, and what holds it."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.models.invoices import Invoice
from billing.models.payments import Instalment
from clientdesk.workspaces.models import TenantModel, validate_one_line
from clientdesk.workspaces.scoping import WorkspaceManager
from clients.models import Client


class Step(TenantModel):
    """A rung that one invoice, or one instalment of it, has come to, and what became of it."""

    class State(models.TextChoices):
        REVIEW = "review", _("Needs your review")
        QUEUED = "queued", _("Waits in the outbox")
        SENT = "sent", _("Sent")
        DONE = "done", _("Done")
        SKIPPED = "skipped", _("Skipped")
        SUPPRESSED = "suppressed", _("Not needed")
        STUCK = "stuck", _("Not sent")

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="steps")
    # Set where one part of a payment plan climbs, not the whole invoice.
    instalment = models.ForeignKey(
        Instalment, on_delete=models.PROTECT, related_name="steps", null=True, blank=True
    )
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
            models.UniqueConstraint(
                fields=("invoice", "rung"),
                condition=Q(instalment=None),
                name="rung_climbed_once",
            ),
            models.UniqueConstraint(
                fields=("instalment", "rung"), name="rung_of_instalment_climbed_once"
            ),
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


class HoldQuerySet(models.QuerySet["Hold"]):
    def running(self, *, on: date) -> "HoldQuerySet":
        """Those that hold on the day `on`, or will."""
        return self.filter(Q(until=None) | Q(until__gte=on))


HoldManager = WorkspaceManager.from_queryset(HoldQuerySet)


class Hold(TenantModel):
    """The climb rests from `first` to `until`, both included; without `until` till it is lifted.

    Of one invoice, or of all the client's where `invoice` is empty. Lifting sets `until` to the day
    before; a hold lifted on its first day has `until` before `first` and holds nothing.
    """

    class Kind(models.TextChoices):
        DISPUTE = "dispute", _("The client disputes it")
        PROMISE = "promise", _("The client promised to pay")
        PAUSE = "pause", _("A pause of your own")

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="holds")
    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, related_name="holds", null=True, blank=True
    )
    kind = models.CharField(_("why"), max_length=8, choices=Kind.choices)
    first = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, validators=[validate_one_line])
    created_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lift_reason = models.CharField(max_length=300, blank=True, validators=[validate_one_line])

    # The types' plugin says Self of the right side, which is Hold here.
    objects: ClassVar[HoldManager["Hold"]] = HoldManager()  # type: ignore[assignment]

    class Meta:
        ordering = ("first", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(kind="promise") | Q(until__isnull=False),
                name="promise_names_its_day",
                violation_error_message=_("A promise names the day by which it will be kept."),
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("first")) | Q(lifted_at__isnull=False),
                name="hold_ends_after_begin",
                violation_error_message=_("A hold cannot end before it begins."),
            ),
        )
        indexes = (models.Index(fields=("workspace", "client"), name="holds_of_a_client"),)

    def __str__(self) -> str:
        return f"{self.kind} from {self.first}"


class LadderSetting(TenantModel):
    """Rungs as text: reminder:3,stop_work:10:review,… An invoice's own go before its client's,
    and those before the workspace's."""

    class Purpose(models.TextChoices):
        MONEY = "money", _("Money")

    purpose = models.CharField(max_length=8, choices=Purpose.choices, default=Purpose.MONEY)
    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, related_name="ladders", null=True, blank=True
    )
    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, related_name="ladders", null=True, blank=True
    )
    rungs = models.CharField(max_length=400)
    calendar = models.CharField(max_length=8, default="client")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "purpose"),
                condition=Q(client=None, invoice=None),
                name="one_ladder_per_purpose",
            ),
            models.UniqueConstraint(
                fields=("client", "purpose"),
                condition=Q(client__isnull=False),
                name="one_ladder_per_client",
            ),
            models.UniqueConstraint(
                fields=("invoice", "purpose"),
                condition=Q(invoice__isnull=False),
                name="one_ladder_per_invoice",
            ),
            models.CheckConstraint(
                condition=Q(client=None) | Q(invoice=None), name="ladder_of_one_thing"
            ),
        )

    def __str__(self) -> str:
        return self.rungs
