"""Money comes in and work goes on: by itself, on the owner's word, with or without a letter."""

from contextlib import suppress

import pytest

from billing.models import Invoice, MoneySettings
from billing.operations.drafts import Heading
from billing.operations.gratitude import NoAddress, NotIssued, send_invoice
from billing.operations.payments import record_payment
from billing.operations.resuming import resume_work
from billing.operations.settling import settle
from clientdesk.outbox.models import Message, Part
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client, Contact, Stop
from clients.operations.stops import NothingUnpaid, StopEnded, stop_by_hand
from clients.operations.work import save_project
from tests.billing import desk
from tests.billing.desk import ACTOR, NOW, TODAY, days, morning
from tests.outbox.mailserver import MailServer


def stopped(at: Workspace, of: Client, heading: Heading | None = None) -> Invoice:
    """An invoice whose stop-work notice went out on day 10."""
    desk.ladder(at)
    invoice = desk.invoice(of, heading=heading)
    for day in (3, 10):
        desk.day_passes(at, TODAY + days(day))
    return Invoice.objects.get(pk=invoice.pk)


def pay(of: Invoice, amount: int, on: int) -> None:
    record_payment(
        invoice=of,
        paid_on=TODAY + days(on),
        amount_minor=amount,
        now=morning(TODAY + days(on)),
        actor=ACTOR,
    )


def chosen(at: Workspace, **choices: object) -> None:
    MoneySettings.objects.create(workspace=at, **choices)


def test_payment_in_full_ends_the_stop_and_says_that_work_resumes(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    """PEER-FAILURES 14: payment lifts the stop."""
    invoice = stopped(at, lune)
    assert Stop.objects.running().get().cause == invoice.number
    pay(invoice, 80_000, 12)
    desk.send(TODAY + days(12))
    assert not Stop.objects.running().exists()
    message = server.received()[-1]
    assert message.subject == "Thank you, work for Lune continues"
    assert "€800.00" in message.text
    assert message.steps == []
    assert "auto-generated" in message.headers["Auto-Submitted"]


def test_with_a_delivery_date_the_letter_names_the_new_one(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    save_project(
        client=lune,
        project=None,
        fields={"name": "Web", "started_on": TODAY, "delivery_on": TODAY + days(60)},
        now=NOW,
        actor=ACTOR,
    )
    invoice = stopped(at, lune)
    pay(invoice, 80_000, 12)
    desk.send(TODAY + days(12))
    assert "the new delivery date is" in server.received()[-1].text


def test_an_owner_who_wants_to_confirm_is_asked(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    chosen(at, resume=MoneySettings.Resume.ASK)
    invoice = stopped(at, lune)
    pay(invoice, 80_000, 12)
    assert Stop.objects.running().get().ask_resume == "full"
    assert not Part.objects.filter(kind="billing.note").exists()


def test_part_payment_asks_the_owner_and_the_rest_is_chased(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    """PEER-FAILURES 5: a partial payment does not end the chase."""
    invoice = stopped(at, lune)
    pay(invoice, 30_000, 12)
    assert Stop.objects.running().get().ask_resume == "part"
    desk.day_passes(at, TODAY + days(20))
    assert "€500.00" in server.received()[-1].text


def test_while_another_invoice_stops_work_it_stays_stopped(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    invoice = desk.invoice(lune)
    other = stopped(at, lune)
    stop = Stop.objects.running().get()
    paid, rest = (invoice, other) if stop.cause == invoice.number else (other, invoice)
    pay(paid, 80_000, 12)
    stop.refresh_from_db()
    assert (stop.ended_on, stop.cause) == (None, rest.number)
    pay(rest, 80_000, 13)
    assert not Stop.objects.running().exists()


def test_only_the_project_stops_where_the_invoice_says_so(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    project = save_project(
        client=lune,
        project=None,
        fields={"name": "Web", "started_on": TODAY},
        now=NOW,
        actor=ACTOR,
    )
    invoice = stopped(at, lune, Heading(project=project, stops=Invoice.Stops.PROJECT))
    stop = Stop.objects.running().get()
    assert stop.project == project
    assert "Work on Web is paused" in server.received()[-1].subject
    pay(invoice, 80_000, 12)
    assert not Stop.objects.running().exists()


def test_payments_from_a_file_lift_the_stop_and_write_to_nobody(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    invoice = stopped(at, lune)
    invoice.paid_minor, invoice.settled_on = 80_000, TODAY + days(12)
    invoice.save()
    before = Message.objects.count()
    settle(invoices=[invoice], now=morning(TODAY + days(12)), actor=ACTOR, letters=False)
    assert not Stop.objects.running().exists()
    assert Message.objects.count() == before


def test_thanks_are_sent_where_the_owner_wants_them_once(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    chosen(at, thanks=True)
    invoice = desk.invoice(lune)
    pay(invoice, 30_000, 1)
    pay(invoice, 50_000, 2)
    desk.send(TODAY + days(2))
    assert [message.subject for message in server.received()] == [
        f"Thank you, invoice {invoice.number} is paid"
    ]


def test_without_being_asked_for_nobody_is_thanked(at: Workspace, lune: Client) -> None:
    pay(desk.invoice(lune), 80_000, 1)
    assert not Message.objects.exists()


def test_a_manual_send_climbs_no_rung(at: Workspace, lune: Client, server: MailServer) -> None:
    """PEER-FAILURES 3: a manual send never triggers a rung before its day."""
    invoice = desk.invoice(lune)
    for _ in range(2):
        send_invoice(invoice=invoice, now=morning(TODAY), once_key="one click")
    desk.send(TODAY)
    desk.day_passes(at, TODAY + days(1))
    (message,) = server.received()
    assert (message.subject.split(",")[0], message.steps) == (f"Invoice {invoice.number}", [])
    invoice.refresh_from_db()
    assert (invoice.sent_on, invoice.next_step_on) == (TODAY, TODAY + days(3))


def test_what_cannot_be_sent_says_why(at: Workspace, lune: Client) -> None:
    with pytest.raises(NotIssued):
        send_invoice(invoice=desk.draft(lune), now=NOW)
    Contact.objects.all().delete()
    with pytest.raises(NoAddress, match="no e-mail address"):
        send_invoice(invoice=desk.invoice(lune), now=NOW)


def test_when_the_owner_confirms_the_client_is_told(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    chosen(at, resume=MoneySettings.Resume.ASK)
    invoice = stopped(at, lune)
    pay(invoice, 80_000, 12)
    stop = Stop.objects.running().get()
    resume_work(stop=stop, reason="paid", now=morning(TODAY + days(13)), actor=ACTOR)
    desk.send(TODAY + days(13))
    assert server.received()[-1].subject == "Thank you, work for Lune continues"
    with pytest.raises(StopEnded):
        resume_work(stop=stop, reason="again", now=morning(TODAY + days(13)), actor=ACTOR)


def test_resumed_after_a_part_the_letter_says_what_is_open(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    invoice = stopped(at, lune)
    pay(invoice, 30_000, 12)
    stop = Stop.objects.running().get()
    resume_work(stop=stop, reason="part", now=morning(TODAY + days(12)), actor=ACTOR)
    desk.send(TODAY + days(12))
    assert "€300.00" in server.received()[-1].text
    assert "€500.00" in server.received()[-1].text


def by_hand(of: Client, on: int) -> Stop:
    return stop_by_hand(
        client=of,
        reason=Stop.Reason.UNPAID,
        on=TODAY + days(on),
        now=morning(TODAY + days(on)),
        actor=ACTOR,
    )


def test_a_paid_client_is_not_stopped_by_hand_either(at: Workspace, lune: Client) -> None:
    """PEER-FAILURES 14: paid clients suspended (Paymenter#854)."""
    invoice = desk.invoice(lune)
    with pytest.raises(NothingUnpaid):
        by_hand(lune, 0)
    pay(invoice, 80_000, 2)
    with pytest.raises(NothingUnpaid):
        by_hand(lune, 3)
    desk.invoice(lune)
    assert by_hand(lune, 3).reason == Stop.Reason.UNPAID


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("other_connections_closed")
@pytest.mark.parametrize("attempt", range(5))
def test_paid_at_the_moment_of_stopping_no_stop_is_left(attempt: int) -> None:
    """PEER-FAILURES 14, under concurrency: whichever of the two comes first."""
    workspace = desk.workspace()
    with acting_in(workspace.pk):
        client = desk.client(workspace)
        invoice = desk.invoice(client)

    def one(number: int) -> None:
        with acting_in(workspace.pk):
            if number == 0:
                pay(invoice, 80_000, 3)
                return
            with suppress(NothingUnpaid):
                by_hand(client, 3)

    desk.at_once(2, one)
    with acting_in(workspace.pk):
        assert not Stop.objects.running().exists()
