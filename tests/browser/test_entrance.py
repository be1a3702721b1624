"""The way in."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from clientdesk.workspaces.models import User


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
