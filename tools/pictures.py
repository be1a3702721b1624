"""The pictures of README: the seeded demo on one fixed morning, seen by headless Chromium.

    python -m tools.pictures            writes docs/pictures/*.png anew, all of them
    python -m tools.pictures today end  writes only these

The desk runs in this process on a database of its own, and its clock stands still. Papers become
pictures with pdftoppm. Each picture is reduced to a palette, so that a clone stays small.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from subprocess import run
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tools import services

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
NOW = datetime(2025, 5, 14, 6, 30, tzinfo=UTC)
TODAY = NOW.date().isoformat()
HOME = "w/sample/"
PASSWORD = "seen by nobody"
COLOURS = 224
DESK, PHONE = (1280, 900), (390, 844)
LINE = "call lune asked about the logo again 15m +2d"


class Scene:
    """A page in one size and theme, and what is pressed before it is looked at."""

    def __init__(self, browser: Browser, root: str, cookies: Any) -> None:
        self.browser, self.root, self.cookies = browser, root, cookies

    @contextmanager
    def page(
        self, path: str, *, phone: bool = False, dark: bool = False, height: int = 0
    ) -> Iterator[Page]:
        width, usual = PHONE if phone else DESK
        context = self.browser.new_context(
            viewport={"width": width, "height": height or usual},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="Europe/Zagreb",
        )
        context.add_cookies(self.cookies)
        page = context.new_page()
        page.goto(f"{self.root}/{path}")
        page.evaluate("document.fonts.ready")
        yield page
        context.close()


def save(page: Page, name: str, *, top: str = "") -> None:
    """What the window shows, from the element `top` on where one is named."""
    if top:
        page.locator(top).first.evaluate(
            "(it) => window.scrollTo(0, it.getBoundingClientRect().top + window.scrollY - 24)"
        )
    raw = PICTURES / f"{name}.png"
    page.screenshot(path=raw)
    reduce_colours(raw)


def reduce_colours(path: Path) -> None:
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


def today(scene: Scene) -> None:
    with scene.page(HOME) as page:
        save(page, "today")


def today_phone(scene: Scene) -> None:
    with scene.page(HOME, phone=True, dark=True) as page:
        save(page, "today-phone")


def log(scene: Scene) -> None:
    with scene.page(f"{HOME}log/") as page:
        page.fill("#q", LINE)
        page.wait_for_selector("#q-read select")
        save(page, "log")


def client(scene: Scene) -> None:
    with scene.page(f"{HOME}clients/bistro-lune/") as page:
        save(page, "client")


def timeline(scene: Scene) -> None:
    with scene.page(f"{HOME}clients/atelier-marek/") as page:
        save(page, "timeline", top=".tabs")


def request(scene: Scene) -> None:
    from feedback.models import Request  # noqa: PLC0415 - Django is set up by then

    found = Request.objects.get(title="June posts")
    with scene.page(f"{HOME}waiting/{found.pk}/") as page:
        save(page, "request")


def answer(scene: Scene) -> None:
    from clientdesk.tokens import token_of  # noqa: PLC0415
    from feedback.models import AnswerLink  # noqa: PLC0415
    from feedback.queries.links import ANSWER  # noqa: PLC0415

    link = AnswerLink.objects.filter(round__request__title__startswith="Post 14").latest("pk")
    with scene.page(f"a/{token_of(ANSWER, link.nonce)}/", phone=True) as page:
        save(page, "answer-phone")


def invoice(scene: Scene) -> None:
    with scene.page(f"{HOME}invoices/{late_invoice().number}/") as page:
        save(page, "invoice")


def ladder(scene: Scene) -> None:
    with scene.page(f"{HOME}settings/ladder/", height=1_300) as page:
        save(page, "ladder")


def ending(scene: Scene) -> None:
    from offboarding.models import Ending  # noqa: PLC0415

    found = Ending.objects.select_related("client").latest("pk")
    with scene.page(f"{HOME}clients/{found.client.slug}/end/", height=2_060) as page:
        save(page, "ending")


def papers(_scene: Scene) -> None:
    """The first pages of a final report and of an invoice, side by side."""
    from django.core.management import call_command  # noqa: PLC0415

    from billing.operations.papers import invoice_html, render_page  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        report, bill = Path(folder, "report.pdf"), Path(folder, "invoice.pdf")
        call_command(
            "final_report", workspace="sample", client="hotel-adria", out=str(report), language="en"
        )
        bill.write_bytes(render_page(invoice_html(late_invoice())))
        sheets = [sheet(path) for path in (report, bill)]
        gap = 24
        width = sum(one.width for one in sheets) + 3 * gap
        whole = Image.new("RGB", (width, sheets[0].height + 2 * gap), "#D5DCD9")
        left = gap
        for one in sheets:
            whole.paste(one, (left, gap))
            left += one.width + gap
        whole.save(PICTURES / "papers.png")
        reduce_colours(PICTURES / "papers.png")


def sheet(path: Path) -> Image.Image:
    """The first page of a PDF, 620 points wide."""
    out = path.with_suffix("")
    run(
        ["pdftoppm", "-png", "-singlefile", "-scale-to-x", "620", "-scale-to-y", "-1", path, out],
        check=True,
    )
    with Image.open(out.with_suffix(".png")) as picture:
        return picture.convert("RGB")


def resume(scene: Scene) -> None:
    """Comes last: it books a payment."""
    with scene.page(f"{HOME}invoices/{late_invoice().number}/") as page:
        page.locator(".payform button[type=submit], .payform .btn").last.click()
        page.wait_for_selector(".rungs .ok >> text=In full")
        save(page, "resume")


def late_invoice() -> Any:
    from billing.models import Invoice  # noqa: PLC0415

    return Invoice.objects.filter(client__slug="bistro-lune").latest("due_on")


SCENES: dict[str, Callable[[Scene], None]] = {
    "today": today,
    "today-phone": today_phone,
    "log": log,
    "client": client,
    "timeline": timeline,
    "request": request,
    "answer-phone": answer,
    "invoice": invoice,
    "ladder": ladder,
    "ending": ending,
    "papers": papers,
    "resume": resume,
}


@contextmanager
def desk() -> Iterator[str]:
    """The demo, served at the address that is answered, on the morning of `NOW`."""
    with tempfile.TemporaryDirectory() as data:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="clientdesk.settings", CLIENTDESK_DATA=data, DEBUG="true",
            DJANGO_ALLOW_ASYNC_UNSAFE="true",
        )  # fmt: skip
        import django  # noqa: PLC0415 - after the environment

        django.setup()
        from django.contrib.staticfiles.handlers import StaticFilesHandler  # noqa: PLC0415
        from django.core.management import call_command  # noqa: PLC0415
        from django.test.testcases import LiveServerThread  # noqa: PLC0415

        from clientdesk import clock  # noqa: PLC0415
        from clientdesk.desk.sample import LOGIN, ensure_sample  # noqa: PLC0415
        from clientdesk.workspaces.models import User, Workspace  # noqa: PLC0415
        from clientdesk.workspaces.scoping import acting_in  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        with patch.object(clock, "now", lambda: NOW):
            ensure_sample(now=NOW)
            user = User.objects.get(email=LOGIN)
            user.set_password(PASSWORD)
            user.save()
            server = LiveServerThread("127.0.0.1", StaticFilesHandler)
            server.daemon = True
            server.start()
            server.is_ready.wait()
            with acting_in(Workspace.objects.get(slug="sample").pk):
                yield f"http://127.0.0.1:{server.port}"
            server.terminate()


def main(wanted: list[str]) -> None:
    if unknown := set(wanted) - SCENES.keys():
        sys.exit(f"no such picture: {', '.join(sorted(unknown))}; expected {', '.join(SCENES)}")
    chromium = services.find("chromium", "chromium-browser", "google-chrome") or (
        services.find_or_install("chromium", "chromium")
    )
    if not shutil.which("pdftoppm"):
        services.debian("poppler-utils")
    if not chromium:
        sys.exit("no chromium: install it, it looks at the pages")
    PICTURES.mkdir(parents=True, exist_ok=True)
    # Chromium's sandbox does not start for root.
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with desk() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=root)
        scene = Scene(browser, address, signed_in(browser, address))
        for name, look in SCENES.items():
            if not wanted or name in wanted:
                look(scene)
                print(f"docs/pictures/{name}.png")
        browser.close()


def signed_in(browser: Browser, address: str) -> Any:
    from clientdesk.desk.sample import LOGIN  # noqa: PLC0415

    page = browser.new_page()
    page.goto(f"{address}/accounts/login/")
    page.fill("[name=login]", LOGIN)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"**{urlsplit(address).path}/w/**")
    cookies = page.context.cookies()
    page.close()
    return cookies


if __name__ == "__main__":
    main(sys.argv[1:])
