"""The main job in a browser: a new business, a logged line, last year's invoices, the reminder, the
final report."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from billing.operations.sweeping import sweep_all
from clientdesk import clock
from clientdesk.documents.jobs import run_job
from clientdesk.documents.models import Job
from clientdesk.workspaces.models import User

CLIENTS = """reference,name,email,country,language,currency
L1,Bistro Lune,luc@bistrolune.example,HR,hr,EUR
"""
TODAY = clock.now().date()


def upload(page: Page, address: str, kind: str, path: Path) -> None:
    page.goto(f"{address}settings/import/")
    page.locator(f"input[name=kind][value={kind}]").check()
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Look at it").click()


@pytest.mark.parametrize("width", [1280, 360])
def test_from_nothing_to_a_reminder_and_a_final_report(
    live_server: LiveServer,
    page: Page,
    log_in: Callable[[User], None],
    tmp_path: Path,
    width: int,
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    log_in(User.objects.create_user(email="jana@studio.example", password=None, name="Jana Novak"))

    page.goto(live_server.url)
    page.get_by_label("Name", exact=True).fill("Jana Novak Social")
    page.get_by_role("button", name="Go on").click()
    expect(page).to_have_url(re.compile(r"/start/ladder/$"))
    page.get_by_role("button", name="Go on").click()
    # The clients come with a file.
    page.get_by_role("link", name="Skip", exact=True).click()
    expect(page).to_have_url(re.compile(r"/start/log/$"))
    page.get_by_role("link", name="Skip", exact=True).click()
    expect(page).to_have_url(re.compile(r"/w/jana-novak-social/$"))
    desk = page.url

    (tmp_path / "clients.csv").write_text(CLIENTS, encoding="utf-8")
    due = TODAY - timedelta(days=5)
    (tmp_path / "invoices.csv").write_text(
        "number,client_reference,issued_on,due_on,currency,total\n"
        f"2025-031,L1,{due - timedelta(days=14)},{due},EUR,1540.00\n",
        encoding="utf-8",
    )
    for kind in ("clients", "invoices"):
        upload(page, desk, kind, tmp_path / f"{kind}.csv")
        page.get_by_role("button", name=re.compile(r"^Bring")).click()

    page.goto(desk)
    expect(page.locator(".lede")).to_contain_text("€1,540.00")
    page.keyboard.press("c")
    page.keyboard.type("call lune asked about the logo 15m +2d")
    page.keyboard.press("Enter")
    expect(page.get_by_text("asked about the logo", exact=False).first).to_be_visible()

    page.goto(f"{desk}invoices/start/")
    page.get_by_role("button", name=re.compile(r"^Start (1|all)")).click()
    sweep_all(now=clock.now())
    page.goto(f"{desk}outbox/")
    page.get_by_role("link", name=re.compile("Read it")).first.click()
    expect(page.locator(".letter")).to_contain_text("2025-031")
    expect(page.locator(".letter")).to_contain_text("promaknuo")

    page.goto(f"{desk}invoices/2025-031/")
    page.get_by_role("button", name="Record payment").click()
    expect(page.locator(".lede")).to_contain_text("was paid in full")

    page.goto(f"{desk}clients/bistro-lune/report/")
    page.locator("main form button.go").click()
    expect(page).to_have_url(re.compile(r"/jobs/\d+/$"))
    run_job(Job.unscoped.get().pk, clock.now)
    page.reload()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Download|pdf", re.IGNORECASE)).first.click()
    assert download.value.path().read_bytes().startswith(b"%PDF")


def test_no_page_of_the_desk_scrolls_sideways_on_a_phone(
    live_server: LiveServer, page: Page, log_in: Callable[[User], None]
) -> None:
    from tests.desk.world import make_world  # noqa: PLC0415 -- only this test needs it

    world = make_world("own")
    log_in(world.owner)
    page.set_viewport_size({"width": 320, "height": 700})
    wide = []
    for path in (
        "", "waiting/", "clients/", "clients/bistro-lune/", "clients/bistro-lune/work/",
        "clients/new/", "invoices/", "invoices/new/", "forecast/", "invoices/start/",
        "settings/", "settings/ladder/", "settings/ladder/client/bistro-lune/", "settings/letters/",
        "settings/letters/billing/final/", "settings/letters/outbox/footer/", "settings/money/",
        "settings/members/", "settings/workspace/",
        "settings/import/", "outbox/", "activity/", "log/", "search/?q=lune",
        f"invoices/{world.kwargs['billing:invoice']['number']}/", "clients/bistro-lune/report/",
    ):  # fmt: skip
        page.goto(f"{live_server.url}/w/own/{path}")
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            wide.append(path)
    assert wide == []
