"""Headless chromium against the live server; a page that complains fails its test."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from clientdesk.workspaces.models import User

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# Chromium asks for nothing outside this machine and keeps no profile.
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
QUIET += ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage"]


@pytest.fixture(scope="session", autouse=True)
def _database_beside_playwright() -> Iterator[None]:
    """Playwright keeps an event loop in the thread of the tests; Django would refuse queries."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        pytest.fail("no chromium: set CHROMIUM, or install chromium")
    # Chromium's sandbox does not start for root.
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return browser_type_launch_args | {"executable_path": found, "args": [*QUIET, *root]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {
        "viewport": {"width": 1280, "height": 900},
        "locale": "en-GB",
        "timezone_id": "Europe/Zagreb",
    }


@pytest.fixture
def complaints() -> list[str]:
    """What pages said on the console; what is still here at the end fails the test."""
    return []


@pytest.fixture(autouse=True)
def _no_complaints(page: Page, complaints: list[str]) -> Iterator[None]:
    def console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(f"{message.type}: {message.text}")

    page.on("console", console)
    page.on("pageerror", lambda error: complaints.append(f"uncaught: {error}"))
    page.set_default_timeout(10_000)
    yield
    assert complaints == []


@pytest.fixture
def log_in(live_server: LiveServer, context: BrowserContext) -> Callable[[User], None]:
    """Log a user in without the login page: its session as a cookie."""

    def enter(user: User) -> None:
        session = Client()
        session.force_login(user)
        cookie = session.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])

    return enter
