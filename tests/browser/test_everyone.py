"""axe-core on every page of the resolver and every public page: no violation, no sideways scroll.

Each run looks at every page once, in one of the themes and widths in turn; `make soak` at all.
"""

import itertools
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client as Browser
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from billing.models import Invoice
from billing.queries.links import invoice_links
from clientdesk import clock
from clientdesk.documents.models import Document
from clientdesk.tokens import token_of
from clientdesk.workspaces.models import User
from clientdesk.workspaces.scoping import acting_in
from feedback.models import AnswerLink, ProjectLink
from feedback.queries.links import ANSWER, PROJECT
from offboarding.operations.endings import begin_ending
from offboarding.queries.letters import handover_address
from offboarding.queries.report_links import report_address
from tests.desk.test_matrix import ROUTES, address
from tests.desk.world import World, make_world

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RUN = """() => axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    resultTypes: ["violations"],
}).then((found) => found.violations.map((one) => [
    one.id, one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)),
]))"""
LOOKS = [(theme, width) for theme in ("light", "dark") for width in (1280, 360)]
# Parts of pages, without a page around them.
PARTS = {"desk:palette"}


def pages(world: World) -> list[str]:
    """The paths of all pages of the desk that a look opens, and of the public ones."""
    browser = Browser()
    browser.force_login(world.owner)
    found = []
    for name in sorted(set(ROUTES) - PARTS):
        path = address(name, world.workspace.slug, world.kwargs.get(name, {}))
        answer = browser.get(path)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            found.append(path)
        answer.close()
    return [*found, *public(world)]


def public(world: World) -> list[str]:
    now = clock.now()
    with acting_in(world.workspace.pk):
        later = now + timedelta(days=90)
        AnswerLink.objects.update(expires_at=later)
        ProjectLink.objects.update(expires_at=later)
        asked, shown = AnswerLink.objects.earliest("pk"), ProjectLink.objects.earliest("pk")
        invoice = Invoice.objects.issued().earliest("pk")
        ending = begin_ending(
            client=world.client, kind="failure", ends_on=now.date(), author=None, now=now,
            actor="system",
        )  # fmt: skip
        report = Document.objects.get(filename="final-report.pdf")
        whole = [
            handover_address(ending, email="a@example.com", now=now),
            report_address(report, email="a@example.com", now=now),
            *invoice_links([invoice], now=now).values(),
        ]
        return [
            reverse("public:answer", args=[token_of(ANSWER, asked.nonce)]),
            reverse("public:project", args=[token_of(PROJECT, shown.nonce)]),
            *(urlsplit(one).path for one in whole),
        ]


def wrong_with(page: Page, url: str, theme: str, width: int) -> list[str]:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(url)
    page.evaluate(AXE)
    wrong = [f"{rule} {json.dumps(nodes)}" for rule, nodes in page.evaluate(RUN)]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        wrong.append("it scrolls sideways")
    return [f"{urlsplit(url).path} {theme} {width}: {one}" for one in wrong]


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.soak)])
def test_no_page_excludes_anybody(
    live_server: LiveServer, page: Page, log_in: Callable[[User], None], whole: bool
) -> None:
    world = make_world("own")
    wrong: list[str] = []
    turn = itertools.cycle(LOOKS)

    def look_at(paths: list[str]) -> None:
        for path in paths:
            for theme, width in LOOKS if whole else [next(turn)]:
                wrong.extend(wrong_with(page, f"{live_server.url}{path}", theme, width))

    look_at([reverse(f"account_{name}") for name in ("login", "signup", "reset_password")])
    log_in(world.owner)
    look_at(pages(world))
    assert wrong == []
