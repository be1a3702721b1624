"""Credit notes and void: what is taken back is open no more, and never more than there was."""

from decimal import Decimal

import pytest

from billing.models import CreditNote, Invoice, Step
from billing.operations.crediting import (
    CreditTooLarge,
    HasPayments,
    NotCreditable,
    credit_invoice,
    lines_of,
    void_invoice,
)
from billing.operations.drafts import NewLine, create_draft
from billing.operations.issuing import issue_invoice
from billing.operations.payments import record_payment
from clientdesk.outbox.models import Message
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client, Stop
from tests.billing import desk
from tests.billing.desk import ACTOR, NOW, TODAY, days, morning
from tests.outbox.mailserver import MailServer


def credit(
    of: Invoice, net: int, *, on: int = 0, rate: str = "0", key: str | None = None
) -> CreditNote:
    return credit_invoice(
        invoice=of,
        lines=[NewLine("Days not worked", Decimal(1), net, vat_rate=Decimal(rate))],
        reason="days not worked",
        issued_on=TODAY + days(on),
        now=morning(TODAY + days(on)),
        actor=ACTOR,
        once_key=key,
    )


def two_rates(of: Client) -> Invoice:
    draft = create_draft(
        client=of,
        currency="EUR",
        lines=[
            NewLine("Care", Decimal("1.5"), 10_001, vat_rate=Decimal(25), discount=Decimal(10)),
            NewLine("Book", Decimal(1), 5_000, vat_rate=Decimal(5)),
        ],
        now=NOW,
        by=None,
    )
    return issue_invoice(invoice=draft, issued_on=TODAY, due_on=TODAY, now=NOW, actor=ACTOR)


def test_the_whole_is_credited_line_by_line_and_settles_the_invoice(lune: Client) -> None:
    invoice = two_rates(lune)
    note = credit_invoice(
        invoice=invoice, lines=lines_of(invoice), reason="wrong", issued_on=TODAY, now=NOW,
        actor=ACTOR,
    )  # fmt: skip
    invoice.refresh_from_db()
    assert note.number == "2025-C01"
    sums = note.net_minor, note.vat_minor, note.total_minor
    assert sums == (invoice.net_minor, invoice.vat_minor, invoice.total_minor)
    assert list(note.lines.values_list("net_minor", "vat_bp")) == list(
        invoice.lines.values_list("net_minor", "vat_bp")
    )
    assert (invoice.balance_minor, invoice.settled_on) == (0, TODAY)


def test_a_part_leaves_the_rest_to_be_chased(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    invoice = desk.invoice(lune)
    credit(invoice, 30_000)
    desk.day_passes(at, TODAY + days(3))
    assert "€500.00" in server.received()[0].text
    with pytest.raises(CreditTooLarge, match="expected more than nothing and at most .* €500.00"):
        credit(invoice, 50_001, on=4)
    assert CreditNote.objects.count() == 1


def test_credit_between_queueing_and_sending_stops_the_letter(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    """PEER-FAILURES 4: reminded though holding credit (invoiceninja#4732)."""
    invoice = desk.invoice(lune)
    desk.sweep(at, TODAY + days(3))
    credit(invoice, 80_000, on=3)
    desk.send(TODAY + days(3))
    assert server.received() == []
    assert Message.objects.get().reason.startswith("credited in full")


def test_credit_for_all_that_was_open_lifts_the_stop(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    invoice = desk.invoice(lune)
    for day in (3, 10):
        desk.day_passes(at, TODAY + days(day))
    assert Stop.objects.running().count() == 1
    credit(invoice, 80_000, on=12)
    assert not Stop.objects.running().exists()
    desk.send(TODAY + days(12))
    assert "is settled" in server.received()[-1].text


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("other_connections_closed")
def test_two_at_once_cannot_exceed_the_invoice() -> None:
    workspace = desk.workspace()
    with acting_in(workspace.pk):
        invoice = desk.invoice(desk.client(workspace))

    def one(number: int) -> bool:
        with acting_in(workspace.pk):
            try:
                credit(invoice, 50_000, key=f"k{number}")
            except CreditTooLarge:
                return False
            return True

    assert sorted(desk.at_once(2, one)) == [False, True]
    with acting_in(workspace.pk):
        assert Invoice.objects.get().credited_minor == 50_000


def test_one_click_twice_is_one_credit_note(lune: Client) -> None:
    invoice = desk.invoice(lune)
    assert credit(invoice, 10_000, key="once") == credit(invoice, 10_000, key="once")


def test_a_void_invoice_keeps_its_number_and_is_chased_no_more(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    desk.ladder(at, "reminder:3:review")
    invoice = desk.invoice(lune)
    desk.sweep(at, TODAY + days(3))
    void_invoice(invoice=invoice, reason="twice", now=morning(TODAY + days(4)), actor=ACTOR)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.number, invoice.close_reason) == ("void", "2025-001", "twice")
    assert Step.objects.get().state == Step.State.SUPPRESSED
    for work in (
        lambda: credit(invoice, 100),
        lambda: void_invoice(invoice=invoice, reason="", now=NOW, actor=ACTOR),
    ):
        with pytest.raises(NotCreditable):
            work()
    assert desk.invoice(lune).number == "2025-002"


def test_what_money_came_in_for_is_not_made_void(lune: Client) -> None:
    invoice = desk.invoice(lune)
    record_payment(invoice=invoice, paid_on=TODAY, amount_minor=1, now=NOW, actor=ACTOR)
    with pytest.raises(HasPayments):
        void_invoice(invoice=invoice, reason="", now=NOW, actor=ACTOR)
