"""What pages ask the outbox. All but `counts` of the named workspace want it active."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Prefetch

from clientdesk.outbox import mime
from clientdesk.outbox.composing import compose, sort_out, verdicts
from clientdesk.outbox.models import Message, MessageQuerySet, Part
from clientdesk.outbox.states import WAITING, State
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in

NEEDS_OWNER = (State.FAILED, State.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class Preview:
    """What would go out now; `subject` is "" where nothing would."""

    subject: str
    text: str
    html: str
    steps: Sequence[str]
    withdrawn: Sequence[tuple[Part, str]]

    @property
    def is_empty(self) -> bool:
        return not self.subject


def counts() -> dict[str, int]:
    """Messages by state; every state is there."""
    found = dict(Message.objects.order_by().values_list("state").annotate(Count("pk")))
    return {state.value: found.get(state.value, 0) for state in State}


def newest(*, states: Sequence[str] = (), client_ref: int | None = None) -> MessageQuerySet:
    """Messages for a list, the newest first, with their parts but without their bytes."""
    messages = Message.objects.newest_first().defer("raw", "text").prefetch_related("parts")
    if states:
        messages = messages.in_state(*states)
    return messages.for_client(client_ref) if client_ref is not None else messages


def for_the_owner() -> MessageQuerySet:
    """What only the owner can settle: failed or uncertain, and not sent again yet."""
    return newest(states=NEEDS_OWNER).filter(sent_again_as=None)


def with_parts() -> MessageQuerySet:
    """For get_object_or_404 on one message's page."""
    return Message.objects.select_related("sent_again_as", "again_of").prefetch_related(
        Prefetch("parts", Part.objects.order_by("pk"))
    )


def waiting_count() -> int:
    """What a release would let go: queued and to be tried again."""
    return Message.objects.waiting().count()


def why_held(workspace: Workspace) -> str:
    """Why nothing leaves: "mail" is not set up, "sample", "paused", or "" where all is well."""
    if workspace.is_sample:
        return "sample"
    if not settings.MAIL_IS_SET_UP:
        return "mail"
    return "paused" if workspace.sending_paused else ""


def sent_html(message: Message) -> str:
    """The HTML as it was put together, read from the stored bytes."""
    return mime.read_html(bytes(message.raw)) if message.raw else ""


def compose_preview(message: Message, *, now: datetime, language: str = "") -> Preview:
    """What would go out at `now`, or in another `language`; nothing is written.

    A message that is out of our hands is shown as it was put together.
    """
    if message.state not in WAITING and message.raw and not language:
        steps = [step for step in message.steps.split(", ") if step]
        return Preview(message.subject, message.text, sent_html(message), steps, ())
    with transaction.atomic(), acting_in(message.workspace_id):
        parts = list(Part.objects.filter(message=message, state=Part.State.WAITING))
        for part in parts:
            part.message = message
            part.workspace = message.workspace
        outcome = sort_out(parts, verdicts(parts, now=now))
        if not outcome.ready:
            return Preview("", "", "", (), outcome.withdrawn)
        composed = compose(message.workspace, message, outcome.ready, language)
    return Preview(
        composed.subject, composed.text, composed.html, composed.steps, outcome.withdrawn
    )
