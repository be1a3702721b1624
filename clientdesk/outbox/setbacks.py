"""What becomes of messages that could not begin, or whose worker died while it sent them."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as n_

from clientdesk.outbox import recording
from clientdesk.outbox.models import Message
from clientdesk.outbox.operations import REASON_LENGTH, by_kind
from clientdesk.outbox.outcomes import (
    InHand,
    NoLongerOurs,
    Outcome,
    back_off,
    move_ours,
    tell_outcomes,
    write_outcomes,
)
from clientdesk.outbox.states import State
from clientdesk.outbox.turns import hold
from clientdesk.record import operations as record
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 8


def try_later(
    workspace: Workspace, held: InHand, reason: str, *, now: datetime, cap: bool
) -> State:
    """A claimed message that could not begin waits for another attempt.

    With `cap` it fails in the end: its own text cannot be put together. Without, it is a matter of
    the mail server, which will be back.
    """
    message = held.message
    attempts = message.attempts + 1
    if cap and attempts >= MOST_ATTEMPTS:
        return fail_claimed(workspace, held, reason, now=now)
    with transaction.atomic(), acting_in(workspace.pk):
        move_ours(
            message,
            {State.CLAIMED},
            State.RETRY,
            now=now,
            attempts=attempts,
            not_before=now + back_off(attempts),
            claim_expires_at=None,
            reason=reason[:REASON_LENGTH],
        )
    return State.RETRY


def fail_claimed(workspace: Workspace, held: InHand, reason: str, *, now: datetime) -> State:
    """A message that can never be put together; its owner sees why."""
    with transaction.atomic(), acting_in(workspace.pk):
        try:
            with transaction.atomic():
                for kind, group in by_kind(held.parts):
                    kind.stuck(group, outcome="failed", reason=reason, now=now)
        except Exception:
            log.exception("kind of message %s could not be told that it failed", held.message.pk)
        move_ours(
            held.message,
            {State.CLAIMED},
            State.FAILED,
            now=now,
            claim_expires_at=None,
            reason=reason[:REASON_LENGTH],
        )
        recording.append(held.message, "failed", now=now, reason=reason)
    return State.FAILED


def rescue_sending(*, now: datetime) -> int:
    """Messages whose worker died while it sent become uncertain, for their owner to decide."""
    stranded = Message.unscoped.filter(state=State.SENDING, claim_expires_at__lte=now)
    rescued = 0
    for message in stranded.select_related("workspace").defer("raw").order_by("pk"):
        reason = n_("the connection was cut while it was being sent")
        rescued += make_uncertain(message.workspace, message, reason, now=now)
    return rescued


def make_uncertain(workspace: Workspace, message: Message, reason: str, *, now: datetime) -> bool:
    """False where somebody else decided first."""
    with acting_in(workspace.pk):
        held = hold([message])[0]
        outcome = Outcome(held, State.UNCERTAIN, reason)
        for told in (True, False):
            try:
                with transaction.atomic():
                    if told:
                        tell_outcomes([outcome], now=now)
                    entries = write_outcomes([outcome], now=now)
                    record.append_many(workspace_id=workspace.pk, entries=entries, now=now)
                return True
            except NoLongerOurs:
                return False
            except Exception:
                log.exception("message %s is uncertain; its kind could not be told", message.pk)
                if not told:
                    raise
    return False
