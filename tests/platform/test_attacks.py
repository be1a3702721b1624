"""What a stranger sends to bend a page: other hosts, ways back, old sessions, files that run."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse

from clientdesk.documents.models import Document
from clientdesk.workspaces.models import User
from clientdesk.workspaces.scoping import acting_in
from tests.desk.world import World, make_world

pytestmark = pytest.mark.django_db
WORD = "the right word"
ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "\thttps://evil.example",
)


@pytest.fixture
def world() -> World:
    world = make_world("jana")
    world.owner.set_password(WORD)
    world.owner.save()
    return world


def login(browser: Browser, user: User, way_back: str = "") -> str:
    answer = browser.post(
        reverse("account_login"), {"login": user.email, "password": WORD, "next": way_back}
    )
    assert answer.status_code == 302
    return str(answer["Location"])


@pytest.mark.parametrize("way_back", ELSEWHERE)
def test_nobody_is_led_elsewhere_after_the_login(world: World, way_back: str) -> None:
    assert login(Browser(), world.owner, way_back).startswith("/")
    assert "evil" not in login(Browser(), world.owner, way_back)


def test_an_address_of_this_house_is_kept(world: World) -> None:
    assert login(Browser(), world.owner, "/w/jana/invoices/") == "/w/jana/invoices/"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "localhost.evil.example"])
def test_another_host_is_refused(world: World, host: str) -> None:
    assert Browser(headers={"host": host}).get("/accounts/login/").status_code == 400


def test_the_session_is_a_new_one_after_the_login(world: World) -> None:
    browser = Browser()
    session = browser.session
    session["planted"] = "by a stranger"
    session.save()
    before = browser.cookies["sessionid"].value
    login(browser, world.owner)
    assert browser.cookies["sessionid"].value != before


def test_a_session_ends_for_good(world: World) -> None:
    browser = Browser()
    login(browser, world.owner)
    kept = browser.cookies["sessionid"].value
    browser.post(reverse("account_logout"))
    thief = Browser()
    thief.cookies["sessionid"] = kept
    assert thief.get("/w/jana/").status_code == 302


def test_a_form_of_another_site_changes_nothing(world: World) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(world.owner)
    answer = browser.post("/w/jana/log/", {"line": "call bistro lune about the menu"})
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/w/jana/", "/w/jana/settings/", "/accounts/login/", "/x/"])
def test_every_answer_carries_its_guards(world: World, path: str) -> None:
    browser = Browser()
    browser.force_login(world.owner)
    answer = browser.get(path)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("page.html", b"<!doctype html><script>alert(1)</script>"),
        ("picture.png", b"<script>alert(1)</script>"),
        ("run.exe", b"MZ\x90\x00"),
    ],
)
def test_a_file_that_could_run_is_not_kept(world: World, name: str, data: bytes) -> None:
    browser = Browser()
    browser.force_login(world.owner)
    path = _attach(world)
    with acting_in(world.workspace.pk):
        before = Document.objects.count()
    browser.post(path, {"file": SimpleUploadedFile(name, data, content_type="image/png")})
    with acting_in(world.workspace.pk):
        assert Document.objects.count() == before


def _attach(world: World) -> str:
    return reverse(
        "clients:attach",
        kwargs={"workspace": world.workspace.slug, **world.kwargs["clients:attach"]},
    )
