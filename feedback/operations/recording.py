"""What the record is told about requests."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from clientdesk.record import operations as record
from feedback.models import Request


def record_request(
    request: Request, kind: str, facts: Mapping[str, Any], *, now: datetime, actor: str
) -> None:
    record.append(
        workspace_id=request.workspace_id,
        kind=kind,
        content={"title": request.title, "kind": request.kind, **facts},
        now=now,
        actor=actor,
        client_ref=request.client_id,
        subject=f"request:{request.pk}",
    )
