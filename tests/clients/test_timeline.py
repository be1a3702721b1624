"""The timeline and the list of clients: every kind told, filtered, in a fixed number of queries."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from clientdesk.outbox.models import Message
from clientdesk.record import operations as record
from clientdesk.record.models import Entry
from clientdesk.workspaces.access import Role
from clientdesk.workspaces.scoping import acting_in
from clients.operations import interactions, stops
from tests.desk.world import NOW, World, make_client, make_workspace, make_world

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGE = "/w/desk/clients/bistro-lune/"


def enter(world: World, role: Role = Role.OWNER) -> Browser:
    browser = Browser()
    user = world.owner if role == Role.OWNER else world.member(role)
    browser.force_login(user, backend=BACKEND)
    return browser


def read(browser: Browser, query: str = "") -> str:
    response = browser.get(PAGE + query)
    assert response.status_code == 200
    return response.content.decode()


def test_every_kind_is_told_with_the_way_to_it() -> None:
    world = make_world("desk")
    with acting_in(world.workspace.pk), transaction.atomic():
        record.append(
            workspace_id=world.workspace.pk,
            kind="message.sent",
            content={"headline": "A short note", "to": "luc@bistrolune.example"},
            now=NOW,
            actor="system",
            client_ref=world.client.pk,
            subject=f"message:{Message.objects.earliest('pk').pk}",
        )
    page = read(enter(world))
    for words in (
        "Asked about the logo",
        "issued, €800.00",
        "open the invoice",
        "Asked: Which logo?",
        "open the question",
        'Another reason: <span class="nw">by hand</span>.',
        "note.txt was stored",
        "download",
        "Project Summer launch began",
        "New terms hold from 1 Jan 2025.",
        "answer by 9 May 2025",
        "Instagram @lune came into the register",
        "read it",
    ):
        assert words in page, words
    assert " EUR" not in page


@pytest.mark.parametrize(
    ("show", "there", "not_there"),
    [
        ("talks", "Asked about the logo", "issued, €800.00"),
        ("sent", "Asked: Which logo?", "issued, €800.00"),
        ("money", "issued, €800.00", "Asked: Which logo?"),
        ("stops", "by hand", "Asked: Which logo?"),
    ],
)
def test_a_filter_shows_its_kind_only(show: str, there: str, not_there: str) -> None:
    page = read(enter(make_world("desk")), f"?show={show}")
    assert there in page
    # What stands beside the timeline does not count.
    assert not_there not in page.partition('class="tl"')[2].partition("<aside")[0]


def test_days_are_the_workspace_s_own() -> None:
    workspace, owner = make_workspace("desk")
    workspace.time_zone = "Pacific/Auckland"
    workspace.save()
    with acting_in(workspace.pk):
        world = World(workspace, owner, make_client(workspace))
        interactions.log_interaction(
            client=world.client,
            kind="note",
            # 01:00 of the 14th in Auckland.
            happened_at=NOW.replace(day=13, hour=13),
            summary="late at night",
            now=NOW,
            actor="system",
        )
    browser = enter(world)
    assert "Late at night" in read(browser, "?show=talks&from=2025-05-14&to=2025-05-14")
    assert "Late at night" not in read(browser, "?show=talks&to=2025-05-13")
    assert "Nothing of that kind" in read(browser, "?from=2025-02-31&to=2020-01-01")


def test_entries_stand_where_they_happened_not_where_they_were_recorded() -> None:
    workspace, owner = make_workspace("desk")
    with acting_in(workspace.pk):
        world = World(workspace, owner, make_client(workspace))
        for days, summary in ((2, "older one"), (1, "newer one"), (9, "oldest one")):
            interactions.log_interaction(
                client=world.client,
                kind="note",
                summary=summary,
                happened_at=NOW - timedelta(days=days),
                now=NOW,
                actor="system",
                author=owner,
            )
    page = read(enter(world), "?show=talks")
    places = [page.index(words) for words in ("Newer one", "Older one", "Oldest one")]
    assert places == sorted(places)
    assert "recorded 14 May 2025, 11:00" in page


def test_an_erased_entry_says_so_and_the_page_stands() -> None:
    world = make_world("desk")
    with acting_in(world.workspace.pk):
        for kind in ("interaction.logged", "invoice.issued", "stop.begun"):
            entry = Entry.objects.filter(kind=kind).earliest("seq")
            record.erase(entry=entry, reason="asked for", now=NOW, actor="system")
    page = read(enter(world))
    assert page.count("Erased.") == 3
    assert "Asked about the logo" not in page


def test_a_viewer_is_offered_nothing_that_changes() -> None:
    world = make_world("desk")
    page = read(enter(world, Role.VIEWER))
    for words in ("Correct", "Resume work", "Put into the archive", "Correct these", 'name="line"'):
        assert words not in page, words


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_takes_as_many_queries_for_thirty_as_for_one(count: int) -> None:
    workspace, owner = make_workspace("desk")
    with acting_in(workspace.pk):
        for n in range(count):
            client = make_client(workspace, f"Client {n}")
            stops.begin_stop(client=client, reason="other", on=NOW.date(), now=NOW, actor="system")
    browser = enter(World(workspace, owner, client))
    for query in ("", "?show=stopped", "?q=luc"):
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(f"/w/desk/clients/{query}").content.decode()
        assert page.count("Luc Perrin") == count
        assert len(queries) <= 11, "\n".join(q["sql"] for q in queries)
