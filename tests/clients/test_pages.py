"""The log and the client's pages, as a browser without scripts uses them."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from clientdesk.record.models import Entry
from clientdesk.record.verify import verify_record
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client, Interaction, Stop
from clients.operations import interactions
from clients.operations.stops import StopRunning, begin_stop, end_stop
from tests.desk.world import NOW, TODAY, World, make_client, make_workspace

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def world() -> World:
    workspace, owner = make_workspace("desk")
    with acting_in(workspace.pk):
        return World(workspace, owner, make_client(workspace))


@pytest.fixture
def browser(world: World) -> Browser:
    browser = Browser()
    browser.force_login(world.owner, backend=BACKEND)
    return browser


def kinds(world: World) -> list[str]:
    with acting_in(world.workspace.pk):
        return list(Entry.objects.order_by("seq").values_list("kind", flat=True))


def test_one_line_is_one_entry(world: World, browser: Browser) -> None:
    response = browser.post(
        "/w/desk/log/", {"line": "call lune asked about the logo 15m +2d #problem"}
    )
    assert response.status_code == 302
    with acting_in(world.workspace.pk):
        entry = Interaction.objects.get()
        assert (entry.kind, entry.minutes, entry.tags) == ("call", 15, "problem")
        assert entry.summary == "asked about the logo"
    page = browser.get(response["Location"]).content.decode()
    assert "asked about the logo" in page
    assert kinds(world)[-1] == "interaction.logged"


def test_an_unknown_client_is_offered_to_be_made(browser: Browser) -> None:
    page = browser.post("/w/desk/log/", {"line": "call nobody asked twice"}).content.decode()
    assert "/w/desk/clients/new/?name=Nobody&amp;line=call%20nobody" in page
    assert 'value="nobody asked twice"' in page


def test_reading_a_line_writes_nothing(world: World, browser: Browser) -> None:
    page = browser.get("/w/desk/log/", {"line": "call lune x 15m"}, headers={"hx-request": "true"})
    assert 'name="minutes" inputmode="numeric" size="4" maxlength="4" value="15"' in (
        page.content.decode()
    )
    assert kinds(world)[-1] != "interaction.logged"


def test_a_form_sent_twice_is_one_entry(world: World, browser: Browser) -> None:
    form = {
        "client": world.client.pk,
        "kind": "note",
        "summary": "twice",
        "happened_at": "2025-05-14T09:00",
        "once_key": "abc",
    }
    for _ in range(2):
        assert browser.post("/w/desk/log/", form).status_code == 302
    with acting_in(world.workspace.pk):
        assert Interaction.objects.filter(summary="twice").count() == 1


def test_an_edit_keeps_its_history(world: World, browser: Browser) -> None:
    with acting_in(world.workspace.pk):
        entry = interactions.log_interaction(
            client=world.client,
            kind="call",
            summary="first words",
            happened_at=NOW,
            now=NOW,
            actor="system",
        )
        interactions.change_interaction(
            interaction=entry, fields={"summary": "second words"}, now=NOW, actor="system"
        )
        assert verify_record(world.workspace.pk).ok
    history = browser.get(f"/w/desk/clients/bistro-lune/entries/{entry.pk}/history/")
    assert "first words" in history.content.decode()
    timeline = browser.get("/w/desk/clients/bistro-lune/").content.decode()
    assert "second words" in timeline
    assert "edited once" in timeline
    assert "first words" not in timeline


def test_work_while_stopped_needs_a_word_why(world: World, browser: Browser) -> None:
    with acting_in(world.workspace.pk):
        begin_stop(client=world.client, reason="other", on=TODAY, now=NOW, actor="system")
    page = browser.post("/w/desk/log/", {"line": "work lune wrote a caption 30m"}).content.decode()
    assert "Work was stopped on that day" in page
    with acting_in(world.workspace.pk):
        assert not Interaction.objects.exists()


def test_a_stop_begins_once_and_ends_with_its_reason(world: World) -> None:
    with acting_in(world.workspace.pk):
        stop = begin_stop(client=world.client, reason="other", on=TODAY, now=NOW, actor="system")
        with pytest.raises(StopRunning):
            begin_stop(client=world.client, reason="other", on=TODAY, now=NOW, actor="system")
        end_stop(stop=stop, on=TODAY, reason="they called", now=NOW, actor="system")
        assert Stop.objects.get().end_reason == "they called"
    assert kinds(world)[-2:] == ["stop.begun", "stop.ended"]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"name": ""}, "This field is required"),
        ({"name": "A\u2028B"}, "Line breaks"),
        ({"name": "New", "email": "nowhere"}, "valid email"),
    ],
)
def test_a_bad_client_names_its_field_and_leaves_nothing(
    world: World, browser: Browser, form: dict[str, str], words: str
) -> None:
    defaults = {"country": "HR", "language": "en", "currency": "EUR"}
    page = browser.post("/w/desk/clients/new/", defaults | form).content.decode()
    assert "<title>Error:" in page
    assert words in page
    with acting_in(world.workspace.pk):
        assert Client.objects.count() == 1


def test_terms_on_a_day_that_no_month_has_are_refused(browser: Browser) -> None:
    form = {
        "valid_from": "2025-01-01",
        "payment": "day_of_month",
        "payment_days": 14,
        "payment_day": 32,
        "answer_days": 3,
        "rounds": 2,
        "currency": "EUR",
        "rate": "45,5,5",
    }
    page = browser.post("/w/desk/clients/bistro-lune/agreement/", form).content.decode()
    assert "32 is no day of the month; expected 1 to 31." in page
    assert "is no amount" in page


@pytest.mark.parametrize("count", [1, 30])
def test_the_timeline_takes_as_many_queries_for_thirty_as_for_one(
    world: World, browser: Browser, count: int
) -> None:
    with acting_in(world.workspace.pk):
        for n in range(count):
            interactions.log_interaction(
                client=world.client,
                kind="note",
                summary=f"Entry {n}",
                happened_at=NOW,
                now=NOW,
                actor="system",
                author=world.owner,
            )
    with CaptureQueriesContext(connection) as queries:
        assert browser.get("/w/desk/clients/bistro-lune/").status_code == 200
    assert len(queries) <= 29


def test_an_entry_opened_and_kept_as_it_is_stays_at_its_moment(
    world: World, browser: Browser
) -> None:
    """PEER 7: nothing slips on an edit, in a zone far from UTC either."""
    world.workspace.time_zone = "Pacific/Auckland"
    world.workspace.save()
    moment = NOW.replace(hour=13, second=42)
    with acting_in(world.workspace.pk):
        entry = interactions.log_interaction(
            client=world.client, kind="call", summary="asked", happened_at=moment - DAY, now=NOW,
            actor="system", minutes=5, follow_up_on=TODAY,
        )  # fmt: skip
    url = f"/w/desk/clients/bistro-lune/entries/{entry.pk}/"
    page = browser.get(url).content.decode()
    shown = dict(re.findall(r'<input[^>]*? name="([a-z_]+)"[^>]*? value="([^"]*)"', page))
    assert shown["happened_at"] == "2025-05-14T01:00"
    sent = {**shown, "kind": "call", "body": "", "project": ""}
    assert browser.post(url, sent).status_code == 302
    with acting_in(world.workspace.pk):
        entry.refresh_from_db()
    assert (entry.happened_at, entry.follow_up_on, entry.edits) == (moment - DAY, TODAY, 0)


def test_a_wrong_delivery_is_taken_back(world: World, browser: Browser) -> None:
    work = "/w/desk/clients/bistro-lune/projects/"
    form = {"name": "Launch", "started_on": "2025-05-01", "delivery_on": "2025-05-30"}
    browser.post(f"{work}new/", form)
    with acting_in(world.workspace.pk):
        project = world.client.projects.get()
    browser.post(f"{work}{project.pk}/deliver/")
    again = browser.post(f"{work}{project.pk}/deliver/", follow=True).content.decode()
    assert "It was delivered already." in again
    browser.post(f"{work}{project.pk}/details/", {**form, "delivered_on": ""})
    with acting_in(world.workspace.pk):
        project.refresh_from_db()
    assert project.delivered_on is None


def test_terms_written_wrong_are_corrected_and_the_record_keeps_both(
    world: World, browser: Browser
) -> None:
    terms = "/w/desk/clients/bistro-lune/agreement/"
    form = {"valid_from": "2025-01-01", "payment": "days_after", "payment_days": 41}
    form |= {"answer_days": 3, "rounds": 2, "currency": "EUR", "rate": "45,50"}
    assert browser.post(terms, form).status_code == 302
    refused = browser.post(terms, {**form, "payment_days": 14}).content.decode()
    assert "An agreement from this day exists already." in refused
    with acting_in(world.workspace.pk):
        row = world.client.agreements.get()
    assert (row.payment_days, row.hourly_rate_minor) == (41, 4550)
    browser.post(f"{terms}{row.pk}/", {**form, "payment_days": 14})
    row.refresh_from_db()
    assert row.payment_days == 14
    assert kinds(world)[-2:] == ["agreement.created", "agreement.changed"]
