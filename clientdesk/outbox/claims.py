"""Who has a message in hand. A claim is a conditional UPDATE: one winner on any database."""

import secrets
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, F, OuterRef, Q

from clientdesk.outbox import hours
from clientdesk.outbox.models import Message, MessageQuerySet, Part
from clientdesk.outbox.states import GONE, WAITING, State, check
from clientdesk.workspaces.models import Workspace

FEW, MANY = 50, 200


def batch(group: int) -> int:
    """How many to claim at once where so many are sent in one group.

    Few from a slow server, so that another worker may take the rest and no lease runs out.
    """
    return max(FEW, min(MANY, 4 * group))


def lease() -> timedelta:
    """How long a message may be in hand: far longer than any mail server may take for it."""
    return timedelta(seconds=max(600, 5 * int(settings.EMAIL_TIMEOUT or 20)))


def due_workspaces(*, now: datetime) -> list[Workspace]:
    """Those with mail that may leave now."""
    # One look into the index for each workspace, however much waits there.
    due = Message.unscoped.waiting().filter(workspace=OuterRef("pk"), not_before__lte=now)
    return list(Workspace.objects.filter(may_send(), Exists(due)).order_by("pk"))


def may_send() -> Q:
    return Q(is_sample=False, sending_paused=False)


def claim(workspace: Workspace, *, now: datetime, limit: int) -> list[Message]:
    """Take up to `limit` due messages in hand; each caller gets others.

    Call it with the workspace active. Automatic messages left over from earlier days are first
    brought to today, so a client still gets one.
    """
    token = secrets.token_hex(16)
    with transaction.atomic():
        due = Message.objects.waiting().filter(not_before__lte=now).order_by("not_before", "pk")
        if not hours.are_open(workspace, now=now):
            due = due.filter(automatic=False)
        candidates = list(_locked(due).defer("raw", "text")[:limit])
        mine = set(_of_today(workspace, candidates, now))
        check(WAITING, State.CLAIMED)
        won = (
            Message.objects.waiting()
            .filter(pk__in=mine)
            .update(
                state=State.CLAIMED,
                claim_token=token,
                claim_expires_at=now + lease(),
                changed_at=now,
            )
        )
        if won < len(candidates) or any(message.made_of for message in candidates):
            # Some were moved to another day, or have their text already.
            candidates = list(Message.objects.filter(claim_token=token, state=State.CLAIMED))
    for message in candidates:
        message.workspace = workspace
        message.state, message.claim_token = State.CLAIMED, token
    return sorted(candidates, key=lambda message: message.pk)


def _locked(messages: MessageQuerySet) -> MessageQuerySet:
    """Rows that another worker or a sweep holds are passed over, not waited for."""
    if connection.features.has_select_for_update_skip_locked:
        return messages.select_for_update(skip_locked=True)
    return messages


def _of_today(workspace: Workspace, candidates: list[Message], now: datetime) -> list[int]:
    """The ids that may go now. After downtime several days' messages of a client become one."""
    today = workspace.local_today(now)
    stale = [m for m in candidates if m.automatic and m.client_ref is not None and m.day < today]
    mine = {m.pk for m in candidates} - {m.pk for m in stale}
    if not stale:
        return sorted(mine)
    of_today = Message.objects.filter(
        automatic=True, day=today, client_ref__in={m.client_ref for m in stale}
    ).exclude(state__in=GONE)
    states = {m.client_ref: m for m in of_today.defer("raw", "text")}
    free = {m.pk for m in _locked(of_today.waiting()).defer("raw", "text")}
    for message in stale:
        other = states.get(message.client_ref)
        if hours.next_day(today, message.calendar) != today:
            _postpone(message, workspace, today, now=now)
        elif other is None:
            if _move_to(message, workspace, now):
                states[message.client_ref] = message
                mine.add(message.pk)
                free.add(message.pk)
        elif other.pk in free:
            _join(message, other, now)
        elif other.state not in WAITING:
            _postpone(message, workspace, today + timedelta(days=1), now=now)
    return sorted(mine)


def _move_to(message: Message, workspace: Workspace, now: datetime) -> bool:
    """Make it today's message, unless a sweep writes one at this very moment."""
    try:
        with transaction.atomic():
            Message.objects.filter(pk=message.pk).update(day=workspace.local_today(now))
    except IntegrityError:
        return False
    return True


def _join(message: Message, other: Message, now: datetime) -> None:
    check(WAITING, State.SUPPRESSED)
    Part.objects.filter(message=message).update(message=other)
    Message.objects.filter(pk=message.pk).update(
        state=State.SUPPRESSED, reason=f"goes out together with message {other.pk}", changed_at=now
    )


def _postpone(message: Message, workspace: Workspace, earliest: date, *, now: datetime) -> None:
    """To the first day from `earliest` on that its reader works; there it may join another."""
    day = hours.next_day(earliest, message.calendar)
    Message.objects.filter(pk=message.pk).update(
        not_before=hours.day_begins(workspace, day), changed_at=now
    )


def release_expired(*, now: datetime) -> int:
    """Messages whose worker died before it began to send go back; nothing of them has left."""
    check({State.CLAIMED}, State.QUEUED)
    return Message.unscoped.filter(state=State.CLAIMED, claim_expires_at__lte=now).update(
        state=State.QUEUED, claim_token="", claim_expires_at=None, changed_at=now
    )


def give_back(messages: list[Message], *, now: datetime) -> None:
    """Unsent messages of ours wait again, as if nothing had been."""
    check({State.CLAIMED}, State.QUEUED)
    Message.objects.filter(
        pk__in=[m.pk for m in messages],
        state=State.CLAIMED,
        claim_token__in={m.claim_token for m in messages},
    ).update(state=State.QUEUED, claim_token="", claim_expires_at=None, changed_at=now)


def take_back(messages: list[Message], *, now: datetime) -> None:
    """Begun by us, but nothing of them left: claimed again, as if they had not begun."""
    if not messages:
        return
    check({State.SENDING}, State.CLAIMED)
    Message.objects.filter(
        pk__in=[m.pk for m in messages],
        state=State.SENDING,
        claim_token__in={m.claim_token for m in messages},
    ).update(state=State.CLAIMED, attempts=F("attempts") - 1, changed_at=now)


def still_claimed(messages: list[Message]) -> list[Message]:
    """The messages as they are stored, as far as they are still in our hands."""
    fresh = Message.objects.filter(
        pk__in=[m.pk for m in messages],
        state=State.CLAIMED,
        claim_token__in={m.claim_token for m in messages},
    ).order_by("pk")
    workspaces = {m.workspace_id: m.workspace for m in messages}
    for message in fresh:
        message.workspace = workspaces[message.workspace_id]
    return list(fresh)
