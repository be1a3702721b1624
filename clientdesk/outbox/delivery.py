"""One pass of sending: claim, put together, begin, hand over, write down.

    claim         queued → claimed         conditional UPDATE, one winner
    put together  guards asked, texts and bytes stored
    begin         claimed → sending        guards asked again under lock; committed before DATA
    hand over     SMTP                     no transaction open, nothing locked
    write down    sending → sent …         with the next message's begin, in one transaction

Killed anywhere, a message is either still ours to send (claimed goes back to queued) or its fate is
unknown (sending becomes uncertain, and only its owner sends it again): at most once by itself.
"""

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError

from clientdesk.outbox import claims, mime, operations, setbacks, turns
from clientdesk.outbox.composing import sender_address
from clientdesk.outbox.smtp import Lost, Refused, Session, Unreachable
from clientdesk.outbox.states import State
from clientdesk.outbox.turns import InHand, Outcome
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in

log = logging.getLogger(__name__)

# A server that cannot be reached so often in a row is left alone until the next pass.
BROKEN_SESSIONS = 3
WRITE_ROUNDS = 3


@dataclass(slots=True)
class DeliveryResult:
    """How many messages one pass brought to each state."""

    sent: int = 0
    suppressed: int = 0
    retry: int = 0
    failed: int = 0
    uncertain: int = 0

    def count(self, state: State, number: int = 1) -> None:
        setattr(self, state, getattr(self, state) + number)

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


def checkpoint(name: str) -> None:
    """A point of the protocol has been reached. Does nothing; tests kill the process here."""


def deliver(*, now: Callable[[], datetime] | datetime, limit: int | None = None) -> DeliveryResult:
    """Send what is due in all workspaces, at most `limit` messages.

    Nothing leaves while mail is not set up, and nothing of a paused or a sample workspace. What
    has gathered without a mail server waits, once there is one, for its owner to look and release.
    """
    clock = now if callable(now) else lambda: now
    result = DeliveryResult()
    claims.release_expired(now=clock())
    result.count(State.UNCERTAIN, setbacks.rescue_sending(now=clock()))
    if settings.MAIL_IS_SET_UP:
        with Session() as session:
            _Pass(clock, session, result, limit).run()
    else:
        for workspace in claims.due_workspaces(now=clock()):
            operations.pause(workspace=workspace, now=clock(), actor="system")
    return result


class _Pass:
    def __init__(
        self,
        clock: Callable[[], datetime],
        session: Session,
        result: DeliveryResult,
        limit: int | None,
    ) -> None:
        self.clock = clock
        self.session = session
        self.result = result
        self.left = limit
        self.broken = 0

    def run(self) -> None:
        skipped: set[int] = set()
        while True:
            workspaces = [w for w in claims.due_workspaces(now=self.clock()) if w.pk not in skipped]
            if not workspaces:
                return
            # One batch each in turn: a business with 10,000 letters does not hold up the others.
            for workspace in workspaces:
                if self._is_over():
                    return
                try:
                    if not self._batch(workspace):
                        skipped.add(workspace.pk)
                except Exception:
                    log.exception("delivery of workspace %s was broken off", workspace.pk)
                    skipped.add(workspace.pk)

    def _is_over(self) -> bool:
        return self.left == 0 or self.broken >= BROKEN_SESSIONS

    def _batch(self, workspace: Workspace) -> bool:
        """False where there was nothing to claim."""
        size = claims.BATCH if self.left is None else min(claims.BATCH, self.left)
        with acting_in(workspace.pk):
            checkpoint("claim")
            claimed = claims.claim(workspace, now=self.clock(), limit=size)
            checkpoint("claimed")
            held = turns.hold(claimed)
        if self.left is not None:
            self.left -= len(claimed)
        ready = self._put_together(workspace, held)
        checkpoint("put_together")
        self._send(workspace, ready)
        return bool(claimed)

    def _put_together(self, workspace: Workspace, batch: list[InHand]) -> list[InHand]:
        if not batch:
            return []
        try:
            ready, suppressed = turns.put_batch_together(workspace, batch, now=self.clock())
        except Exception as error:
            if len(batch) == 1:
                self._not_put_together(workspace, batch[0], error)
                return []
            # One of them spoils the others' transaction: each gets its own. Rolled back rows are
            # read again, as this round may have left its marks on them.
            with acting_in(workspace.pk):
                again = turns.hold(claims.still_claimed([held.message for held in batch]))
            return [one for held in again for one in self._put_together(workspace, [held])]
        self.result.count(State.SUPPRESSED, suppressed)
        return ready

    def _not_put_together(self, workspace: Workspace, held: InHand, error: Exception) -> None:
        reason = f"could not be put together: {type(error).__name__}: {error}"
        log.exception("message %s %s", held.message.pk, reason)
        now = self.clock()
        try:
            if isinstance(error, mime.HeaderRefused):
                state = setbacks.fail_claimed(workspace, held, reason, now=now)
            else:
                state = setbacks.try_later(workspace, held, reason, now=now, cap=True)
        except turns.NoLongerOurs:
            return
        self.result.count(state)

    def _send(self, workspace: Workspace, ready: list[InHand]) -> None:
        """Messages one after the other; each transaction ends one and begins the next."""
        finished: Outcome | None = None
        for position, held in enumerate(ready):
            if not self.session.is_open:
                # Connecting may take long; what is done is noted first.
                self._turn(workspace, finished, None)
                finished = None
                if self._no_session(workspace, ready[position:]):
                    break
            begun = self._turn(workspace, finished, held)
            finished = self._hand_over(held) if begun else None
        self._turn(workspace, finished, None)

    def _no_session(self, workspace: Workspace, waiting: list[InHand]) -> bool:
        """Whether the mail server cannot be had; then what waits for it tries later."""
        reason = "the mail server broke off several times"
        if self.broken < BROKEN_SESSIONS:
            try:
                self.session.open()
                return False
            except Unreachable as error:
                self.broken = BROKEN_SESSIONS
                reason = f"the mail server cannot be reached: {error}"
        for held in waiting:
            try:
                state = setbacks.try_later(workspace, held, reason, now=self.clock(), cap=False)
            except turns.NoLongerOurs:
                continue
            self.result.count(state)
        return True

    def _turn(
        self, workspace: Workspace, finished: Outcome | None, upcoming: InHand | None
    ) -> bool:
        """Whether `upcoming` may leave now."""
        if finished is None and upcoming is None:
            return False
        try:
            turn = turns.take_turn(
                workspace,
                finished=finished,
                upcoming=upcoming,
                now=self.clock(),
                reached=checkpoint,
            )
        except Exception as error:
            if finished is not None and upcoming is not None:
                # Which of the two was it? Apart, one does not take the other along.
                self._turn(workspace, finished, None)
                return self._turn(workspace, None, self._read_again(workspace, upcoming))
            if finished is not None:
                self._write_stubbornly(workspace, finished, error)
            elif upcoming is not None and not isinstance(error, turns.NoLongerOurs):
                self._not_put_together(workspace, upcoming, error)
            return False
        if finished is not None:
            self.result.count(finished.state)
        self.result.count(State.SUPPRESSED, int(turn.suppressed))
        return turn.begun

    def _read_again(self, workspace: Workspace, held: InHand) -> InHand | None:
        """What a transaction that was rolled back has left in memory is not what is stored."""
        with acting_in(workspace.pk):
            again = turns.hold(claims.still_claimed([held.message]))
        if again:
            held.message, held.parts = again[0].message, again[0].parts
            return held
        return None

    def _write_stubbornly(self, workspace: Workspace, finished: Outcome, error: Exception) -> None:
        """The server has answered and we must note it: a deadlock or a busy database passes.

        What cannot be noted is uncertain: true, visible, and not sent again by itself.
        """
        for _ in range(WRITE_ROUNDS):
            if isinstance(error, turns.NoLongerOurs):
                return
            if not isinstance(error, DatabaseError):
                break
            try:
                turns.take_turn(
                    workspace,
                    finished=finished,
                    upcoming=None,
                    now=self.clock(),
                    reached=checkpoint,
                )
            except Exception as another:
                error = another
                continue
            self.result.count(finished.state)
            return
        message = finished.held.message
        log.error("message %s: %s could not be noted", message.pk, finished.state, exc_info=error)
        reason = f"{finished.state}, but this could not be noted: {error}"
        if setbacks.make_uncertain(workspace, message, reason, now=self.clock()):
            self.result.count(State.UNCERTAIN)

    def _hand_over(self, held: InHand) -> Outcome:
        message = held.message
        try:
            reply = self.session.send(
                sender=mime.ascii_address(sender_address()),
                recipient=mime.ascii_address(message.to_email),
                content=bytes(message.raw),
                reached=checkpoint,
            )
        except Refused as refusal:
            self.broken = 0
            given_up = refusal.final or message.attempts >= setbacks.MOST_ATTEMPTS
            return Outcome(held, State.FAILED if given_up else State.RETRY, str(refusal))
        except Unreachable as error:
            self.broken += 1
            return Outcome(held, State.RETRY, str(error))
        except Lost as error:
            self.broken += 1
            return Outcome(held, State.UNCERTAIN, str(error))
        self.broken = 0
        return Outcome(held, State.SENT, reply)
