"""Reminders of a request rest for a while: the clock goes on, only nothing is mailed."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from feedback.models import Pause, Request
from feedback.operations.asking import locked, locked_open
from feedback.operations.climbing import reschedule
from feedback.operations.recording import record_request


class PauseRefused(ValueError):
    """The pause cannot be as it was asked for; the text names the field and what was expected."""


class PauseOver(Exception):
    """This pause was lifted, or has ended by itself."""


@transaction.atomic
def pause_reminders(
    *, requests: Sequence[Request], until: date, reason: str, now: datetime, actor: str
) -> list[Pause]:
    """Send no reminder of these from today until the day `until`, both included; all or none.

    Afterwards the climb goes on where it was. Letters that wait in the outbox are stopped by their
    guard. A pause that runs already is made to end on `until`; the same again changes nothing.
    Raises PauseRefused, RequestNotOpen.
    """
    if not reason.strip():
        raise PauseRefused("reason: nothing; expected why nothing is sent meanwhile")
    pauses = []
    for one in sorted(requests, key=lambda request: request.pk):
        request = locked_open(one)
        today = request.workspace.local_today(now)
        if until < today:
            raise PauseRefused(f"until: {until}; expected {today} or later")
        pauses.append(_pause(request, today, until, reason.strip()[:300], now, actor))
    reschedule(request_ids=[request.pk for request in requests])
    return pauses


def _pause(
    request: Request, today: date, until: date, reason: str, now: datetime, actor: str
) -> Pause:
    running = Pause.objects.filter(
        request=request, first__lte=today, until__gte=today, lifted_at=None
    ).first()
    if running is not None and (running.until, running.reason) == (until, reason):
        return running
    pause = running or Pause(
        workspace_id=request.workspace_id, request=request, first=today, created_at=now
    )
    pause.until, pause.reason = until, reason
    pause.full_clean()
    pause.save()
    facts = {"first": pause.first.isoformat(), "until": until.isoformat(), "because": reason}
    record_request(request, "request.paused", facts, now=now, actor=actor)
    return pause


@transaction.atomic
def lift_pause(*, pause: Pause, now: datetime, actor: str) -> Pause:
    """Reminders go on today. Raises PauseOver."""
    request = locked(pause.request)
    pause = Pause.objects.select_for_update(no_key=True).get(pk=pause.pk)
    today = request.workspace.local_today(now)
    if pause.lifted_at is not None or pause.until < today:
        raise PauseOver(pause.pk)
    pause.until, pause.lifted_at = today - timedelta(days=1), now
    pause.save(update_fields=["until", "lifted_at"])
    reschedule(request_ids=[request.pk])
    record_request(request, "request.unpaused", {}, now=now, actor=actor)
    return pause
