"""The append-only log of a workspace. Rows are written by operations and by nothing else."""

import uuid
from typing import ClassVar

from django.db import models

from clientdesk.record.chain import GENESIS
from clientdesk.workspaces.models import TenantModel
from clientdesk.workspaces.scoping import WorkspaceManager


def new_chain_id() -> str:
    return uuid.uuid4().hex


class Head(TenantModel):
    """The end of the chain; its row is locked for each append.

    `chain_id` is what envelopes call the workspace: unlike the row's number it survives a move to
    another installation, where the chain must still verify.
    """

    chain_id = models.CharField(max_length=32, default=new_chain_id, unique=True)
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=GENESIS)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("workspace",), name="one_head"),)

    def __str__(self) -> str:
        return f"{self.seq} {self.hash[:16]}"


class EntryQuerySet(models.QuerySet["Entry"]):
    def of_client(self, client_ref: int) -> "EntryQuerySet":
        return self.filter(client_ref=client_ref)

    def of_subject(self, subject: str) -> "EntryQuerySet":
        """The history of one thing, oldest first."""
        return self.filter(subject=subject).order_by("seq")

    def with_content(self) -> "EntryQuerySet":
        return self.select_related("content")


EntryManager = WorkspaceManager.from_queryset(EntryQuerySet)


class Entry(TenantModel):
    """One link. `envelope` is what is hashed; the other columns are copies to search by."""

    seq = models.PositiveBigIntegerField()
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    envelope = models.TextField()
    kind = models.CharField(max_length=40)
    actor = models.CharField(max_length=40)
    client_ref = models.BigIntegerField(null=True, blank=True)
    subject = models.CharField(max_length=60, blank=True)
    recorded_at = models.DateTimeField()
    happened_at = models.DateTimeField()

    # The types' plugin says Self of the right side, which is Entry here.
    objects: ClassVar[EntryManager["Entry"]] = EntryManager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-seq",)
        constraints = (
            models.UniqueConstraint(fields=("workspace", "seq"), name="record_seq_once"),
            models.UniqueConstraint(fields=("workspace", "prev"), name="record_prev_once"),
        )
        indexes = (
            models.Index(fields=("workspace", "client_ref", "-happened_at"), name="record_client"),
            models.Index(fields=("workspace", "subject"), name="record_subject"),
            models.Index(fields=("workspace", "-recorded_at"), name="record_recorded"),
        )

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"


class Content(TenantModel):
    """What an entry says, apart from its link: a lawful erasure takes the row, salt and all."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="content")
    salt = models.CharField(max_length=64)
    content = models.TextField()

    def __str__(self) -> str:
        return f"content of {self.entry_id}"
