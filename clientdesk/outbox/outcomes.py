"""Writing down what the mail server made of messages, many at once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from clientdesk.outbox import recording
from clientdesk.outbox.models import Message, Part
from clientdesk.outbox.operations import REASON_LENGTH, by_kind
from clientdesk.outbox.states import State, check
from clientdesk.record.operations import NewEntry
from clientdesk.workspaces.rows import write_rows

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))


class NoLongerOurs(Exception):
    """The lease ran out and somebody else decided about the message."""


@dataclass(slots=True)
class InHand:
    """A claimed message with its waiting parts."""

    message: Message
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the mail server made of a message; `state` is where it goes."""

    held: InHand
    state: State
    reason: str


def back_off(attempts: int) -> timedelta:
    """How long to wait after so many attempts."""
    return BACK_OFF[min(max(attempts, 1), len(BACK_OFF)) - 1]


def tell_outcomes(finished: Sequence[Outcome], *, now: datetime) -> None:
    """Tell the kinds, each once for all that went the same way."""
    alike: dict[tuple[State, str], list[Part]] = defaultdict(list)
    for outcome in finished:
        if outcome.state == State.SENT:
            alike[State.SENT, ""] += outcome.held.parts
        elif outcome.state in (State.FAILED, State.UNCERTAIN):
            alike[outcome.state, outcome.reason] += outcome.held.parts
    for (state, reason), parts in alike.items():
        for kind, group in by_kind(parts):
            if state == State.SENT:
                kind.sent(group, now=now)
            else:
                kind.stuck(group, outcome=state, reason=reason, now=now)


def write_outcomes(finished: Sequence[Outcome], *, now: datetime) -> list[NewEntry]:
    """Move the messages to where they go; what is to be recorded of it. Raises NoLongerOurs."""
    sent = [outcome for outcome in finished if outcome.state == State.SENT]
    if sent:
        _write_sent(sent, now)
    entries: list[NewEntry] = []
    for outcome in finished:
        if outcome.state != State.SENT:
            _write_setback(outcome, now)
        if outcome.state != State.RETRY:
            message, state = outcome.held.message, str(outcome.state)
            entries.append(recording.entry(message, state, reason=outcome.reason))
    return entries


def _write_sent(sent: Sequence[Outcome], now: datetime) -> None:
    messages = [outcome.held.message for outcome in sent]
    # Uncertain: we were slow and somebody gave us up; the server has said yes since.
    old = {State.SENDING, State.UNCERTAIN}
    check(old, State.SENT)
    ours = Message.objects.select_for_update().filter(
        pk__in=[message.pk for message in messages],
        state__in=old,
        claim_token__in={message.claim_token for message in messages},
        sent_again_as=None,
    )
    if len(ours.order_by("pk").values_list("pk")) < len(messages):
        raise NoLongerOurs([message.pk for message in messages])
    for outcome in sent:
        message = outcome.held.message
        message.state, message.reason = State.SENT, outcome.reason[:REASON_LENGTH]
        message.sent_at, message.changed_at, message.claim_expires_at = now, now, None
    # Locked above: each row is written once, for with its letter in it that is what takes time.
    write_rows(messages, ("state", "reason", "sent_at", "changed_at", "claim_expires_at"))
    parts = [part.pk for outcome in sent for part in outcome.held.parts]
    Part.objects.filter(pk__in=parts).update(state=Part.State.SENT)


def _write_setback(outcome: Outcome, now: datetime) -> None:
    message = outcome.held.message
    more: dict[str, Any] = {"claim_expires_at": None}
    if outcome.state == State.RETRY:
        more["not_before"] = now + back_off(message.attempts)
    reason = outcome.reason[:REASON_LENGTH]
    move_ours(message, {State.SENDING}, outcome.state, now=now, reason=reason, **more)


def move_ours(message: Message, old: set[State], new: State, *, now: datetime, **more: Any) -> None:
    """Only while the message is ours. Raises NoLongerOurs."""
    check(old, new)
    won = Message.objects.filter(
        pk=message.pk, state__in=old, claim_token=message.claim_token, sent_again_as=None
    ).update(state=new, changed_at=now, **more)
    if not won:
        raise NoLongerOurs(message.pk)
    message.state = new
