"""Payments: in part, in full, too much, twice, and between queueing and sending."""

import pytest

from billing.models import Invoice, Payment, Step
from billing.operations.payments import NotPayable, Overpayment, record_payment
from clientdesk.outbox.models import Part
from clientdesk.record.models import Entry
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client
from tests.billing import desk
from tests.billing.desk import ACTOR, NOW, TODAY, days
from tests.outbox.mailserver import MailServer


def pay(invoice: Invoice, amount: int, *, on: int = 0, once_key: str | None = None) -> Payment:
    return record_payment(
        invoice=invoice,
        paid_on=TODAY + days(on),
        amount_minor=amount,
        now=NOW + days(on),
        actor=ACTOR,
        once_key=once_key,
    )


def test_the_rest_of_a_part_payment_is_still_chased(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    invoice = desk.invoice(lune)
    pay(invoice, 30_000)
    desk.day_passes(at, TODAY + days(3))
    (message,) = server.received()
    assert message.steps == [f"{invoice.number}/reminder"]
    assert "€500.00" in message.text
    assert "€800.00" not in message.text


def test_full_payment_settles_on_the_last_day_money_came(lune: Client) -> None:
    invoice = desk.invoice(lune)
    pay(invoice, 50_000, on=5)
    pay(invoice, 30_000, on=2)
    invoice.refresh_from_db()
    assert invoice.settled_on == TODAY + days(5)
    assert (invoice.balance_minor, invoice.next_step_on) == (0, None)


def test_more_than_is_open_is_refused_with_both_figures(lune: Client) -> None:
    invoice = desk.invoice(lune)
    pay(invoice, 50_000)
    with pytest.raises(Overpayment, match=r"open is €300\.00, paid would be €300\.01") as refusal:
        pay(invoice, 30_001)
    assert (refusal.value.open_minor, refusal.value.paid_minor) == (30_000, 30_001)
    invoice.refresh_from_db()
    assert invoice.paid_minor == 50_000


@pytest.mark.parametrize("amount", [0, -1])
def test_a_payment_is_more_than_nothing(lune: Client, amount: int) -> None:
    with pytest.raises(ValueError, match="more than nothing"):
        pay(desk.invoice(lune), amount)


def test_a_draft_cannot_be_paid(lune: Client) -> None:
    with pytest.raises(NotPayable):
        pay(desk.draft(lune), 1)


def test_sent_twice_it_is_booked_once(lune: Client) -> None:
    invoice = desk.invoice(lune)
    assert pay(invoice, 80_000, once_key="k") == pay(invoice, 80_000, once_key="k")
    invoice.refresh_from_db()
    assert invoice.paid_minor == 80_000
    assert Entry.objects.filter(kind="payment.recorded").count() == 1


def test_paid_between_queueing_and_sending_it_is_not_sent_and_says_why(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    invoice = desk.invoice(lune)
    desk.sweep(at, TODAY + days(3))
    pay(invoice, 80_000, on=3)
    desk.send(TODAY + days(3))
    assert server.received() == []
    assert desk.message_states() == ["suppressed"]
    assert Part.objects.get().reason == f"paid in full on {TODAY + days(3)}"
    assert desk.step(invoice).state == Step.State.SUPPRESSED
    assert "paid in full" in desk.step(invoice).reason
    assert Entry.objects.filter(kind="message.suppressed").count() == 1


def test_of_two_invoices_in_one_message_only_the_unpaid_is_spoken_of(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    paid, owed = desk.invoice(lune), desk.invoice(lune, total=12_345)
    desk.sweep(at, TODAY + days(3))
    pay(paid, 80_000, on=3)
    desk.send(TODAY + days(3))
    (message,) = server.received()
    assert message.steps == [f"{owed.number}/reminder"]
    assert str(paid.number) not in message.text


def test_the_amount_is_that_of_the_moment_it_leaves(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    invoice = desk.invoice(lune)
    desk.sweep(at, TODAY + days(3))
    pay(invoice, 70_000, on=3)
    desk.send(TODAY + days(3))
    assert "€100.00" in server.received()[0].text


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("other_connections_closed")
def test_two_at_once_never_pay_more_than_is_open() -> None:
    workspace = desk.workspace()
    with acting_in(workspace.pk):
        invoice = desk.invoice(desk.client(workspace))

    def work(number: int) -> bool:
        with acting_in(workspace.pk):
            try:
                pay(invoice, 50_000)
            except Overpayment:
                return False
            return True

    assert sorted(desk.at_once(2, work)) == [False, True]
    with acting_in(workspace.pk):
        invoice.refresh_from_db()
        assert invoice.paid_minor == 50_000


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("other_connections_closed")
def test_one_payment_sent_twice_at_once_is_booked_once() -> None:
    workspace = desk.workspace()
    with acting_in(workspace.pk):
        invoice = desk.invoice(desk.client(workspace))

    def work(number: int) -> int:
        with acting_in(workspace.pk):
            return pay(invoice, 40_000, once_key="one form").pk

    assert len(set(desk.at_once(2, work))) == 1
