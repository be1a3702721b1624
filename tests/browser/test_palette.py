"""Find or do: one list, by the keyboard alone, on every page of the desk."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from clientdesk.workspaces.models import User
from clientdesk.workspaces.scoping import acting_in
from clients.operations.clients import create_client
from tests.desk.world import NOW, World, make_world

LogIn = Callable[[User], None]


@pytest.fixture
def world(live_server: LiveServer, log_in: LogIn) -> World:
    world = make_world("jana")
    with acting_in(world.workspace.pk):
        create_client(
            workspace=world.workspace, name="Šišmiš čvorak", email="a@cvorak.example", now=NOW,
            actor="system",
        )  # fmt: skip
    log_in(world.owner)
    return world


def test_from_the_keyboard_to_a_client(live_server: LiveServer, page: Page, world: World) -> None:
    page.goto(f"{live_server.url}/w/jana/invoices/")
    page.keyboard.press("Control+k")
    palette = page.locator("#palette")
    expect(palette).to_be_visible()
    expect(palette.get_by_role("option", name="New client n c")).to_be_visible()
    page.keyboard.type("sismis")
    expect(palette.get_by_role("option", name="Ask Šišmiš čvorak")).to_be_visible()
    expect(palette.get_by_role("option", name="Today")).to_have_count(0)
    field = page.locator("#pq")
    first = field.get_attribute("aria-activedescendant")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") != first
    expect(palette.locator("[aria-selected=true]")).to_have_text(re.compile("Šišmiš čvorak"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/clients/sismis-cvorak/$"))


def test_a_page_by_its_name_and_escape(live_server: LiveServer, page: Page, world: World) -> None:
    page.goto(f"{live_server.url}/w/jana/")
    page.keyboard.press("Control+k")
    page.keyboard.type("invoi")
    expect(page.locator("#palette [aria-selected=true]")).to_have_text(re.compile("Invoices"))
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).not_to_be_visible()
    page.keyboard.press("Control+k")
    page.keyboard.type("invoi")
    expect(page.locator("#palette [aria-selected=true]")).to_have_text(re.compile("Invoices"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/w/jana/invoices/$"))


def test_dark_can_be_set(live_server: LiveServer, page: Page, world: World) -> None:
    page.goto(f"{live_server.url}/w/jana/settings/")
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    shade = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert shade == "rgb(20, 24, 26)"
    page.get_by_role("button", name="As the system").click()
    expect(page.locator("html")).not_to_have_attribute("data-theme", "dark")
