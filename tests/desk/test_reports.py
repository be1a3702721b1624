"""Reports: figures from rows, in currencies of their own, as a page and as files."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from billing.operations.payments import record_payment
from clientdesk import clock
from clientdesk.desk.queries.reports import reports_of
from clientdesk.workspaces.access import Role
from clientdesk.workspaces.scoping import acting_in
from clients.operations.clients import create_client
from clients.operations.interactions import log_interaction
from tests.desk.world import NOW, TODAY, World, issue, make_world

pytestmark = pytest.mark.django_db
FIRST = TODAY - timedelta(days=200)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    world = make_world("jana")
    with acting_in(world.workspace.pk):
        late = issue(world.client, due_on=TODAY - timedelta(days=30))
        other = create_client(
            workspace=world.workspace, name="Adria", email="a@adria.example", now=NOW,
            actor="system",
        )  # fmt: skip
        dollars = issue(other, due_on=TODAY - timedelta(days=100), currency="USD")
        for one, on in ((late, TODAY - timedelta(days=20)), (dollars, TODAY)):
            record_payment(invoice=one, amount_minor=80_000, paid_on=on, now=NOW, actor="system")
        log_interaction(
            client=world.client, kind="work", summary="a long day", minutes=600, happened_at=NOW,
            tags="problem", now=NOW, actor="system", despite_stop="agreed before",
        )  # fmt: skip
    return world


def test_the_figures_come_from_rows(world: World) -> None:
    with acting_in(world.workspace.pk):
        found = reports_of(world.workspace, first=FIRST, last=TODAY, today=TODAY, work=True)
    assert [(one.label, one.value, one.count) for one in found.late] == [
        ("Adria", 100, 1), ("Bistro Lune", 10, 1),
    ]  # fmt: skip
    assert {(one.currency, one.minor) for one in found.money} == {("EUR", 80_000), ("USD", 80_000)}
    assert {one.share for one in found.money} == {"100.00"}
    assert sum(one.count for one in found.aging) > 3
    assert found.lost
    told = {one.label: (one.value, one.count) for one in found.problems}
    assert told["paid_late"] == (2, 2)
    assert told["tagged"] == (1, 1)


def test_thirty_clients_take_as_many_queries_as_one(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with acting_in(world.workspace.pk):
        for number in range(30):
            create_client(
                workspace=world.workspace, name=f"Client {number}", email=f"c{number}@x.example",
                now=NOW, actor="system",
            )  # fmt: skip
        with django_assert_max_num_queries(14):
            reports_of(world.workspace, first=FIRST, last=TODAY, today=TODAY, work=True)


def table(browser: Browser, name: str) -> list[list[str]]:
    answer = browser.get(reverse("desk:reports_csv", args=["jana", name]))
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_every_table_comes_as_a_file(world: World, client: Browser) -> None:
    client.force_login(world.owner)
    for name in ("lost", "late", "rate", "money", "aging", "problems"):
        rows = table(client, name)
        assert rows[0][0] == "label"
        assert len(rows) > 1, name
    assert ["2025-05", "800.00", "USD", "1"] in table(client, "money")
    assert client.get(reverse("desk:reports_csv", args=["jana", "secrets"])).status_code == 404


def test_a_formula_in_a_name_stays_text(world: World, client: Browser) -> None:
    client.force_login(world.owner)
    with acting_in(world.workspace.pk):
        world.client.name = "=1+1"
        world.client.save()
    assert "=1+1" not in [row[0] for row in table(client, "late")]


def test_a_bookkeeper_sees_money_and_no_work(world: World, client: Browser) -> None:
    client.force_login(world.member(Role.BOOKKEEPER))
    page = client.get(reverse("desk:reports", args=["jana"])).content.decode()
    assert "Money in" in page
    assert "Working days lost" not in page
    assert client.get(reverse("desk:reports_csv", args=["jana", "lost"])).status_code == 404
