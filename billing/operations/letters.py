"""Handing the letters of the ladder to the outbox."""

from collections.abc import Sequence
from datetime import datetime

from billing.models import Step
from clientdesk.outbox.operations import NewPart, Recipient, enqueue_many
from clientdesk.workspaces.models import Workspace
from clients.queries import recipients_of

KIND = "billing.rung"


def enqueue_steps(
    *, workspace: Workspace, steps: Sequence[Step], automatic: bool, now: datetime
) -> int:
    """Hand the letters of these steps to the outbox; how many it took.

    A client without an e-mail address gets none: the step is stuck, and the owner sees why.
    """
    recipients = recipients_of({step.invoice.client_id for step in steps})
    parts: list[NewPart] = []
    unreachable: list[Step] = []
    for step in steps:
        recipient = recipients.get(step.invoice.client_id)
        if recipient is None:
            step.state, step.reason = Step.State.STUCK, "no e-mail address for letters"
            unreachable.append(step)
            continue
        again = f":{step.attempt}" if step.attempt > 1 else ""
        parts.append(
            NewPart(
                kind=KIND,
                dedupe_key=f"invoice:{step.invoice_id}:rung:{step.rung}{again}",
                facts={"invoice": step.invoice_id, "step": step.pk, "rung": step.rung},
                recipient=Recipient(
                    email=recipient.email, name=recipient.name, language=recipient.language
                ),
                client_ref=step.invoice.client_id,
            )
        )
    Step.objects.bulk_update(unreachable, ["state", "reason"])
    enqueue_many(workspace=workspace, parts=parts, automatic=automatic, now=now)
    return len(parts)
