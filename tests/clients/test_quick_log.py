"""The quick log in a browser without scripts: read, corrected in its chips, asked, sent twice."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client as Browser

from clientdesk.workspaces.scoping import acting_in
from clients.models import Client, Interaction
from tests.desk.world import World, make_client, make_workspace

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LOG = "/w/desk/log/"
LINE = "call lune asked about the logo 15m +2d"


@pytest.fixture
def world() -> Iterator[World]:
    workspace, owner = make_workspace("desk")
    with acting_in(workspace.pk):
        yield World(workspace, owner, make_client(workspace))


@pytest.fixture
def browser(world: World) -> Browser:
    browser = Browser()
    browser.force_login(world.owner, backend=BACKEND)
    return browser


def only() -> Interaction:
    return Interaction.objects.get()


def test_what_is_set_in_the_chips_counts(world: World, browser: Browser) -> None:
    adria = make_client(world.workspace, "Hotel Adria")
    chips = {"kind": "chat", "whose": adria.pk, "minutes": "20", "follow_up_on": ""}
    browser.post(LOG, {"line": LINE, "read": LINE, **chips})
    entry = only()
    assert (entry.kind, entry.client, entry.minutes) == ("chat", adria, 20)
    assert entry.follow_up_on is None


def test_chips_of_a_line_that_was_written_on_do_not_count(world: World, browser: Browser) -> None:
    browser.post(LOG, {"line": LINE, "read": "call lune", "kind": "chat", "minutes": "99"})
    assert (only().kind, only().minutes) == ("call", 15)


@pytest.mark.parametrize(
    "bad", [{"kind": "dance"}, {"whose": "x"}, {"minutes": "²"}, {"follow_up_on": "2025-02-31"}]
)
def test_chips_with_nonsense_never_break_the_page(browser: Browser, bad: dict[str, str]) -> None:
    assert browser.post(LOG, {"line": LINE, "read": LINE, **bad}).status_code == 302
    assert (only().kind, only().client.slug) == ("call", "bistro-lune")


def test_a_line_sent_twice_is_one_entry_and_another_line_is_another(browser: Browser) -> None:
    for line in (LINE, LINE, "note lune a second thing"):
        assert browser.post(LOG, {"line": line, "once_key": "k1"}).status_code == 302
    summaries = Interaction.objects.order_by("pk").values_list("summary", flat=True)
    assert list(summaries) == ["asked about the logo", "a second thing"]


def test_several_possible_clients_are_named_and_none_is_taken(
    world: World, browser: Browser
) -> None:
    make_client(world.workspace, "Luna Spa")
    page = browser.post(LOG, {"line": "call lun asked twice"}).content.decode()
    assert "Several clients begin like that" in page
    assert "Bistro Lune, Luna Spa" in page
    assert 'value="lun asked twice"' in page
    assert not Interaction.objects.exists()


def test_on_a_client_page_the_line_needs_no_name(world: World, browser: Browser) -> None:
    make_client(world.workspace, "Hotel Adria")
    own: dict[str, Any] = {"client": world.client.pk}
    browser.post(LOG, {"line": "call ad budget was cut", **own})
    assert (only().client, only().summary) == (world.client, "ad budget was cut")


def test_an_unknown_client_is_made_and_the_line_waits(world: World, browser: Browser) -> None:
    page = browser.post(LOG, {"line": "call marko asked for a price 5m"}).content.decode()
    offer = re.search(r'href="(/w/desk/clients/new/\?[^"]+)"', page)
    assert offer
    form = {"name": "Marko Bakery", "country": "", "language": "en", "currency": "EUR"}
    answer = browser.post(offer[1].replace("&amp;", "&"), form)
    back = browser.get(answer["Location"])
    assert 'value="call marko asked for a price 5m"' in back.content.decode()
    made = Client.objects.get(name="Marko Bakery")
    browser.post(LOG, {"line": "call marko asked for a price 5m", "client": made.pk})
    assert (only().client, only().summary) == (made, "asked for a price")


def test_a_client_form_sent_twice_is_one_client(browser: Browser) -> None:
    form = {"name": "Kafka Books", "country": "", "language": "en", "currency": "EUR"}
    for _ in range(2):
        answer = browser.post("/w/desk/clients/new/", form)
        assert answer["Location"] == "/w/desk/clients/kafka-books/"
    assert Client.objects.filter(name="Kafka Books").count() == 1


def test_a_namesake_is_refused_with_what_was_written_kept(browser: Browser) -> None:
    form = {"name": "Bistro Lune", "country": "", "language": "en", "currency": "EUR"}
    page = browser.post("/w/desk/clients/new/", {**form, "email": "a@b.example"}).content.decode()
    assert "There is a client of this name already" in page
    assert 'value="a@b.example"' in page


def test_a_line_too_long_for_an_entry_is_asked_and_kept_whole(browser: Browser) -> None:
    words = "word " * 150
    page = browser.post(LOG, {"line": f"note lune {words}end"}).content.decode()
    assert words.strip() + " end" in page
    assert not Interaction.objects.exists()


def test_an_empty_line_is_asked_for(browser: Browser) -> None:
    page = browser.post(LOG, {"line": "  "}, follow=True).content.decode()
    assert "Write what happened first." in page
