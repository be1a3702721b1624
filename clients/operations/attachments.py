"""Files that belong to an entry of the log."""

import hashlib
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from clientdesk.documents.operations import store_upload
from clientdesk.record import operations as record
from clientdesk.workspaces.models import User
from clients.models import Attachment, Interaction


@transaction.atomic
def attach(
    *, interaction: Interaction, upload: UploadedFile[bytes], now: datetime, actor: str, by: User
) -> Attachment:
    """Keep a file with an entry; the same file sent twice is one. Raises UploadRefused."""
    # The entry's row is the lock: of two uploads at once the second sees the first.
    Interaction.objects.select_for_update(no_key=True).get(pk=interaction.pk)
    if existing := _kept_already(interaction, upload):
        return existing
    document = store_upload(
        workspace_id=interaction.workspace_id,
        kind="attachment",
        upload=upload,
        now=now,
        actor=actor,
        created_by=by,
        client_ref=interaction.client_id,
        subject=f"interaction:{interaction.pk}",
    )
    attachment = Attachment.objects.create(
        workspace_id=interaction.workspace_id, interaction=interaction, document=document
    )
    record.append(
        workspace_id=interaction.workspace_id,
        kind="attachment.added",
        content={"filename": document.filename, "sha256": document.sha256},
        now=now,
        actor=actor,
        client_ref=interaction.client_id,
        subject=f"interaction:{interaction.pk}",
    )
    return attachment


def _kept_already(interaction: Interaction, upload: UploadedFile[bytes]) -> Attachment | None:
    sha256 = hashlib.sha256()
    for chunk in upload.chunks():
        sha256.update(chunk)
    upload.seek(0)
    return Attachment.objects.filter(
        interaction=interaction,
        document__sha256=sha256.hexdigest(),
        document__filename=upload.name,
    ).first()
