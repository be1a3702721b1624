"""An invoice of two rates with a discount: drafted, issued, credited in part, on a page."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from clientdesk.workspaces.models import User
from clientdesk.workspaces.scoping import acting_in
from tests.desk.world import TODAY, issue, make_client, make_workspace


@pytest.mark.parametrize("width", [1280, 360])
def test_a_bill_of_two_rates_is_issued_and_credited_in_part(
    live_server: LiveServer, page: Page, log_in: Callable[[User], None], width: int
) -> None:
    workspace, owner = make_workspace("own")
    with acting_in(workspace.pk):
        make_client(workspace)
    log_in(owner)
    page.set_viewport_size({"width": width, "height": 800})
    desk = f"{live_server.url}/w/own/"

    page.goto(f"{desk}invoices/new/?client=bistro-lune")
    page.locator("#id_buyer_reference").fill("PO-77")
    first, second = "#id_form-0-", "#id_form-1-"
    page.locator(f"{first}description").fill("Monthly care")
    page.locator(f"{first}quantity").fill("1.5")
    page.locator(f"{first}price").fill("100.01")
    page.locator(f"{first}vat_rate").fill("25")
    page.locator(".lines details.more summary").first.click()
    page.locator(f"{first}discount").fill("10")
    page.locator(f"{second}description").fill("Photo book")
    page.locator(f"{second}price").fill("50")
    page.locator(f"{second}vat_rate").fill("5")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Keep the draft").click()

    # 150.02 less 15.00 is 135.02, with 25 % 33.76; 50.00 with 5 % 2.50.
    expect(page.locator(".lede")).to_contain_text("€221.28")
    expect(page.locator("table.tbl")).to_contain_text("€135.02")
    page.get_by_role("button", name="Issue the invoice").click()
    expect(page.locator("h1")).to_contain_text("-001")
    lines = page.locator("table.tbl").first
    for figure in ("€135.02", "€33.76", "€2.50", "€221.28"):
        expect(lines).to_contain_text(figure)

    page.locator("a[href*='/invoices/credit/']").first.click()
    page.locator(f"{first}description").fill("")
    page.locator(f"{first}price").fill("")
    page.locator("#id_reason").fill("The book came late")
    page.get_by_role("button", name="Issue the credit note").click()
    expect(page.locator(".lede")).to_contain_text("€52.50")
    expect(page.locator("table.tbl")).to_contain_text("€2.50")
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.locator(".lede a").first.click()
    # 221.28 less 52.50.
    expect(page.locator(".lede")).to_contain_text("€168.78")
    expect(page.locator("aside")).to_contain_text("€52.50")


def test_more_than_is_open_is_not_credited_and_the_page_says_what_was_expected(
    live_server: LiveServer, page: Page, log_in: Callable[[User], None]
) -> None:
    workspace, owner = make_workspace("own")
    with acting_in(workspace.pk):
        invoice = issue(make_client(workspace), due_on=TODAY + timedelta(days=9))
    log_in(owner)
    page.goto(f"{live_server.url}/w/own/invoices/credit/{invoice.pk}/")
    page.locator("#id_form-0-price").fill("800.01")
    page.locator("#id_reason").fill("too much")
    page.get_by_role("button", name="Issue the credit note").click()
    expect(page.locator("main")).to_contain_text("at most what is open, €800.00")
    page.goto(f"{live_server.url}/w/own/invoices/void/{invoice.pk}/")
    page.locator("#id_reason").fill("Written to the wrong client")
    page.get_by_role("button", name="Make it void").click()
    expect(page.locator(".lede")).to_contain_text("is void since")
