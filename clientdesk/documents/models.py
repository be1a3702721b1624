"""Stored files that never change, and the jobs that make them."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clientdesk.workspaces.models import TenantModel, validate_one_line
from clientdesk.workspaces.scoping import WorkspaceManager


class DocumentChanged(Exception):
    """A stored document is never changed; a new one is stored instead."""


class DocumentQuerySet(models.QuerySet["Document"]):
    def for_client(self, client_ref: int) -> "DocumentQuerySet":
        return self.filter(client_ref=client_ref).order_by("-pk")


DocumentManager = WorkspaceManager.from_queryset(DocumentQuerySet)


class Document(TenantModel):
    """A file on disk and what is known of it. `path` is relative to FILES_DIR, `size` in bytes."""

    kind = models.CharField(max_length=40)
    # The client's id, kept as a number: documents stand below the clients.
    client_ref = models.BigIntegerField(null=True, blank=True)
    subject = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=200, blank=True, validators=[validate_one_line])
    filename = models.CharField(max_length=200, validators=[validate_one_line])
    content_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    path = models.CharField(max_length=200)
    # The capability that its readers must have, a value of access.Can.
    needs = models.CharField(max_length=20, default="see_work")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )

    # The types' plugin says Self of the right side, which is Document here.
    objects: ClassVar[DocumentManager["Document"]] = DocumentManager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=("workspace", "client_ref", "-id"), name="document_by_client"),
            models.Index(fields=("workspace", "subject"), name="document_by_subject"),
        )

    def __str__(self) -> str:
        return self.filename

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises DocumentChanged for a row that is stored already."""
        if not self._state.adding:
            raise DocumentChanged(self.pk)
        super().save(*args, **kwargs)


class Job(TenantModel):
    """Work that ends in a document. The row is the truth; the broker only says "look"."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Being made")
        DONE = "done", _("Ready")
        FAILED = "failed", _("Failed")

    OPEN: ClassVar[tuple[str, ...]] = (State.QUEUED, State.RUNNING)

    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200, blank=True)
    params = models.TextField(default="{}")
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    # Per cent.
    progress = models.PositiveSmallIntegerField(default=0)
    message = models.CharField(max_length=200, blank=True)
    needs = models.CharField(max_length=20, default="see_work")
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="jobs", null=True, blank=True
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    # One row for a form sent twice.
    once_key = models.CharField(max_length=80, null=True, blank=True, editable=False)  # noqa: DJ001 -- NULL keeps rows without a key out of the constraint
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (models.UniqueConstraint(fields=("workspace", "once_key"), name="job_once"),)
        indexes = (
            models.Index(
                fields=("state", "id"),
                condition=models.Q(state__in=("queued", "running")),
                name="job_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN
