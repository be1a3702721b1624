"""The owner's own words on their way: in the letters that leave, and in those that wait."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clientdesk.outbox.delivery import deliver
from clientdesk.outbox.letters import LetterText
from clientdesk.outbox.models import Message
from clientdesk.outbox.queries import compose_preview
from clientdesk.outbox.trials import send_trial
from clientdesk.outbox.wording import change_wording, letter_named, restore_default
from clientdesk.workspaces.models import User, Workspace
from clients.models import Client
from tests.billing import desk
from tests.billing.desk import ACTOR, MINUTE, NOW, TODAY, days, morning
from tests.outbox.mailserver import MailServer

MINE = LetterText("Mine: {invoice_number}", "Hi {contact_name},\n\n{amount_due}: {invoice_link}")
REMIND = TODAY + days(3)


def reword(at: Workspace, name: str, text: LetterText, app: str = "billing") -> None:
    letter = letter_named(app, name)
    change_wording(workspace=at, letter=letter, texts={"en": text}, now=NOW, actor=ACTOR)


def test_the_ladders_letter_goes_out_in_the_owners_words(
    lune: Client, at: Workspace, server: MailServer
) -> None:
    invoice = desk.invoice(lune, due_on=TODAY)
    reword(at, "reminder", MINE)
    desk.day_passes(at, REMIND)
    sent = server.received()[0]
    assert sent.subject == f"Mine: {invoice.number}"
    assert "Hi Ana Kralj,\n\n€800.00: https://" in Message.objects.get().text


def test_a_letter_that_waits_is_worded_anew_and_back_again(lune: Client, at: Workspace) -> None:
    desk.invoice(lune, due_on=TODAY)
    desk.sweep(at, REMIND)
    waiting = Message.objects.get()
    delivered = compose_preview(waiting, now=morning(REMIND)).subject
    reword(at, "reminder", MINE)
    waiting = Message.objects.get()
    assert compose_preview(waiting, now=morning(REMIND)).subject.startswith("Mine: ")
    letter = letter_named("billing", "reminder")
    restore_default(workspace=at, letter=letter, language="en", now=NOW, actor=ACTOR)
    waiting = Message.objects.get()
    assert compose_preview(waiting, now=morning(REMIND)).subject == delivered


@pytest.mark.parametrize("point", ["claim", "claimed"])
def test_words_changed_while_a_batch_is_in_hand_are_the_words_that_leave(
    lune: Client, at: Workspace, server: MailServer, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    desk.invoice(lune, due_on=TODAY)
    desk.sweep(at, REMIND)

    def meanwhile(reached: str) -> None:
        if reached == point:
            reword(Workspace.objects.get(pk=at.pk), "reminder", MINE)

    monkeypatch.setattr("clientdesk.outbox.delivery.checkpoint", meanwhile)
    deliver(now=morning(REMIND) + 5 * MINUTE)
    deliver(now=morning(REMIND) + 10 * MINUTE)
    assert [one.subject.startswith("Mine: ") for one in server.received()] == [True]


def test_a_digest_and_its_lines_have_own_words_too(
    lune: Client, at: Workspace, server: MailServer
) -> None:
    one, two = desk.invoice(lune, due_on=TODAY), desk.invoice(lune, due_on=TODAY)
    reword(at, "reminder_line", LetterText("", "* {invoice_number}"))
    reword(at, "digest_gentle", LetterText("{count} things", "{points}"), app="outbox")
    reword(at, "footer", LetterText("", "We are {identity}"), app="outbox")
    desk.day_passes(at, REMIND)
    message = Message.objects.get()
    assert message.subject == "2 things"
    assert message.text == f"* {one.number}\n\n* {two.number}\n\n-- \nWe are Jana\n"


def test_a_batch_asks_for_the_words_once(at: Workspace, server: MailServer) -> None:
    for n in range(12):
        desk.invoice(desk.client(at, f"Client {n}", email=f"c{n}@example.com"), due_on=TODAY)
    reword(at, "reminder", MINE)
    desk.sweep(at, REMIND)
    with CaptureQueriesContext(connection) as asked:
        assert desk.send(REMIND).sent == 12
    assert sum("outbox_wording" in query["sql"] for query in asked) == 1


def test_a_test_to_oneself_really_leaves(at: Workspace, server: MailServer) -> None:
    owner = User.objects.get()
    letter = letter_named("billing", "final")
    for _ in range(2):  # the form sent twice
        send_trial(
            workspace=at,
            letter=letter,
            language="hr",
            text=LetterText("Račun {invoice_number}", "Dobar dan,\n\n{stopped_on}"),
            to=owner,
            once_key="one form",
            now=NOW,
        )
    assert deliver(now=NOW + 2 * MINUTE).sent == 1
    message = Message.objects.get()
    assert (message.subject, message.to_email) == ("[Test] Račun 2025-031", owner.email)
    assert not message.automatic
    assert message.client_ref is None
    assert "Auto-Submitted" not in bytes(message.raw).decode()
    assert "5. svibnja 2025." in message.text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_client_whose_name_is_an_attack_reads_it_as_it_is(
    at: Workspace, server: MailServer
) -> None:
    name = "<b>{invoice_number}</b> %(x)s {% now %}"
    client = desk.client(at, "Lune")
    Client.objects.filter(pk=client.pk).update(name=name)
    reword(at, "reminder", LetterText("{client_name}", "x\n\n{client_name} owes"))
    desk.invoice(Client.objects.get(pk=client.pk), due_on=TODAY)
    desk.day_passes(at, REMIND)
    message = Message.objects.get()
    assert message.subject == name
    assert f"{name} owes" in message.text
    assert b"<b>{invoice_number}</b>" not in bytes(message.raw).split(b"text/html")[1]
