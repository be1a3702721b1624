"""Setting the rungs that answers climb: of a workspace, or of one client."""

from datetime import datetime
from typing import Any

from django.db import transaction

from clientdesk.ladder import (
    Calendar,
    Counted,
    Effect,
    Ladder,
    LadderInvalid,
    format_ladder,
    parse_ladder,
)
from clientdesk.record import operations as record
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import check_same_workspace
from clients.models import Client
from feedback.models import AnswersLadder
from feedback.operations.climbing import reschedule_where

LONGEST = 400  # characters: what a ladder's row holds


@transaction.atomic
def set_answers_ladder(
    *,
    workspace: Workspace,
    rungs: str,
    calendar: Calendar,
    now: datetime,
    actor: str,
    client: Client | None = None,
) -> Ladder:
    """Replace the ladder; every open request it is for goes on by the new one.

    The ladder that holds already, set once more, leaves everything as it is. Raises LadderInvalid
    naming the rung, what it says and what was expected; ForeignRow.
    """
    ladder = parse_ladder(rungs, calendar=calendar, counted=Counted.WORKING)
    for rung in ladder.rungs:
        if rung.effect == Effect.STOP:
            raise LadderInvalid(
                f"{rung.name}: expected a letter or a task; only a ladder for money stops work"
            )
    text = format_ladder(ladder)
    if len(text) > LONGEST:
        raise LadderInvalid(f"{len(text)} characters written out: expected at most {LONGEST}")
    same = AnswersLadder.objects.filter(**_of(workspace, client))
    if same.filter(rungs=text, calendar=calendar).exists():
        return ladder
    AnswersLadder.objects.update_or_create(
        **_of(workspace, client), defaults={"rungs": text, "calendar": calendar}
    )
    facts = {"rungs": text, "calendar": str(calendar)}
    _changed(workspace, client, facts, now=now, actor=actor)
    return ladder


@transaction.atomic
def drop_answers_ladder(
    *, workspace: Workspace, now: datetime, actor: str, client: Client | None = None
) -> None:
    """Back to the wider ladder: the workspace's, else the default. Raises ForeignRow."""
    removed, _ = AnswersLadder.objects.filter(**_of(workspace, client)).delete()
    if removed:
        _changed(workspace, client, {"rungs": ""}, now=now, actor=actor)


def _of(workspace: Workspace, client: Client | None) -> dict[str, Any]:
    check_same_workspace(workspace.pk, client)
    return {"workspace": workspace, "client": client}


def _changed(
    workspace: Workspace,
    client: Client | None,
    content: dict[str, str],
    *,
    now: datetime,
    actor: str,
) -> None:
    reschedule_where(**({"client": client} if client else {}))
    record.append(
        workspace_id=workspace.pk,
        kind="ladder.changed",
        content={**content, "for": "answers"},
        now=now,
        actor=actor,
        client_ref=client.pk if client else None,
        subject="",
    )
