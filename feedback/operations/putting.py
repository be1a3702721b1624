"""A request as its page puts it: written down, and asked at once or kept as a draft."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from clientdesk.documents.models import Document
from clientdesk.documents.operations import store_upload
from clientdesk.workspaces.models import User
from clients.models import Client
from feedback.models import Item, Request
from feedback.operations.asking import ask, change_items, next_round
from feedback.operations.drafting import NewItem, change_draft, draft_request
from feedback.operations.letters import send_asking_letter

PICTURE = "request_picture"
"""The kind of document that an item's picture is kept as."""


class Then(StrEnum):
    """What follows once it is written down."""

    SEND = "send"
    QUIET = "quiet"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class TypedItem:
    """An item with the picture that came along, not kept yet, or the one it had."""

    title: str
    text: str = ""
    planned_on: date | None = None
    channel: str = ""
    upload: UploadedFile[bytes] | None = None
    kept: Document | None = None


@transaction.atomic
def put_request(
    *,
    client: Client,
    fields: Mapping[str, Any],
    items: Sequence[TypedItem],
    then: Then,
    on: date,
    now: datetime,
    actor: str,
    author: User | None = None,
    once_key: str | None = None,
    draft: Request | None = None,
) -> Request:
    """Write a new request, or `draft` anew, and ask it on the day `on` as `then` says.

    Sent twice with one `once_key`, it is one request and one message. Raises what draft_request,
    change_draft, ask and send_asking_letter raise, UploadRefused; then nothing was written.
    """
    if once_key and draft is None:
        Client.objects.select_for_update(no_key=True).get(pk=client.pk)
        if existing := Request.objects.filter(once_key=once_key).first():
            return existing
    kept = _kept(client, items, now=now, actor=actor, author=author)
    if draft is None:
        request = draft_request(
            client=client, items=kept, on=on, author=author, once_key=once_key, now=now, **fields
        )
    else:
        request = change_draft(request=draft, fields=dict(fields), items=kept, now=now)
    if then != Then.DRAFT:
        ask_together(requests=[request], letter=then == Then.SEND, on=on, now=now, actor=actor)
        request.refresh_from_db()
    return request


@transaction.atomic
def ask_together(
    *, requests: Sequence[Request], letter: bool, on: date, now: datetime, actor: str
) -> list[Request]:
    """Ask drafts of one client on the day `on`, in one message if there is to be a `letter`.

    All or none. Raises what ask and send_asking_letter raise.
    """
    asked = ask(requests=requests, on=on, now=now, actor=actor)
    if letter:
        send_asking_letter(requests=asked, now=now, actor=actor)
    return asked


@transaction.atomic
def put_items(
    *,
    request: Request,
    items: Mapping[int, TypedItem],
    answer_by: date | None,
    letter: bool,
    on: date,
    now: datetime,
    actor: str,
    author: User | None = None,
) -> Request:
    """New versions of these items, by id: in the open round, or as the next one with its day.

    `answer_by` is needed for the next round, of a request that was answered; asking again brings a
    `letter` if wished. Raises what change_items, next_round and send_asking_letter raise,
    UploadRefused.
    """
    ids = list(Item.objects.filter(request=request, pk__in=items).values_list("pk", flat=True))
    kept = dict(
        zip(
            ids,
            _kept(request.client, [items[pk] for pk in ids], now=now, actor=actor, author=author),
            strict=True,
        )
    )
    if answer_by is None:
        return change_items(request=request, items=kept, now=now, actor=actor)
    request = next_round(
        request=request, items=kept, answer_by=answer_by, on=on, now=now, actor=actor
    )
    if letter:
        send_asking_letter(requests=[request], now=now, actor=actor)
    return request


def _kept(
    client: Client, items: Sequence[TypedItem], *, now: datetime, actor: str, author: User | None
) -> list[NewItem]:
    """The same with their pictures kept for good."""
    return [
        NewItem(
            title=item.title,
            text=item.text,
            planned_on=item.planned_on,
            channel=item.channel,
            picture=store_upload(
                workspace_id=client.workspace_id,
                kind=PICTURE,
                upload=item.upload,
                client_ref=client.pk,
                created_by=author,
                now=now,
                actor=actor,
            )
            if item.upload
            else item.kept,
        )
        for item in items
    ]
