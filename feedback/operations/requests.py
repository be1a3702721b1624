"""Asking a client for something, reminding of it, and writing down what came back."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from clientdesk.outbox.operations import enqueue
from clientdesk.record import operations as record
from clientdesk.workspaces.models import User
from clientdesk.workspaces.scoping import check_same_workspace
from clients.models import Client, Project
from clients.queries import recipients_of
from feedback.models import Request

KIND = "feedback.nudge"


class AnswerDueBeforeAsked(Exception):
    """The answer-by day lies before the day of asking."""


class RequestNotOpen(Exception):
    """Answered or taken back already."""


class NoAddress(Exception):
    """The client has no contact with an e-mail address."""


class AlreadyNudgedToday(Exception):
    """One reminder a day is enough for anyone."""


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
) -> Request:
    """Write down that something is needed from `client` by the day `answer_by`.

    Sent twice with one `once_key`, it is one request. Raises AnswerDueBeforeAsked, ForeignRow.
    """
    check_same_workspace(client.workspace_id, project)
    if once_key:
        # The client's row is the lock: of two clicks at once the second sees the first one's.
        Client.objects.select_for_update(no_key=True).get(pk=client.pk)
        if existing := Request.objects.filter(once_key=once_key).first():
            return existing
    if answer_by < asked_on:
        raise AnswerDueBeforeAsked(f"answer by {answer_by}, asked on {asked_on}")
    request = Request.objects.create(
        workspace_id=client.workspace_id,
        client=client,
        project=project,
        kind=kind,
        title=title,
        detail=detail,
        asked_on=asked_on,
        answer_by=answer_by,
        author=author,
        created_at=now,
        once_key=once_key or None,
    )
    _record(
        request,
        "request.opened",
        {"asked_on": asked_on.isoformat(), "answer_by": answer_by.isoformat(), "detail": detail},
        now=now,
        actor=actor,
    )
    return request


@transaction.atomic
def record_answer(
    *, request: Request, answer: str, answered_on: date, now: datetime, actor: str
) -> Request:
    """What the client said, and on which day. Raises RequestNotOpen."""
    request = _locked_open(request)
    request.state = Request.State.ANSWERED
    request.answered_on, request.answer = answered_on, answer
    request.save()
    _record(
        request,
        "request.answered",
        {"answered_on": answered_on.isoformat(), "answer": answer},
        now=now,
        actor=actor,
    )
    return request


@transaction.atomic
def withdraw(*, request: Request, now: datetime, actor: str) -> Request:
    """It is not needed any more. Raises RequestNotOpen."""
    request = _locked_open(request)
    request.state = Request.State.WITHDRAWN
    request.save()
    _record(request, "request.withdrawn", {}, now=now, actor=actor)
    return request


@transaction.atomic
def nudge(*, request: Request, on: date, now: datetime, actor: str) -> Request:
    """A kind reminder, through the outbox, at most one on a day.

    Raises RequestNotOpen, NoAddress, AlreadyNudgedToday.
    """
    request = _locked_open(request)
    recipient = recipients_of({request.client_id}).get(request.client_id)
    if recipient is None:
        raise NoAddress(request.client.name)
    part = enqueue(
        workspace=request.workspace,
        kind=KIND,
        dedupe_key=f"request:{request.pk}:nudge:{on.isoformat()}",
        facts={"request": request.pk, "text": "before" if on <= request.answer_by else "kind"},
        recipient=recipient,
        client_ref=request.client_id,
        automatic=False,
        now=now,
    )
    if part is None:
        raise AlreadyNudgedToday(request.pk)
    Request.objects.filter(pk=request.pk).update(last_nudged_on=on, nudges=F("nudges") + 1)
    _record(request, "request.nudged", {"on": on.isoformat()}, now=now, actor=actor)
    return request


def _locked_open(request: Request) -> Request:
    request = (
        Request.objects.select_for_update(of=("self",), no_key=True)
        .select_related("client", "workspace")
        .get(pk=request.pk)
    )
    if request.state != Request.State.OPEN:
        raise RequestNotOpen(request.pk)
    return request


def _record(
    request: Request, kind: str, facts: dict[str, str], *, now: datetime, actor: str
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
