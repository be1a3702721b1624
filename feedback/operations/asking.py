"""Asking a client: the first round, the next one, and taking a request back."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from clientdesk.workspaces.models import User
from clients.models import Client, Project
from feedback.models import Item, Request, Round, Version
from feedback.operations.climbing import reschedule
from feedback.operations.drafting import NewItem, draft_request, locked_draft, write_version
from feedback.operations.forecasting import forecast_anew
from feedback.operations.recording import record_request


class AnswerDueBeforeAsked(Exception):
    """The answer-by day lies before the day of asking."""


class RequestNotOpen(Exception):
    """Answered, taken back, or not asked yet."""


class RequestNotAnswered(Exception):
    """Another round follows an answer."""


@transaction.atomic
def ask(*, requests: Sequence[Request], on: date, now: datetime, actor: str) -> list[Request]:
    """Put drafts before their client on the day `on`: the first round of each begins.

    Nothing is mailed by it (feedback.operations.letters sends the asking letter). Raises NotADraft,
    AnswerDueBeforeAsked; then none is asked.
    """
    asked = [_ask(locked_draft(request), on, now, actor) for request in requests]
    reschedule(request_ids=[request.pk for request in asked])
    return asked


def _ask(request: Request, on: date, now: datetime, actor: str) -> Request:
    if request.answer_by < on:
        raise AnswerDueBeforeAsked(f"answer by {request.answer_by}, asked on {on}")
    request.state, request.asked_on = Request.State.OPEN, on
    request.save(update_fields=["state", "asked_on"])
    _begin_round(request, 1, now)
    facts = {
        "asked_on": on.isoformat(),
        "answer_by": request.answer_by.isoformat(),
        "detail": request.detail,
        "items": _titles(request),
        "project": request.project.name if request.project else "",
    }
    record_request(request, "request.opened", facts, now=now, actor=actor)
    return request


def _titles(request: Request) -> list[str]:
    versions = Version.objects.filter(item__request=request)
    latest = {v.item_id: v.title for v in versions.order_by("item__position", "number")}
    return list(latest.values())


def _begin_round(request: Request, number: int, now: datetime) -> Round:
    return Round.objects.create(
        workspace_id=request.workspace_id,
        request=request,
        number=number,
        asked_on=request.asked_on,
        answer_by=request.answer_by,
        created_at=now,
    )


@transaction.atomic
def open_request(
    *,
    client: Client,
    kind: str,
    title: str,
    asked_on: date,
    answer_by: date,
    now: datetime,
    actor: str,
    detail: str = "",
    project: Project | None = None,
    author: User | None = None,
    once_key: str | None = None,
    items: Sequence[NewItem] = (),
    **more: Any,
) -> Request:
    """Draft and ask in one: something is needed from `client` by the day `answer_by`.

    Sent twice with one `once_key`, it is one request. Raises AnswerDueBeforeAsked, ForeignRow.
    """
    if answer_by < asked_on:
        raise AnswerDueBeforeAsked(f"answer by {answer_by}, asked on {asked_on}")
    request = draft_request(
        client=client,
        kind=kind,
        title=title,
        detail=detail,
        project=project,
        on=asked_on,
        answer_by=answer_by,
        author=author,
        once_key=once_key,
        items=items,
        now=now,
        **more,
    )
    if request.state == Request.State.DRAFT:
        [request] = ask(requests=[request], on=asked_on, now=now, actor=actor)
    return request


@transaction.atomic
def next_round(
    *,
    request: Request,
    items: Mapping[int, NewItem],
    answer_by: date,
    on: date,
    now: datetime,
    actor: str,
) -> Request:
    """Ask again, with new versions of the items named by id: round n of those agreed.

    An item that was approved and is not among `items` stays approved; a new version of it is to be
    approved anew. Raises RequestNotAnswered, AnswerDueBeforeAsked.
    """
    request = locked(request)
    if request.state != Request.State.ANSWERED:
        raise RequestNotAnswered(request.pk)
    if answer_by < on:
        raise AnswerDueBeforeAsked(f"answer by {answer_by}, asked on {on}")
    request.round_number += 1
    request.state, request.asked_on, request.answer_by = Request.State.OPEN, on, answer_by
    request.answered_on, request.answer, request.decision = None, "", ""
    request.handled_on, request.last_nudged_on = None, None
    request.save()
    _begin_round(request, request.round_number, now)
    changed = write_versions(request, items, now)
    facts = {
        "round": request.round_number,
        "of": request.rounds_agreed,
        "asked_on": on.isoformat(),
        "answer_by": answer_by.isoformat(),
        "items": [version.title for version in changed],
    }
    record_request(request, "request.round", facts, now=now, actor=actor)
    reschedule(request_ids=[request.pk])
    return request


@transaction.atomic
def change_items(
    *, request: Request, items: Mapping[int, NewItem], now: datetime, actor: str
) -> Request:
    """New versions while the round is still open: the client sees them in place of the old ones.

    It is no new round, since nobody answered the old version; an answer begun on it is refused.
    Raises RequestNotOpen.
    """
    request = locked_open(request)
    changed = write_versions(request, items, now)
    facts = {"items": [version.title for version in changed], "round": request.round_number}
    record_request(request, "request.changed", facts, now=now, actor=actor)
    return request


def write_versions(request: Request, items: Mapping[int, NewItem], now: datetime) -> list[Version]:
    """A further version of each of these items of the request, by item id."""
    rows = Item.objects.filter(request=request, pk__in=items).prefetch_related("versions")
    return [
        write_version(
            item,
            items[item.pk],
            number=max(version.number for version in item.versions.all()) + 1,
            round_number=request.round_number,
            now=now,
        )
        for item in rows
    ]


@transaction.atomic
def withdraw(*, request: Request, on: date, now: datetime, actor: str) -> Request:
    """It is not needed any more; until this day the waiting stays as it was. Raises
    RequestNotOpen."""
    request = locked_open(request)
    request.state, request.next_step_on = Request.State.WITHDRAWN, None
    request.save()
    Round.objects.filter(request=request, closed_on=None).update(
        closed_on=max(on, request.asked_on), closed=Round.Closed.WITHDRAWN
    )
    record_request(request, "request.withdrawn", {}, now=now, actor=actor)
    forecast_anew(requests=[request], now=now, actor=actor)
    return request


def locked(request: Request) -> Request:
    return (
        Request.objects.select_for_update(of=("self",), no_key=True)
        .select_related("client", "workspace", "project")
        .get(pk=request.pk)
    )


def locked_open(request: Request) -> Request:
    """The request as it stands, locked. Raises RequestNotOpen."""
    request = locked(request)
    if request.state != Request.State.OPEN:
        raise RequestNotOpen(request.pk)
    return request
