"""What the record keeps of a message."""

from datetime import datetime
from typing import Any

from clientdesk.outbox.models import Message
from clientdesk.record import operations as record
from clientdesk.record.operations import NewEntry

SYSTEM = "system"


def entry(message: Message, what: str, *, actor: str = SYSTEM, **more: Any) -> NewEntry:
    """message.<what>, for the workspace's record. Append it last in its transaction: that locks the
    head, and whoever holds the head must wait for nobody."""
    return NewEntry(
        kind=f"message.{what}",
        content={
            "message": message.pk,
            # "subject" is what the entry is about, not the line at the top of a letter.
            "headline": message.subject,
            "to": message.to_email,
            "steps": message.steps,
            "message_id": message.message_id,
            "sha256": message.sha256,
            "automatic": message.automatic,
            **more,
        },
        actor=actor,
        client_ref=message.client_ref,
        subject=f"message:{message.pk}",
    )


def append(message: Message, what: str, *, now: datetime, actor: str = SYSTEM, **more: Any) -> None:
    """Append one such entry."""
    record.append_many(
        workspace_id=message.workspace_id,
        entries=[entry(message, what, actor=actor, **more)],
        now=now,
    )
