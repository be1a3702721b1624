"""The letters of an ending: kept as their owner wrote them, sent through the outbox, confirmed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as n_

from clientdesk.outbox.kinds import Letter, Ready, Verdict, Withdrawn
from clientdesk.outbox.letters import letter_text
from clientdesk.outbox.models import Part
from clientdesk.outbox.operations import Recipient, enqueue
from clientdesk.record import operations as record
from clients.models import Client
from clients.queries import recipients_of
from feedback.operations.letters import NoAddress
from offboarding.models import Ending, HandoverLink
from offboarding.operations.endings import locked, pass_gate
from offboarding.queries.letters import handover_address, handover_facts, letter_of, with_link
from offboarding.rules.gates import Task
from offboarding.rules.tone import Slip, slips

ENDING, HANDOVER = "offboarding.ending", "offboarding.handover"
NOT_GONE = frozenset({"cancelled", "failed", "suppressed"})
CLIENT = "client"


class LetterSent(Exception):
    """The letter went out already."""


class ToneFound(Exception):
    """The text holds wording that would be held against its writer, and it was not accepted."""

    def __init__(self, found: Sequence[Slip]) -> None:
        super().__init__(", ".join(slip.text for slip in found))
        self.found = tuple(found)


class AlreadySentToday(Exception):
    """One such letter a day is enough."""


def _recipient(client: Client) -> Recipient:
    recipient = recipients_of({client.pk}).get(client.pk)
    if recipient is None:
        raise NoAddress(client.name)
    return recipient


@transaction.atomic
def keep_letter(*, client: Client, subject: str, body: str, now: datetime, actor: str) -> Ending:
    """Keep the words; nothing goes out. Raises NoEnding, LetterSent, ValidationError by field."""
    ending = locked(client)
    if ending.letter_sent_on is not None:
        raise LetterSent(ending.pk)
    ending.letter_subject = " ".join(subject.split())
    ending.letter_body = body.replace("\r\n", "\n").strip()
    ending.full_clean()
    ending.save(update_fields=["letter_subject", "letter_body"])
    return ending


@transaction.atomic
def send_letter(*, client: Client, accepted: bool, now: datetime, actor: str) -> Ending:
    """Send the letter as it is kept, with the link to the handover page in it.

    Wording that would be held against its writer needs to be `accepted`. Raises NoEnding,
    GateClosed, LetterSent, ToneFound, NoAddress, RecipientRefused.
    """
    ending = locked(client)
    if ending.letter_sent_on is not None:
        raise LetterSent(ending.pk)
    pass_gate(ending, Task.MESSAGE)
    letter = letter_of(ending)
    found = slips(f"{letter.subject}\n{letter.body}")
    if found and not accepted:
        raise ToneFound(found)
    recipient = _recipient(client)
    ending.letter_subject, ending.letter_body = letter.subject, letter.body
    ending.letter_sent_on = ending.workspace.local_today(now)
    ending.save(update_fields=["letter_subject", "letter_body", "letter_sent_on"])
    handover_address(ending, email=recipient.email, now=now)
    enqueue(
        workspace=ending.workspace,
        kind=ENDING,
        # Taken back and sent again it is another letter.
        dedupe_key=f"ending:{ending.pk}:{int(now.timestamp() * 1000)}",
        facts={"ending": ending.pk, "email": recipient.email},
        recipient=replace(recipient, language=ending.language),
        client_ref=client.pk,
        automatic=False,
        now=now,
    )
    _record(ending, "ending.letter", now=now, actor=actor)
    return ending


@transaction.atomic
def send_handover(*, client: Client, now: datetime, actor: str) -> None:
    """Send the list of what was handed over, to be confirmed; at most once a day.

    Raises NoEnding, GateClosed, NoAddress, AlreadySentToday.
    """
    ending = locked(client)
    pass_gate(ending, Task.HANDOVER)
    recipient = _recipient(client)
    handover_address(ending, email=recipient.email, now=now)
    part = enqueue(
        workspace=ending.workspace,
        kind=HANDOVER,
        dedupe_key=f"handover:{ending.pk}:{ending.workspace.local_today(now).isoformat()}",
        facts={"ending": ending.pk, "email": recipient.email},
        recipient=replace(recipient, language=ending.language),
        client_ref=client.pk,
        automatic=False,
        now=now,
    )
    if part is None:
        raise AlreadySentToday(ending.pk)
    _record(ending, "ending.handover_sent", now=now, actor=actor)


@transaction.atomic
def confirm_handover(*, link: HandoverLink, name: str, note: str, now: datetime) -> bool:
    """The client took everything over; the first confirmation stays. Whether it was this one.

    Call it with the link's workspace active. Raises ValidationError by field.
    """
    ending = (
        Ending.objects.select_for_update(of=("self",), no_key=True)
        .select_related("workspace")
        .get(pk=link.ending_id)
    )
    if ending.confirmed_on is not None:
        return False
    ending.confirmed_by, ending.confirmed_note = " ".join(name.split()), note.strip()
    ending.confirmed_on = ending.workspace.local_today(now)
    ending.full_clean()
    ending.save(update_fields=["confirmed_by", "confirmed_note", "confirmed_on"])
    record.append(
        workspace_id=ending.workspace_id,
        kind="ending.confirmed",
        content={"name": ending.confirmed_by, "note": ending.confirmed_note},
        now=now,
        actor=CLIENT,
        client_ref=ending.client_id,
        subject=f"ending:{ending.pk}",
    )
    return True


def _record(ending: Ending, kind: str, *, now: datetime, actor: str) -> None:
    content = {"headline": ending.letter_subject} if kind == "ending.letter" else {}
    record.append(
        workspace_id=ending.workspace_id,
        kind=kind,
        content={"ends_on": ending.ends_on.isoformat(), **content},
        now=now,
        actor=actor,
        client_ref=ending.client_id,
        subject=f"ending:{ending.pk}",
    )


class _OfEnding:
    """What both letters have in common: an ending that was called off says nothing."""

    def check(self, parts: Sequence[Part], *, now: datetime) -> Mapping[int, Verdict]:
        endings = {
            ending.pk: ending
            for ending in Ending.objects.select_for_update(of=("self",), no_key=True)
            .select_related("client", "workspace")
            .filter(pk__in={part.facts["ending"] for part in parts})
            .exclude(state=Ending.State.CALLED_OFF)
            .order_by("pk")
        }
        verdicts: dict[int, Verdict] = {}
        for part in parts:
            ending = endings.get(part.facts["ending"])
            if ending is None:
                verdicts[part.pk] = Withdrawn(n_("the ending was called off"))
                continue
            address = handover_address(ending, email=part.facts["email"], now=now)
            verdicts[part.pk] = Ready(facts=self.facts(ending, address), tone=2)
        return verdicts

    def facts(self, ending: Ending, address: str) -> Mapping[str, str]:
        raise NotImplementedError

    def sent(self, parts: Sequence[Part], *, now: datetime) -> None:
        """The ending counts as told from the day it was sent off."""


class EndingLetter(_OfEnding):
    """The outbox's kind for the letter that ends it: word for word as its owner kept it."""

    name = ENDING

    def facts(self, ending: Ending, address: str) -> Mapping[str, str]:
        letter = with_link(letter_of(ending), address)
        return {"subject": letter.subject, "body": letter.body}

    def letter(self, part: Part, ready: Ready, language: str) -> Letter:
        return Letter(ready.facts["subject"], ready.facts["body"])

    def line(self, part: Part, ready: Ready, language: str) -> str:
        return ready.facts["body"]

    def stuck(self, parts: Sequence[Part], *, outcome: str, reason: str, now: datetime) -> None:
        """What did not go out has not been said."""
        if outcome in NOT_GONE:
            Ending.objects.filter(
                pk__in={part.facts["ending"] for part in parts}, state=Ending.State.OPEN
            ).update(letter_sent_on=None)


class HandoverLetter(_OfEnding):
    """The outbox's kind for the link to the list of what was handed over."""

    name = HANDOVER

    def facts(self, ending: Ending, address: str) -> Mapping[str, str]:
        return handover_facts(ending, address=address)

    def letter(self, part: Part, ready: Ready, language: str) -> Letter:
        return letter_text("offboarding", "handover", language, part.workspace).filled(ready.facts)

    def line(self, part: Part, ready: Ready, language: str) -> str:
        text = letter_text("offboarding", "handover_line", language, part.workspace)
        return text.filled(ready.facts).body

    def stuck(self, parts: Sequence[Part], *, outcome: str, reason: str, now: datetime) -> None:
        """Nothing hangs on it; the outbox shows what became of it."""
