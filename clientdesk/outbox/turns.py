"""The transactions of a delivery: putting together, beginning to send, writing what became of it.

Locks are taken in one order everywhere, or two workers wait for each other: first the rows that a
kind guards (invoices, steps), then messages, last the head of the record.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from clientdesk.outbox import claims, recording
from clientdesk.outbox.composing import Sorted, made_of, put_together, sort_out, verdicts
from clientdesk.outbox.kinds import Verdict
from clientdesk.outbox.models import Message, Part
from clientdesk.outbox.operations import REASON_LENGTH, by_kind
from clientdesk.outbox.states import State, check
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
PUT_TOGETHER = ("subject", "text", "message_id", "steps", "raw", "sha256", "made_of")


class NoLongerOurs(Exception):
    """The lease ran out and somebody else decided about the message."""


@dataclass(slots=True)
class InHand:
    """A claimed message with its waiting parts, and the text it was put together with."""

    message: Message
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the mail server made of a message; `state` is where it goes."""

    held: InHand
    state: State
    reason: str


@dataclass(slots=True)
class Turn:
    """What one transaction did."""

    begun: bool = False
    suppressed: bool = False
    entries: list[Callable[[], None]] = field(default_factory=list)


def hold(messages: Sequence[Message]) -> list[InHand]:
    """The messages with their parts, read in one query."""
    parts: dict[int, list[Part]] = defaultdict(list)
    by_id = {message.pk: message for message in messages}
    for part in Part.objects.filter(message__in=by_id, state=Part.State.WAITING).order_by("pk"):
        part.message = by_id[part.message_id]
        part.workspace = part.message.workspace
        parts[part.message_id].append(part)
    return [InHand(message, parts[message.pk]) for message in messages]


def put_batch_together(
    workspace: Workspace, batch: Sequence[InHand], *, now: datetime
) -> tuple[list[InHand], int]:
    """Ask all guards at once and write the texts; answers what may go, and how many fell away."""
    with transaction.atomic(), acting_in(workspace.pk):
        answers = verdicts([part for held in batch for part in held.parts], now=now)
        outcomes = [(held, sort_out(held.parts, answers)) for held in batch]
        _tell_withdrawn([pair for _, outcome in outcomes for pair in outcome.withdrawn], now)
        ready: list[InHand] = []
        entries: list[Callable[[], None]] = []
        for held, outcome in outcomes:
            if _settle(workspace, held, outcome, now, entries):
                ready.append(held)
        Message.objects.bulk_update([held.message for held in ready], PUT_TOGETHER)
        for append in entries:
            append()
    return ready, len(batch) - len(ready)


def _settle(
    workspace: Workspace,
    held: InHand,
    outcome: Sorted,
    now: datetime,
    entries: list[Callable[[], None]],
) -> bool:
    """Bring a message in line with its verdicts; False where nothing of it is left to say."""
    message = held.message
    if outcome.withdrawn:
        _write_withdrawn(outcome.withdrawn)
        held.parts = [part for part, _ in outcome.ready]
        reasons = {part.dedupe_key: reason for part, reason in outcome.withdrawn}
        entries.append(
            lambda: recording.append(
                message, "suppressed", now=now, whole=not held.parts, parts=reasons
            )
        )
    if outcome.ready:
        if message.made_of != made_of(workspace, message, outcome.ready):
            put_together(workspace, message, outcome.ready, now=now)
        return True
    reason = "; ".join(dict.fromkeys(reason for _, reason in outcome.withdrawn))
    move_ours(
        message,
        {State.CLAIMED},
        State.SUPPRESSED,
        now=now,
        reason=(reason or "nothing left to say")[:REASON_LENGTH],
    )
    return False


def _tell_withdrawn(withdrawn: Sequence[tuple[Part, str]], now: datetime) -> None:
    by_reason: dict[str, list[Part]] = defaultdict(list)
    for part, reason in withdrawn:
        by_reason[reason].append(part)
    for reason, parts in by_reason.items():
        for kind, group in by_kind(parts):
            kind.stuck(group, outcome="suppressed", reason=reason, now=now)


def _write_withdrawn(withdrawn: Sequence[tuple[Part, str]]) -> None:
    for part, reason in withdrawn:
        Part.objects.filter(pk=part.pk).update(
            state=Part.State.SUPPRESSED, reason=reason[:REASON_LENGTH]
        )


def take_turn(
    workspace: Workspace,
    *,
    finished: Outcome | None,
    upcoming: InHand | None,
    now: datetime,
    reached: Callable[[str], None],
) -> Turn:
    """One transaction: write what became of one message and begin the next.

    Committed before any byte of `upcoming` leaves. Raises NoLongerOurs, and whatever a kind raises.
    """
    turn = Turn()
    with transaction.atomic(), acting_in(workspace.pk):
        outcome = Sorted()
        if upcoming is not None:
            answers: Mapping[int, Verdict] = verdicts(upcoming.parts, now=now)
            outcome = sort_out(upcoming.parts, answers)
            _tell_withdrawn(outcome.withdrawn, now)
        if finished is not None:
            tell_outcome(finished, now)
        if upcoming is not None:
            _begin(workspace, upcoming, outcome, now, turn)
        if finished is not None:
            write_outcome(finished, now, turn)
        for append in turn.entries:
            append()
        reached("turn.written")
    reached("turn.committed")
    return turn


def _begin(workspace: Workspace, held: InHand, outcome: Sorted, now: datetime, turn: Turn) -> None:
    message = held.message
    before = message.made_of
    if not _settle(workspace, held, outcome, now, turn.entries):
        turn.suppressed = True
        return
    changed = message.made_of != before
    texts = {name: getattr(message, name) for name in PUT_TOGETHER} if changed else {}
    check({State.CLAIMED}, State.SENDING)
    turn.begun = bool(
        Message.objects.filter(
            pk=message.pk,
            state=State.CLAIMED,
            claim_token=message.claim_token,
            workspace__sending_paused=False,
            # Words changed since this batch was claimed: it is worded anew with the next one.
            workspace__letters_version=workspace.letters_version,
        ).update(
            state=State.SENDING,
            attempts=F("attempts") + 1,
            claim_expires_at=now + claims.lease(),
            changed_at=now,
            **texts,
        )
    )
    if turn.begun:
        message.attempts += 1
    else:
        claims.give_back([message], now=now)


def tell_outcome(finished: Outcome, now: datetime) -> None:
    for kind, group in by_kind(finished.held.parts):
        if finished.state == State.SENT:
            kind.sent(group, now=now)
        elif finished.state in (State.FAILED, State.UNCERTAIN):
            kind.stuck(group, outcome=finished.state, reason=finished.reason, now=now)


def back_off(attempts: int) -> timedelta:
    """How long to wait after so many attempts."""
    return BACK_OFF[min(max(attempts, 1), len(BACK_OFF)) - 1]


def write_outcome(finished: Outcome, now: datetime, turn: Turn) -> None:
    message, state = finished.held.message, finished.state
    more: dict[str, Any] = {"claim_expires_at": None}
    if state == State.RETRY:
        more["not_before"] = now + back_off(message.attempts)
    old = {State.SENDING}
    if state == State.SENT:
        more["sent_at"] = now
        # We were slow and somebody gave us up; the server has said yes since.
        old.add(State.UNCERTAIN)
        Part.objects.filter(pk__in=[part.pk for part in finished.held.parts]).update(
            state=Part.State.SENT
        )
    move_ours(message, old, state, now=now, reason=finished.reason[:REASON_LENGTH], **more)
    if state != State.RETRY:
        turn.entries.append(
            lambda: recording.append(message, str(state), now=now, reason=finished.reason)
        )


def move_ours(message: Message, old: set[State], new: State, *, now: datetime, **more: Any) -> None:
    """Only while the message is ours. Raises NoLongerOurs."""
    check(old, new)
    won = Message.objects.filter(
        pk=message.pk, state__in=old, claim_token=message.claim_token, sent_again_as=None
    ).update(state=new, changed_at=now, **more)
    if not won:
        raise NoLongerOurs(message.pk)
    message.state = new
