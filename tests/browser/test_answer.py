"""A client answers on a phone, with and without JavaScript; looking changes nothing."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from clientdesk import clock
from clientdesk.workspaces.models import User
from clientdesk.workspaces.operations import create_workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client
from feedback.models import Request
from feedback.operations.drafting import NewItem
from tests.billing import desk
from tests.feedback import page_desk

PHONE = ViewportSize(width=360, height=740)


@pytest.fixture
def lune(live_server: LiveServer) -> Iterator[Client]:
    owner = User.objects.create_user("jana@example.com", name="Jana Novak")
    at = create_workspace(name="Jana", slug="jana", owner=owner, now=clock.now())
    with acting_in(at.pk):
        yield desk.client(at)


@pytest.fixture
def request_(lune: Client) -> Request:
    items = [
        NewItem(title, text=title, picture=page_desk.picture(lune.workspace, f"{n}.png"))
        for n, title in enumerate(page_desk.POSTS)
    ]
    return page_desk.asked(lune, items=items)


@pytest.fixture
def phone(page: Page) -> Page:
    page.set_viewport_size(PHONE)
    return page


def where(live_server: LiveServer, request: Request) -> str:
    return live_server.url + page_desk.address(request)


def stays_in_its_width(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_two_taps_approve(phone: Page, live_server: LiveServer, request_: Request) -> None:
    phone.goto(where(live_server, request_))  # the first tap, in the mail
    stays_in_its_width(phone)
    button = phone.get_by_role("button", name="Approve all").or_(
        phone.get_by_role("button", name="Approve both")
    )
    expect(button).to_be_in_viewport()
    button.click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you")
    request_.refresh_from_db()
    assert (request_.state, request_.decision) == ("answered", "approved")
    stays_in_its_width(phone)


def test_looking_twenty_times_with_scripts_changes_nothing(
    phone: Page, live_server: LiveServer, request_: Request
) -> None:
    url = where(live_server, request_)
    before = page_desk.everything()
    for _ in range(20):
        phone.goto(url, wait_until="networkidle")
    assert page_desk.everything() == before
    assert phone.context.cookies() == []


def test_one_by_one_a_missing_word_is_asked_for_and_nothing_is_lost(
    phone: Page, live_server: LiveServer, request_: Request
) -> None:
    phone.goto(where(live_server, request_))
    phone.get_by_role("link", name="one by one").click()
    words = phone.get_by_label("What should change?")
    expect(words.nth(1)).to_be_hidden()
    phone.locator("#post1").get_by_role("radio", name="Approve").check()
    phone.locator("#post2").get_by_role("radio", name="Changes").check()
    expect(words.nth(0)).to_be_hidden()
    expect(words.nth(1)).to_be_visible()
    phone.get_by_label("Anything else?").fill("Lovely.")
    phone.get_by_role("button", name="Send my answer").click()
    expect(phone).to_have_title(re.compile("^Error:"))
    expect(phone.locator("#errors")).to_be_focused()
    stays_in_its_width(phone)
    expect(phone.get_by_label("Anything else?")).to_have_value("Lovely.")
    phone.locator("#errors a").click()
    expect(words.nth(1)).to_be_focused()
    words.nth(1).fill("Saturday, not Friday.")
    phone.get_by_role("button", name="Send my answer").click()
    expect(phone.locator(".said")).to_contain_text("Saturday, not Friday.")
    # Changed while it can be.
    phone.get_by_text("Change my answer").click()
    expect(phone.get_by_label("Anything else?")).to_have_value("Lovely.")
    phone.locator("#post2").get_by_role("radio", name="Approve").check()
    phone.get_by_role("button", name="Send the changed answer").click()
    expect(phone.locator(".said")).not_to_contain_text("With changes")


def test_without_javascript_all_of_it_works(
    browser: Browser, live_server: LiveServer, request_: Request
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(where(live_server, request_))
    page.locator("#post1").get_by_role("radio", name="Do not use").check()
    page.locator("#post2").get_by_role("radio", name="Approve").check()
    page.get_by_role("button", name="Send my answer").click()
    expect(page).to_have_title(re.compile("^Error:"))
    page.get_by_label("What should change?").nth(0).fill("It is sold.")
    page.get_by_role("button", name="Send my answer").click()
    expect(page.locator(".said")).to_contain_text("It is sold.")
    page.get_by_text("Change my answer").click()
    page.locator("#post1").get_by_role("radio", name="Approve").check()
    page.get_by_role("button", name="Send the changed answer").click()
    expect(page.locator(".said")).not_to_contain_text("Not to be used")
    context.close()
    request_.refresh_from_db()
    assert request_.decision == "approved"


def test_files_are_sent_from_the_phone(phone: Page, live_server: LiveServer, lune: Client) -> None:
    asked = page_desk.asked(lune, "material", title="Six photos")
    phone.goto(where(live_server, asked))
    plan = FilePayload(name="plan č.pdf", mimeType="application/pdf", buffer=b"%PDF-1.4 plan")
    phone.get_by_label("Files").set_input_files(plan)
    phone.get_by_role("button", name="Send my answer").click()
    expect(phone.locator(".said")).to_contain_text("plan č.pdf")


def test_a_new_link_is_asked_for_with_a_press(phone: Page, live_server: LiveServer) -> None:
    # In a tab of its own: the console of the first says that it is a 404, which it is meant to be.
    page = phone.context.new_page()
    page.goto(f"{live_server.url}/a/{'0' * 64}/")
    page.get_by_role("button", name="Ask for a new link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("look into your mail")


@pytest.mark.parametrize("kind", ["approval", "choice", "question", "material", "access"])
@pytest.mark.parametrize("language", ["en", "hr"])
@pytest.mark.parametrize("width", [320, 1280])
def test_every_kind_stays_in_its_width_and_names_its_controls(
    page: Page, live_server: LiveServer, lune: Client, kind: str, language: str, width: int
) -> None:
    Client.objects.filter(pk=lune.pk).update(language=language)
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(where(live_server, page_desk.asked(lune, kind)))
    stays_in_its_width(page)
    assert page.locator("html").get_attribute("lang") == language
    unnamed = page.evaluate(
        """[...document.querySelectorAll("input:not([type=hidden]), textarea, button")].filter(
             one => !(one.labels?.length || one.textContent.trim())).length"""
    )
    assert unnamed == 0
    small = page.evaluate(
        """[...document.querySelectorAll("button, a, summary, .verdict label")].filter(one => {
             const box = one.getBoundingClientRect();
             const alone = !one.closest(".skip, p.muted, footer");
             return alone && box.width && box.height < 24 }).length"""
    )
    assert small == 0
