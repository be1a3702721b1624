"""Instalments: each on the ladder, settled in their order, called off again."""

import pytest

from billing.models import Instalment, Invoice, Plan, Step
from billing.operations.deciding import NothingToWriteOff, choose_to_end, write_off
from billing.operations.ladder import StepNotOpen
from billing.operations.payments import record_payment
from billing.operations.plans import NewInstalment, PlanOver, PlanRefused, agree_plan, end_plan
from clientdesk.workspaces.models import Workspace
from clients.models import Client
from tests.billing import desk
from tests.billing.desk import ACTOR, TODAY, days, morning
from tests.outbox.mailserver import MailServer


def agree(of: Invoice, *parts: tuple[int, int], on: int = 0) -> Plan:
    return agree_plan(
        invoice=of,
        instalments=[NewInstalment(TODAY + days(day), amount) for day, amount in parts],
        agreed_on=TODAY + days(on),
        now=morning(TODAY + days(on)),
        actor=ACTOR,
    )


def pay(of: Invoice, amount: int, on: int) -> None:
    record_payment(
        invoice=of,
        paid_on=TODAY + days(on),
        amount_minor=amount,
        now=morning(TODAY + days(on)),
        actor=ACTOR,
    )


def sent(server: MailServer) -> list[list[str]]:
    return [message.steps for message in server.received()]


def test_each_instalment_climbs_for_itself_and_the_invoice_rests(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    invoice = desk.invoice(lune, due_on=TODAY - days(30))
    agree(invoice, (10, 30_000), (40, 50_000))
    for day in range(13):
        desk.day_passes(at, TODAY + days(day))
    assert sent(server) == []
    desk.day_passes(at, TODAY + days(13))
    (message,) = server.received()
    assert "instalment 1 of 2" in message.subject
    assert "€300.00" in message.text
    pay(invoice, 30_000, 14)
    desk.day_passes(at, TODAY + days(20))
    assert len(server.received()) == 1
    desk.day_passes(at, TODAY + days(43))
    assert "instalment 2 of 2" in server.received()[-1].subject
    pay(invoice, 50_000, 44)
    invoice.refresh_from_db()
    assert invoice.settled_on == TODAY + days(44)
    assert list(Instalment.objects.values_list("settled_on", flat=True)) == [
        TODAY + days(14),
        TODAY + days(44),
    ]


def test_part_of_an_instalment_leaves_the_rest_to_be_chased(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    """PEER-FAILURES 5: the remainder is still chased."""
    invoice = desk.invoice(lune)
    agree(invoice, (5, 30_000), (35, 50_000))
    pay(invoice, 10_000, 6)
    desk.day_passes(at, TODAY + days(8))
    assert "€200.00" in server.received()[0].text


def test_a_letter_about_the_whole_does_not_leave_once_a_plan_is_agreed(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    invoice = desk.invoice(lune)
    desk.sweep(at, TODAY + days(3))
    agree(invoice, (30, 80_000), on=3)
    desk.send(TODAY + days(3))
    assert sent(server) == []
    assert desk.step(invoice).state == Step.State.SUPPRESSED


def test_deciding_for_a_plan_closes_the_task_and_calling_it_off_brings_it_back(
    at: Workspace, lune: Client
) -> None:
    desk.ladder(at, "decide:3")
    invoice = desk.invoice(lune)
    desk.sweep(at, TODAY + days(3))
    plan = agree(invoice, (20, 80_000), on=3)
    assert desk.step(invoice, "decide").state == Step.State.DONE
    end_plan(plan=plan, reason="not kept", now=morning(TODAY + days(25)), actor=ACTOR)
    assert desk.step(invoice, "decide").state == Step.State.REVIEW
    with pytest.raises(PlanOver):
        end_plan(plan=plan, reason="again", now=morning(TODAY + days(25)), actor=ACTOR)


def test_a_new_plan_replaces_the_one_that_runs_and_the_same_twice_is_one(lune: Client) -> None:
    invoice = desk.invoice(lune)
    first = agree(invoice, (10, 40_000), (20, 40_000))
    assert agree(invoice, (10, 40_000), (20, 40_000)) == first
    second = agree(invoice, (15, 80_000), on=1)
    first.refresh_from_db()
    assert (first.ended_on, second.ended_on) == (TODAY + days(1), None)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (((10, 30_000),), "expected €800.00, what is open"),
        (((10, 0), (20, 80_000)), "instalment 1: expected an amount above zero"),
        (((10, 40_000), (5, 40_000)), "instalment 2: .* or later"),
        ((), "0 instalments"),
    ],
)
def test_a_plan_that_does_not_add_up_is_refused(
    lune: Client, parts: tuple[tuple[int, int], ...], words: str
) -> None:
    invoice = desk.invoice(lune)
    with pytest.raises(PlanRefused, match=words):
        agree(invoice, *parts)
    assert not Plan.objects.exists()


def test_writing_off_ends_the_chase_and_late_money_can_still_be_booked(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    desk.ladder(at, "reminder:3,decide:5")
    invoice = desk.invoice(lune)
    desk.day_passes(at, TODAY + days(3))
    desk.sweep(at, TODAY + days(5))
    write_off(invoice=invoice, reason="bankrupt", now=morning(TODAY + days(6)), actor=ACTOR)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.close_reason) == (Invoice.State.WRITTEN_OFF, "bankrupt")
    assert desk.step(invoice, "decide").state == Step.State.DONE
    assert not Invoice.objects.unpaid().exists()
    desk.day_passes(at, TODAY + days(40))
    assert len(server.received()) == 1
    pay(invoice, 30_000, 50)
    invoice.refresh_from_db()
    assert invoice.state == Invoice.State.WRITTEN_OFF
    pay(invoice, 50_000, 51)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.settled_on) == (Invoice.State.ISSUED, TODAY + days(51))
    with pytest.raises(NothingToWriteOff):
        write_off(invoice=invoice, reason="", now=morning(TODAY + days(52)), actor=ACTOR)


def test_choosing_to_end_closes_the_task_and_keeps_the_claim(at: Workspace, lune: Client) -> None:
    desk.ladder(at, "decide:3")
    invoice = desk.invoice(lune)
    desk.sweep(at, TODAY + days(3))
    task = desk.step(invoice, "decide")
    choose_to_end(step=task, reason="enough", now=morning(TODAY + days(4)), actor=ACTOR)
    assert desk.step(invoice, "decide").reason == "ending the cooperation: enough"
    assert Invoice.objects.unpaid().get() == invoice
    with pytest.raises(StepNotOpen):
        choose_to_end(step=task, reason="", now=morning(TODAY + days(4)), actor=ACTOR)
