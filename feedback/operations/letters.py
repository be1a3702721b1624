"""Handing the letters about answers to the outbox."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext_noop as n_

from clientdesk.outbox.hours import EVERY_DAY
from clientdesk.outbox.models import Part
from clientdesk.outbox.operations import Wanted, enqueue, enqueue_many
from clientdesk.workspaces.models import Workspace
from clients.queries import recipients_of
from feedback.models import AnswerStep, Request, Round
from feedback.operations.asking import RequestNotOpen, locked_open

ASK, RUNG = "feedback.ask", "feedback.rung"
NO_ADDRESS = n_("no e-mail address for letters")


class NoAddress(Exception):
    """The client has no contact with an e-mail address."""


class SeveralClients(ValueError):
    """One message is for one client."""


@transaction.atomic
def send_asking_letter(*, requests: Sequence[Request], now: datetime, actor: str) -> Part | None:
    """Ask for one thing, or for several in one message; None where that message was sent already.

    Call it in the transaction that asks. It leaves after its minute in the outbox. `actor` decided
    it; the record tells it when the message goes. Raises RequestNotOpen, NoAddress, SeveralClients.
    """
    open_ = [locked_open(one) for one in sorted(requests, key=lambda request: request.pk)]
    if not open_:
        raise RequestNotOpen(0)
    if len({request.client_id for request in open_}) > 1:
        raise SeveralClients(sorted({request.client_id for request in open_}))
    recipient = recipients_of({open_[0].client_id}).get(open_[0].client_id)
    if recipient is None:
        raise NoAddress(open_[0].client.name)
    rounds = Round.objects.filter(request__in=open_, closed_on=None).order_by("pk")
    ids = list(rounds.values_list("pk", flat=True))
    return enqueue(
        workspace=open_[0].workspace,
        kind=ASK,
        dedupe_key=f"ask:{sha256(str(ids).encode()).hexdigest()}",
        facts={"requests": [request.pk for request in open_], "rounds": ids},
        recipient=recipient,
        client_ref=open_[0].client_id,
        automatic=False,
        now=now,
    )


def enqueue_steps(
    *,
    workspace: Workspace,
    steps: Sequence[AnswerStep],
    automatic: bool,
    now: datetime,
    calendars: Mapping[int, str] | None = None,
) -> int:
    """Hand the letters of these steps to the outbox; how many it took.

    `calendars` names by request id whose free days an automatic letter keeps off. A client who
    cannot be written to gets none: the step goes before the owner, with the reason.
    """
    calendars = calendars or {}
    recipients = recipients_of({step.request.client_id for step in steps})
    by_key = {_key(step): step for step in steps}
    wanted: list[Wanted] = []
    unreachable: list[AnswerStep] = []
    for key, step in by_key.items():
        recipient = recipients.get(step.request.client_id)
        if recipient is None:
            step.reason = NO_ADDRESS
            unreachable.append(step)
            continue
        wanted.append(
            Wanted(
                kind=RUNG,
                dedupe_key=key,
                facts={"request": step.request_id, "step": step.pk, "rung": step.rung},
                recipient=recipient,
                client_ref=step.request.client_id,
                automatic=automatic,
                calendar=calendars.get(step.request_id, EVERY_DAY),
            )
        )
    done = enqueue_many(workspace=workspace, wanted=wanted, now=now)
    for key, reason in done.refused.items():
        by_key[key].reason = reason
        unreachable.append(by_key[key])
    for step in unreachable:
        step.state = AnswerStep.State.REVIEW
    AnswerStep.objects.bulk_update(unreachable, ["state", "reason"])
    return len(steps) - len(unreachable)


def _key(step: AnswerStep) -> str:
    again = f":{step.attempt}" if step.attempt > 1 else ""
    return f"round:{step.round_id}:rung:{step.rung}{again}"
