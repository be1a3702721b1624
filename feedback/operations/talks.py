"""The talk with a controlling client: a letter of recorded facts, and what was agreed upon it."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from clientdesk.outbox.operations import enqueue
from clientdesk.record import operations as record
from clientdesk.workspaces.models import User
from clientdesk.workspaces.scoping import check_same_workspace
from clients.models import Client, Project
from clients.queries import recipients_of
from feedback.models import Talk
from feedback.operations.letters import NoAddress

KIND = "feedback.talk"


class TalkSent(Exception):
    """Such a letter went out and waits for its answer; another would talk past it."""


class TalkNotSent(Exception):
    """There is no letter out whose answer could be written down."""


class TalkOverBefore(ValueError):
    """The day by which an answer is asked for is past."""


@dataclass(frozen=True, slots=True)
class Words:
    """What the letter says: one fact a line, and the proposal, in the client's language."""

    project: Project | None
    language: str
    facts: str
    proposal: str
    answer_by: date


def _locked(client: Client) -> Client:
    return (
        Client.objects.select_for_update(of=("self",), no_key=True)
        .select_related("workspace")
        .get(pk=client.pk)
    )


def _open(client: Client) -> Talk | None:
    return Talk.objects.filter(client=client, state__in=(Talk.State.DRAFT, Talk.State.SENT)).first()


@transaction.atomic
def draft_talk(
    *, client: Client, words: Words, author: User | None, now: datetime, actor: str
) -> Talk:
    """Write the client's one draft, or write it anew. Nothing goes out.

    Raises TalkSent, TalkOverBefore, ForeignRow, ValidationError by field.
    """
    check_same_workspace(client.workspace_id, words.project)
    client = _locked(client)
    if words.answer_by < client.workspace.local_today(now):
        raise TalkOverBefore(words.answer_by)
    talk = _open(client) or Talk(
        workspace_id=client.workspace_id, client=client, author=author, created_at=now
    )
    if talk.state == Talk.State.SENT:
        raise TalkSent(talk.pk)
    for name in Words.__slots__:
        setattr(talk, name, getattr(words, name))
    talk.full_clean()
    talk.save()
    _record(talk, "talk.drafted", now=now, actor=actor)
    return talk


@transaction.atomic
def send_talk(*, client: Client, now: datetime, actor: str) -> Talk:
    """Send the draft, as it stands, through the outbox. Raises TalkNotSent where there is none,
    TalkSent, TalkOverBefore, NoAddress, RecipientRefused.
    """
    client = _locked(client)
    talk = _open(client)
    if talk is None:
        raise TalkNotSent(client.pk)
    if talk.state == Talk.State.SENT:
        raise TalkSent(talk.pk)
    today = client.workspace.local_today(now)
    if talk.answer_by < today:
        raise TalkOverBefore(talk.answer_by)
    recipient = recipients_of({client.pk}).get(client.pk)
    if recipient is None:
        raise NoAddress(client.name)
    enqueue(
        workspace=client.workspace,
        kind=KIND,
        # Taken back and sent again it is another letter.
        dedupe_key=f"talk:{talk.pk}:{int(now.timestamp() * 1000)}",
        facts={"talk": talk.pk},
        recipient=replace(recipient, language=talk.language),
        client_ref=client.pk,
        automatic=False,
        now=now,
    )
    talk.state, talk.sent_on = Talk.State.SENT, today
    talk.save(update_fields=["state", "sent_on"])
    _record(talk, "talk.sent", now=now, actor=actor)
    return talk


@transaction.atomic
def settle_talk(
    *, client: Client, agreed: bool, outcome: str, on: date, now: datetime, actor: str
) -> Talk:
    """What came of it: agreed changes, in words, or no agreement. Raises TalkNotSent."""
    client = _locked(client)
    talk = _open(client)
    if talk is None or talk.state != Talk.State.SENT:
        raise TalkNotSent(client.pk)
    talk.state = Talk.State.AGREED if agreed else Talk.State.REFUSED
    talk.settled_on, talk.outcome = on, outcome
    talk.save(update_fields=["state", "settled_on", "outcome"])
    _record(talk, "talk.agreed" if agreed else "talk.refused", now=now, actor=actor)
    return talk


@transaction.atomic
def drop_talk(*, client: Client, now: datetime, actor: str) -> bool:
    """Throw the draft away; whether there was one."""
    client = _locked(client)
    talk = _open(client)
    if talk is None or talk.state != Talk.State.DRAFT:
        return False
    talk.state = Talk.State.DROPPED
    talk.save(update_fields=["state"])
    _record(talk, "talk.dropped", now=now, actor=actor)
    return True


def _record(talk: Talk, kind: str, *, now: datetime, actor: str) -> None:
    record.append(
        workspace_id=talk.workspace_id,
        kind=kind,
        content={
            "facts": talk.facts,
            "proposal": talk.proposal,
            "answer_by": talk.answer_by.isoformat(),
            "outcome": talk.outcome,
        },
        now=now,
        actor=actor,
        client_ref=talk.client_id,
        subject=f"talk:{talk.pk}",
    )
