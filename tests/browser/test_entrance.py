"""The way in."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from clientdesk.workspaces.models import User
from tests.desk.world import make_world


def test_a_guest_is_led_to_the_login_and_in(live_server: LiveServer, page: Page) -> None:
    User.objects.create_user(email="ana@studio.example", password="a long enough word")
    page.goto(live_server.url)
    expect(page).to_have_url(re.compile(r"/accounts/login/"))
    page.locator("input[name=login]").fill("ana@studio.example")
    page.locator("input[name=password]").fill("a long enough word")
    page.locator("input[name=password]").press("Enter")
    expect(page).not_to_have_url(re.compile(r"/accounts/login/"))


def test_a_session_opens_the_desk(
    live_server: LiveServer, page: Page, log_in: Callable[[User], None]
) -> None:
    log_in(User.objects.create_user(email="ana@studio.example", password=None))
    page.goto(live_server.url)
    expect(page).not_to_have_url(re.compile(r"/accounts/login/"))


@pytest.mark.parametrize("width", [1280, 360])
def test_a_newcomer_gets_to_the_first_line_in_four_steps(
    live_server: LiveServer, page: Page, log_in: Callable[[User], None], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    log_in(User.objects.create_user("mia@studio.example", name="Mia Horvat"))
    page.goto(live_server.url)
    for step in (1, 2):
        expect(page.get_by_text(f"Step {step} of 4")).to_be_visible()
        page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Step 3 of 4")).to_be_visible()
    page.get_by_label("Name").first.fill("Bistro Lune")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("What happened last with Bistro Lune?")).to_be_visible()
    page.get_by_label("Log what happened").fill("call asked about the logo 15m +2d")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/clients/bistro-lune/$"))
    expect(page.get_by_text("asked about the logo").first).to_be_visible()


def test_undo_stands_in_the_message_and_in_activity(
    live_server: LiveServer, page: Page, log_in: Callable[[User], None]
) -> None:
    world = make_world("own")
    log_in(world.owner)
    client = f"{live_server.url}/w/own/clients/{world.client.slug}/"
    for through_activity in (False, True):
        page.goto(client)
        page.locator("form[action$='/archive/']").first.evaluate("form => form.requestSubmit()")
        expect(page.get_by_role("status")).to_contain_text("Put into the archive.")
        if through_activity:
            page.goto(f"{live_server.url}/w/own/activity/")
        page.get_by_role("button", name=re.compile("^Undo .*archive")).first.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Undone.")
        page.goto(f"{live_server.url}/w/own/clients/")
        expect(page.get_by_role("link", name=world.client.name)).to_be_visible()
