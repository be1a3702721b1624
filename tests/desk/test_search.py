"""Finding: č by c, each word somewhere, what one may see and nothing else."""

import pytest
from django.db.models import Value
from django.test import Client as Browser
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from clientdesk.desk.queries.finding import find
from clientdesk.workspaces.access import Role
from clientdesk.workspaces.folding import MARKED, PLAIN, Folded, fold
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in
from clients.operations.clients import create_client
from clients.operations.interactions import log_interaction
from tests.desk.world import NOW, World, issue, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = make_world("jana")
    with acting_in(world.workspace.pk):
        other = create_client(
            workspace=world.workspace, name="Šišmiš čvorak d.o.o.", contact_name="Đurđa Žižić",
            email="durda@cvorak.example", now=NOW, actor="system",
        )  # fmt: skip
        log_interaction(
            client=other, kind="call", summary="Šetnja uz rijeku", happened_at=NOW, now=NOW,
            actor="system",
        )  # fmt: skip
        issue(other, due_on=NOW.date())
    return world


@given(st.text(alphabet=st.characters(max_codepoint=0x17F), max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_the_table_is_one_sign_for_one() -> None:
    assert len(MARKED) == len(PLAIN)
    assert PLAIN.isascii()
    assert fold("ČĆŽŠĐčćžšđ ÖÄÜß ŁØ") == "cczsdcczsd oauß lo"


@pytest.mark.parametrize("text", ["ČĆŽŠĐčćžšđ", "Ğİıłø", "plain", "日本", "", "O'Neill % _"])
def test_the_database_folds_as_python_does(text: str) -> None:
    Workspace.objects.create(slug="x", name="x", created_at=NOW)
    said = Workspace.objects.annotate(folded=Folded(Value(text))).values_list("folded", flat=True)
    assert said.first() == fold(text)


@pytest.mark.parametrize(
    ("text", "clients", "people", "invoices", "entries"),
    [
        ("sismis", 1, 0, 1, 0),
        ("ŠIŠMIŠ", 1, 0, 1, 0),
        ("cvorak doo", 1, 0, 0, 0),
        ("cvorak d.o.o", 1, 0, 1, 0),
        ("d.o.o cvor", 1, 0, 1, 0),
        ("durda zizic", 0, 1, 0, 0),
        ("durda@cvorak", 0, 1, 0, 0),
        ("setnja rijeku", 0, 0, 0, 1),
        ("100%", 0, 0, 0, 0),
        ("_", 0, 0, 0, 0),
        ("   ", 0, 0, 0, 0),
    ],
)
def test_it_finds(
    world: World, text: str, clients: int, people: int, invoices: int, entries: int
) -> None:
    with acting_in(world.workspace.pk):
        found = find(text, work=True, money=True, each=10)
    assert [len(found.clients), len(found.people), len(found.invoices), len(found.entries)] == [
        clients, people, invoices, entries,
    ]  # fmt: skip


def test_thirty_clients_take_as_many_queries_as_one(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with acting_in(world.workspace.pk):
        for number in range(30):
            create_client(
                workspace=world.workspace, name=f"Sismis {number}", email=f"s{number}@x.example",
                now=NOW, actor="system",
            )  # fmt: skip
        with django_assert_num_queries(5):
            assert len(find("sismis", work=True, money=True, each=10).clients) == 10


@pytest.mark.parametrize("route", ["desk:search", "desk:palette"])
def test_a_bookkeeper_finds_money_only(world: World, client: Browser, route: str) -> None:
    client.force_login(world.member(Role.BOOKKEEPER))
    page = client.get(reverse(route, args=[world.workspace.slug]), {"q": "sismis"})
    assert page.status_code == 200
    text = page.content.decode()
    assert "/invoices/" in text
    assert "Šetnja" not in text
    assert "/clients/sismis" not in text


def test_the_palette_offers_what_to_do(world: World, client: Browser) -> None:
    client.force_login(world.owner)
    address = reverse("desk:palette", args=[world.workspace.slug])
    empty = client.get(address).content.decode()
    assert "New client" in empty
    found = client.get(address, {"q": "sismis"}).content.decode()
    for said in ("Record a payment from Šišmiš", "Log something about", "Ask Šišmiš"):
        assert said in found
    assert "<html" not in found


@pytest.mark.parametrize(("chosen", "shown"), [("dark", True), ("light", True), ("x", False)])
def test_the_theme_is_kept_on_the_device(
    world: World, client: Browser, chosen: str, shown: bool
) -> None:
    client.force_login(world.owner)
    client.post(reverse("desk:theme", args=[world.workspace.slug]), {"theme": chosen})
    page = client.get(reverse("desk:settings", args=[world.workspace.slug])).content.decode()
    assert (f'data-theme="{chosen}"' in page) is shown
    client.cookies["theme"] = '"><script>'
    page = client.get(reverse("desk:settings", args=[world.workspace.slug])).content.decode()
    assert "data-theme" not in page
