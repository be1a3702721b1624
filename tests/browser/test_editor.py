"""The settings of the ladder and of the letters in a browser, as their owner uses them."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from billing.models import LadderSetting
from billing.queries.ladders import money_ladder
from clientdesk import clock
from clientdesk.ladder import format_ladder
from clientdesk.outbox.models import Message, Wording
from clientdesk.workspaces.models import User
from clientdesk.workspaces.scoping import acting_in
from tests.desk.world import issue, make_client, make_workspace

TODAY = clock.now().date()


@pytest.fixture
def desk(live_server: LiveServer, page: Page, log_in: Callable[[User], None]) -> Iterator[str]:
    """The address of a desk with one late invoice."""
    workspace, owner = make_workspace("jana")
    log_in(owner)
    with acting_in(workspace.pk):
        issue(make_client(workspace), due_on=TODAY - timedelta(days=30))
        yield f"{live_server.url}/w/jana/"


@pytest.mark.parametrize("width", [1280, 360])
def test_the_ladder_is_edited_tried_and_kept(desk: str, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{desk}settings/")
    page.get_by_role("link", name="The ladder", exact=True).click()
    page.locator("#id_rows-0-offset").fill("5")
    page.get_by_role("button", name="Remove step 3 Final notice").click()
    page.get_by_role("button", name="Add a step").click()
    page.locator("#id_rows-3-name").fill("Pause now")
    page.locator("#id_rows-3-offset").fill("5")
    page.locator("#id_rows-3-effect").select_option("stop")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("alert")).to_contain_text("Step 1 comes on day 5 already")
    page.locator("#id_rows-3-offset").fill("20")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("heading", name="As you try it; nothing is kept yet")).to_be_visible()
    expect(page.locator(".lede.mid").last).to_contain_text("1 × pause now")
    # The rows stand in the order of their days now.
    expect(page.locator("#id_rows-2-name")).to_have_value("Pause now")
    assert not LadderSetting.objects.exists()
    page.get_by_role("button", name="Save the ladder").click()
    expect(page.get_by_text("The ladder is kept.")).to_be_visible()
    kept = money_ladder(LadderSetting.objects.get().workspace_id)
    assert format_ladder(kept) == (
        "reminder:5,stop_work:10:review,pause_now:20:stop:review,decide:33"
    )


def test_a_client_has_a_ladder_of_its_own(desk: str, page: Page) -> None:
    page.goto(f"{desk}clients/bistro-lune/invoices/")
    page.get_by_role("link", name="The ladder of this client").click()
    page.locator("#id_rows-0-offset").fill("7")
    page.get_by_role("button", name="Save the ladder").click()
    expect(page.get_by_text("hold for this client alone.").first).to_be_visible()
    page.get_by_role("button", name="Back to the wider ladder").click()
    expect(page.get_by_text("goes by the workspace’s ladder")).to_be_visible()
    assert not LadderSetting.objects.exists()


@pytest.mark.parametrize("width", [1280, 360])
def test_a_letter_is_worded_shown_tested_and_restored(desk: str, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{desk}settings/letters/")
    page.get_by_role("link", name="Reminder", exact=True).click()
    body = page.get_by_label("Text").first
    body.fill("Hello {contact_name},\n\nplease pay {amount_du}: {invoice_link}")
    page.get_by_role("button", name="Save both texts").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Line 3: there is no {amount_du}. Did you mean {amount_due}?")
    expect(page.locator(".letter mark")).to_have_text("{amount_du}")
    assert not Wording.objects.exists()
    alert.get_by_role("link").click()
    expect(body).to_be_focused()
    body.fill("Hello {contact_name},\n\nplease pay {amount_due}: {invoice_link}")
    page.get_by_role("button", name="Show it").last.click()
    expect(page.locator(".letter").first).to_contain_text("please pay €1,540.00")
    page.get_by_role("button", name="Send a test to me English").click()
    expect(page.get_by_text("waits in the outbox")).to_be_visible()
    assert Message.objects.get().to_email == User.objects.get().email
    assert not Wording.objects.exists()
    page.get_by_role("button", name="Save both texts").click()
    expect(page.get_by_text("your own words")).to_be_visible()
    assert Wording.objects.get().body.endswith("please pay {amount_due}: {invoice_link}")
    page.get_by_role("button", name="Restore the default English").click()
    expect(page.get_by_text("The delivered words hold again.")).to_be_visible()
    assert not Wording.objects.exists()


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_both_are_edited_without_scripts(desk: str, page: Page) -> None:
    page.goto(f"{desk}settings/ladder/")
    page.get_by_role("button", name="Remove step 2 Stop-work notice").click()
    page.locator("#id_rows-0-offset").fill("4")
    page.keyboard.press("Enter")  # tries it, and takes no row out
    expect(page.get_by_role("heading", name="As you try it; nothing is kept yet")).to_be_visible()
    page.get_by_role("button", name="Save the ladder").click()
    assert LadderSetting.objects.get().rungs == "reminder:4,final:19:review,decide:33"
    page.goto(f"{desk}settings/letters/billing/reminder/")
    page.get_by_label("Subject").first.fill("About {invoice_number}")
    page.keyboard.press("Enter")  # shows it, and sends nothing
    expect(page.locator(".letter").first).to_contain_text("About 2025-031")
    assert not Message.objects.exists()
    page.get_by_role("button", name="Save both texts").click()
    assert Wording.objects.get().subject == "About {invoice_number}"
