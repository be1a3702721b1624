"""Work for a client rests, and goes on: each with its reason."""

from datetime import date, datetime
from typing import Protocol

from django.db import transaction

from clientdesk.record import operations as record
from clientdesk.workspaces.scoping import check_same_workspace
from clients.models import Client, Project, Stop
from clients.operations.forecasting import write_forecasts


class StopRunning(Exception):
    """Work for this client, or on this project, is stopped already."""


class StopEnded(Exception):
    """This stop is over."""


class NothingUnpaid(Exception):
    """Nothing of this client's is late, so work cannot rest for that."""


class Check(Protocol):
    """Asked before a stop by hand, in its transaction; raises where the reason is not true."""

    def __call__(self, *, client: Client, reason: str, on: date) -> None: ...


_checks: list[Check] = []


def register_check(check: Check) -> None:
    """An app above says what it knows of a reason: clients know no invoice."""
    if check not in _checks:
        _checks.append(check)


@transaction.atomic
def stop_by_hand(
    *,
    client: Client,
    reason: str,
    on: date,
    now: datetime,
    actor: str,
    cause: str = "",
    project: Project | None = None,
) -> Stop:
    """The owner stops work. Raises StopRunning, NothingUnpaid, ForeignRow."""
    for check in _checks:
        check(client=client, reason=reason, on=on)
    return begin_stop(
        client=client, reason=reason, on=on, now=now, actor=actor, cause=cause, project=project
    )


class EndBeforeBegin(Exception):
    """A stop cannot end before it began."""


@transaction.atomic
def begin_stop(
    *,
    client: Client,
    reason: str,
    on: date,
    now: datetime,
    actor: str,
    cause: str = "",
    project: Project | None = None,
) -> Stop:
    """Stop work from the day `on`, for a client or a project. Raises StopRunning, ForeignRow."""
    check_same_workspace(client.workspace_id, project)
    # The client's row is the lock: two stops at once would both see none running.
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    if Stop.objects.running().filter(client=client, project=project).exists():
        raise StopRunning(client.pk)
    stop = Stop.objects.create(
        workspace_id=client.workspace_id,
        client=client,
        project=project,
        reason=reason,
        cause=cause,
        begun_on=on,
        created_at=now,
    )
    _record(stop, "stop.begun", {"on": on.isoformat()}, now=now, actor=actor)
    return stop


@transaction.atomic
def end_stop(*, stop: Stop, on: date, reason: str, now: datetime, actor: str) -> Stop:
    """Work goes on from the day `on`; the deliveries it moved are written down.

    Raises StopEnded, EndBeforeBegin.
    """
    stop = _running(stop)
    if on < stop.begun_on:
        raise EndBeforeBegin(f"begun on {stop.begun_on}, would end on {on}")
    stop.ended_on, stop.end_reason, stop.ask_resume = on, reason, ""
    stop.save(update_fields=["ended_on", "end_reason", "ask_resume"])
    _record(stop, "stop.ended", {"on": on.isoformat(), "because": reason}, now=now, actor=actor)
    _move_deliveries(stop, now=now, actor=actor)
    return stop


def _move_deliveries(stop: Stop, *, now: datetime, actor: str) -> None:
    """Write down when the work that rested is to be expected."""
    projects = Project.objects.filter(client=stop.client_id, delivered_on=None)
    if stop.project_id:
        projects = projects.filter(pk=stop.project_id)
    write_forecasts(
        project_ids=list(projects.values_list("pk", flat=True)),
        today=stop.workspace.local_today(now),
        now=now,
        actor=actor,
    )


@transaction.atomic
def ask_resume(*, stop: Stop, why: str, now: datetime, actor: str) -> Stop:
    """Put it to the owner whether work goes on: `why` is "full" or "part", what came in.

    Raises StopEnded.
    """
    stop = _running(stop)
    if stop.ask_resume != why:
        stop.ask_resume = why
        stop.save(update_fields=["ask_resume"])
        _record(stop, "stop.asked", {"paid": why}, now=now, actor=actor)
    return stop


@transaction.atomic
def keep_stopped(*, stop: Stop, now: datetime, actor: str) -> Stop:
    """The owner was asked and lets work rest. Raises StopEnded."""
    stop = _running(stop)
    if stop.ask_resume:
        stop.ask_resume = ""
        stop.save(update_fields=["ask_resume"])
        _record(stop, "stop.kept", {}, now=now, actor=actor)
    return stop


def _running(stop: Stop) -> Stop:
    stop = Stop.objects.select_for_update(no_key=True).get(pk=stop.pk)
    if stop.ended_on is not None:
        raise StopEnded(stop.pk)
    return stop


def _record(stop: Stop, kind: str, facts: dict[str, str], *, now: datetime, actor: str) -> None:
    record.append(
        workspace_id=stop.workspace_id,
        kind=kind,
        content={
            "reason": stop.reason,
            "cause": stop.cause,
            "project": stop.project_id,
            **facts,
        },
        now=now,
        actor=actor,
        client_ref=stop.client_id,
        subject=f"stop:{stop.pk}",
    )
