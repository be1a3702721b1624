"""Putting a request together before it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from clientdesk.documents.models import Document
from clientdesk.workspaces.models import User
from clientdesk.workspaces.scoping import check_same_workspace
from clients.models import Client, ManagedAccount, Project
from feedback.models import Item, Request, Version


class NotADraft(Exception):
    """It was asked already: its items change by a new version."""


@dataclass(frozen=True, slots=True)
class NewItem:
    """A thing to approve or to choose from, as it is shown."""

    title: str
    text: str = ""
    picture: Document | None = None
    planned_on: date | None = None
    channel: str = ""


@transaction.atomic
def draft_request(
    *,
    client: Client,
    kind: str,
    title: str,
    on: date,
    answer_by: date,
    now: datetime,
    detail: str = "",
    project: Project | None = None,
    account: ManagedAccount | None = None,
    items: Sequence[NewItem] = (),
    author: User | None = None,
    once_key: str | None = None,
    **more: Any,
) -> Request:
    """A request nobody has been asked yet, written on the day `on`.

    Sent twice with one `once_key`, it is one.

    `more`: blocks, blocking, minutes_needed, needs_code, rounds_agreed. Raises ForeignRow,
    ValidationError by field.
    """
    check_same_workspace(client.workspace_id, project, account, *(i.picture for i in items))
    if once_key:
        # The client's row is the lock: of two clicks at once the second sees the first one's.
        Client.objects.select_for_update(no_key=True).get(pk=client.pk)
        if existing := Request.objects.filter(once_key=once_key).first():
            return existing
    request = Request(
        workspace_id=client.workspace_id,
        client=client,
        project=project,
        account=account,
        kind=kind,
        title=title,
        detail=detail,
        asked_on=on,
        answer_by=answer_by,
        state=Request.State.DRAFT,
        author=author,
        created_at=now,
        once_key=once_key or None,
        **more,
    )
    request.full_clean()
    request.save()
    _write_items(request, items, now)
    return request


@transaction.atomic
def change_draft(
    *, request: Request, fields: dict[str, Any], items: Sequence[NewItem], now: datetime
) -> Request:
    """The draft anew, its items too. Raises NotADraft, ForeignRow, ValidationError by field."""
    request = locked_draft(request)
    check_same_workspace(
        request.workspace_id, fields.get("project"), fields.get("account"),
        *(item.picture for item in items),
    )  # fmt: skip
    for field, value in fields.items():
        setattr(request, field, value)
    request.full_clean()
    request.save()
    Version.objects.filter(item__request=request).delete()
    Item.objects.filter(request=request).delete()
    _write_items(request, items, now)
    return request


@transaction.atomic
def discard_draft(*, request: Request) -> None:
    """Nobody was asked, so nothing is kept of it. Raises NotADraft."""
    request = locked_draft(request)
    Version.objects.filter(item__request=request).delete()
    Item.objects.filter(request=request).delete()
    request.delete()


def locked_draft(request: Request) -> Request:
    """The draft as it stands, locked. Raises NotADraft, also where it was discarded meanwhile."""
    found = (
        Request.objects.select_for_update(of=("self",), no_key=True)
        .select_related("client", "workspace", "project")
        .filter(pk=request.pk)
        .first()
    )
    if found is None or found.state != Request.State.DRAFT:
        raise NotADraft(request.pk)
    return found


def _write_items(request: Request, items: Sequence[NewItem], now: datetime) -> None:
    for position, new in enumerate(items, start=1):
        item = Item.objects.create(
            workspace_id=request.workspace_id, request=request, position=position
        )
        write_version(item, new, number=1, round_number=1, now=now)


def write_version(
    item: Item, new: NewItem, *, number: int, round_number: int, now: datetime
) -> Version:
    version = Version(
        workspace_id=item.workspace_id,
        item=item,
        number=number,
        round_number=round_number,
        title=new.title,
        text=new.text,
        picture=new.picture,
        planned_on=new.planned_on,
        channel=new.channel,
        created_at=now,
    )
    version.full_clean()
    version.save()
    return version
