"""The calendar: what is due, by a secret address, for as long as its member belongs here."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from clientdesk import clock
from clientdesk.desk.operations import calendars
from clientdesk.desk.queries.days import days_of
from clientdesk.workspaces.access import Role
from clientdesk.workspaces.models import CalendarLink, Membership, User
from clientdesk.workspaces.scoping import acting_in
from tests.desk.world import NOW, TODAY, World, issue, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return make_world("jana")


def path_of(world: World, user: User) -> str:
    with acting_in(world.workspace.pk):
        link = calendars.give(workspace=world.workspace, user=user, now=NOW)
        assert calendars.give(workspace=world.workspace, user=user, now=NOW) == link
        return "/" + calendars.address(link).split("/", 3)[3]


def summaries(path: str) -> list[str]:
    answer = Browser().get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar"
    calendar = Calendar.from_ical(answer.content)
    return [str(event["summary"]) for event in calendar.walk("VEVENT")]


def test_it_shows_what_is_due_and_was_promised(world: World) -> None:
    said = summaries(path_of(world, world.owner))
    assert "Follow up with Bistro Lune: asked about the logo" in said
    assert "Bistro Lune: answer by today, Which logo?" in said
    assert any("is due" in one for one in said)


def test_a_day_that_moves_stays_the_same_event(world: World) -> None:
    path = path_of(world, world.owner)
    uids = {str(e["uid"]) for e in Calendar.from_ical(Browser().get(path).content).walk("VEVENT")}
    with acting_in(world.workspace.pk):
        world.client.projects.update(delivery_on=TODAY + timedelta(days=9), forecast_on=None)
    again = {str(e["uid"]) for e in Calendar.from_ical(Browser().get(path).content).walk("VEVENT")}
    assert uids < again or uids == again


def test_a_bookkeeper_sees_money_only(world: World) -> None:
    said = summaries(path_of(world, world.member(Role.BOOKKEEPER)))
    assert said
    assert all("is due" in one for one in said)


def test_unknown_revoked_and_left_look_the_same(world: World) -> None:
    member = world.member(Role.MEMBER)
    left, taken = path_of(world, member), path_of(world, world.owner)
    Membership.objects.filter(user=member).delete()
    with acting_in(world.workspace.pk):
        calendars.revoke(user=world.owner, now=NOW)
    answers = [Browser().get(path) for path in (left, taken, f"/calendar/{'0' * 64}.ics")]
    assert [one.status_code for one in answers] == [404, 404, 404]
    assert len({one.content for one in answers}) == 1


def test_the_page_gives_and_takes_back(world: World, client: Browser) -> None:
    client.force_login(world.owner)
    address = reverse("desk:calendar", args=[world.workspace.slug])
    client.post(address, {"give": "1"})
    client.post(address, {"give": "1"})
    with acting_in(world.workspace.pk):
        assert CalendarLink.objects.count() == 1
    assert "/calendar/" in client.get(address).content.decode()
    client.post(address, {"revoke": "1"})
    assert ".ics" not in client.get(address).content.decode()


def test_thirty_invoices_take_as_many_queries_as_one(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with acting_in(world.workspace.pk):
        for _ in range(30):
            issue(world.client, due_on=TODAY)
        with django_assert_num_queries(4):
            assert len(days_of("jana", today=TODAY, work=True, money=True)) > 30
