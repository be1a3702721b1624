"""Asking takes few hands, and the letter about working together is read before it goes."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from clientdesk import clock
from clientdesk.outbox.models import Message
from clientdesk.workspaces.models import User
from clientdesk.workspaces.operations import create_workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import ManagedAccount
from feedback.models import Request, Talk
from feedback.operations.answering import Said, give_answer
from feedback.operations.asking import open_request
from feedback.operations.drafting import NewItem
from feedback.queries.items import to_decide
from tests.billing import desk


@pytest.mark.parametrize("width", [1280, 360])
def test_an_approval_is_asked_for_in_five_interactions(
    live_server: LiveServer, page: Page, log_in: Callable[[User], None], width: int
) -> None:
    owner = User.objects.create_user("jana@studio.example", name="Jana Novak")
    at = create_workspace(name="Jana", slug="jana", owner=owner, now=clock.now())
    with acting_in(at.pk):
        desk.client(at, "Lune")
    log_in(owner)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{live_server.url}/w/jana/clients/lune/")
    page.get_by_role("link", name="Ask", exact=True).click()  # 1
    page.locator("label", has_text="Approval").click()  # 2
    page.locator("#id_title").fill("Posts for June")  # 3
    page.locator("#id_form-0-title").fill("The oak chair")  # 4
    page.get_by_role("button", name=re.compile("^Ask Lune")).click()  # 5
    expect(page.get_by_role("heading", level=1)).to_have_text("Posts for June")
    with acting_in(at.pk):
        asked = Request.objects.get()
        assert (asked.state, asked.kind, asked.items.count()) == ("open", "approval", 1)
        assert Message.objects.count() == 1


def test_a_pattern_becomes_a_letter_and_an_agreement(
    live_server: LiveServer, page: Page, log_in: Callable[[User], None]
) -> None:
    now = clock.now()
    owner = User.objects.create_user("jana@studio.example", name="Jana Novak")
    at = create_workspace(name="Jana", slug="jana", owner=owner, now=now)
    today = at.local_today(now)
    with acting_in(at.pk):
        lune = desk.client(at, "Lune", language="hr")
        posts = open_request(
            client=lune,
            kind="approval",
            title="Objave za lipanj",
            asked_on=today - timedelta(days=12),
            answer_by=today - timedelta(days=8),
            items=[NewItem(f"Objava {n}") for n in range(6)],
            now=now,
            actor="system",
        )
        said = [Said(one.version.pk, "changes", "Toplije.") for one in to_decide(posts)]
        give_answer(request=posts, how="page", on=today, said=said, now=now, actor="client")
        ManagedAccount.objects.create(
            workspace=at,
            client=lune,
            platform="Instagram",
            handle="@lune",
            access_needed="full",
            needed_on=today - timedelta(days=30),
            created_at=now,
        )
    log_in(owner)
    page.goto(f"{live_server.url}/w/jana/clients/lune/")
    expect(page.locator("#controlling")).to_contain_text("6 of 6 items came back with changes")
    page.get_by_role("link", name="Write to them about it").click()
    page.get_by_role("button", name="Keep and read it").click()
    letter = page.locator("#letter .letter")
    expect(letter).to_contain_text("Od 6 stavki s izmjenama se vratilo: 6")
    expect(letter).to_contain_text("Pristup za Instagram @lune nedostaje od")
    page.get_by_role("button", name="Send it to Ana Kralj").click()
    page.locator("#id_outcome").fill("Sve primjedbe odjednom, do petka.")
    page.get_by_role("button", name="We agreed on changes").click()
    expect(page.locator("main")).to_contain_text("Sve primjedbe odjednom, do petka.")
    with acting_in(at.pk):
        assert Talk.objects.get().state == "agreed"
