"""The transactions of a delivery: writing what became of a group, putting together the next one.

Locks are taken in one order everywhere, or two workers wait for each other: first the rows that a
kind guards (invoices, steps), then messages, last the head of the record.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import DatabaseError, transaction

from clientdesk.outbox import claims, recording
from clientdesk.outbox.composing import (
    Letterhead,
    Sorted,
    made_of,
    put_together,
    sort_out,
    verdicts,
)
from clientdesk.outbox.models import Message, Part
from clientdesk.outbox.operations import REASON_LENGTH, by_kind
from clientdesk.outbox.outcomes import InHand, Outcome, move_ours, tell_outcomes, write_outcomes
from clientdesk.outbox.states import State, check
from clientdesk.record import operations as record
from clientdesk.record.operations import NewEntry
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.rows import write_rows
from clientdesk.workspaces.scoping import acting_in

BEGUN = ("state", "attempts", "claim_expires_at", "changed_at")
PUT_TOGETHER = ("subject", "text", "message_id", "steps", "raw", "sha256", "made_of")


@dataclass(slots=True)
class Turn:
    """What one transaction did.

    `begun` may leave now. `spoiled` could not be put together; they are still claimed.
    """

    begun: list[InHand] = field(default_factory=list)
    suppressed: int = 0
    spoiled: list[tuple[InHand, Exception]] = field(default_factory=list)
    entries: list[NewEntry] = field(default_factory=list)


def hold(messages: Sequence[Message]) -> list[InHand]:
    """The messages with their parts, read in one query."""
    parts: dict[int, list[Part]] = defaultdict(list)
    by_id = {message.pk: message for message in messages}
    waiting = Part.objects.filter(message__in=by_id, state=Part.State.WAITING)
    for part in waiting.order_by("message_id", "pk"):
        part.message = by_id[part.message_id]
        part.workspace = part.message.workspace
        parts[part.message_id].append(part)
    return [InHand(message, parts[message.pk]) for message in messages]


def take_turn(
    workspace: Workspace,
    *,
    finished: Sequence[Outcome],
    untouched: Sequence[InHand],
    upcoming: Sequence[InHand],
    now: datetime,
    reached: Callable[[str], None],
) -> Turn:
    """One transaction: write what became of one group and begin the next.

    `untouched` were begun, but nothing of them left; they are claimed again and may be among
    `upcoming`. It is committed before any byte of `upcoming` leaves. Raises NoLongerOurs, and
    whatever a kind raises.
    """
    turn = Turn()
    with transaction.atomic(), acting_in(workspace.pk):
        answers = verdicts([part for held in upcoming for part in held.parts], now=now)
        sorted_out = [(held, sort_out(held.parts, answers)) for held in upcoming]
        _tell_withdrawn([pair for _, outcome in sorted_out for pair in outcome.withdrawn], now)
        tell_outcomes(finished, now=now)
        claims.take_back([held.message for held in untouched], now=now)
        _begin(workspace, sorted_out, now, turn)
        reached("put_together")
        turn.entries += write_outcomes(finished, now=now)
        record.append_many(workspace_id=workspace.pk, entries=turn.entries, now=now)
        reached("turn.written")
    reached("turn.committed")
    return turn


def _tell_withdrawn(withdrawn: Sequence[tuple[Part, str]], now: datetime) -> None:
    by_reason: dict[str, list[Part]] = defaultdict(list)
    for part, reason in withdrawn:
        by_reason[reason].append(part)
    for reason, parts in by_reason.items():
        for kind, group in by_kind(parts):
            kind.stuck(group, outcome="suppressed", reason=reason, now=now)


def _begin(
    workspace: Workspace, group: Sequence[tuple[InHand, Sorted]], now: datetime, turn: Turn
) -> None:
    """Put together what still holds and move it to *sending*, unless mail was paused meanwhile."""
    letterhead = Letterhead(workspace)
    ready: list[InHand] = []
    written: set[int] = set()
    for held, outcome in group:
        if not _settle(held, outcome, now, turn):
            continue
        message = held.message
        try:
            if message.made_of != (wanted := made_of(workspace, message, outcome.ready)):
                put_together(letterhead, message, outcome.ready, made_of=wanted, now=now)
                written.add(message.pk)
        except DatabaseError:
            raise
        except Exception as error:
            turn.spoiled.append((held, error))
            continue
        ready.append(held)
    if not ready:
        return
    check({State.CLAIMED}, State.SENDING)
    ours = Message.objects.select_for_update(of=("self",)).filter(
        pk__in=[held.message.pk for held in ready],
        claim_token__in={held.message.claim_token for held in ready},
        state=State.CLAIMED,
        workspace__sending_paused=False,
        # Words changed since this group was claimed: it is worded anew with the next one.
        workspace__letters_version=workspace.letters_version,
    )
    won = set(ours.order_by("pk").values_list("pk", flat=True))
    turn.begun = [held for held in ready if held.message.pk in won]
    for held in turn.begun:
        message = held.message
        message.state, message.attempts = State.SENDING, message.attempts + 1
        message.claim_expires_at, message.changed_at = now + claims.lease(), now
    # Locked above: each row is written once, for with its letter in it that is what takes time.
    begun = [held.message for held in turn.begun]
    write_rows([message for message in begun if message.pk in written], (*BEGUN, *PUT_TOGETHER))
    write_rows([message for message in begun if message.pk not in written], BEGUN)
    if len(won) < len(ready):
        left = [held.message for held in ready if held.message.pk not in won]
        claims.give_back(left, now=now)


def _settle(held: InHand, outcome: Sorted, now: datetime, turn: Turn) -> bool:
    """Bring a message in line with its verdicts; False where nothing of it is left to say."""
    message = held.message
    if outcome.withdrawn:
        _write_withdrawn(outcome.withdrawn)
        held.parts = [part for part, _ in outcome.ready]
        reasons = {part.dedupe_key: reason for part, reason in outcome.withdrawn}
        turn.entries.append(
            recording.entry(message, "suppressed", whole=not held.parts, parts=reasons)
        )
    if outcome.ready:
        return True
    reason = "; ".join(dict.fromkeys(reason for _, reason in outcome.withdrawn))
    move_ours(
        message,
        {State.CLAIMED},
        State.SUPPRESSED,
        now=now,
        reason=(reason or "nothing left to say")[:REASON_LENGTH],
    )
    turn.suppressed += 1
    return False


def _write_withdrawn(withdrawn: Sequence[tuple[Part, str]]) -> None:
    by_reason: dict[str, list[int]] = defaultdict(list)
    for part, reason in withdrawn:
        by_reason[reason].append(part.pk)
    for reason, ids in by_reason.items():
        Part.objects.filter(pk__in=ids).update(
            state=Part.State.SUPPRESSED, reason=reason[:REASON_LENGTH]
        )
