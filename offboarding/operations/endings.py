"""Ending a cooperation, task by task. Each task checks its gate under the ending's lock."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_noop as n_

from billing.models import Hold
from billing.operations.holds import hold_ladder, lift_hold
from clientdesk.record import operations as record
from clientdesk.record.verify import verify_record
from clientdesk.workspaces.models import User
from clients.models import Client, Interaction, ManagedAccount
from clients.operations.clients import archive
from feedback.models import AnswerLink, ProjectLink, Request
from feedback.operations.asking import RequestNotOpen, withdraw
from offboarding.models import Ending, HandoverLink, HandoverTick, Override
from offboarding.queries.endings import ending_page, open_ending, open_invoices
from offboarding.rules.gates import OVERRIDABLE, Task

ARCHIVED = "The cooperation has ended."
"""The reason of the hold that keeps an archived client's ladders from climbing."""


class EndingRunning(Exception):
    """An ending with this client is under way."""


class NoEnding(Exception):
    """No ending is under way: it was called off, or is over."""


class GateClosed(Exception):
    """The task cannot be done yet; `missing` names what it waits for."""

    def __init__(self, task: Task, missing: Sequence[Task]) -> None:
        super().__init__(f"{task}: waits for {', '.join(missing)}")
        self.task, self.missing = task, tuple(missing)


class NotOverridable(ValueError):
    """Only a reason that is typed opens a gate, and not every gate has one."""


class RecordBroken(Exception):
    """The record does not verify, so it is no evidence; the text names the first break."""


def locked(client: Client) -> Ending:
    """The client's open ending, locked. Raises NoEnding."""
    found = Ending.objects.select_for_update(of=("self",), no_key=True).filter(
        client=client, state=Ending.State.OPEN
    )
    ending = found.select_related("client__workspace", "workspace").first()
    if ending is None:
        raise NoEnding(client.pk)
    return ending


def pass_gate(ending: Ending, task: Task) -> None:
    """Raises GateClosed where the task still waits for another."""
    gate = ending_page(ending).by_task[task]
    if not gate.may_begin:
        raise GateClosed(task, gate.missing)


@transaction.atomic
def begin_ending(
    *, client: Client, kind: str, ends_on: date, author: User | None, now: datetime, actor: str
) -> Ending:
    """Open the seven tasks; nothing is said to the client. Raises EndingRunning."""
    client = (
        Client.objects.select_for_update(of=("self",), no_key=True)
        .select_related("workspace")
        .get(pk=client.pk)
    )
    if open_ending(client) is not None:
        raise EndingRunning(client.pk)
    ending = Ending(
        workspace_id=client.workspace_id,
        client=client,
        kind=kind,
        language=client.language,
        ends_on=ends_on,
        begun_on=client.workspace.local_today(now),
        author=author,
        created_at=now,
    )
    ending.full_clean()
    ending.save()
    _record(ending, "ending.begun", {"kind": kind}, now=now, actor=actor)
    return ending


@transaction.atomic
def choose_reason(
    *,
    client: Client,
    reason: str,
    own_words: str,
    facts: str,
    ends_on: date,
    language: str,
    now: datetime,
    actor: str,
) -> Ending:
    """Why it ends, and the facts that the letter will name, one a line.

    A letter that was not sent yet is written anew from it. Raises NoEnding, ValidationError by
    field.
    """
    ending = locked(client)
    if ending.letter_sent_on is not None:
        raise GateClosed(Task.REASON, ())
    ending.reason, ending.own_words, ending.facts = reason, own_words.strip(), facts.strip()
    ending.ends_on, ending.language = ends_on, language
    ending.letter_subject = ending.letter_body = ""
    ending.full_clean()
    ending.save()
    said = {"reason": reason, "own_words": ending.own_words, "facts": ending.facts}
    _record(ending, "ending.reason", said, now=now, actor=actor)
    return ending


@transaction.atomic
def override(
    *,
    client: Client,
    task: Task,
    reason: str,
    author: User | None,
    now: datetime,
    actor: str,
) -> Override:
    """Pass a task by, with a typed reason that the dossier prints; once.

    Raises NoEnding, NotOverridable, ValidationError by field.
    """
    ending = locked(client)
    if task not in OVERRIDABLE:
        raise NotOverridable(str(task))
    if existing := Override.objects.filter(ending=ending, task=task).first():
        return existing
    passed = Override(
        workspace_id=ending.workspace_id,
        ending=ending,
        task=task,
        reason=reason.strip(),
        on=ending.workspace.local_today(now),
        author=author,
        created_at=now,
    )
    passed.full_clean()
    passed.save()
    facts = {"task": str(task), "reason": passed.reason}
    _record(ending, "ending.overridden", facts, now=now, actor=actor)
    return passed


@transaction.atomic
def check_evidence(*, client: Client, now: datetime, actor: str) -> Ending:
    """Verify the whole record and keep its head; once a day. Raises NoEnding, RecordBroken."""
    ending = locked(client)
    if ending.evidence_on == ending.workspace.local_today(now):
        return ending
    verdict = verify_record(ending.workspace_id)
    if verdict.first_break is not None:
        raise RecordBroken(str(verdict.first_break))
    seq, head = record.head_of(ending.workspace_id)
    ending.evidence_on = ending.workspace.local_today(now)
    ending.evidence_head = f"{seq} {head}"
    ending.save(update_fields=["evidence_on", "evidence_head"])
    _record(ending, "ending.evidence", {"head": head, "seq": seq}, now=now, actor=actor)
    return ending


@transaction.atomic
def tick(
    *,
    client: Client,
    account: ManagedAccount,
    things: Sequence[tuple[str, str]],
    author: User | None,
    now: datetime,
    actor: str,
) -> int:
    """Write down what was given (thing, "given" | "not_needed" | ""); "" takes a tick back.

    Answers how many changed. With all of them the account is handed over. Raises NoEnding,
    GateClosed.
    """
    ending = locked(client)
    pass_gate(ending, Task.HANDOVER)
    if account.client_id != ending.client_id:
        raise NoEnding(account.pk)
    today = ending.workspace.local_today(now)
    known = {one.thing: one for one in HandoverTick.objects.filter(ending=ending, account=account)}
    changed: dict[str, str] = {}
    for thing, state in things:
        was = known[thing].state if thing in known else ""
        if state == was:
            continue
        changed[thing] = state
        HandoverTick.objects.filter(ending=ending, account=account, thing=thing).delete()
        if state:
            HandoverTick.objects.create(
                workspace_id=ending.workspace_id,
                ending=ending,
                account=account,
                thing=HandoverTick.Thing(thing),
                state=HandoverTick.State(state),
                on=today,
                author=author,
                created_at=now,
            )
    if changed:
        _write_handed_over(ending, account, today)
        facts = {"account": str(account), **changed}
        _record(ending, "ending.ticked", facts, now=now, actor=actor)
    return len(changed)


def _write_handed_over(ending: Ending, account: ManagedAccount, today: date) -> None:
    given = HandoverTick.objects.filter(ending=ending, account=account).count()
    complete = given == len(HandoverTick.Thing)
    row = ManagedAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
    row.handed_over_on = (row.handed_over_on or today) if complete else None
    row.save(update_fields=["handed_over_on"])


@transaction.atomic
def call_off(*, client: Client, why: str, now: datetime, actor: str) -> Ending:
    """The cooperation goes on; what was done stays on record. Raises NoEnding."""
    ending = locked(client)
    ending.state, ending.why_called_off = Ending.State.CALLED_OFF, why.strip()
    ending.closed_on = ending.workspace.local_today(now)
    ending.full_clean()
    ending.save()
    HandoverLink.objects.filter(ending=ending, revoked_at=None).update(revoked_at=now)
    _record(ending, "ending.called_off", {"reason": ending.why_called_off}, now=now, actor=actor)
    return ending


@transaction.atomic
def close_ending(*, client: Client, now: datetime, actor: str) -> Ending:
    """Archive the client: ladders, links and follow-ups end, the record stays.

    Raises NoEnding, GateClosed.
    """
    ending = locked(client)
    pass_gate(ending, Task.ARCHIVE)
    today = ending.workspace.local_today(now)
    _close_all(ending.client, today, now=now, actor=actor)
    ending.state, ending.closed_on = Ending.State.CLOSED, today
    ending.save(update_fields=["state", "closed_on"])
    archive(client=ending.client, archived=True, now=now, actor=actor)
    _record(ending, "ending.closed", {}, now=now, actor=actor)
    return ending


@transaction.atomic
def put_away(*, client: Client, now: datetime, actor: str) -> Client:
    """Into the archive without an ending: ladders, links and follow-ups end, the record stays.

    Raises EndingRunning: what is under way has its own last task. Twice is once.
    """
    client = _locked_client(client)
    if client.archived_at is not None:
        return client
    if open_ending(client) is not None:
        raise EndingRunning(client.pk)
    _close_all(client, client.workspace.local_today(now), now=now, actor=actor)
    return archive(client=client, archived=True, now=now, actor=actor)


@transaction.atomic
def take_back(*, client: Client, now: datetime, actor: str) -> Client:
    """Back on the desk: reminders go on where they were, questions are asked anew by their owner.

    Twice is once.
    """
    client = _locked_client(client)
    held = Hold.objects.filter(client=client, invoice=None, reason=ARCHIVED, lifted_at=None)
    for hold in held.filter(until=None):
        lift_hold(hold=hold, reason=n_("back on the desk"), now=now, actor=actor)
    return archive(client=client, archived=False, now=now, actor=actor)


def _locked_client(client: Client) -> Client:
    """Of two clicks at once the second sees what the first one did."""
    rows = Client.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("workspace").get(pk=client.pk)


def _close_all(client: Client, today: date, *, now: datetime, actor: str) -> None:
    for request in Request.objects.open().filter(client=client).select_related("client"):
        # What the client answers at this very moment stays answered.
        with suppress(RequestNotOpen):
            withdraw(request=request, on=today, now=now, actor=actor)
    if open_invoices(client).exists():
        hold_ladder(
            client=client,
            kind="pause",
            first=today,
            reason=ARCHIVED,
            now=now,
            actor=actor,
        )
    AnswerLink.objects.filter(round__request__client=client, revoked_at=None).update(revoked_at=now)
    ProjectLink.objects.filter(project__client=client, revoked_at=None).update(revoked_at=now)
    Interaction.objects.filter(
        client=client, follow_up_on__isnull=False, follow_up_done_at=None
    ).update(follow_up_done_at=now)


def _record(
    ending: Ending, kind: str, facts: Mapping[str, object], *, now: datetime, actor: str
) -> None:
    record.append(
        workspace_id=ending.workspace_id,
        kind=kind,
        content={"ends_on": ending.ends_on.isoformat(), **facts},
        now=now,
        actor=actor,
        client_ref=ending.client_id,
        subject=f"ending:{ending.pk}",
    )
