"""Ending a cooperation: why, what was overridden, what was handed over, and who confirmed it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clientdesk.workspaces.models import CLIENT_LANGUAGES, TenantModel, validate_one_line
from clients.models import Client, ManagedAccount
from feedback.models.links import PublicLink


class Ending(TenantModel):
    """One open ending per client; a called off one stays, with what had been done."""

    class Kind(models.TextChoices):
        FAILURE = "failure", _("it does not work any more")
        CONTRACT_OVER = "contract_over", _("the agreement is over")
        CLIENTS_CHOICE = "clients_choice", _("the client wants to end it")

    class Reason(models.TextChoices):
        ANSWERS = "answers", _("answer within the agreed time")
        ROUNDS = "rounds", _("approve within the agreed rounds")
        ACCESS = "access", _("give access to the accounts the work needs")
        PAY = "pay", _("pay within the agreed terms")
        OWN = "own", _("in your own words")

    class State(models.TextChoices):
        OPEN = "open", _("Under way")
        CALLED_OFF = "called_off", _("Called off")
        CLOSED = "closed", _("Ended")

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="endings")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    language = models.CharField(_("language"), max_length=2, choices=CLIENT_LANGUAGES)
    ends_on = models.DateField(_("ends on"))
    reason = models.CharField(_("reason"), max_length=8, choices=Reason.choices, blank=True)
    own_words = models.CharField(
        _("in your own words"), max_length=300, blank=True, validators=[validate_one_line]
    )
    # As the letter says them, one a line: chosen from what is recorded on that day.
    facts = models.TextField(_("facts that go with it"), blank=True)
    letter_subject = models.CharField(max_length=200, blank=True, validators=[validate_one_line])
    letter_body = models.TextField(blank=True)
    letter_sent_on = models.DateField(null=True, blank=True)
    # The head of the record at the time it was verified: "412 9f3c…".
    evidence_head = models.CharField(max_length=100, blank=True)
    evidence_on = models.DateField(null=True, blank=True)
    begun_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    why_called_off = models.CharField(max_length=300, blank=True, validators=[validate_one_line])
    # What the client wrote on the handover page.
    confirmed_by = models.CharField(max_length=160, blank=True, validators=[validate_one_line])
    confirmed_on = models.DateField(null=True, blank=True)
    confirmed_note = models.TextField(max_length=2_000, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("client",), condition=Q(state="open"), name="one_open_ending_per_client"
            ),
            models.CheckConstraint(
                condition=~Q(reason="own") | ~Q(own_words=""), name="own_reason_has_words"
            ),
        )

    def __str__(self) -> str:
        return f"ending with {self.client_id}"

    @property
    def is_open(self) -> bool:
        return self.state == Ending.State.OPEN

    @property
    def fact_lines(self) -> list[str]:
        return [line.strip() for line in self.facts.splitlines() if line.strip()]


class Override(TenantModel):
    """A task passed by, with the reason its owner typed; the dossier prints it."""

    ending = models.ForeignKey(Ending, on_delete=models.PROTECT, related_name="overrides")
    task = models.CharField(max_length=10)
    reason = models.CharField(_("reason"), max_length=300, validators=[validate_one_line])
    on = models.DateField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("created_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("ending", "task"), name="one_override_per_task"),
        )

    def __str__(self) -> str:
        return f"{self.task} of {self.ending_id}"


class HandoverTick(TenantModel):
    """One thing a client needs to take an account over, given or not needed. Never a password."""

    class Thing(models.TextChoices):
        ROLE = "role", _("Owner role given")
        RECOVERY = "recovery", _("Recovery address and phone are theirs")
        TWO_FACTOR = "two_factor", _("Two-factor codes come to them")
        FILES = "files", _("Files and originals handed over")
        LICENCES = "licences", _("Licences and subscriptions in their name")
        SCHEDULED = "scheduled", _("Scheduled posts named or taken out")

    class State(models.TextChoices):
        GIVEN = "given", _("Given")
        NOT_NEEDED = "not_needed", _("Not needed")

    ending = models.ForeignKey(Ending, on_delete=models.PROTECT, related_name="ticks")
    account = models.ForeignKey(ManagedAccount, on_delete=models.PROTECT, related_name="ticks")
    thing = models.CharField(max_length=10, choices=Thing.choices)
    state = models.CharField(max_length=10, choices=State.choices)
    on = models.DateField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("account", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("ending", "account", "thing"), name="one_tick_per_thing"
            ),
        )

    def __str__(self) -> str:
        return f"{self.thing} of {self.account_id}"


class HandoverLink(PublicLink):
    ending = models.ForeignKey(Ending, on_delete=models.PROTECT, related_name="links")

    def __str__(self) -> str:
        return f"link to the handover of {self.ending_id}"


class ReportLink(PublicLink):
    """Shows one stored report to one recipient."""

    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"link to report {self.document_id}"
