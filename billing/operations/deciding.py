"""The end of the ladder: its owner chooses one of three ways.

Write the amount off, agree on instalments (billing.operations.plans), or end the cooperation.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as n_

from billing.models import Invoice, Plan, Step
from billing.operations.ladder import DECIDE, StepNotOpen, close_step, locked_step
from clientdesk.money import from_minor
from clientdesk.record import operations as record


class NothingToWriteOff(Exception):
    """Only an issued invoice that is not paid can be written off."""


@transaction.atomic
def write_off(*, invoice: Invoice, reason: str, now: datetime, actor: str) -> Invoice:
    """Give up what is open: nothing is chased any more, and it counts as lost, not as owed.

    Money that comes in later can still be booked. Work that rests stays stopped until its owner
    resumes it. Raises NothingToWriteOff.
    """
    invoice = (
        Invoice.objects.select_for_update(of=("self",), no_key=True).select_related("workspace")
    ).get(pk=invoice.pk)
    if invoice.state != Invoice.State.ISSUED or invoice.settled_on:
        raise NothingToWriteOff(invoice.pk)
    today = invoice.workspace.local_today(now)
    lost = invoice.balance_minor
    waiting = Step.objects.filter(
        invoice=invoice, state__in=(Step.State.REVIEW, Step.State.STUCK)
    ).select_related("workspace", "invoice")
    for step in waiting:
        if step.rung == DECIDE:
            close_step(step, Step.State.DONE, reason=n_("written off"), now=now, actor=actor)
    waiting.update(state=Step.State.SUPPRESSED, reason=n_("written off"))
    Plan.objects.filter(invoice=invoice, ended_on=None).update(
        ended_on=today, end_reason="written off"
    )
    invoice.state, invoice.next_step_on = Invoice.State.WRITTEN_OFF, None
    invoice.closed_on, invoice.close_reason = today, reason[:300]
    invoice.save(update_fields=["state", "next_step_on", "closed_on", "close_reason"])
    record.append(
        workspace_id=invoice.workspace_id,
        kind="invoice.written_off",
        content={
            "number": invoice.number or "",
            "amount": str(from_minor(lost, invoice.currency)),
            "currency": invoice.currency,
            "because": reason,
        },
        now=now,
        actor=actor,
        client_ref=invoice.client_id,
        subject=f"invoice:{invoice.pk}",
    )
    return invoice


@transaction.atomic
def choose_to_end(*, step: Step, reason: str, now: datetime, actor: str) -> Step:
    """The owner will end the cooperation over this invoice: the task is done, the claim stays.

    Raises StepNotOpen.
    """
    step = locked_step(step, Step.State.REVIEW)
    if step.rung != DECIDE:
        raise StepNotOpen(step.pk)
    why = f"ending the cooperation: {reason}" if reason else "ending the cooperation"
    return close_step(step, Step.State.DONE, reason=why, now=now, actor=actor)
