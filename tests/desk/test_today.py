"""Today: a fixed number of queries, one action a row, and only what the reader may see."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from billing.operations.payments import record_payment
from clientdesk.desk.queries.today import today_facts
from clientdesk.workspaces.access import Role
from clientdesk.workspaces.scoping import OutsideWorkspace, acting_in
from clients.operations import interactions
from feedback.operations.asking import open_request
from tests.desk.world import NOW, TODAY, World, issue, make_client, make_workspace, make_world

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def fill(count: int, slug: str) -> World:
    workspace, owner = make_workspace(slug)
    with acting_in(workspace.pk):
        for n in range(count):
            client = make_client(workspace, f"Client {n}")
            issue(client, due_on=TODAY - timedelta(days=n + 1))
            open_request(
                client=client,
                kind="question",
                title=f"Question {n}",
                asked_on=TODAY - timedelta(days=9),
                answer_by=TODAY - timedelta(days=5),
                now=NOW,
                actor="system",
            )
            interactions.log_interaction(
                client=client,
                kind="note",
                summary=f"Entry {n}",
                happened_at=NOW,
                now=NOW,
                actor="system",
                follow_up_on=TODAY,
            )
    return World(workspace, owner, client)


@pytest.mark.parametrize("count", [1, 30])
def test_today_takes_at_most_thirteen_queries_at_any_size(count: int) -> None:
    world = fill(count, f"size-{count}")
    browser = Browser()
    browser.force_login(world.owner, backend=BACKEND)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert browser.get(f"/w/size-{count}/").status_code == 200
    assert len(queries) <= 13, "\n".join(q["sql"] for q in queries)


def test_a_stop_row_replaces_the_money_row_of_its_client() -> None:
    world = make_world("one")
    with acting_in(world.workspace.pk):
        facts = today_facts(today=TODAY, work=True)
    assert [stop.client for stop in facts.stops] == [world.client]
    assert facts.overdue == []
    assert facts.overdue_count == 4
    assert facts.owed == [("EUR", 319_900)]


def test_figures_of_two_currencies_are_never_summed() -> None:
    workspace, _ = make_workspace("two")
    with acting_in(workspace.pk):
        client = make_client(workspace)
        issue(client, due_on=TODAY - timedelta(days=3), total=100)
        issue(client, due_on=TODAY - timedelta(days=3), total=250, currency="SEK")
        facts = today_facts(today=TODAY, work=True)
    assert sorted(facts.owed) == [("EUR", 100), ("SEK", 250)]


def test_a_paid_invoice_leaves_today() -> None:
    workspace, _ = make_workspace("paid")
    with acting_in(workspace.pk):
        invoice = issue(make_client(workspace), due_on=TODAY - timedelta(days=3))
        record_payment(invoice=invoice, paid_on=TODAY, amount_minor=80_000, now=NOW, actor="system")
        facts = today_facts(today=TODAY, work=True)
    assert facts.all_clear


def test_a_bookkeeper_sees_the_money_and_no_work() -> None:
    world = make_world("money")
    browser = Browser()
    browser.force_login(world.member(Role.BOOKKEEPER), backend=BACKEND)
    page = browser.get("/w/money/").content.decode()
    assert "asked about the logo" not in page
    assert "Which logo?" not in page
    assert "€3,899.00" in page


def test_outside_a_workspace_nothing_is_counted() -> None:
    with pytest.raises(OutsideWorkspace):
        today_facts(today=TODAY, work=True)
