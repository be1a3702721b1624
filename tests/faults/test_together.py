"""Everybody at once: sweeps, deliveries, payments, credit notes, holds and letters taken back.

PEER-FAILURES 14: a client who paid is never stopped, whoever was first.
"""

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import pytest

from billing.models import Invoice, Step
from billing.operations.crediting import CreditTooLarge, NotCreditable, credit_invoice, lines_of
from billing.operations.drafts import NothingToInvoice
from billing.operations.holds import hold_ladder
from billing.operations.payments import NotPayable, Overpayment, record_payment
from billing.operations.settling import stopping_invoice
from billing.operations.sweeping import sweep_all
from clientdesk.outbox.delivery import deliver
from clientdesk.outbox.models import Message, Part
from clientdesk.outbox.operations import TransitionRefused, cancel
from clientdesk.record.verify import verify_record
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import Stop
from tests.billing import desk
from tests.billing.desk import ACTOR, MINUTE, TODAY, days, morning
from tests.faults.crowd import in_workers
from tests.outbox.mailserver import MailServer

pytestmark = pytest.mark.django_db(transaction=True)

REFUSALS = (NotPayable, Overpayment, NotCreditable, CreditTooLarge, NothingToInvoice, ValueError)
DAY = TODAY + days(3)
NINE = morning(DAY)


def over(at: Workspace, seed: int, act: Callable[[Invoice], object]) -> Callable[[], None]:
    """`act` on each invoice, in an order of its own."""

    def work() -> None:
        with acting_in(at.pk):
            invoices = list(Invoice.objects.order_by("pk"))
            random.Random(seed).shuffle(invoices)
            for invoice in invoices:
                # Refusals are rightful: somebody else was first.
                with suppress(*REFUSALS):
                    act(invoice)

    return work


def pays(invoice: Invoice) -> None:
    if invoice.pk % 3:
        amount = invoice.balance_minor if invoice.pk % 2 else invoice.balance_minor // 2
        record_payment(invoice=invoice, paid_on=DAY, amount_minor=amount, now=NINE, actor=ACTOR)


def credits(invoice: Invoice) -> None:
    if invoice.pk % 5 == 0:
        credit_invoice(
            invoice=invoice,
            lines=lines_of(invoice),
            reason="taken back",
            issued_on=DAY,
            now=NINE,
            actor=ACTOR,
        )


def holds(invoice: Invoice) -> None:
    if invoice.pk % 7 == 0:
        hold_ladder(
            client=invoice.client,
            invoice=invoice,
            kind="promise",
            first=DAY,
            until=DAY + days(2),
            reason="said on the phone",
            now=NINE,
            actor=ACTOR,
        )


def takes_back(invoice: Invoice) -> None:
    waiting = Message.objects.waiting().filter(client_ref=invoice.client_id).first()
    if invoice.pk % 11 == 0 and waiting is not None:
        with suppress(TransitionRefused):
            cancel(message=waiting, now=NINE, actor=ACTOR)


@pytest.mark.parametrize("seed", [1, 2])
def test_nobody_is_stopped_who_paid_and_nothing_goes_twice(server: MailServer, seed: int) -> None:
    at = desk.workspace()
    with acting_in(at.pk):
        desk.ladder(at, "stop_work:3,final:10")
        clients = [desk.client(at, f"C{n}", email=f"c{n}@x.example") for n in range(30)]
        for client in clients:
            for _ in range(2):
                desk.invoice(client)

    def sweeps() -> None:
        for n in range(20):
            sweep_all(now=NINE + n * MINUTE / 10)

    def delivers() -> None:
        for n in range(30):
            deliver(now=NINE + (2 + n / 10) * MINUTE)

    everybody = [sweeps, delivers, sweeps, delivers]
    everybody += [
        over(at, seed + n, act) for n, act in enumerate((pays, credits, holds, takes_back))
    ]
    assert in_workers(everybody) == [0] * len(everybody)
    # Words that work goes on may wait for the day after the stop was told.
    for day in range(3):
        sweep_all(now=NINE + days(day) + 30 * MINUTE)
        deliver(now=NINE + days(day) + 35 * MINUTE)

    with acting_in(at.pk):
        for stop in Stop.objects.running().select_related("client"):
            assert stopping_invoice(stop) is not None, f"{stop.client} paid and is stopped"
        stopped = set(Stop.objects.running().values_list("client_id", flat=True))
        told = Step.objects.filter(effect="stop", state="sent", invoice__settled_on=None)
        assert stopped == set(told.values_list("invoice__client_id", flat=True))

        steps = Counter(step for message in server.received() for step in message.steps)
        assert [step for step, times in steps.items() if times > 1] == []
        sent = Step.objects.filter(state="sent").select_related("invoice")
        assert set(steps) == {f"{step.invoice.number}/{step.rung}" for step in sent}
        assert set(Message.objects.values_list("state", flat=True)) <= {
            "sent", "suppressed", "cancelled",
        }  # fmt: skip
        assert not Part.objects.filter(state=Part.State.WAITING).exists()
        per_client = Counter(
            Message.objects.filter(state="sent", automatic=True).values_list("client_ref", "day")
        )
        assert not [one for one, times in per_client.items() if times > 1]
        for invoice in Invoice.objects.all():
            paid = sum(payment.amount_minor for payment in invoice.payments.all())
            credited = sum(note.total_minor for note in invoice.credit_notes.all())
            assert (invoice.paid_minor, invoice.credited_minor) == (paid, credited)
            assert (invoice.settled_on is not None) == (invoice.balance_minor == 0)
    assert verify_record(at.pk).ok
