"""A request behind a link, and what a client sends from its page."""

import re
import struct
import zlib
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.test import Client as Browser

from clientdesk import clock
from clientdesk.documents.models import Document
from clientdesk.documents.operations import store
from clientdesk.workspaces.models import Tally, Workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client, Project
from feedback.models import Answer, Request, Round
from feedback.operations.asking import open_request
from feedback.operations.drafting import NewItem
from feedback.queries.links import answer_links

EMAIL = "ana@example.com"
POSTS = ("The oak chair", "Cups for the table")


def png() -> bytes:
    """The smallest picture there is."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\x00\xdd\xe5\xe0")
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def picture(at: Workspace, name: str = "chair.png") -> Document:
    return store(
        workspace_id=at.pk,
        kind="item",
        filename=name,
        content_type="image/png",
        data=png() + name.encode(),
        now=clock.now(),
        actor="system",
    )


def project(of: Client, *, delivery_on: date) -> Project:
    return Project.objects.create(
        workspace=of.workspace,
        client=of,
        name="Summer launch",
        started_on=delivery_on - timedelta(days=60),
        delivery_on=delivery_on,
        created_at=clock.now(),
    )


def asked(
    of: Client,
    kind: str = "approval",
    *,
    titles: tuple[str, ...] = POSTS,
    within: int = 3,
    ago: int = 0,
    **more: Any,
) -> Request:
    """Asked `ago` days before today, to be answered `within` days of that."""
    today = of.workspace.local_today(clock.now())
    on = today - timedelta(days=ago)
    items = [
        NewItem(title, text=f"“{title}”", channel="Instagram", planned_on=today) for title in titles
    ]
    return open_request(
        client=of,
        kind=kind,
        title=more.pop("title", "June posts"),
        asked_on=on,
        answer_by=on + timedelta(days=within),
        now=clock.now(),
        actor="system",
        items=more.pop("items", items if kind in ("approval", "choice") else ()),
        **more,
    )


def address(request: Request, *, email: str = EMAIL, now: datetime | None = None) -> str:
    """The path of the page of the present round."""
    request.refresh_from_db()
    with acting_in(request.workspace_id):
        round_ = Round.objects.get(request=request, number=request.round_number)
        url = answer_links([round_], emails={round_.pk: email}, now=now or clock.now())[round_.pk]
    return url[url.index("/a/") :]


def token_of(path: str) -> str:
    return path.strip("/").split("/")[1]


def versions(request: Request) -> list[int]:
    """The ids of the latest versions, in the order of their items."""
    with acting_in(request.workspace_id):
        found: dict[int, int] = {}
        for item in request.items.order_by("position"):
            latest = item.versions.order_by("-number").first()
            assert latest is not None
            found[item.position] = latest.pk
    return list(found.values())


def form(page: str) -> dict[str, str]:
    """What the form holds by itself: the versions it shows."""
    seen = re.search(r'name="seen" value="([\d,]*)"', page)
    assert seen, "no form"
    return {"seen": seen[1]}


def look(path: str, browser: Browser | None = None) -> str:
    response = (browser or Browser()).get(path)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def send(path: str, browser: Any = None, **values: Any) -> Any:
    """Open the page, fill in, send; `browser` is a test client, where it must be a certain one."""
    browser = browser or Browser()
    return browser.post(path, {**form(look(path, browser)), **values})


def answers(request: Request) -> list[Answer]:
    with acting_in(request.workspace_id):
        return list(Answer.objects.filter(round__request=request).order_by("number"))


def everything() -> dict[str, list[Any]]:
    """Every row of every table, but the sessions' and the counts of tries."""
    models: list[type[Model]] = [m for m in apps.get_models() if m is not Tally]
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values()) for model in models
    }
