"""A month with a slow client, as its owner and the client live it, on a desk and on a phone.

With STORY_PICTURES set to a folder, every station leaves its picture there.
"""

import os
import re
import subprocess
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from clientdesk import clock
from clientdesk.documents.jobs import run_job
from clientdesk.documents.models import Document, Job
from clientdesk.documents.operations import file_of
from clientdesk.outbox.delivery import deliver
from clientdesk.workspaces.models import User
from clientdesk.workspaces.operations import create_workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client, Project
from feedback.models import Request
from feedback.operations.sweeping import sweep_all
from tests.billing import desk
from tests.feedback import page_desk
from tests.outbox.conftest import _one_server, server
from tests.outbox.mailserver import MailServer

__all__ = ["_one_server", "server"]
ZAGREB = ZoneInfo("Europe/Zagreb")
BEGIN, AGREED, END = date(2025, 5, 5), date(2025, 5, 29), date(2025, 5, 26)


class Days:
    """The day the desk lives on, and what happens at night."""

    def __init__(self) -> None:
        self.day = BEGIN

    def now(self) -> datetime:
        return datetime.combine(self.day, time(9), ZAGREB)

    def until(self, day: date) -> None:
        """Each night the sweep and the mail, as a beat would have it."""
        while self.day < day:
            sweep_all(now=self.now())
            deliver(now=self.now() + timedelta(minutes=5))
            self.day += timedelta(days=1)


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Days:
    made = Days()
    monkeypatch.setattr(clock, "now", made.now)
    return made


class Story:
    """Two people at their screens, and the pictures of what they see."""

    def __init__(self, page: Page, phone: Page, width: int, address: str) -> None:
        self.page, self.phone, self.width, self.address = page, phone, width, address
        self.number = 0

    def go(self, path: str) -> None:
        self.page.goto(f"{self.address}/w/jana/{path}")

    def look(self, name: str, page: Page | None = None) -> None:
        page = page or self.page
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        self.number += 1
        if folder := os.environ.get("STORY_PICTURES"):
            file = Path(folder) / f"{self.width}-{self.number:02d}-{name}.png"
            page.screenshot(path=file, full_page=True)


@pytest.mark.parametrize("width", [1280, 360])
def test_a_month_with_a_slow_client(
    live_server: LiveServer,
    page: Page,
    browser: Browser,
    log_in: Callable[[User], None],
    days: Days,
    server: MailServer,
    width: int,
    tmp_path: Path,
) -> None:
    owner = User.objects.create_user("jana@studio.example", name="Jana Novak")
    at = create_workspace(name="Jana", slug="jana", owner=owner, now=days.now())
    with acting_in(at.pk):
        lune = desk.client(at, "Lune", language="hr")
    page.set_viewport_size({"width": width, "height": 800})
    log_in(owner)
    phone = browser.new_page(viewport={"width": 360, "height": 740})
    story = Story(page, phone, width, live_server.url)
    with acting_in(at.pk):
        _a_project_begins(story)
        _posts_are_asked_for(story, tmp_path)
        days.until(date(2025, 5, 7))
        _the_client_answers(story, lune, server)
        _another_round(story)
        days.until(date(2025, 5, 20))
        _nothing_comes(story, server)
        days.until(END)
        _they_answer_by_phone(story)
        _everybody_sees_the_same(story, lune, days)
    phone.close()


def _a_project_begins(story: Story) -> None:
    story.go("clients/lune/projects/new/")
    page = story.page
    page.get_by_label("Name").fill("Ljetna kampanja")
    page.get_by_label(re.compile("^Started")).fill(BEGIN.isoformat())
    page.locator("#id_delivery_on").fill(AGREED.isoformat())
    page.get_by_role("button", name="Keep the project").click()
    expect(page.get_by_text("Ljetna kampanja").first).to_be_visible()


def _posts_are_asked_for(story: Story, folder: Path) -> None:
    story.go("clients/lune/")
    page = story.page
    page.locator("main .head").get_by_role("link", name="Ask").click()
    page.get_by_text("An approval").click()
    page.get_by_label("In one line").fill("Objave za lipanj")
    page.locator("#id_form-0-title").fill("Terasa u suton")
    (folder / "terasa.png").write_bytes(page_desk.png())
    page.locator("#id_form-0-picture").set_input_files(folder / "terasa.png")
    page.locator("#id_form-1-title").fill("Doručak na rivi")
    page.locator("#id_form-1-text").fill("„Kava, more i deset minuta za sebe.”")
    page.get_by_text("Rounds, minutes").click()
    page.get_by_label("rounds agreed").fill("2")
    story.look("asking")
    page.get_by_role("button", name=re.compile("^Ask Lune")).click()
    expect(page.locator(".lede")).to_contain_text("Their move")
    story.look("asked")


def _request() -> Request:
    return Request.objects.select_related("client", "project").get()


def _the_client_answers(story: Story, lune: Client, server: MailServer) -> None:
    letter = server.received()[0]
    assert "molim odgovor do" in letter.subject
    phone = story.phone
    phone.goto(story.address + page_desk.address(_request()))
    story.look("the-client-on-a-phone", phone)
    phone.locator("#post1").get_by_role("radio", name="Odobri").check()
    phone.locator("#post2").get_by_role("radio", name="Izmjene").check()
    phone.locator("#post2 textarea").fill("Bez kave, molim: uz more ide limunada.")
    phone.get_by_role("button", name="Pošalji odgovor").click()
    expect(phone.locator(".said")).to_contain_text("limunada")
    story.look("the-client-has-answered", phone)


def _another_round(story: Story) -> None:
    page = story.page
    story.go("")
    expect(page.locator("#next")).to_contain_text("Objave za lipanj")
    story.look("today-an-answer-came")
    story.go("waiting/")
    page.get_by_role("link", name="Objave za lipanj").first.click()
    story.look("their-answer")
    page.get_by_role("link", name="Ask again").click()
    page.locator("#id_form-1-text").fill("„Limunada, more i deset minuta za sebe.”")
    page.get_by_label("Answer by").fill("2025-05-12")
    story.look("round-two")
    page.get_by_role("button", name="Ask Lune again").click()
    expect(page.locator(".lede")).to_contain_text("Their move")


def _nothing_comes(story: Story, server: MailServer) -> None:
    """13 May the kind one, 16 May "we cannot go on"; the owner writes down what it cost."""
    said = [message.subject for message in server.received()]
    assert [bool(re.search("podsjetnik", one)) for one in said].count(True) >= 1
    assert any("čeka vaš odgovor" in one for one in said)
    page, asked = story.page, _request()
    story.go("waiting/")
    expect(page.locator(".lede")).to_contain_text("1 answer is late")
    expect(page.locator("main")).to_contain_text("round 2 of 2 agreed")
    story.look("waiting")
    story.go(f"waiting/{asked.pk}/")
    page.get_by_text("Log time for it").click()
    about = page.locator("form[action$='about/']")
    about.get_by_label("Minutes").fill("35")
    about.get_by_label("What happened").fill("Nazvala sam, nitko se ne javlja.")
    about.get_by_role("button", name="Log it").click()
    expect(page.locator("main")).to_contain_text("35 min")
    page.get_by_role("link", name="Note a chance that was missed").click()
    page.get_by_label("what was missed").fill("Otvorenje festivala")
    page.get_by_role("button", name=re.compile("Note|Keep|Log")).click()
    story.go(f"waiting/{asked.pk}/")
    story.look("what-it-cost")


def _they_answer_by_phone(story: Story) -> None:
    page, asked = story.page, _request()
    story.go(f"waiting/{asked.pk}/")
    page.get_by_label("They answered", exact=True).select_option("phone")
    page.get_by_text("approved", exact=True).first.click()
    page.get_by_label("What they said").fill("Sve je u redu, oprostite.")
    page.locator("#id_minutes").first.fill("10")
    page.get_by_role("button", name="Record the answer").click()
    expect(page.locator(".lede")).to_contain_text("It is your move")
    page.get_by_role("button", name="Done").click()
    expect(page.locator(".lede")).to_contain_text("dealt with")
    story.look("answered-by-phone")


def _everybody_sees_the_same(story: Story, lune: Client, days: Days) -> None:
    """Ten working days late: the project's page, the client's, the report and the one page."""
    page, project = story.page, Project.objects.get()
    story.go(f"clients/lune/projects/{project.pk}/")
    expect(page.locator("main")).to_contain_text("10 days")
    expect(page.locator("main")).to_contain_text("13 Jun")
    expect(page.locator("main")).to_contain_text("Otvorenje festivala")
    story.look("the-project")
    page.goto(f"{page.url}share/")
    page.get_by_role("button", name="Only make it").click()
    url = page.locator("a.long").get_attribute("href") or ""
    story.phone.goto(story.address + url[url.index("/p/") :])
    expect(story.phone.locator("body")).to_contain_text("13. lipnja")
    story.look("what-the-client-sees", story.phone)
    story.go(f"clients/lune/projects/{project.pk}/done/")
    expect(page.locator("main")).to_contain_text("10")
    story.look("is-that-all-you-did")
    story.go("clients/lune/report/")
    page.locator("main form button.go").click()
    expect(page).to_have_url(re.compile(r"/jobs/\d+/$"))
    run_job(Job.unscoped.get().pk, clock.now)
    words = _text(Document.objects.get(kind="final_report"))
    assert "očekivano 13. 6. 2025." in words
    assert "čekalo se 10." in words
    assert "Otvorenje festivala" in words


def _text(document: Document) -> str:
    ran = subprocess.run(
        ["pdftotext", "-layout", str(file_of(document)), "-"], capture_output=True, check=True
    )
    return re.sub(r"\s+", " ", ran.stdout.decode())
