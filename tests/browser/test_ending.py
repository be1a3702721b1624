"""The whole way from "this is not worth it" to an archived client, in English and in Croatian."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from billing.models import Invoice
from clientdesk import clock
from clientdesk.documents.jobs import run_job
from clientdesk.documents.models import Job
from clientdesk.outbox.models import Message
from clientdesk.workspaces.models import User
from clientdesk.workspaces.operations import create_workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client, ManagedAccount
from offboarding.models import Ending, HandoverTick
from offboarding.queries.letters import handover_address
from tests.billing import desk

WORDS = {
    "en": ("because of your failure to give access", "I can get into all of them"),
    "hr": ("pristup profilima potrebnima za rad nije omogućen", "Svima mogu pristupiti"),
}


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("hr", 360)])
def test_from_a_reason_to_the_archive(
    live_server: LiveServer,
    page: Page,
    browser: Browser,
    log_in: Callable[[User], None],
    language: str,
    width: int,
) -> None:
    now = clock.now()
    owner = User.objects.create_user("jana@studio.example", name="Jana Novak")
    at = create_workspace(name="Jana", slug="jana", owner=owner, now=now)
    today = at.local_today(now)
    with acting_in(at.pk):
        lune = desk.client(at, "Lune", language=language)
        ManagedAccount.objects.create(
            workspace=at,
            client=lune,
            platform="Instagram",
            handle="@lune",
            access_needed="full",
            needed_on=today - timedelta(days=30),
            created_at=now,
        )
        desk.invoice(lune, due_on=today + timedelta(days=3))
    log_in(owner)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{live_server.url}/w/jana/clients/lune/")
    page.get_by_role("link", name="End the cooperation").click()
    page.get_by_role("button", name="Begin the ending").click()
    expect(page.locator("#handover .st")).to_have_text("Cannot start yet")
    page.locator("#reason").get_by_text("give access to the accounts the work needs").first.click()
    page.get_by_role("button", name="Keep this reason").click()
    expect(page.locator("#reason .sentence")).to_contain_text(WORDS[language][0])

    # The money comes in, and its task is done by itself.
    with acting_in(at.pk):
        number = Invoice.objects.get().number
    page.goto(f"{live_server.url}/w/jana/invoices/{number}/")
    page.get_by_role("button", name="Record payment").click()
    page.goto(f"{live_server.url}/w/jana/clients/lune/end/")
    expect(page.locator("#payments .st")).to_have_text("Done")

    page.locator("#report").get_by_role("link", name="Make it").click()
    page.locator("main form button.go").click()
    with acting_in(at.pk):
        run_job(Job.unscoped.get().pk, clock.now)
    page.goto(f"{live_server.url}/w/jana/clients/lune/end/")
    expect(page.locator("#report .st")).to_have_text("Done")
    page.get_by_role("button", name="Check the record").click()
    expect(page.locator("#evidence .st")).to_have_text("Done")

    page.locator("#handover").get_by_role("link", name="Open the list").click()
    for thing in HandoverTick.Thing.labels:
        page.get_by_label(str(thing)).select_option("given")
    page.get_by_role("button", name="Keep").click()
    expect(page.locator(".lede")).to_contain_text("Everything is with the client.")
    page.get_by_role("button", name="Send the list to Ana Kralj").click()

    page.goto(f"{live_server.url}/w/jana/clients/lune/end/message/")
    expect(page.locator("#letter")).to_contain_text(WORDS[language][0])
    page.get_by_role("button", name="End it: send this to Ana Kralj").click()
    expect(page.locator("#message .st")).to_have_text("Done")

    with acting_in(at.pk):
        ending = Ending.objects.select_related("workspace").get()
        address = handover_address(ending, email="ana@example.com", now=clock.now())
        assert Message.objects.count() == 2
    phone = browser.new_page(viewport=ViewportSize(width=360, height=740))
    phone.goto(live_server.url + address[address.index("/h/") :])
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.locator("#id_name").fill("Ana Kralj")
    phone.get_by_role("button", name=WORDS[language][1]).click()
    expect(phone.locator(".lede")).to_contain_text("Ana Kralj")
    phone.close()

    page.goto(f"{live_server.url}/w/jana/clients/lune/end/")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Put Lune into the archive").click()
    expect(page.locator("main")).to_contain_text("In the archive since")
    with acting_in(at.pk):
        assert Client.objects.get().archived_at is not None
        assert Ending.objects.get().state == "closed"
