"""The mail of the day: once, on working mornings, to those who want it, with the record's head."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clientdesk import clock
from clientdesk.desk.operations.daily import KIND, send_daily
from clientdesk.outbox.delivery import deliver
from clientdesk.outbox.models import Message, Part
from clientdesk.record.models import Entry
from clientdesk.workspaces.models import Membership
from clientdesk.workspaces.scoping import acting_in
from tests.desk.world import NOW, World, make_world
from tests.outbox.mailserver import MailServer

pytestmark = pytest.mark.django_db
SUNDAY = datetime(2025, 5, 18, 9, 0, tzinfo=UTC)


@pytest.fixture
def world(server: MailServer, settings: object) -> World:
    settings.MAIL_IS_SET_UP = True  # type: ignore[attr-defined]
    world = make_world("jana")
    with acting_in(world.workspace.pk):
        Message.objects.update(state=Message.State.CANCELLED)
        Part.objects.update(state="cancelled")
    return world


def parts(world: World) -> int:
    with acting_in(world.workspace.pk):
        return Part.objects.filter(kind=KIND).count()


def test_it_says_what_is_late_and_where_the_record_ends(
    world: World, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert send_daily(now=NOW) == 1
    assert send_daily(now=NOW + timedelta(minutes=1)) == 0
    later = NOW + timedelta(minutes=5)
    monkeypatch.setattr(clock, "now", lambda: later)
    deliver(now=lambda: later)
    with acting_in(world.workspace.pk):
        message = Message.objects.get(parts__kind=KIND)
        assert message.state == Message.State.SENT
        before = Entry.objects.get(kind="message.sent", subject=f"message:{message.pk}").prev
    assert "late" in message.subject
    assert "Which logo?" in message.text
    assert before in message.text
    assert "/settings/mail/" in message.text


@pytest.mark.parametrize(
    ("now", "count"),
    [
        (NOW, 1),
        (SUNDAY, 0),
        (NOW.replace(hour=2), 0),
        (NOW.replace(hour=20), 0),
    ],
)
def test_only_on_working_days_within_the_hours(world: World, now: datetime, count: int) -> None:
    assert send_daily(now=now) == count


def test_not_where_it_is_not_wanted(world: World) -> None:
    Membership.objects.update(daily_mail=False)
    assert send_daily(now=NOW) == 0


def test_not_from_a_sample_nor_while_sending_is_paused(world: World) -> None:
    for name in ("is_sample", "sending_paused"):
        setattr(world.workspace, name, True)
        world.workspace.save()
        assert send_daily(now=NOW) == 0
        setattr(world.workspace, name, False)
        world.workspace.save()
    assert send_daily(now=NOW) == 1


def test_not_without_a_mail_server(world: World, settings: object) -> None:
    settings.MAIL_IS_SET_UP = False  # type: ignore[attr-defined]
    assert send_daily(now=NOW) == 0


def test_turned_off_before_it_leaves_it_stays(world: World) -> None:
    send_daily(now=NOW)
    Membership.objects.update(daily_mail=False)
    deliver(now=lambda: NOW + timedelta(minutes=5))
    with acting_in(world.workspace.pk):
        assert Message.objects.get(parts__kind=KIND).state != Message.State.SENT


def test_everybody_decides_for_themselves(world: World, client: Browser) -> None:
    client.force_login(world.owner)
    address = reverse("desk:mail", args=[world.workspace.slug])
    assert "answers" in client.get(address).content.decode()
    client.post(address, {"answer_mail": "on"})
    row = Membership.objects.get(user=world.owner)
    assert (row.daily_mail, row.answer_mail) == (False, True)
