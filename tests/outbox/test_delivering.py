"""What leaves, when, and how it reads on arrival."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from clientdesk.outbox.models import Message, Part
from clientdesk.outbox.operations import pause, release
from clientdesk.outbox.tasks import deliver_due
from clients.models import Client
from tests.outbox import desk
from tests.outbox.mailserver import MailServer

pytestmark = pytest.mark.django_db


def test_one_part_goes_out_in_its_own_words(server: MailServer) -> None:
    client = desk.client(desk.workspace())
    desk.put(client)
    result = desk.send()
    [letter] = server.received()
    assert result.as_dict() == {
        "sent": 1,
        "suppressed": 0,
        "retry": 0,
        "failed": 0,
        "uncertain": 0,
    }
    assert letter.subject == "About invoice: 800 EUR"
    assert letter.text.startswith("Hello Bistro Lune,\n\nNote on invoice: 800 EUR https://")
    assert "Jana" in letter.html
    assert letter.steps == [f"{client.pk}/invoice"]
    assert letter.headers["From"] == "Jana Novak <desk@jana.example>"
    assert letter.headers["Reply-To"] == "Jana Novak <jana@example.com>"
    assert letter.headers["Auto-Submitted"] == "auto-generated"
    message = desk.message()
    assert letter.headers["Message-ID"] == message.message_id
    assert message.message_id.endswith("@desk.jana.example>")
    assert (message.state, message.attempts, message.sent_at) == ("sent", 1, desk.LATER)
    assert message.text.splitlines() == letter.text.splitlines()


def test_several_parts_become_one_digest_in_the_highest_tone(server: MailServer) -> None:
    client = desk.client(desk.workspace())
    for about, tone in (("first", 1), ("last", 3), ("second", 2)):
        desk.put(client, about, tone=tone)
    assert desk.send().sent == 1
    [letter] = server.received()
    assert letter.subject == "Last notice, 3 open points"
    assert letter.text.startswith("Hello Ana,\n\nthis note names 3 open points.")
    assert letter.steps == [f"{client.pk}/{about}" for about in ("last", "second", "first")]
    order = [letter.text.index(f"Note on {about}") for about in ("last", "second", "first")]
    assert order == sorted(order)
    assert sorted(desk.diary(client)) == ["sent first", "sent last", "sent second"]


def test_a_croatian_client_reads_croatian(server: MailServer) -> None:
    client = desk.client(desk.workspace())
    for about in ("a", "b"):
        desk.put(client, about, language="hr", name="Željka Čović")
    desk.send()
    [letter] = server.received()
    assert letter.subject == "Kratak podsjetnik, otvorene točke: 2"
    assert letter.text.startswith("Dobar dan,")
    assert '<html lang="hr">' in letter.html
    assert letter.headers["To"] == "Željka Čović <ana@example.com>"


def test_nothing_leaves_within_the_minute_of_undo(server: MailServer) -> None:
    desk.put(desk.client(desk.workspace()))
    assert desk.send(desk.MORNING + timedelta(seconds=59)).sent == 0
    assert desk.states() == ["queued"]
    assert desk.send(desk.MORNING + timedelta(seconds=60)).sent == 1


def test_paid_between_queueing_and_sending_suppresses_and_says_why(server: MailServer) -> None:
    """PEER-FAILURES 4: reminded though paid."""
    client = desk.client(desk.workspace())
    desk.put(client)
    Client.unscoped.update(archived_at=desk.MORNING)
    assert desk.send().suppressed == 1
    message = desk.message()
    assert (message.state, message.reason) == ("suppressed", "paid")
    assert Part.unscoped.get().reason == "paid"
    assert desk.diary(client) == ["suppressed invoice"]
    assert server.received() == []


def test_the_paid_part_of_a_digest_falls_away(server: MailServer) -> None:
    jana = desk.workspace()
    paid, open_one = desk.client(jana, "Paid"), desk.client(jana, "Open")
    desk.put(paid, "paid")
    desk.put(open_one, "open")
    # Two letters of one client, about two different rows.
    one, other = Message.unscoped.order_by("pk")
    Part.unscoped.filter(message=other).update(message=one)
    other.delete()
    Client.unscoped.filter(pk=paid.pk).update(archived_at=desk.MORNING)
    assert desk.send().sent == 1
    assert server.received()[0].subject == "About open: 800 EUR"
    assert list(Part.unscoped.order_by("pk").values_list("state", flat=True)) == [
        "suppressed",
        "sent",
    ]
    assert [desk.diary(paid), desk.diary(open_one)] == [["suppressed paid"], ["sent open"]]


def test_a_change_between_two_tries_is_put_together_anew(server: MailServer) -> None:
    client = desk.client(desk.workspace())
    desk.put(client, to="once+changed@example.com")
    assert desk.send().retry == 1
    assert desk.message().subject == "About invoice: 800 EUR"
    Client.unscoped.update(note="300 EUR")
    assert desk.send(desk.LATER + timedelta(minutes=5)).sent == 1
    assert server.received()[0].subject == "About invoice: 300 EUR"
    assert desk.message().subject == "About invoice: 300 EUR"


def test_a_second_try_sends_the_same_bytes(server: MailServer) -> None:
    desk.put(desk.client(desk.workspace()), to="once+same@example.com")
    assert desk.send().retry == 1
    first = desk.message()
    assert desk.send(desk.LATER + timedelta(minutes=5)).sent == 1
    assert (desk.message().sha256, desk.message().raw) == (first.sha256, first.raw)
    assert server.received()[0].headers["Message-ID"] == first.message_id


@pytest.mark.parametrize("moment", ["claim", "claimed"])
def test_a_payment_before_sending_stops_it(
    server: MailServer, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    client = desk.client(desk.workspace())
    desk.put(client)

    def payment(point: str) -> None:
        if point == moment:
            Client.unscoped.update(archived_at=desk.MORNING)

    monkeypatch.setattr("clientdesk.outbox.delivery.checkpoint", payment)
    assert desk.send().suppressed == 1
    assert server.received() == []
    assert desk.diary(client) == ["suppressed invoice"]


def test_nothing_leaves_without_mail_while_paused_or_from_a_sample(
    server: MailServer, settings: Any
) -> None:
    unset, paused, sample = (desk.workspace(slug) for slug in ("unset", "paused", "sample"))
    for at in (unset, paused, sample):
        desk.put(desk.client(at))
    settings.MAIL_IS_SET_UP = False
    assert desk.send().sent == 0
    settings.MAIL_IS_SET_UP = True
    release(workspace=unset, now=desk.MORNING, actor="user:1")
    pause(workspace=paused, now=desk.MORNING, actor="user:1")
    sample.is_sample = True
    sample.save()
    assert desk.send().sent == 1
    assert desk.states() == ["sent", "queued", "queued"]
    release(workspace=paused, now=desk.LATER, actor="user:1")
    assert desk.send().sent == 1
    assert desk.states() == ["sent", "sent", "queued"]


def test_what_gathered_without_a_mail_server_waits_for_its_owner_to_release_it(
    server: MailServer, settings: Any
) -> None:
    jana = desk.workspace()
    desk.put(desk.client(jana))
    settings.MAIL_IS_SET_UP = False
    desk.send()
    settings.MAIL_IS_SET_UP = True
    assert desk.send().sent == 0
    jana.refresh_from_db()
    assert jana.sending_paused
    release(workspace=jana, now=desk.LATER, actor="user:1")
    assert desk.send().sent == 1


def test_pausing_stops_what_is_claimed_already(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    jana = desk.workspace()
    for name in ("One", "Two"):
        desk.put(desk.client(jana, name))

    def stop(point: str) -> None:
        if point == "reply":
            pause(workspace=jana, now=desk.LATER, actor="user:1")

    monkeypatch.setattr("clientdesk.outbox.delivery.checkpoint", stop)
    desk.send()
    assert desk.states() == ["sent", "queued"]


def test_after_days_of_silence_a_client_gets_one_message(server: MailServer) -> None:
    """PEER-FAILURES 2: what waited comes once, together."""
    client = desk.client(desk.workspace())
    for day in range(4):
        desk.put(client, f"day-{day}", now=desk.MORNING + timedelta(days=day))
    result = desk.send(desk.LATER + timedelta(days=10))
    assert result.sent == 1
    assert len(server.received()) == 1
    assert sorted(desk.diary(client)) == [f"sent day-{day}" for day in range(4)]
    assert desk.states() == ["sent", "suppressed", "suppressed", "suppressed"]


def test_a_late_message_waits_where_the_client_had_one_today(server: MailServer) -> None:
    client = desk.client(desk.workspace())
    desk.put(client, "yesterday", to="once+late@example.com", now=desk.MORNING - timedelta(days=1))
    assert desk.send(desk.LATER - timedelta(days=1)).retry == 1
    Message.unscoped.update(not_before=desk.LATER + timedelta(hours=2))
    desk.put(client, "today")
    # Joins what waits; so make it a message of its own that has gone.
    assert desk.send(desk.LATER).sent == 1
    assert desk.send(desk.LATER + timedelta(hours=3)).sent == 0
    assert desk.send(desk.LATER + timedelta(days=1)).sent == 1
    assert sorted(desk.diary(client)) == ["sent today", "sent yesterday"]


def test_the_limit_holds(server: MailServer) -> None:
    jana = desk.workspace()
    for number in range(5):
        desk.put(desk.client(jana, f"Client {number}"))
    out = StringIO()
    now = desk.LATER.isoformat()
    call_command("deliver", "--json", "--limit", "2", "--now", now, stdout=out)
    assert json.loads(out.getvalue().splitlines()[-1])["sent"] == 2
    assert len(server.received()) == 2


@pytest.mark.parametrize("now", ["yesterday", "2026-13-01T09:00"])
def test_the_command_says_what_an_instant_is(now: str) -> None:
    with pytest.raises(CommandError, match="expected"):
        call_command("deliver", "--now", now)


def test_the_task_delivers(server: MailServer) -> None:
    # By hand, so that the hour at which this test runs does not matter.
    desk.put(desk.client(desk.workspace()), automatic=False)
    assert deliver_due()["sent"] == 1


def test_what_joins_a_message_that_waits_for_another_try_is_said(server: MailServer) -> None:
    client = desk.client(desk.workspace())
    desk.put(client, "first", to="once+joined@example.com")
    assert desk.send().retry == 1
    desk.put(client, "second", to="new@example.com", now=desk.LATER)
    assert desk.send(desk.LATER + timedelta(minutes=5)).sent == 1
    [letter] = server.received()
    assert letter.to == letter.headers["To"].split("<")[1].rstrip(">") == "new@example.com"
    assert letter.steps == [f"{client.pk}/first", f"{client.pk}/second"]
    assert "Note on second" in letter.text
