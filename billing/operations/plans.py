"""Paying in instalments: agreed about, each on the ladder, kept or called off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_noop as n_

from billing.models import Instalment, Invoice, Plan, Step
from billing.operations.ladder import DECIDE, close_step, reschedule
from clientdesk.money import format_money, from_minor
from clientdesk.record import operations as record

MOST = 60


class PlanRefused(ValueError):
    """The instalments do not make a plan; the text says which, and what was expected."""


class PlanOver(Exception):
    """This plan has ended."""


@dataclass(frozen=True, slots=True)
class NewInstalment:
    """`amount_minor` in minor units of the invoice's currency."""

    due_on: date
    amount_minor: int


@transaction.atomic
def agree_plan(
    *,
    invoice: Invoice,
    instalments: Sequence[NewInstalment],
    agreed_on: date,
    now: datetime,
    actor: str,
    note: str = "",
) -> Plan:
    """Put what is open of an invoice into instalments, which together are exactly that.

    From now on each instalment climbs the ladder for itself and the invoice rests; letters about
    the whole are not needed. An open task to decide is decided by it. A plan that runs is replaced;
    the same one agreed twice is one. Raises PlanRefused.
    """
    invoice = Invoice.objects.select_for_update(no_key=True).get(pk=invoice.pk)
    if invoice.state != Invoice.State.ISSUED or invoice.settled_on:
        raise PlanRefused("only an issued invoice that is not paid can have a plan")
    running = Plan.objects.filter(invoice=invoice, ended_on=None).first()
    if running is not None and _same(running, instalments):
        return running
    _check(invoice, instalments, agreed_on)
    if running is not None:
        running.ended_on, running.end_reason = agreed_on, "a new plan"
        running.save(update_fields=["ended_on", "end_reason"])
    plan = Plan.objects.create(
        workspace_id=invoice.workspace_id,
        invoice=invoice,
        agreed_on=agreed_on,
        count=len(instalments),
        note=note,
        created_at=now,
    )
    reach = invoice.paid_minor + invoice.credited_minor
    rows = []
    for position, one in enumerate(instalments, start=1):
        reach += one.amount_minor
        rows.append(
            Instalment(
                workspace_id=invoice.workspace_id,
                plan=plan,
                position=position,
                due_on=one.due_on,
                amount_minor=one.amount_minor,
                reach_minor=reach,
            )
        )
    Instalment.objects.bulk_create(rows)
    _steps_of_the_whole(invoice, now=now, actor=actor)
    reschedule(invoice_ids=[invoice.pk])
    _record(
        plan,
        "plan.agreed",
        {
            "instalments": [
                f"{one.due_on.isoformat()} {from_minor(one.amount_minor, invoice.currency)}"
                for one in instalments
            ],
            "currency": invoice.currency,
            "note": note,
        },
        now=now,
        actor=actor,
    )
    return plan


def _same(plan: Plan, instalments: Sequence[NewInstalment]) -> bool:
    rows = plan.instalments.values_list("due_on", "amount_minor")
    return list(rows) == [(one.due_on, one.amount_minor) for one in instalments]


def _check(invoice: Invoice, instalments: Sequence[NewInstalment], agreed_on: date) -> None:
    if not 1 <= len(instalments) <= MOST:
        raise PlanRefused(f"{len(instalments)} instalments; expected 1 to {MOST}")
    before = agreed_on
    for position, one in enumerate(instalments, start=1):
        if one.amount_minor <= 0:
            raise PlanRefused(f"instalment {position}: expected an amount above zero")
        if one.due_on < before:
            raise PlanRefused(f"instalment {position}: {one.due_on}; expected {before} or later")
        before = one.due_on
    total = sum(one.amount_minor for one in instalments)
    if total != invoice.balance_minor:
        raise PlanRefused(
            f"the instalments come to {format_money(total, invoice.currency, 'en')}; "
            f"expected {format_money(invoice.balance_minor, invoice.currency, 'en')}, what is open"
        )


def _steps_of_the_whole(invoice: Invoice, *, now: datetime, actor: str) -> None:
    """Open steps of the invoice itself: deciding was this, a letter is not needed any more."""
    waiting = Step.objects.select_related("workspace", "invoice__client").filter(
        invoice=invoice, state__in=(Step.State.REVIEW, Step.State.STUCK)
    )
    for step in waiting:
        if step.rung == DECIDE:
            close_step(step, Step.State.DONE, reason=n_("a payment plan"), now=now, actor=actor)
        else:
            step.state, step.reason = Step.State.SUPPRESSED, n_("a payment plan was agreed")
            step.save(update_fields=["state", "reason"])


@transaction.atomic
def end_plan(*, plan: Plan, reason: str, now: datetime, actor: str) -> Plan:
    """Call a plan off: what is open is due as a whole again, and its ladder goes on where it was.

    Where that was at its end, the task to decide comes back. Raises PlanOver.
    """
    plan = (
        Plan.objects.select_for_update(of=("self",), no_key=True).select_related(
            "invoice__workspace"
        )
    ).get(pk=plan.pk)
    if plan.ended_on is not None:
        raise PlanOver(plan.pk)
    plan.ended_on, plan.end_reason = plan.invoice.workspace.local_today(now), reason[:200]
    plan.save(update_fields=["ended_on", "end_reason"])
    open_steps = Step.objects.filter(
        instalment__plan=plan, state__in=(Step.State.REVIEW, Step.State.STUCK)
    )
    open_steps.update(state=Step.State.SUPPRESSED, reason=n_("the plan was called off"))
    if plan.invoice.settled_on is None:
        Step.objects.filter(
            invoice=plan.invoice, instalment=None, rung=DECIDE, state=Step.State.DONE
        ).update(state=Step.State.REVIEW, climbed_on=None, reason="")
    reschedule(invoice_ids=[plan.invoice_id])
    _record(plan, "plan.ended", {"because": reason}, now=now, actor=actor)
    return plan


def _record(plan: Plan, kind: str, more: dict[str, object], *, now: datetime, actor: str) -> None:
    record.append(
        workspace_id=plan.workspace_id,
        kind=kind,
        content={"number": plan.invoice.number or "", **more},
        now=now,
        actor=actor,
        client_ref=plan.invoice.client_id,
        subject=f"invoice:{plan.invoice_id}",
    )
