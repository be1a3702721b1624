"""What the owner writes down about a request: the chasing, and an answer that came by another way.

Each is one entry of the log that hangs on the request, so its minutes count where they belong.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction

from clientdesk.workspaces.models import User, Workspace
from clients.models import Interaction
from clients.operations.interactions import log_interaction
from feedback.models import Answer, Request, RequestEntry
from feedback.operations.answering import Said, give_answer
from feedback.operations.asking import RequestNotOpen, locked

KIND_OF_WAY = {
    Answer.How.EMAIL: Interaction.Kind.EMAIL,
    Answer.How.PHONE: Interaction.Kind.CALL,
    Answer.How.CHAT: Interaction.Kind.CHAT,
    Answer.How.MEETING: Interaction.Kind.MEETING,
}
NOON = time(12)


@transaction.atomic
def log_about(
    *,
    request: Request,
    kind: str,
    summary: str,
    happened_at: datetime,
    now: datetime,
    actor: str,
    spent_on: str = Interaction.Spent.CHASING,
    minutes: int | None = None,
    body: str = "",
    follow_up_on: date | None = None,
    author: User | None = None,
    once_key: str | None = None,
) -> Interaction:
    """An entry of the log that this request caused. Sent twice with one `once_key`, it is one.

    Raises what log_interaction raises.
    """
    entry = log_interaction(
        client=request.client,
        project=request.project,
        kind=kind,
        summary=summary,
        body=body,
        minutes=minutes,
        spent_on=spent_on,
        happened_at=happened_at,
        follow_up_on=follow_up_on,
        author=author,
        once_key=once_key,
        now=now,
        actor=actor,
    )
    RequestEntry.objects.get_or_create(
        interaction=entry, defaults={"workspace_id": request.workspace_id, "request": request}
    )
    return entry


@transaction.atomic
def log_answer(
    *,
    request: Request,
    how: str,
    on: date,
    now: datetime,
    actor: str,
    decision: str = "",
    comment: str = "",
    said: Sequence[Said] = (),
    given_by: str = "",
    minutes: int | None = None,
    author: User | None = None,
) -> Answer:
    """They answered by mail, phone, chat or in person: one step logs it and answers the request.

    `on` is the local day it came. Raises RequestNotOpen, and what give_answer raises; then nothing
    was logged.
    """
    request = locked(request)
    if not request.is_open:
        raise RequestNotOpen(request.pk)
    entry = log_about(
        request=request,
        kind=KIND_OF_WAY[Answer.How(how)],
        summary=_summary(request, comment),
        body=comment if len(comment) > 200 else "",
        minutes=minutes,
        spent_on="",
        happened_at=_when(request.workspace, on, now),
        author=author,
        now=now,
        actor=actor,
    )
    return give_answer(
        request=request,
        how=how,
        on=on,
        decision=decision,
        comment=comment,
        said=said,
        given_by=given_by,
        interaction=entry,
        now=now,
        actor=actor,
    )


def _summary(request: Request, comment: str) -> str:
    words = " ".join(comment.split())
    short = words if len(words) <= 200 else f"{words[:199]}…"
    return f"{request.title}: {short}" if short else request.title


def _when(workspace: Workspace, on: date, now: datetime) -> datetime:
    """The moment of an answer of which only the day is known: noon there, or now if it is today."""
    noon = datetime.combine(on, NOON, ZoneInfo(workspace.time_zone))
    return min(noon, now)
