"""A late client in a browser: held, stopped, worked for with a reason, paid, resumed."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from billing.models import Invoice, MoneySettings, Step
from billing.operations.drafts import NewLine, create_draft
from billing.operations.issuing import issue_invoice
from clientdesk import clock
from clientdesk.workspaces.models import User
from clientdesk.workspaces.operations import create_workspace
from clientdesk.workspaces.scoping import acting_in
from clients.operations.clients import create_client


def late_invoice(owner: User, *, days: int) -> Invoice:
    now = clock.now()
    workspace = create_workspace(name="Jana", slug="jana", owner=owner, now=now)
    with acting_in(workspace.pk):
        MoneySettings.objects.create(workspace=workspace, resume=MoneySettings.Resume.ASK)
        client = create_client(
            workspace=workspace,
            name="Bistro Lune",
            contact_name="Luc",
            email="luc@bistrolune.example",
            country="HR",
            language="hr",
            currency="EUR",
            now=now,
            actor="system",
        )
        draft = create_draft(
            client=client,
            currency="EUR",
            lines=[NewLine("Monthly care", Decimal(1), 80_000)],
            now=now,
            by=owner,
        )
        due_on = workspace.local_today(now) - timedelta(days=days)
        return issue_invoice(
            invoice=draft,
            issued_on=due_on - timedelta(days=14),
            due_on=due_on,
            now=now,
            actor="system",
        )


@pytest.mark.parametrize("width", [1280, 360])
def test_held_stopped_paid_resumed(
    live_server: LiveServer, page: Page, log_in: Callable[[User], None], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    owner = User.objects.create_user(email="jana@studio.example", password=None, name="Jana")
    invoice = late_invoice(owner, days=12)
    log_in(owner)
    desk = f"{live_server.url}/w/jana/"

    # The client promises a day; then it is lifted again.
    page.goto(f"{desk}invoices/{invoice.number}/")
    page.get_by_role("link", name="The client promised a day").click()
    soon = clock.now().date() + timedelta(days=5)
    page.get_by_label("Until").fill(soon.isoformat())
    page.get_by_label("What was said").fill("on the phone: after the holiday")
    page.get_by_role("button", name="Hold the ladder").click()
    expect(page.locator(".band").filter(has_text="after the holiday")).to_be_visible()
    page.get_by_role("button", name="Lift it").click()
    expect(page.locator(".band").filter(has_text="after the holiday")).to_have_count(0)

    # Work is stopped by hand, and the client's pages say so.
    page.goto(f"{desk}clients/bistro-lune/stop/")
    page.get_by_label("Reason").select_option("unpaid")
    page.get_by_label(re.compile("Because of")).fill(str(invoice.number))
    page.get_by_role("button", name="Stop work").last.click()
    expect(page.get_by_text(re.compile("Work stopped")).first).to_be_visible()

    # Work logged meanwhile says why.
    page.goto(f"{desk}clients/bistro-lune/entries/new/")
    page.locator("main select[name=kind]").select_option("work")
    page.locator("main input[name=summary]").last.fill("fixed the shop")
    page.locator("main form button.go").last.click()
    expect(page.get_by_label(re.compile("although work is stopped"))).to_be_visible()
    page.get_by_label(re.compile("although work is stopped")).fill("their shop was down")
    page.locator("main form button.go").last.click()
    expect(page.get_by_text("fixed the shop").first).to_be_visible()

    # Paid in full: Today asks, one click resumes, and the letter waits in the outbox.
    page.goto(f"{desk}invoices/{invoice.number}/")
    page.locator("#payments").get_by_role("button", name="Record payment").click()
    expect(page.locator(".lede").first).to_contain_text("was paid in full")
    page.goto(desk)
    page.get_by_role("button", name=re.compile("Resume work")).click()
    expect(page.get_by_text("Work goes on.")).to_be_visible()
    page.goto(f"{desk}outbox/")
    expect(page.locator("main")).to_contain_text("luc@bistrolune.example")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_end_of_the_ladder_offers_three_ways_and_a_plan_adds_up(
    live_server: LiveServer, page: Page, log_in: Callable[[User], None]
) -> None:
    owner = User.objects.create_user(email="jana@studio.example", password=None, name="Jana")
    invoice = late_invoice(owner, days=40)
    with acting_in(invoice.workspace_id):
        Step.objects.create(
            workspace_id=invoice.workspace_id,
            invoice=invoice,
            rung="decide",
            effect="task",
            due_on=clock.now().date(),
            state=Step.State.REVIEW,
            created_at=clock.now(),
        )
    log_in(owner)
    page.goto(f"{live_server.url}/w/jana/invoices/{invoice.number}/")
    for way in ("Agree on instalments", "Write it off", "End it"):
        expect(page.locator("#letter").get_by_text(way, exact=True).last).to_be_visible()
    page.locator("#letter").get_by_role("link", name="Agree on instalments").click()
    page.get_by_label(re.compile("^Amount")).first.fill("100.00")
    page.get_by_role("button", name="Keep the plan").click()
    expect(page.locator("main")).to_contain_text("what is open")
    page.get_by_label(re.compile("^Amount")).first.fill("266.67")
    page.get_by_role("button", name="Keep the plan").click()
    expect(page.get_by_role("heading", name="Instalments")).to_be_visible()
    with acting_in(invoice.workspace_id):
        assert Step.objects.get(rung="decide").state == Step.State.DONE
