"""One pass of sending: claim, begin, hand over, write down.

    claim         queued → claimed         conditional UPDATE, one winner
    begin         claimed → sending        guards asked under lock, texts and bytes stored;
                                           committed before DATA
    hand over     SMTP                     no transaction open, nothing locked
    write down    sending → sent …         with the next group's begin, in one transaction

Messages begin in groups, as many as the mail server takes in a blink (clientdesk.outbox.pace). What
of a group could not start, because the server became slow or the session broke, is taken back.

Killed anywhere, a message is either still ours to send (claimed goes back to queued) or its fate is
unknown (sending becomes uncertain, and only its owner sends it again): at most once by itself.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext_noop as n_

from clientdesk.outbox import claims, mime, operations, setbacks, turns
from clientdesk.outbox.composing import sender_address
from clientdesk.outbox.outcomes import InHand, NoLongerOurs, Outcome
from clientdesk.outbox.pace import PATIENCE, Pace
from clientdesk.outbox.smtp import Lost, Refused, Session, Unreachable
from clientdesk.outbox.states import State
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in
from clientdesk.workspaces.upkeep import keep_statistics

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
        keep_statistics(written=result.sent)
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
        self.pace = Pace()

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
        size = claims.batch(self.pace.size)
        if self.left is not None:
            size = min(size, self.left)
        with acting_in(workspace.pk):
            checkpoint("claim")
            claimed = claims.claim(workspace, now=self.clock(), limit=size)
            checkpoint("claimed")
            held = turns.hold(claimed)
        if self.left is not None:
            self.left -= len(claimed)
        self._send(workspace, held)
        return bool(claimed)

    def _send(self, workspace: Workspace, waiting: list[InHand]) -> None:
        """Group after group; each transaction ends one and begins the next."""
        finished: list[Outcome] = []
        untouched: list[InHand] = []
        while waiting:
            if not self.session.is_open:
                # Connecting may take long; what is done is noted first.
                self._turn(workspace, finished, untouched, [])
                finished, untouched = [], []
                if self._no_session(workspace, waiting):
                    return
            group, waiting = waiting[: self.pace.size], waiting[self.pace.size :]
            begun = self._turn(workspace, finished, untouched, group)
            finished, untouched = self._hand_over(begun)
            waiting = untouched + waiting
        self._turn(workspace, finished, untouched, [])

    def _no_session(self, workspace: Workspace, waiting: list[InHand]) -> bool:
        """Whether the mail server cannot be had; then what waits for it tries later."""
        reason = n_("the mail server broke off several times")
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
            except NoLongerOurs:
                continue
            self.result.count(state)
        return True

    def _turn(
        self,
        workspace: Workspace,
        finished: Sequence[Outcome],
        untouched: Sequence[InHand],
        upcoming: Sequence[InHand],
    ) -> list[InHand]:
        """Those of `upcoming` that may leave now."""
        if not (finished or untouched or upcoming):
            return []
        try:
            turn = turns.take_turn(
                workspace,
                finished=finished,
                untouched=untouched,
                upcoming=upcoming,
                now=self.clock(),
                reached=checkpoint,
            )
        except Exception as error:
            return self._apart(workspace, finished, untouched, upcoming, error)
        for outcome in finished:
            self.result.count(outcome.state)
        self.result.count(State.SUPPRESSED, turn.suppressed)
        for held, problem in turn.spoiled:
            self._not_put_together(workspace, held, problem)
        return turn.begun

    def _apart(
        self,
        workspace: Workspace,
        finished: Sequence[Outcome],
        untouched: Sequence[InHand],
        upcoming: Sequence[InHand],
        error: Exception,
    ) -> list[InHand]:
        """A transaction failed as a whole: each message gets one of its own, none spoils others."""
        if len(finished) == 1 and not (untouched or upcoming):
            self._write_stubbornly(workspace, finished[0], error)
            return []
        if len(upcoming) == 1 and not (finished or untouched):
            if not isinstance(error, NoLongerOurs):
                self._not_put_together(workspace, upcoming[0], error)
            return []
        if untouched and not (finished or upcoming):
            # Their lease runs out, and then they are uncertain: true, if not the whole truth.
            log.error("begun messages could not be taken back", exc_info=error)
            return []
        for outcome in finished:
            self._turn(workspace, [outcome], [], [])
        self._turn(workspace, [], untouched, [])
        alone = self._read_again(workspace, upcoming)
        return [begun for held in alone for begun in self._turn(workspace, [], [], [held])]

    def _read_again(self, workspace: Workspace, group: Sequence[InHand]) -> list[InHand]:
        """What a transaction that was rolled back has left in memory is not what is stored."""
        if not group:
            return []
        with acting_in(workspace.pk):
            return turns.hold(claims.still_claimed([held.message for held in group]))

    def _not_put_together(self, workspace: Workspace, held: InHand, error: Exception) -> None:
        reason = f"could not be put together: {type(error).__name__}: {error}"
        log.error("message %s %s", held.message.pk, reason, exc_info=error)
        now = self.clock()
        try:
            if isinstance(error, mime.HeaderRefused):
                state = setbacks.fail_claimed(workspace, held, reason, now=now)
            else:
                state = setbacks.try_later(workspace, held, reason, now=now, cap=True)
        except NoLongerOurs:
            return
        self.result.count(state)

    def _write_stubbornly(self, workspace: Workspace, finished: Outcome, error: Exception) -> None:
        """The server has answered and we must note it: a deadlock or a busy database passes.

        What cannot be noted is uncertain: true, visible, and not sent again by itself.
        """
        for _ in range(WRITE_ROUNDS):
            if isinstance(error, NoLongerOurs):
                return
            if not isinstance(error, DatabaseError):
                break
            try:
                turns.take_turn(
                    workspace,
                    finished=[finished],
                    untouched=[],
                    upcoming=[],
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

    def _hand_over(self, begun: list[InHand]) -> tuple[list[Outcome], list[InHand]]:
        """What became of the messages, and those that were not touched.

        A group ends where the session does or patience: what is left of it can still be stopped.
        """
        finished: list[Outcome] = []
        started = time.monotonic()
        for held in begun:
            late = time.monotonic() - started > PATIENCE
            if finished and (late or not self.session.is_open):
                break
            finished.append(self._hand_over_one(held))
        if self.session.is_open:
            self.pace.took(len(finished), time.monotonic() - started)
        else:
            self.pace.broke()
        untouched = begun[len(finished) :]
        for held in untouched:
            held.message.attempts -= 1
        return finished, untouched

    def _hand_over_one(self, held: InHand) -> Outcome:
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
