"""Handing the letters of the ladder to the outbox."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext_noop as n_

from billing.models import Step
from clientdesk.outbox.hours import EVERY_DAY
from clientdesk.outbox.operations import Wanted, enqueue_many
from clientdesk.workspaces.models import Workspace
from clients.queries import recipients_of

KIND = "billing.rung"
NO_ADDRESS = n_("no e-mail address for letters")


def enqueue_steps(
    *,
    workspace: Workspace,
    steps: Sequence[Step],
    automatic: bool,
    now: datetime,
    calendars: Mapping[int, str] | None = None,
) -> int:
    """Hand the letters of these steps to the outbox; how many it took.

    `calendars` names by invoice id whose free days an automatic letter keeps off.
    A client who cannot be written to gets none: the step goes before the owner, with the reason.
    """
    calendars = calendars or {}
    recipients = recipients_of({step.invoice.client_id for step in steps})
    wanted: dict[str, Wanted] = {}
    unreachable: list[Step] = []
    by_key = {_key(step): step for step in steps}
    for key, step in by_key.items():
        recipient = recipients.get(step.invoice.client_id)
        if recipient is None:
            step.reason = NO_ADDRESS
            unreachable.append(step)
            continue
        wanted[key] = Wanted(
            kind=KIND,
            dedupe_key=key,
            facts={"invoice": step.invoice_id, "step": step.pk, "rung": step.rung},
            recipient=recipient,
            client_ref=step.invoice.client_id,
            automatic=automatic,
            calendar=calendars.get(step.invoice_id, EVERY_DAY),
        )
    done = enqueue_many(workspace=workspace, wanted=list(wanted.values()), now=now)
    for key, reason in done.refused.items():
        by_key[key].reason = reason
        unreachable.append(by_key[key])
    for step in unreachable:
        step.state = Step.State.REVIEW
    Step.objects.bulk_update(unreachable, ["state", "reason"])
    return len(steps) - len(unreachable)


def _key(step: Step) -> str:
    again = f":{step.attempt}" if step.attempt > 1 else ""
    part = f":instalment:{step.instalment_id}" if step.instalment_id else ""
    return f"invoice:{step.invoice_id}{part}:rung:{step.rung}{again}"
