"""The talk with a controlling client: the letter that says what keeps the work from being done."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clientdesk.workspaces.models import CLIENT_LANGUAGES, TenantModel
from clients.models import Client, Project


class Talk(TenantModel):
    """A letter with recorded facts and a proposal, and what was agreed upon it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENT = "sent", _("Waiting for client")
        AGREED = "agreed", _("Agreed")
        REFUSED = "refused", _("Not agreed")
        DROPPED = "dropped", _("Not sent")

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="talks")
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="talks", null=True, blank=True
    )
    language = models.CharField(max_length=2, choices=CLIENT_LANGUAGES)
    # As the letter says them: one fact a line.
    facts = models.TextField(_("the facts"))
    proposal = models.TextField(_("your proposal"))
    answer_by = models.DateField(_("answer by"))
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    sent_on = models.DateField(null=True, blank=True)
    settled_on = models.DateField(null=True, blank=True)
    outcome = models.TextField(_("what was agreed"), blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("client",),
                condition=Q(state__in=("draft", "sent")),
                name="one_open_talk_per_client",
            ),
        )

    def __str__(self) -> str:
        return f"talk with {self.client_id}"
