"""Clients, what was agreed with them, and the log of what happened."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clientdesk.workspaces.models import (
    CLIENT_LANGUAGES,
    TenantModel,
    validate_one_line,
)
from clientdesk.workspaces.scoping import WorkspaceManager


class ClientQuerySet(models.QuerySet["Client"]):
    def active(self) -> "ClientQuerySet":
        return self.filter(archived_at=None)

    def with_primary_contact(self) -> "ClientQuerySet":
        return self.prefetch_related("contacts")


ClientManager = WorkspaceManager.from_queryset(ClientQuerySet)


class Client(TenantModel):
    slug = models.SlugField(max_length=60)
    reference = models.CharField(
        _("reference"),
        max_length=60,
        validators=[validate_one_line],
        help_text=_("How your books call this client."),
    )
    name = models.CharField(_("name"), max_length=160, validators=[validate_one_line])
    country = models.CharField(_("country"), max_length=3, blank=True)
    language = models.CharField(
        _("language of letters"), max_length=2, choices=CLIENT_LANGUAGES, default="en"
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    address = models.TextField(_("address for invoices"), max_length=500, blank=True)
    tax_id = models.CharField(
        _("tax number"), max_length=40, blank=True, validators=[validate_one_line]
    )
    vat_id = models.CharField(
        _("VAT number"), max_length=40, blank=True, validators=[validate_one_line]
    )
    note = models.TextField(_("note for yourself"), blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    # The types' plugin says Self of the right side, which is Client here.
    objects: ClassVar[ClientManager["Client"]] = ClientManager()  # type: ignore[assignment]

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("workspace", "slug"), name="client_slug_once"),
            models.UniqueConstraint(
                fields=("workspace", "reference"),
                name="client_reference_once",
                violation_error_message=_("Another client has this reference already."),
            ),
        )
        indexes = (models.Index(fields=("workspace", "name"), name="client_by_name"),)

    def __str__(self) -> str:
        return self.name


class Contact(TenantModel):
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(_("name"), max_length=120, blank=True, validators=[validate_one_line])
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True, validators=[validate_one_line])
    role = models.CharField(
        _("what they do"), max_length=120, blank=True, validators=[validate_one_line]
    )
    is_primary = models.BooleanField(_("letters go here"), default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("client",),
                condition=Q(is_primary=True),
                name="one_primary_contact",
            ),
        )

    def __str__(self) -> str:
        return self.name or self.email


class Agreement(TenantModel):
    """The terms in force from a date; an invoice goes by those valid on its day of issue."""

    class Payment(models.TextChoices):
        DAYS_AFTER = "days_after", _("a number of days after the invoice")
        DAY_OF_MONTH = "day_of_month", _("a fixed day of the month")

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="agreements")
    valid_from = models.DateField(_("valid from"))
    payment = models.CharField(
        _("payment is due"),
        max_length=12,
        choices=Payment.choices,
        default=Payment.DAYS_AFTER,
    )
    payment_days = models.PositiveSmallIntegerField(_("days after the invoice"), default=14)
    payment_day = models.PositiveSmallIntegerField(_("day of the month"), null=True, blank=True)
    answer_days = models.PositiveSmallIntegerField(_("answers within, working days"), default=3)
    rounds = models.PositiveSmallIntegerField(_("rounds of changes included"), default=2)
    hourly_rate_minor = models.PositiveBigIntegerField(_("hourly rate"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    late_terms = models.TextField(_("what was agreed about late payment"), blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-valid_from",)
        constraints = (
            models.UniqueConstraint(
                fields=("client", "valid_from"),
                name="one_agreement_per_client_and_day",
                violation_error_message=_("An agreement from this day exists already."),
            ),
            models.CheckConstraint(
                condition=Q(payment_day=None) | Q(payment_day__range=(1, 31)),
                name="payment_day_is_a_day_of_month",
            ),
            models.CheckConstraint(
                condition=~Q(payment="day_of_month") | Q(payment_day__isnull=False),
                name="fixed_day_names_its_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.client_id} from {self.valid_from}"


class Project(TenantModel):
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="projects")
    name = models.CharField(_("name"), max_length=160, validators=[validate_one_line])
    description = models.TextField(_("what is delivered"), blank=True)
    started_on = models.DateField(_("started on"))
    delivery_on = models.DateField(_("agreed delivery"), null=True, blank=True)
    forecast_on = models.DateField(_("expected delivery"), null=True, blank=True)
    delivered_on = models.DateField(_("delivered on"), null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("delivery_on", "name")
        constraints = (
            models.CheckConstraint(
                condition=Q(delivery_on=None) | Q(delivery_on__gte=F("started_on")),
                name="delivery_after_start",
                violation_error_message=_("The delivery cannot lie before the start."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class ManagedAccount(TenantModel):
    """A channel handled for the client. Passwords are never kept here."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="accounts")
    platform = models.CharField(_("platform"), max_length=60, validators=[validate_one_line])
    handle = models.CharField(_("handle"), max_length=120, validators=[validate_one_line])
    access_needed = models.CharField(
        _("access needed"), max_length=120, validators=[validate_one_line]
    )
    needed_on = models.DateField(_("needed since"), null=True, blank=True)
    blocks = models.CharField(
        _("what cannot be done without it"),
        max_length=200,
        blank=True,
        validators=[validate_one_line],
    )
    access_given = models.CharField(
        _("access given"), max_length=120, blank=True, validators=[validate_one_line]
    )
    given_on = models.DateField(_("given on"), null=True, blank=True)
    handed_over_on = models.DateField(_("handed over on"), null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("platform", "handle")
        constraints = (
            models.UniqueConstraint(
                fields=("client", "platform", "handle"),
                name="managed_account_once",
                violation_error_message=_("This account is in the register already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.platform} {self.handle}"

    @property
    def is_withheld(self) -> bool:
        """Needed, and not given, or not in full."""
        return self.needed_on is not None and self.given_on is None


class InteractionQuerySet(models.QuerySet["Interaction"]):
    def follow_ups(self, *, until: date) -> "InteractionQuerySet":
        """Promises to oneself that are due by `until` and not done, earliest first."""
        return self.filter(follow_up_on__lte=until, follow_up_done_at=None).order_by(
            "follow_up_on", "pk"
        )


InteractionManager = WorkspaceManager.from_queryset(InteractionQuerySet)


class Interaction(TenantModel):
    """An entry in the log."""

    class Kind(models.TextChoices):
        CALL = "call", _("Call")
        EMAIL = "email", _("E-mail")
        MEETING = "meeting", _("Meeting")
        CHAT = "chat", _("Chat")
        NOTE = "note", _("Note")
        PROBLEM = "problem", _("Problem")
        WORK = "work", _("Work")

    class Spent(models.TextChoices):
        CHASING = "chasing", _("Chasing")
        REVISION = "revision", _("Revision")

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="interactions")
    project = models.ForeignKey(
        Project,
        on_delete=models.PROTECT,
        related_name="interactions",
        null=True,
        blank=True,
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.NOTE)
    happened_at = models.DateTimeField(_("happened at"))
    minutes = models.PositiveIntegerField(_("minutes"), null=True, blank=True)
    summary = models.CharField(_("what happened"), max_length=300, validators=[validate_one_line])
    body = models.TextField(_("details"), blank=True)
    tags = models.CharField(
        _("tags"), max_length=200, blank=True, help_text=_("Words, parted by spaces.")
    )
    # What the minutes went into, where it was no plain work; read from the tags.
    spent_on = models.CharField(max_length=10, choices=Spent.choices, blank=True)
    # Work logged while a stop runs says why it was done all the same.
    despite_stop = models.CharField(
        _("why you work although work is stopped"),
        max_length=200,
        blank=True,
        validators=[validate_one_line],
    )
    follow_up_on = models.DateField(_("follow up on"), null=True, blank=True)
    follow_up_done_at = models.DateTimeField(null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    recorded_at = models.DateTimeField()
    edits = models.PositiveIntegerField(default=0)
    # One row for a form sent twice, or a file read twice.
    once_key = models.CharField(max_length=80, null=True, blank=True, editable=False)  # noqa: DJ001 -- NULL keeps rows without a key out of the constraint

    # The types' plugin says Self of the right side, which is Interaction here.
    objects: ClassVar[InteractionManager["Interaction"]] = InteractionManager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-happened_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("workspace", "once_key"), name="interaction_once"),
        )
        indexes = (
            models.Index(fields=("workspace", "client", "-happened_at"), name="log_by_client"),
            models.Index(
                fields=("workspace", "follow_up_on"),
                condition=Q(follow_up_done_at=None, follow_up_on__isnull=False),
                name="open_follow_ups",
            ),
        )

    def __str__(self) -> str:
        return self.summary

    @property
    def tag_list(self) -> list[str]:
        return self.tags.split()


class Attachment(TenantModel):
    interaction = models.ForeignKey(
        Interaction, on_delete=models.PROTECT, related_name="attachments"
    )
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.document_id} at {self.interaction_id}"


class Result(TenantModel):
    """Something achieved: a figure before the work and after it."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="results")
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="results", null=True, blank=True
    )
    metric = models.CharField(
        _("what was measured"), max_length=120, validators=[validate_one_line]
    )
    unit = models.CharField(_("unit"), max_length=30, blank=True, validators=[validate_one_line])
    before = models.DecimalField(_("before"), max_digits=14, decimal_places=2)
    after = models.DecimalField(_("after"), max_digits=14, decimal_places=2)
    measured_on = models.DateField(_("measured on"))
    note = models.TextField(_("note"), blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("measured_on", "pk")

    def __str__(self) -> str:
        return self.metric


class StopQuerySet(models.QuerySet["Stop"]):
    def running(self) -> "StopQuerySet":
        return self.filter(ended_on=None)

    def resting(self, *, on: date, project_id: int | None) -> "StopQuerySet":
        """Stops of the day `on`, of all work or of this project; on its last day work goes on."""
        return self.filter(
            Q(ended_on=None) | Q(ended_on__gt=on),
            Q(project=None) | Q(project=project_id),
            begun_on__lte=on,
        )


StopManager = WorkspaceManager.from_queryset(StopQuerySet)


class Stop(TenantModel):
    """An interval in which work for a client rests: a beginning, a reason and an end."""

    class Reason(models.TextChoices):
        UNPAID = "unpaid", _("an invoice is not paid")
        UNANSWERED = "unanswered", _("an answer is missing")
        OTHER = "other", _("another reason")

    CLIENTS_REASONS = frozenset({Reason.UNPAID, Reason.UNANSWERED})
    """Those that lie with the client: such days are theirs on the clock."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="stops")
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="stops", null=True, blank=True
    )
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    cause = models.CharField(
        _("because of"),
        max_length=200,
        blank=True,
        help_text=_("An invoice number or a request."),
    )
    begun_on = models.DateField(_("since"))
    ended_on = models.DateField(_("until"), null=True, blank=True)
    end_reason = models.CharField(max_length=200, blank=True)
    # The owner is asked whether to resume: it was paid in full, or in part.
    ask_resume = models.CharField(
        max_length=4, blank=True, choices=[("full", _("paid in full")), ("part", _("paid in part"))]
    )
    created_at = models.DateTimeField()

    # The types' plugin says Self of the right side, which is Stop here.
    objects: ClassVar[StopManager["Stop"]] = StopManager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-begun_on", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("client",),
                condition=Q(ended_on=None, project=None),
                name="one_running_stop_per_client",
            ),
            models.UniqueConstraint(
                fields=("project",),
                condition=Q(ended_on=None),
                name="one_running_stop_per_project",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("begun_on")),
                name="stop_ends_after_begin",
            ),
        )

    def __str__(self) -> str:
        return f"{self.client_id} since {self.begun_on}"


class Dismissal(TenantModel):
    """The owner looked at a finding and set it aside, with a reason.

    `facts` names what it rested on: with other facts it is a new finding.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="dismissals")
    finding = models.CharField(max_length=40)
    facts = models.TextField(max_length=2_000)
    reason = models.CharField(_("reason"), max_length=300, validators=[validate_one_line])
    dismissed_on = models.DateField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("client", "finding"),
                condition=Q(withdrawn_at=None),
                name="one_dismissal_per_finding",
            ),
        )

    def __str__(self) -> str:
        return f"{self.finding} of {self.client_id}"
