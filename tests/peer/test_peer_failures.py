"""What has gone wrong in other projects, whole-stack: real rows, the outbox, a local mail server.

Each test is named for its line of PEER-FAILURES; the rooms' own tests go into the details.
"""

import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse

from billing.models import Invoice, Payment, Step
from billing.operations import gratitude
from billing.operations.crediting import credit_invoice, lines_of
from billing.operations.drafts import NewLine, create_draft, discard_draft
from billing.operations.issuing import issue_invoice
from billing.operations.ladder import approve_step, start_ladder
from billing.operations.payments import record_payment
from billing.operations.sweeping import sweep_all
from billing.queries.lists import aging, tally
from billing.queries.terms import due_date_for
from billing.rules.interest import interest_minor
from clientdesk import clock
from clientdesk.desk.operations.imports import import_file
from clientdesk.outbox.delivery import deliver
from clientdesk.outbox.models import Message, Part
from clientdesk.record.models import Entry
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import Agreement, Client, Stop
from feedback.models import AnswerLink
from feedback.operations.answer_links import revoke_link
from tests.billing import desk
from tests.billing.desk import ACTOR, MINUTE, NOW, TODAY, at_once, days, morning
from tests.faults.crowd import in_workers
from tests.feedback import page_desk
from tests.outbox.mailserver import MailServer

LADDER = {"reminder": 3, "stop_work": 10, "final": 20}


def pay(invoice: Invoice, minor: int, on: date = TODAY) -> None:
    record_payment(invoice=invoice, paid_on=on, amount_minor=minor, now=morning(on), actor=ACTOR)


def steps_of(server: MailServer) -> list[str]:
    return [step for message in server.received() for step in message.steps]


def pass_days(at: Workspace, first: int, last: int) -> None:
    for offset in range(first, last + 1):
        desk.day_passes(at, TODAY + days(offset))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("other_connections_closed")
def test_01_duplicates(server: MailServer) -> None:
    """PEER-FAILURES 1: a thousand passes and two workers at once, one message for each rung."""
    at = desk.workspace()
    with acting_in(at.pk):
        desk.ladder(at)
        invoices = [
            desk.invoice(desk.client(at, f"C{n}", email=f"c{n}@x.example")) for n in range(5)
        ]
    start = morning(TODAY + days(3))

    def pass_many() -> None:
        for n in range(500):
            sweep_all(now=start + n * timedelta(seconds=30))
            if n % 5 == 0:
                deliver(now=start + n * timedelta(seconds=30))

    assert in_workers([pass_many, pass_many]) == [0, 0]
    assert sorted(steps_of(server)) == sorted(f"{one.number}/reminder" for one in invoices)
    assert Message.unscoped.count() == Part.unscoped.count() == Step.unscoped.count() == 5
    # And no fee of any kind: what is owed is what was invoiced.
    assert set(Invoice.unscoped.values_list("total_minor", flat=True)) == {80_000}


@pytest.mark.django_db
def test_02_missed_days(at: Workspace, lune: Client, server: MailServer) -> None:
    """PEER-FAILURES 2: days of silence, then one rung at a time; none marked without a letter."""
    invoice = desk.invoice(lune)
    back = 30
    pass_days(at, back, back)
    assert steps_of(server) == [f"{invoice.number}/reminder"]
    pass_days(at, back + 1, back + 17)
    assert steps_of(server) == [f"{invoice.number}/{rung}" for rung in LADDER]
    for step in Step.objects.filter(state=Step.State.SENT):
        (part,) = [one for one in Part.objects.all() if one.facts["step"] == step.pk]
        assert (part.state, part.message.state) == (Part.State.SENT, "sent")
    climbed = [desk.step(invoice, rung).climbed_on for rung in LADDER]
    assert climbed == [TODAY + days(n) for n in (30, 37, 47)]


@pytest.mark.django_db
def test_03_wrong_trigger(at: Workspace, lune: Client, server: MailServer) -> None:
    """PEER-FAILURES 3: sent by hand, it is not chased before its day; no due day, no rung."""
    invoice = desk.invoice(lune)
    endless = desk.imported(lune, "OLD-1", due_on=None)
    start_ladder(invoices=[endless], on=TODAY, now=NOW, actor=ACTOR)
    gratitude.send_invoice(invoice=invoice, now=morning(TODAY - days(1)), once_key="by-hand")
    pass_days(at, -1, 2)
    assert [message.steps for message in server.received()] == [[]]
    assert not Step.objects.exists()
    pass_days(at, 3, 3)
    assert steps_of(server) == [f"{invoice.number}/reminder"]
    pass_days(at, 4, 60)
    assert not Step.objects.filter(invoice=endless).exists()
    assert "OLD-1" not in "".join(message.text for message in server.received())


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["payment", "credit"])
def test_04_reminded_though_paid(at: Workspace, lune: Client, server: MailServer, how: str) -> None:
    """PEER-FAILURES 4: booked between queueing and sending, it stops the letter and says why."""
    invoice = desk.invoice(lune)
    desk.sweep(at, TODAY + days(3))
    assert desk.message_states() == ["queued"]
    if how == "payment":
        pay(invoice, 80_000, TODAY + days(3))
    else:
        credit_invoice(
            invoice=invoice,
            lines=lines_of(invoice),
            reason="taken back",
            issued_on=TODAY + days(3),
            now=morning(TODAY + days(3)),
            actor=ACTOR,
        )
    desk.send(TODAY + days(3))
    assert server.received() == []
    assert desk.message_states() == ["suppressed"]
    assert Part.objects.get().reason
    assert desk.step(invoice).state == Step.State.SUPPRESSED
    assert desk.step(invoice).reason
    pass_days(at, 4, 60)
    assert server.received() == []


@pytest.mark.django_db
def test_05_partial_payment(at: Workspace, lune: Client, server: MailServer) -> None:
    """PEER-FAILURES 5: the rest is chased, history stays, interest is still reckoned."""
    invoice = desk.invoice(lune)
    pass_days(at, 3, 3)
    pay(invoice, 30_000, TODAY + days(5))
    pass_days(at, 6, 20)
    assert steps_of(server) == [f"{invoice.number}/{rung}" for rung in LADDER]
    assert "€800.00" in server.received()[0].text
    assert all("€500.00" in message.text for message in server.received()[1:])
    invoice.refresh_from_db()
    assert (invoice.balance_minor, invoice.settled_on) == (50_000, None)
    assert Payment.objects.filter(invoice=invoice).count() == 1
    owed = interest_minor(open_minor=50_000, due_on=TODAY, on=TODAY + days(20))
    assert owed > 0
    pay(invoice, 50_000, TODAY + days(21))
    pass_days(at, 21, 60)
    assert len([step for step in steps_of(server) if step.endswith("/final")]) == 1
    assert list(Step.objects.values_list("state", flat=True)) == ["sent"] * 3


@pytest.mark.django_db
@pytest.mark.parametrize("offset", [-5, -1, 0, 1, 2, 7, 14, 30, 60, 90])
def test_06_sign_error(at: Workspace, lune: Client, server: MailServer, offset: int) -> None:
    """PEER-FAILURES 6: for every n, rung +n never leaves before due + n."""
    desk.ladder(at, f"reminder:{offset}")
    invoice = desk.invoice(lune)
    first = min(offset, 0) - 10
    for day in range(first, offset):
        desk.day_passes(at, TODAY + days(day))
    assert server.received() == []
    desk.day_passes(at, TODAY + days(offset))
    assert steps_of(server) == [f"{invoice.number}/reminder"]


@pytest.mark.django_db
def test_06_aborted_loop(at: Workspace, lune: Client, server: MailServer) -> None:
    """PEER-FAILURES 6: one bad record, in the sweep or in the outbox, leaves the others done."""
    clients = [desk.client(at, f"C{n}", email=f"c{n}@x.example") for n in range(5)]
    invoices = [desk.invoice(client) for client in clients]
    clients[1].contacts.update(email="no address\nBcc: all@x.example")
    clients[3].contacts.update(name="Ana\nKralj")
    pass_days(at, 3, 4)
    fine = [one for n, one in enumerate(invoices) if n not in (1, 3)]
    assert sorted(steps_of(server)) == sorted(f"{one.number}/reminder" for one in fine)
    for bad in (invoices[1], invoices[3]):
        step = desk.step(bad)
        assert step.state in (Step.State.REVIEW, Step.State.STUCK)
        assert step.reason


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles", "Australia/Sydney"])
@pytest.mark.parametrize("day", [date(2025, 4, 6), date(2025, 3, 9), TODAY])
def test_07_time_zones(server: MailServer, zone: str, day: date) -> None:
    """PEER-FAILURES 7: stored days stay, the local day and the local send hour are exact."""
    at = desk.workspace("far", time_zone=zone)
    with acting_in(at.pk):
        desk.ladder(at)
        invoice = desk.invoice(desk.client(at), due_on=day - days(3))
        seven = morning(day, zone, hour=7)
        sweep_all(now=morning(day, zone, hour=0) - MINUTE)
        assert not Step.objects.exists()
        sweep_all(now=morning(day, zone, hour=0))
        assert deliver(now=seven - MINUTE).sent == 0
        assert deliver(now=seven).sent == 1
        stored = Invoice.objects.get(pk=invoice.pk)
        assert (stored.issued_on, stored.due_on) == (day - days(17), day - days(3))
        assert desk.step(invoice).climbed_on == day


@pytest.mark.django_db
def test_08_month_end_ratchet(lune: Client) -> None:
    """PEER-FAILURES 8: due on the 31st gives 31, 28, 31, 30 and 31 again."""
    Agreement.objects.create(
        workspace_id=lune.workspace_id,
        client=lune,
        valid_from=date(2024, 1, 1),
        payment=Agreement.Payment.DAY_OF_MONTH,
        payment_day=31,
        created_at=NOW,
    )
    day, found = date(2025, 1, 1), []
    for _ in range(5):
        day = due_date_for(client=lune, issued_on=day)
        found.append(day.day)
    assert found == [31, 28, 31, 30, 31]


@pytest.mark.django_db
@pytest.mark.parametrize("manner", ["never", "never-data", "drop-data", "later"])
def test_09_false_sent(at: Workspace, server: MailServer, manner: str) -> None:
    """PEER-FAILURES 9: a failure is a state, its owner sees why, and the ladder waits."""
    invoice = desk.invoice(desk.client(at, email=f"{manner}@example.com"))
    pass_days(at, 3, 19)
    message = Message.objects.get()
    assert message.state in ("failed", "uncertain")
    assert message.reason
    step = desk.step(invoice)
    assert (step.state, step.climbed_on) == (Step.State.STUCK, None)
    assert step.reason
    assert Step.objects.count() == 1
    browser = Browser()
    browser.force_login(
        at.memberships.get().user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    page = browser.get(reverse("desk:message", args=[at.slug, message.pk])).content.decode()
    assert message.reason.split(" ")[0] in page
    assert f"/outbox/{message.pk}/again/" in page


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("other_connections_closed")
def test_10_numbering() -> None:
    """PEER-FAILURES 10: 50 at once with discarded drafts: unique, no gap, given at issue."""
    at = desk.workspace()
    with acting_in(at.pk):
        client = desk.client(at)
        drafts = [desk.draft(client) for _ in range(60)]
        assert {draft.number for draft in drafts} == {None}

    def issue(number: int) -> None:
        with acting_in(at.pk):
            for draft in drafts[number * 12 : number * 12 + 12]:
                if draft.pk % 6 == 0:
                    discard_draft(invoice=draft)
                else:
                    issue_invoice(
                        invoice=draft, issued_on=TODAY, due_on=TODAY, now=NOW, actor=ACTOR
                    )

    at_once(5, issue)
    with acting_in(at.pk):
        numbers = sorted(str(one.number) for one in Invoice.objects.all())
    assert len(numbers) == 50
    assert numbers == [f"2025-{n:03}" for n in range(1, 51)]


@pytest.mark.django_db
def test_11_tenant_leaks(at: Workspace, lune: Client, server: MailServer) -> None:
    """PEER-FAILURES 11: another workspace's invoice, step and message answer 404 to every method.

    Every route for the wrong tenant: tests/desk/test_matrix.py.
    """
    invoice = desk.invoice(lune)
    pass_days(at, 3, 3)
    other = desk.workspace("other")
    browser = Browser()
    browser.force_login(
        other.memberships.get().user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    step, message = desk.step(invoice), Message.objects.get()
    for path in (
        reverse("billing:invoice", args=["other", invoice.number]),
        reverse("billing:approve", args=["other", step.pk]),
        reverse("desk:message", args=["other", message.pk]),
        reverse("desk:message_again", args=["other", message.pk]),
        reverse("billing:invoice", args=[at.slug, invoice.number]),
    ):
        assert browser.get(path).status_code in (404, 405), path
        assert browser.post(path, {"amount": "1", "paid_on": str(TODAY)}).status_code == 404, path
    assert not Payment.unscoped.exists()


@pytest.mark.django_db
def test_12_links(
    at: Workspace, lune: Client, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PEER-FAILURES 12: the link of a letter opens its own invoice; looking changes nothing."""
    invoice, other = desk.invoice(lune), desk.invoice(lune, due_on=TODAY + days(40))
    pass_days(at, 3, 3)
    monkeypatch.setattr(clock, "now", lambda: morning(TODAY + days(4)))
    (path,) = set(re.findall(r"/i/[\w-]+/", server.received()[0].text))
    rows = Invoice.objects.order_by("pk").values
    before, entries = list(rows()), Entry.objects.count()
    for _ in range(5):
        shown = Browser().get(path)
        Browser().head(path)
    assert (list(rows()), Entry.objects.count()) == (before, entries)
    assert str(invoice.number) in shown.content.decode()
    assert str(other.number) not in shown.content.decode()
    assert Browser().get(path.replace(path[4:8], "xxxx")).status_code == 404
    monkeypatch.setattr(clock, "now", lambda: morning(TODAY + days(500)))
    assert Browser().get(path).status_code == 404


@pytest.mark.django_db
def test_12_answer_links(at: Workspace, lune: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """PEER-FAILURES 12: one round each; expires; revocable; a scanner's GET uses up nothing."""
    monkeypatch.setattr(clock, "now", lambda: morning(TODAY))
    asked, other = page_desk.asked(lune, title="June"), page_desk.asked(lune, title="July")
    path, revoked = page_desk.address(asked), page_desk.address(other)
    before = page_desk.everything()
    for _ in range(5):
        shown = Browser().get(path).content.decode()
        Browser().head(path)
    assert page_desk.everything() == before
    assert ("June" in shown, "July" in shown) == (True, False)
    revoke_link(link=AnswerLink.objects.latest("pk"), now=clock.now(), actor="system")
    assert Browser().get(revoked).status_code == 404
    assert Browser().get(path).status_code == 200
    assert Browser().get(path.replace(path[3:7], "xxxx")).status_code == 404
    # It still answers after all those looks, and only until it expires.
    assert page_desk.send(path, all="ok").status_code == 302
    monkeypatch.setattr(clock, "now", lambda: morning(TODAY + days(181)))
    assert Browser().get(path).status_code == 404


@pytest.mark.django_db
def test_13_false_match(at: Workspace, lune: Client) -> None:
    """PEER-FAILURES 13: two clients, the same amount: nothing is booked that names no invoice."""
    kafka = desk.client(at, "Kafka", email="kafka@example.com")
    invoices = [desk.invoice(lune), desk.invoice(kafka)]
    for number in ("", "800.00", "Kafka", "nobody-1"):
        file = f"invoice_number,paid_on,amount\n{number},{TODAY},800.00\n".encode()
        path = Path(settings.DATA_DIR) / "payments.csv"
        path.write_bytes(file)
        report = import_file(
            kind="payments", path=path, workspace=at, now=NOW, actor=ACTOR, dry_run=False
        )
        assert not report.ok
    assert not Payment.objects.exists()
    assert {one.settled_on for one in Invoice.objects.filter(pk__in=[i.pk for i in invoices])} == {
        None
    }


def stopped_by(at: Workspace, invoice: Invoice) -> Stop:
    """The stop that begins when the stop-work letter of an invoice has gone."""
    pass_days(at, 3, 10)
    stop = Stop.objects.get()
    assert (stop.cause, stop.begun_on, stop.ended_on) == (invoice.number, TODAY + days(10), None)
    return stop


@pytest.mark.django_db
def test_14_suspension(at: Workspace, lune: Client, server: MailServer) -> None:
    """PEER-FAILURES 14: payment in full lifts the stop by itself and says so, once."""
    invoice = desk.invoice(lune)
    stop = stopped_by(at, invoice)
    pay(invoice, 79_999, TODAY + days(11))
    stop.refresh_from_db()
    assert (stop.ended_on, stop.ask_resume) == (None, "part")
    pay(invoice, 1, TODAY + days(12))
    stop.refresh_from_db()
    assert stop.ended_on == TODAY + days(12)
    pass_days(at, 12, 40)
    assert steps_of(server) == [f"{invoice.number}/{rung}" for rung in ("reminder", "stop_work")]
    assert [message.to for message in server.received()] == ["ana@example.com"] * 3
    assert not Stop.objects.running().exists()


@pytest.mark.django_db
def test_14_a_paid_client_is_never_stopped(at: Workspace, lune: Client, server: MailServer) -> None:
    """PEER-FAILURES 14: paid while the letter waits, is put together or was just approved."""
    desk.ladder(at, "stop_work:3:review,final:20")
    invoice = desk.invoice(lune)
    desk.sweep(at, TODAY + days(3))
    approve_step(step=desk.step(invoice, "stop_work"), now=morning(TODAY + days(3)), actor=ACTOR)
    pay(invoice, 80_000, TODAY + days(3))
    pass_days(at, 3, 40)
    assert server.received() == []
    assert not Stop.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("other_connections_closed")
def test_14_paid_at_the_moment_of_the_stop(server: MailServer) -> None:
    """PEER-FAILURES 14: payments and the delivery of stop-work letters at the same time."""
    at = desk.workspace()
    with acting_in(at.pk):
        desk.ladder(at, "stop_work:3")
        clients = [desk.client(at, f"C{n}", email=f"c{n}@x.example") for n in range(12)]
        invoices = [desk.invoice(client) for client in clients]
    sweep_all(now=morning(TODAY + days(3)))

    def pay_all() -> None:
        with acting_in(at.pk):
            for invoice in reversed(invoices):
                pay(invoice, 80_000, TODAY + days(3))

    def deliver_all() -> None:
        deliver(now=morning(TODAY + days(3)) + 5 * MINUTE)

    assert in_workers([deliver_all, pay_all]) == [0, 0]
    with acting_in(at.pk):
        assert not Stop.objects.running().exists()
        assert set(Message.objects.values_list("state", flat=True)) <= {
            "sent", "suppressed", "queued",
        }  # fmt: skip
        assert Invoice.objects.filter(settled_on=None).count() == 0


@pytest.mark.django_db
def test_16_wrong_balance(
    at: Workspace, lune: Client, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PEER-FAILURES 16: a letter, its link and the books say the same; currencies never summed."""
    euros = desk.invoice(lune, total=123_456)
    line = NewLine("Care", Decimal(1), 50_000)
    yen = issue_invoice(
        invoice=create_draft(client=lune, currency="JPY", lines=[line], now=NOW, by=None),
        issued_on=TODAY - days(14),
        due_on=TODAY,
        now=NOW,
        actor=ACTOR,
    )
    pay(euros, 23_456)
    pass_days(at, 3, 3)
    (letter,) = server.received()
    assert sorted(letter.steps) == sorted(f"{one.number}/reminder" for one in (euros, yen))
    monkeypatch.setattr(clock, "now", lambda: morning(TODAY + days(4)))
    said = {"EUR": "€1,000.00", "JPY": "¥50,000"}
    books = {age.currency: age.total for age in aging(tally(), on=TODAY + days(3))}
    assert books == {"EUR": 100_000, "JPY": 50_000}
    for invoice in (euros, yen):
        figure = said[invoice.currency]
        for text in (letter.text, letter.html):
            assert figure in text
        place = letter.text.index(str(invoice.number))
        found = re.search(r"/i/[\w-]+/", letter.text[place:])
        assert found is not None
        shown = Browser().get(found[0], headers={"accept-language": "en"}).content.decode()
        assert str(invoice.number) in shown
        assert figure in shown
    for mixed in ("1,500", "51,000", "151,000", "150,000"):
        assert mixed not in letter.text
