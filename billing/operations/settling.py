"""Nothing is left to pay: the ladder ends, and work that rested for it goes on.

Part of it came in: the rest is still chased, and where work rests for it the owner is asked.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop as n_

from billing.models import Instalment, Invoice, MoneySettings, Step
from billing.operations.gratitude import thank, work_resumes
from billing.operations.ladder import reschedule
from billing.queries.settings import money_settings
from clientdesk.ladder import Effect
from clients.models import Stop
from clients.operations.stops import ask_resume, end_stop

OPEN_STEPS = (Step.State.REVIEW, Step.State.STUCK)


@transaction.atomic
def settle(*, invoices: Sequence[Invoice], now: datetime, actor: str, letters: bool = True) -> None:
    """Paid or credited in full: the ladder ends, open steps are not needed, and a stop because of
    it is lifted, or its owner asked. `letters` False, for what comes from a file, writes to nobody.

    A letter in the outbox is stopped by its guard, which sees the invoice settled. Call it with the
    invoices locked and saved.
    """
    ids = [invoice.pk for invoice in invoices]
    Invoice.objects.filter(pk__in=ids).update(next_step_on=None)
    Step.objects.filter(invoice_id__in=ids, state__in=OPEN_STEPS).update(
        state=Step.State.SUPPRESSED, reason=n_("nothing is open")
    )
    _settle_instalments(invoices)
    chosen = money_settings(invoices[0].workspace_id) if invoices else MoneySettings()
    resumed = _lift_stops(invoices, chosen, now=now, actor=actor, letters=letters)
    if letters and chosen.thanks:
        for invoice in invoices:
            if invoice.pk not in resumed and invoice.paid_minor:
                thank(invoice=invoice, now=now)


@transaction.atomic
def part_came_in(*, invoices: Sequence[Invoice], on: date, now: datetime, actor: str) -> None:
    """Less than all: instalments that it covers are settled, and where work rests for the invoice
    the owner is asked whether to resume. Call it with the invoices locked and saved."""
    if _settle_instalments(invoices, on=on):
        reschedule(invoice_ids=[invoice.pk for invoice in invoices])
    causes = {(invoice.client_id, invoice.number) for invoice in invoices}
    for stop in _unpaid_stops({client for client, _ in causes}):
        if (stop.client_id, stop.cause) in causes:
            ask_resume(stop=stop, why="part", now=now, actor=actor)


def _settle_instalments(invoices: Sequence[Invoice], on: date | None = None) -> bool:
    """Money covers the instalments of a running plan in their order; whether any was settled."""
    by_id = {invoice.pk: invoice for invoice in invoices}
    open_ones: defaultdict[int, list[Instalment]] = defaultdict(list)
    for one in (
        Instalment.objects.filter(plan__invoice_id__in=by_id, plan__ended_on=None)
        .select_related("plan")
        .order_by("position")
    ):
        open_ones[one.plan.invoice_id].append(one)
    settled: list[Instalment] = []
    for invoice_id, instalments in open_ones.items():
        invoice = by_id[invoice_id]
        covered = invoice.paid_minor + invoice.credited_minor
        for one in instalments:
            if one.settled_on is None and covered >= one.reach_minor:
                one.settled_on = invoice.settled_on or on
                settled.append(one)
    Instalment.objects.bulk_update(settled, ["settled_on"])
    Step.objects.filter(instalment__in=settled, state__in=OPEN_STEPS).update(
        state=Step.State.SUPPRESSED, reason=n_("this instalment is paid")
    )
    return bool(settled)


def _unpaid_stops(client_ids: set[int]) -> list[Stop]:
    return list(
        Stop.objects.running()
        .filter(reason=Stop.Reason.UNPAID, client_id__in=client_ids)
        .select_related("client")
        .order_by("pk")
    )


def _lift_stops(
    invoices: Sequence[Invoice],
    chosen: MoneySettings,
    *,
    now: datetime,
    actor: str,
    letters: bool,
) -> set[int]:
    """Ids of the invoices whose payment let work go on, by itself and with a letter."""
    resumed: set[int] = set()
    of_client: defaultdict[int, list[Invoice]] = defaultdict(list)
    for invoice in invoices:
        of_client[invoice.client_id].append(invoice)
    for stop in _unpaid_stops(set(of_client)):
        paid = of_client[stop.client_id]
        because = next((one for one in paid if one.number == stop.cause), None)
        if because is None and stop.cause:
            continue
        invoice = because or paid[-1]
        if other := stopping_invoice(stop):
            # It rests for another one too: that is what the page has to name from now on.
            Stop.objects.filter(pk=stop.pk).update(cause=other.number)
        elif chosen.resume == MoneySettings.Resume.ASK:
            ask_resume(stop=stop, why="full", now=now, actor=actor)
        else:
            end_stop(
                stop=stop,
                on=max(stop.begun_on, invoice.settled_on or stop.begun_on),
                reason=f"{invoice.number} paid",
                now=now,
                actor=actor,
            )
            if letters:
                work_resumes(stop=stop, invoice=invoice, now=now)
                resumed.add(invoice.pk)
    return resumed


def stopping_invoice(stop: Stop) -> Invoice | None:
    """An unpaid invoice of this client that has come as far as a rung that stops work there."""
    if stop.project_id:
        where = Q(invoice__project=stop.project_id)
    else:
        where = Q(invoice__stops=Invoice.Stops.CLIENT)
    step = (
        Step.objects.filter(
            where,
            invoice__client_id=stop.client_id,
            invoice__settled_on=None,
            invoice__state=Invoice.State.ISSUED,
            effect=Effect.STOP,
            state=Step.State.SENT,
        )
        .filter(Q(instalment=None) | Q(instalment__settled_on=None))
        .select_related("invoice")
        .order_by("pk")
        .first()
    )
    return step.invoice if step else None
