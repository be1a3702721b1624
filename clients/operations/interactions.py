"""The log: what happened, corrected with its history kept, followed up."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from clientdesk.record import operations as record
from clientdesk.workspaces.models import User
from clientdesk.workspaces.scoping import check_same_workspace
from clients.models import Client, Interaction, Project, Stop
from clients.rules.spending import spent_on as read_from

EDITABLE = (
    "kind", "happened_at", "minutes", "summary", "body", "tags", "follow_up_on", "project",
    "despite_stop",
)  # fmt: skip


class HappensLater(Exception):
    """What is logged has happened; a day to come is a follow-up."""


class FollowUpClosed(Exception):
    """There is nothing (more) to follow up."""


class WorkIsStopped(Exception):
    """Work for this client or project rested on that day; `despite_stop` must say why."""


@transaction.atomic
def log_interaction(
    *,
    client: Client,
    kind: str,
    summary: str,
    happened_at: datetime,
    now: datetime,
    actor: str,
    author: User | None = None,
    minutes: int | None = None,
    body: str = "",
    tags: str = "",
    follow_up_on: date | None = None,
    project: Project | None = None,
    despite_stop: str = "",
    spent_on: str = "",
    once_key: str | None = None,
) -> Interaction:
    """Write an entry. Sent twice with one `once_key`, it is one entry.

    `spent_on` says what its minutes went into (Interaction.Spent); unsaid, the tags say it.
    Work of a day on which work was stopped says why in `despite_stop`. Raises HappensLater,
    WorkIsStopped, ForeignRow, ValidationError by field.
    """
    check_same_workspace(client.workspace_id, project)
    if once_key:
        # The client's row is the lock: of two clicks at once the second sees the first one's entry.
        Client.objects.select_for_update(no_key=True).get(pk=client.pk)
        if existing := Interaction.objects.filter(once_key=once_key).first():
            return existing
    if happened_at > now + timedelta(minutes=5):
        raise HappensLater(happened_at)
    interaction = Interaction(
        workspace_id=client.workspace_id,
        client=client,
        project=project,
        kind=kind,
        happened_at=happened_at,
        minutes=minutes,
        summary=summary.strip(),
        body=body,
        tags=_tidy(tags),
        follow_up_on=follow_up_on,
        author=author,
        recorded_at=now,
        despite_stop=despite_stop.strip(),
        spent_on=spent_on or read_from(tags),
        once_key=once_key or None,
    )
    _explain_work(interaction)
    interaction.full_clean()
    interaction.save()
    _record(interaction, "interaction.logged", now=now, actor=actor)
    return interaction


@transaction.atomic
def change_interaction(
    *, interaction: Interaction, fields: Mapping[str, Any], now: datetime, actor: str
) -> Interaction:
    """Correct an entry; what it said before stays in the record. The same again changes nothing.

    A follow-up moved to another day is open again. Raises HappensLater, WorkIsStopped, ForeignRow,
    ValidationError by field.
    """
    interaction = Interaction.objects.select_for_update(no_key=True).get(pk=interaction.pk)
    check_same_workspace(interaction.workspace_id, fields.get("project"))
    new = {field: fields[field] for field in EDITABLE if field in fields}
    if "tags" in new:
        new["tags"] = _tidy(new["tags"])
        if new["tags"] != interaction.tags:
            new["spent_on"] = read_from(new["tags"]) or _said_outright(interaction)
    if all(getattr(interaction, field) == value for field, value in new.items()):
        return interaction
    if new.get("follow_up_on", interaction.follow_up_on) != interaction.follow_up_on:
        interaction.follow_up_done_at = None
    # What came with a file is taken as it was; it explains itself when it becomes another work.
    matters = ("kind", "happened_at", "project", "despite_stop")
    asks = any(getattr(interaction, f) != new[f] for f in matters if f in new)
    for field, value in new.items():
        setattr(interaction, field, value)
    if asks:
        _explain_work(interaction)
    if interaction.happened_at > now + timedelta(minutes=5):
        raise HappensLater(interaction.happened_at)
    interaction.edits += 1
    interaction.full_clean()
    interaction.save()
    _record(interaction, "interaction.changed", now=now, actor=actor)
    return interaction


@transaction.atomic
def finish_follow_up(*, interaction: Interaction, now: datetime, actor: str) -> None:
    """The promise is kept. Raises FollowUpClosed for the second of two clicks."""
    done = Interaction.objects.filter(
        pk=interaction.pk, follow_up_on__isnull=False, follow_up_done_at=None
    ).update(follow_up_done_at=now)
    if not done:
        raise FollowUpClosed(interaction.pk)
    _note(interaction, "followup.done", {}, now=now, actor=actor)


@transaction.atomic
def reopen_follow_up(*, interaction: Interaction, now: datetime, actor: str) -> None:
    """It was not done after all. Raises FollowUpClosed where none is done."""
    opened = Interaction.objects.filter(
        pk=interaction.pk, follow_up_on__isnull=False, follow_up_done_at__isnull=False
    ).update(follow_up_done_at=None)
    if not opened:
        raise FollowUpClosed(interaction.pk)
    _note(interaction, "followup.reopened", {}, now=now, actor=actor)


@transaction.atomic
def snooze_follow_up(*, interaction: Interaction, until: date, now: datetime, actor: str) -> None:
    """Not today: it comes back on the day `until`. Raises FollowUpClosed."""
    moved = Interaction.objects.filter(
        pk=interaction.pk, follow_up_on__isnull=False, follow_up_done_at=None
    ).update(follow_up_on=until)
    if not moved:
        raise FollowUpClosed(interaction.pk)
    _note(interaction, "followup.moved", {"until": until.isoformat()}, now=now, actor=actor)


def _explain_work(interaction: Interaction) -> None:
    """Work on a stopped day says why; anything else needs no such reason and keeps none."""
    if interaction.kind != Interaction.Kind.WORK:
        interaction.despite_stop = ""
        return
    day = interaction.workspace.local_today(interaction.happened_at)
    stopped = Stop.objects.resting(on=day, project_id=interaction.project_id)
    if not stopped.filter(client=interaction.client_id).exists():
        interaction.despite_stop = ""
    elif not interaction.despite_stop.strip():
        raise WorkIsStopped(interaction.client_id)


def _tidy(tags: str) -> str:
    return " ".join(dict.fromkeys(tag.lstrip("#").lower() for tag in tags.split() if tag != "#"))


def content_of(interaction: Interaction) -> dict[str, Any]:
    """All an entry says, as the record takes it."""
    follow_up_on = interaction.follow_up_on
    return {
        "kind": interaction.kind,
        "summary": interaction.summary,
        "body": interaction.body,
        "minutes": interaction.minutes,
        "tags": interaction.tags,
        **({"spent_on": interaction.spent_on} if interaction.spent_on else {}),
        "follow_up_on": follow_up_on.isoformat() if follow_up_on else None,
        "project": interaction.project_id,
        **({"despite_stop": interaction.despite_stop} if interaction.despite_stop else {}),
    }


def _said_outright(interaction: Interaction) -> str:
    """What was said of the time without a tag stays when the tags change."""
    return "" if read_from(interaction.tags) else interaction.spent_on


def _record(interaction: Interaction, kind: str, *, now: datetime, actor: str) -> None:
    record.append(
        workspace_id=interaction.workspace_id,
        kind=kind,
        content=content_of(interaction),
        now=now,
        actor=actor,
        happened_at=interaction.happened_at,
        client_ref=interaction.client_id,
        subject=f"interaction:{interaction.pk}",
    )


def _note(
    interaction: Interaction, kind: str, facts: dict[str, str], *, now: datetime, actor: str
) -> None:
    record.append(
        workspace_id=interaction.workspace_id,
        kind=kind,
        content={"summary": interaction.summary, **facts},
        now=now,
        actor=actor,
        client_ref=interaction.client_id,
        subject=f"interaction:{interaction.pk}",
    )
