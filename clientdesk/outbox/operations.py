"""What an owner or an app does with the outbox; the delivery has its own modules."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop as n_

from clientdesk.outbox import recording
from clientdesk.outbox.enqueueing import (
    UNDO_WINDOW,
    Enqueued,
    Recipient,
    RecipientRefused,
    Wanted,
    check_recipient,
    enqueue,
    enqueue_many,
)
from clientdesk.outbox.kinds import Kind, kind_named
from clientdesk.outbox.models import Message, Part
from clientdesk.outbox.states import WAITING, State, TransitionRefused, check
from clientdesk.record import operations as record
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in

__all__ = [
    "AlreadySentAgain",
    "Enqueued",
    "Recipient",
    "RecipientRefused",
    "TransitionRefused",
    "Wanted",
    "cancel",
    "check_recipient",
    "enqueue",
    "enqueue_many",
    "mark_arrived",
    "pause",
    "release",
    "send_again",
]

REASON_LENGTH = 300


class AlreadySentAgain(Exception):
    """The message has a successor; that one can be decided about."""


def by_kind(parts: Iterable[Part]) -> list[tuple[Kind, list[Part]]]:
    """Parts grouped by their kind. Raises KindUnknown."""
    groups: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        groups[part.kind].append(part)
    return [(kind_named(name), group) for name, group in sorted(groups.items())]


def move(message: Message, old: Iterable[State], new: State, *, now: datetime, **more: Any) -> None:
    """The conditional UPDATE behind an owner's act; `message` is brought up to date.

    Raises TransitionRefused where somebody else moved the message meanwhile.
    """
    old = frozenset(old)
    check(old, new)
    values = {"state": new, "changed_at": now, **more}
    if not Message.objects.filter(pk=message.pk, state__in=old).update(**values):
        message.refresh_from_db(fields=["state"])
        raise TransitionRefused(message.state, new)
    for name, value in values.items():
        setattr(message, name, value)


def _open_parts(message: Message) -> list[Part]:
    return list(Part.objects.filter(message=message, state=Part.State.WAITING))


def cancel(*, message: Message, now: datetime, actor: str) -> None:
    """Take back what has not left. Raises TransitionRefused once a worker has it in hand."""
    with transaction.atomic(), acting_in(message.workspace_id):
        parts = _open_parts(message)
        # First the app's rows, then ours: the order of locks that the delivery keeps, too.
        for kind, group in by_kind(parts):
            kind.stuck(group, outcome="cancelled", reason=n_("taken back"), now=now)
        move(message, WAITING, State.CANCELLED, now=now, reason=n_("taken back"))
        Part.objects.filter(pk__in=[part.pk for part in parts]).update(
            state=Part.State.CANCELLED, reason=n_("taken back")
        )
        recording.append(
            message,
            "cancelled",
            now=now,
            actor=actor,
            parts=sorted(part.dedupe_key for part in parts),
        )


def send_again(
    *, message: Message, now: datetime, actor: str, recipient: Recipient | None = None
) -> Message:
    """The owner's decision about a failed or uncertain message: a new one, in the same words.

    It carries the same bytes and Message-ID, so a mailbox that has the first can tell. Its guards
    are asked again; only where a fact changed, or the recipient, it is put together anew. Raises
    TransitionRefused, AlreadySentAgain, RecipientRefused.
    """
    if recipient is not None:
        check_recipient(recipient)
    with transaction.atomic(), acting_in(message.workspace_id):
        old = Message.objects.select_for_update().get(pk=message.pk)
        if old.state not in (State.FAILED, State.UNCERTAIN):
            raise TransitionRefused(old.state, State.QUEUED)
        if old.was_sent_again:
            raise AlreadySentAgain(old.pk)
        workspace = message.workspace
        again = Message.objects.create(
            workspace=workspace,
            client_ref=old.client_ref,
            automatic=False,
            day=workspace.local_today(now + UNDO_WINDOW),
            not_before=now + UNDO_WINDOW,
            to_email=recipient.email if recipient else old.to_email,
            to_name=recipient.name if recipient else old.to_name,
            language=recipient.language if recipient else old.language,
            subject=old.subject,
            text=old.text,
            message_id=old.message_id,
            steps=old.steps,
            raw=old.raw,
            sha256=old.sha256,
            made_of=old.made_of,
            created_at=now,
            changed_at=now,
        )
        Part.objects.filter(message=old, state=Part.State.WAITING).update(message=again)
        Message.objects.filter(pk=old.pk).update(sent_again_as=again, changed_at=now)
        recording.append(again, "queued", now=now, actor=actor, again_of=old.pk)
    message.refresh_from_db()
    return again


def mark_arrived(*, message: Message, now: datetime, actor: str) -> None:
    """The owner knows that an uncertain message arrived. Raises TransitionRefused,
    AlreadySentAgain."""
    with transaction.atomic(), acting_in(message.workspace_id):
        parts = _open_parts(message)
        for kind, group in by_kind(parts):
            kind.sent(group, now=now)
        reason = n_("arrived, by the owner's word")
        move(message, {State.UNCERTAIN}, State.SENT, now=now, sent_at=now, reason=reason)
        message.refresh_from_db(fields=["sent_again_as"])
        if message.was_sent_again:
            raise AlreadySentAgain(message.pk)
        Part.objects.filter(pk__in=[part.pk for part in parts]).update(state=Part.State.SENT)
        recording.append(message, "sent", now=now, actor=actor, by_word_of_owner=True)


def release(*, workspace: Workspace, now: datetime, actor: str) -> None:
    """Let mail of this workspace leave. What waited for days leaves as one message per client."""
    _set_paused(workspace, False, "sending.released", now, actor)


def pause(*, workspace: Workspace, now: datetime, actor: str) -> None:
    """Hold all mail of this workspace; what is on its way already is not stopped."""
    _set_paused(workspace, True, "sending.paused", now, actor)


def _set_paused(workspace: Workspace, paused: bool, kind: str, now: datetime, actor: str) -> None:
    with transaction.atomic(), acting_in(workspace.pk):
        changed = Workspace.objects.filter(pk=workspace.pk).exclude(sending_paused=paused)
        if changed.update(sending_paused=paused):
            record.append(workspace_id=workspace.pk, kind=kind, content={}, now=now, actor=actor)
    workspace.sending_paused = paused
