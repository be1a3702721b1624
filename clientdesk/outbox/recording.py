"""What the record keeps of a message."""

from datetime import datetime
from typing import Any

from clientdesk.outbox.models import Message
from clientdesk.record import operations as record

SYSTEM = "system"


def append(message: Message, what: str, *, now: datetime, actor: str = SYSTEM, **more: Any) -> None:
    """Append message.<what> to the workspace's record. Last in its transaction: it locks the head,
    and whoever holds the head must wait for nobody."""
    record.append(
        workspace_id=message.workspace_id,
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
        now=now,
        actor=actor,
        client_ref=message.client_ref,
        subject=f"message:{message.pk}",
    )
