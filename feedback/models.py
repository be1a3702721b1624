"""What is needed from a client: a question, an approval, material, access; with a due date."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clientdesk.workspaces.models import TenantModel, validate_one_line
from clientdesk.workspaces.scoping import WorkspaceManager
from clients.models import Client, Project


class RequestQuerySet(models.QuerySet["Request"]):
    def open(self) -> "RequestQuerySet":
        return self.filter(state=Request.State.OPEN)

    def late(self, *, on: date) -> "RequestQuerySet":
        """Open past the answer-by day on the day `on`."""
        return self.open().filter(answer_by__lt=on)


RequestManager = WorkspaceManager.from_queryset(RequestQuerySet)


class Request(TenantModel):
    class Kind(models.TextChoices):
        QUESTION = "question", _("Question")
        APPROVAL = "approval", _("Approval")
        MATERIAL = "material", _("Material")
        ACCESS = "access", _("Access")

    class State(models.TextChoices):
        OPEN = "open", _("Waiting for client")
        ANSWERED = "answered", _("Answered")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="requests")
    project = models.ForeignKey(
        Project,
        on_delete=models.PROTECT,
        related_name="requests",
        null=True,
        blank=True,
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.QUESTION)
    title = models.CharField(_("what you need"), max_length=160, validators=[validate_one_line])
    detail = models.TextField(_("details"), blank=True)
    asked_on = models.DateField(_("asked on"))
    answer_by = models.DateField(_("answer by"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    nudges = models.PositiveSmallIntegerField(default=0)
    last_nudged_on = models.DateField(null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    created_at = models.DateTimeField()
    once_key = models.CharField(max_length=80, null=True, blank=True, editable=False)  # noqa: DJ001 -- NULL keeps rows without a key out of the constraint

    # The types' plugin says Self of the right side, which is Request here.
    objects: ClassVar[RequestManager["Request"]] = RequestManager()  # type: ignore[assignment]

    class Meta:
        ordering = ("answer_by", "pk")
        constraints = (
            models.UniqueConstraint(fields=("workspace", "once_key"), name="request_once"),
            models.CheckConstraint(
                condition=Q(answer_by__gte=F("asked_on")),
                name="answer_by_after_asked",
                violation_error_message=_("The answer cannot be due before it was asked for."),
            ),
            models.CheckConstraint(
                condition=Q(state="answered", answered_on__isnull=False)
                | (~Q(state="answered") & Q(answered_on=None)),
                name="answered_means_a_day",
            ),
        )
        indexes = (
            models.Index(
                fields=("workspace", "answer_by"),
                condition=Q(state="open"),
                name="open_requests_by_day",
            ),
        )

    def __str__(self) -> str:
        return self.title
