"""The import in the browser: look first, then yes."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse

from billing.models import Invoice
from clientdesk import clock
from clientdesk.desk.forms import imports as forms
from clientdesk.workspaces.access import Role
from clientdesk.workspaces.models import Membership, User, Workspace
from clients.models import Client
from tests.importing.desk import CLIENTS, NOW, TWO_CLIENTS, TWO_INVOICES, Desk, workspace


@pytest.fixture
def own_data(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_DIR = tmp_path / "data"
    return tmp_path / "data"


def signed_in(at: Workspace, role: str = Role.OWNER) -> Browser:
    browser = Browser()
    if role == Role.OWNER:
        browser.force_login(Membership.objects.get(workspace=at).user)
    else:
        user = User.objects.create_user(f"{role}@example.com")
        Membership.objects.create(workspace=at, user=user, role=role, joined_at=NOW)
        browser.force_login(user)
    return browser


def send(browser: Browser, at: Workspace, kind: str, text: str) -> Any:
    file = SimpleUploadedFile("../my clients.csv", text.encode())
    return browser.post(reverse("desk:import", args=[at.slug]), {"kind": kind, "file": file})


def test_a_file_is_looked_at_then_comes_in(desk: Desk, own_data: Path) -> None:
    browser = signed_in(desk.workspace)
    answer = send(browser, desk.workspace, "clients", TWO_CLIENTS)
    assert answer.status_code == 302
    (kept,) = own_data.glob("imports/*/*.csv")
    assert kept.parent.name == str(desk.workspace.pk)
    page = browser.get(answer.url)
    assert "Nothing has been saved yet." in page.text
    assert "Bistro Lune" in page.text
    assert Client.unscoped.count() == 0
    done = browser.post(answer.url, follow=True)
    assert "2 new, 0 unchanged." in done.text
    assert Client.unscoped.count() == 2
    assert list(own_data.glob("imports/*/*.csv")) == []
    assert browser.post(answer.url).status_code == 404


def test_bad_lines_are_shown_as_text_and_nothing_comes_in(desk: Desk, own_data: Path) -> None:
    browser = signed_in(desk.workspace)
    text = CLIENTS + "A,<script>alert(1)</script>,nobody,HR,en,EUR\n"
    url = send(browser, desk.workspace, "clients", text).url
    page = browser.get(url)
    assert "Line 2, column “email”" in page.text
    assert "<script>alert" not in page.text
    assert browser.post(url).status_code == 200
    assert Client.unscoped.count() == 0


def test_what_is_late_waits_for_its_owner(with_clients: Desk, own_data: Path) -> None:
    browser = signed_in(with_clients.workspace)
    url = send(browser, with_clients.workspace, "invoices", TWO_INVOICES).url
    done = browser.post(url, follow=True)
    assert "to start their ladder" in done.text
    assert reverse("billing:start_ladder", args=[with_clients.workspace.slug]) in done.text
    assert Invoice.unscoped.count() == 2


def test_an_upload_is_its_users_and_its_workspaces(desk: Desk, own_data: Path) -> None:
    url = send(signed_in(desk.workspace), desk.workspace, "clients", TWO_CLIENTS).url
    second = User.objects.create_user("second@example.com")
    Membership.objects.create(workspace=desk.workspace, user=second, role=Role.OWNER, joined_at=NOW)
    browser = Browser()
    browser.force_login(second)
    assert browser.get(url).status_code == 404
    other = workspace("other")
    stranger = signed_in(other)
    assert stranger.post(url).status_code == 404
    assert stranger.post(url.replace("/jana/", "/other/")).status_code == 404
    assert Client.unscoped.count() == 0


@pytest.mark.parametrize("role", [Role.MEMBER, Role.BOOKKEEPER, Role.VIEWER])
def test_only_an_owner_imports(desk: Desk, own_data: Path, role: str) -> None:
    browser = signed_in(desk.workspace, role)
    assert send(browser, desk.workspace, "clients", TWO_CLIENTS).status_code == 403
    assert list(own_data.glob("imports/*/*.csv")) == []


def test_files_go_after_a_day(desk: Desk, own_data: Path) -> None:
    browser = signed_in(desk.workspace)
    forgotten = send(browser, desk.workspace, "clients", TWO_CLIENTS).url
    (kept,) = own_data.glob("imports/*/*.csv")
    yesterday = (clock.now() - timedelta(days=1, minutes=1)).timestamp()
    os.utime(kept, (yesterday, yesterday))
    send(browser, desk.workspace, "clients", TWO_CLIENTS)
    assert browser.get(forgotten).status_code == 404
    assert len(list(own_data.glob("imports/*/*.csv"))) == 1


def test_a_large_file_is_refused(
    desk: Desk, own_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "LARGEST", 10)
    page = send(signed_in(desk.workspace), desk.workspace, "clients", TWO_CLIENTS)
    assert page.status_code == 200
    assert "expected at most" in page.text
    assert list(own_data.glob("imports/*/*.csv")) == []


@pytest.mark.parametrize("token", ["0" * 32, "..%2F..%2Fsecret_key", "x"])
def test_no_such_upload(desk: Desk, own_data: Path, token: str) -> None:
    url = f"/w/{desk.workspace.slug}/settings/import/{token}/"
    assert signed_in(desk.workspace).get(url).status_code == 404


def test_empty_files_to_fill_in(desk: Desk, own_data: Path) -> None:
    browser = signed_in(desk.workspace)
    page = browser.get(reverse("desk:import", args=[desk.workspace.slug]))
    assert page.status_code == 200
    url = reverse("desk:import_columns", args=[desk.workspace.slug, "clients"])
    assert url in page.text
    assert "invoice_number, paid_on, amount" in page.text
    assert browser.get(url).text == "reference,name,email,country,language,currency\r\n"
    assert browser.get(url.replace("clients.csv", "secrets.csv")).status_code == 404
