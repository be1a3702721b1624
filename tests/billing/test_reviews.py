"""Rungs that wait for their owner, letters that failed, and the stop that a letter begins."""

import pytest

from billing.models import Invoice, Step
from billing.operations.ladder import StepNotOpen, approve_step, skip_step
from billing.operations.letters import NO_ADDRESS
from billing.operations.payments import record_payment
from clientdesk.outbox.delivery import deliver
from clientdesk.outbox.models import Message
from clientdesk.outbox.operations import cancel
from clientdesk.workspaces.models import Workspace
from clients.models import Client, Contact, Stop
from tests.billing import desk
from tests.billing.desk import ACTOR, MINUTE, TODAY, days, morning
from tests.outbox.mailserver import MailServer


def at_stop_work(at: Workspace, client: Client) -> Invoice:
    """An invoice whose reminder went and whose stop-work notice waits for review on day 10."""
    desk.ladder(at, "reminder:3,stop_work:10:review,final:20:review")
    invoice = desk.invoice(client)
    desk.day_passes(at, TODAY + days(3))
    desk.day_passes(at, TODAY + days(10))
    assert desk.step(invoice, "stop_work").state == Step.State.REVIEW
    return invoice


def approve(of: Invoice, rung: str, day: int) -> Step:
    return approve_step(step=desk.step(of, rung), now=morning(TODAY + days(day)), actor=ACTOR)


def pay(of: Invoice, amount: int, day: int) -> None:
    record_payment(
        invoice=of,
        paid_on=TODAY + days(day),
        amount_minor=amount,
        now=morning(TODAY + days(day)),
        actor=ACTOR,
    )


def test_a_rung_for_review_waits_as_long_as_its_owner_does(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    at_stop_work(at, lune)
    for day in range(11, 40):
        desk.day_passes(at, TODAY + days(day))
    assert len(server.received()) == 1
    assert Step.objects.count() == 2
    assert not Stop.objects.exists()


def test_sent_it_begins_a_stop_and_full_payment_lifts_it(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    invoice = at_stop_work(at, lune)
    assert approve(invoice, "stop_work", 12).state == Step.State.QUEUED
    assert not Stop.objects.exists(), "approved is not sent"
    desk.send(TODAY + days(12))
    assert server.received()[-1].steps == [f"{invoice.number}/stop_work"]
    stop = Stop.objects.running().get()
    assert (stop.client_id, stop.cause, stop.begun_on) == (
        lune.pk,
        invoice.number,
        TODAY + days(12),
    )
    pay(invoice, 30_000, 13)
    assert Stop.objects.running().exists(), "a part does not lift it"
    pay(invoice, 50_000, 14)
    stop.refresh_from_db()
    assert stop.ended_on == TODAY + days(14)


def test_a_stop_stays_while_another_invoice_holds_it(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    desk.ladder(at)
    first, second = desk.invoice(lune), desk.invoice(lune)
    for day in (3, 10):
        desk.day_passes(at, TODAY + days(day))
    assert Stop.objects.running().count() == 1
    pay(first, 80_000, 11)
    assert Stop.objects.running().count() == 1
    pay(second, 80_000, 12)
    assert not Stop.objects.running().exists()


def test_paid_while_it_waits_for_review_it_is_not_needed(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    invoice = at_stop_work(at, lune)
    pay(invoice, 80_000, 11)
    assert desk.step(invoice, "stop_work").state == Step.State.SUPPRESSED
    with pytest.raises(StepNotOpen):
        approve(invoice, "stop_work", 12)
    assert not Stop.objects.exists()


def test_a_letter_is_approved_once(at: Workspace, lune: Client, server: MailServer) -> None:
    invoice = at_stop_work(at, lune)
    approve(invoice, "stop_work", 12)
    with pytest.raises(StepNotOpen):
        approve(invoice, "stop_work", 12)
    assert Message.objects.count() == 2


def test_a_letter_sent_by_hand_does_not_bring_the_next_rung_early(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    desk.ladder(at, "reminder:3:review,stop_work:10")
    invoice = desk.invoice(lune)
    desk.day_passes(at, TODAY + days(3))
    approve(invoice, "reminder", 8)
    desk.send(TODAY + days(8))
    for day in range(8, 15):
        desk.day_passes(at, TODAY + days(day))
    assert len(server.received()) == 1, "seven days lie between the two"
    desk.day_passes(at, TODAY + days(15))
    assert server.received()[-1].steps == [f"{invoice.number}/stop_work"]


def test_skipped_with_a_reason_the_next_one_follows_at_its_distance(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    invoice = at_stop_work(at, lune)
    skip_step(
        step=desk.step(invoice, "stop_work"),
        reason="they called",
        now=morning(TODAY + days(12)),
        actor=ACTOR,
    )
    step = desk.step(invoice, "stop_work")
    assert (step.state, step.reason) == (Step.State.SKIPPED, "they called")
    invoice.refresh_from_db()
    assert invoice.next_step_on == TODAY + days(22)
    assert not Stop.objects.exists()


def test_when_a_letter_fails_the_ladder_waits_and_its_owner_is_told(
    at: Workspace, server: MailServer
) -> None:
    invoice = desk.invoice(desk.client(at, email="never@example.com"))
    for day in range(3, 40):
        desk.day_passes(at, TODAY + days(day))
    step = desk.step(invoice)
    assert (step.state, step.climbed_on) == (Step.State.STUCK, None)
    assert "no such mailbox" in step.reason
    assert desk.message_states() == ["failed"]
    assert Step.objects.count() == 1
    invoice.refresh_from_db()
    assert invoice.next_step_on is None


def test_while_the_mail_server_is_away_no_rung_counts_as_climbed(
    at: Workspace, server: MailServer
) -> None:
    invoice = desk.invoice(desk.client(at, email="later@example.com"))
    desk.day_passes(at, TODAY + days(3))
    assert desk.message_states() == ["retry"]
    step = desk.step(invoice)
    assert (step.state, step.climbed_on) == (Step.State.QUEUED, None)


def test_a_letter_taken_back_comes_before_its_owner_again(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    invoice = desk.invoice(lune)
    desk.sweep(at, TODAY + days(3))
    message = Message.objects.select_related("workspace").get()
    cancel(message=message, now=morning(TODAY + days(3)), actor=ACTOR)
    assert desk.step(invoice).state == Step.State.REVIEW
    for day in (3, 4, 30):
        desk.day_passes(at, TODAY + days(day))
    assert server.received() == []
    approve(invoice, "reminder", 31)
    desk.send(TODAY + days(31))
    assert [message.steps for message in server.received()] == [[f"{invoice.number}/reminder"]]


def test_a_client_without_an_address_waits_for_review_with_the_reason(
    at: Workspace, server: MailServer
) -> None:
    client = desk.client(at, email="")
    invoice = desk.invoice(client)
    assert desk.sweep(at, TODAY + days(3)).review == 1
    assert (desk.step(invoice).state, desk.step(invoice).reason) == (
        Step.State.REVIEW,
        NO_ADDRESS,
    )
    assert approve(invoice, "reminder", 4).state == Step.State.REVIEW
    Contact.objects.filter(client=client).update(email="ana@example.com")
    assert approve(invoice, "reminder", 5).state == Step.State.QUEUED
    desk.send(TODAY + days(5))
    assert len(server.received()) == 1


def test_a_task_is_done_without_a_letter(at: Workspace, lune: Client) -> None:
    desk.ladder(at, "decide:3")
    invoice = desk.invoice(lune)
    desk.day_passes(at, TODAY + days(3))
    # This one is decided about; any other task is just done.
    with pytest.raises(StepNotOpen):
        approve(invoice, "decide", 4)
    Step.objects.filter(rung="decide").update(rung="call_them")
    step = approve(invoice, "call_them", 4)
    assert (step.state, step.climbed_on) == (Step.State.DONE, TODAY + days(4))
    assert not Message.objects.exists()


def test_within_the_undo_window_nothing_leaves(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    invoice = at_stop_work(at, lune)
    approve(invoice, "stop_work", 12)
    deliver(now=morning(TODAY + days(12)) + MINUTE / 2)
    assert desk.message_states() == ["sent", "queued"]
    deliver(now=morning(TODAY + days(12)) + MINUTE)
    assert desk.message_states() == ["sent", "sent"]
