"""What waits to be said (parts) and what goes out (messages)."""

import json
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clientdesk.outbox.states import GONE, WAITING
from clientdesk.workspaces.models import TenantModel
from clientdesk.workspaces.scoping import WorkspaceManager


class MessageQuerySet(models.QuerySet["Message"]):
    def waiting(self) -> "MessageQuerySet":
        return self.filter(state__in=WAITING)

    def in_state(self, *states: str) -> "MessageQuerySet":
        return self.filter(state__in=states)

    def for_client(self, client_ref: int) -> "MessageQuerySet":
        return self.filter(client_ref=client_ref)

    def newest_first(self) -> "MessageQuerySet":
        return self.order_by("-pk")


MessageManager = WorkspaceManager.from_queryset(MessageQuerySet)
UnscopedMessageManager = models.Manager.from_queryset(MessageQuerySet)


class Message(TenantModel):
    """One e-mail to one address. States and who may follow whom: clientdesk.outbox.states."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        CLAIMED = "claimed", _("About to go")
        SENDING = "sending", _("On its way")
        SENT = "sent", _("Sent")
        RETRY = "retry", _("Tried again later")
        FAILED = "failed", _("Failed")
        UNCERTAIN = "uncertain", _("Not sure")
        SUPPRESSED = "suppressed", _("Not needed")
        CANCELLED = "cancelled", _("Taken back")

    # The client's id, kept as a number: the outbox stands below the clients.
    client_ref = models.BigIntegerField(null=True, blank=True)
    automatic = models.BooleanField()
    # The local day it belongs to; it does not leave before that day begins.
    day = models.DateField()
    not_before = models.DateTimeField()
    # Whose free days it keeps off: a country, "" for weekends only, "none" where each day counts.
    calendar = models.CharField(max_length=4, default="none")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    reason = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    to_email = models.EmailField()
    to_name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=2, default="en")

    # Empty until the message is put together.
    subject = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    message_id = models.CharField(max_length=200, blank=True)
    steps = models.TextField(blank=True)
    raw = models.BinaryField(default=bytes)
    sha256 = models.CharField(max_length=64, blank=True)
    # Hash of the parts, facts and recipient that the bytes were made of; another is another text.
    made_of = models.CharField(max_length=64, blank=True)

    claim_token = models.CharField(max_length=32, blank=True)
    claim_expires_at = models.DateTimeField(null=True, blank=True)

    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_again_as = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="again_of"
    )

    # The types' plugin says Self of the right side, which is Message here.
    objects: ClassVar[MessageManager["Message"]] = MessageManager()  # type: ignore[assignment]
    unscoped: ClassVar[UnscopedMessageManager["Message"]] = UnscopedMessageManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "client_ref", "day"),
                condition=Q(automatic=True) & ~Q(state__in=sorted(GONE)),
                name="one_automatic_message_a_day",
            ),
        )
        indexes = (
            models.Index(
                fields=("workspace", "not_before"),
                condition=Q(state__in=sorted(WAITING)),
                name="messages_due",
            ),
            models.Index(
                fields=("claim_expires_at",),
                # Not by state: SQLite uses an index only for what it can see to be in it.
                condition=Q(claim_expires_at__isnull=False),
                name="messages_in_hand",
            ),
            models.Index(fields=("claim_token",), name="messages_of_a_claim"),
            models.Index(fields=("workspace", "state", "-id"), name="messages_by_state"),
            models.Index(fields=("workspace", "client_ref", "-id"), name="messages_of_a_client"),
        )

    def __str__(self) -> str:
        return self.subject or f"message {self.pk} to {self.to_email}"

    @property
    def can_be_cancelled(self) -> bool:
        return self.state in WAITING

    @property
    def can_be_sent_again(self) -> bool:
        return self.state in (self.State.FAILED, self.State.UNCERTAIN) and not self.was_sent_again

    @property
    def was_sent_again(self) -> bool:
        return self.sent_again_as_id is not None


class Part(TenantModel):
    """One thing to be said to one recipient, once: the dedupe key says what it is."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits")
        SENT = "sent", _("Sent")
        SUPPRESSED = "suppressed", _("Not needed")
        CANCELLED = "cancelled", _("Taken back")

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="parts")
    kind = models.CharField(max_length=60)
    dedupe_key = models.CharField(max_length=200)
    client_ref = models.BigIntegerField(null=True, blank=True)
    # Canonical JSON: the identifiers its kind needs.
    facts_json = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("workspace", "dedupe_key"), name="part_once"),
        )
        indexes = (models.Index(fields=("workspace", "client_ref"), name="parts_of_a_client"),)

    def __str__(self) -> str:
        return self.dedupe_key

    @property
    def facts(self) -> dict[str, Any]:
        """The identifiers that were given at `enqueue`."""
        facts: dict[str, Any] = json.loads(self.facts_json)
        return facts


class Wording(TenantModel):
    """The owner's own words for a letter, in one language; without a row the file's words hold."""

    app = models.CharField(max_length=20)
    name = models.CharField(max_length=40)
    language = models.CharField(max_length=2)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    body = models.TextField(_("letter"), max_length=10_000)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "app", "name", "language"), name="one_wording"
            ),
        )

    def __str__(self) -> str:
        return f"{self.app}/{self.name}.{self.language}"
