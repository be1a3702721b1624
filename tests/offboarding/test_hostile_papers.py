"""Whatever stands in a field, a paper shows it as text and loads nothing."""

import http.server
import io
import itertools
import subprocess
import threading
import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import models

from billing.models import CreditNote, Invoice, Line
from billing.operations import papers
from billing.operations.crediting import credit_invoice
from billing.operations.drafts import NewLine
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client, Contact, Interaction, ManagedAccount, Project, Result
from feedback.models import Answer, Item, MissedChance, Request, Version
from offboarding.operations.done import render_done
from offboarding.operations.dossier import render_dossier
from offboarding.operations.report import render_final_report
from offboarding.rules.dossier import Part
from tests.desk.world import NOW, TODAY, World, issue, make_world

# What a paper loads does not depend on the database: once is enough.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


class Site:
    """An address inside the house, and one that sends its visitors there."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                if self.path.startswith("/redirect"):
                    self.send_response(302)
                    self.send_header("Location", "/inside.png")
                else:
                    self.send_response(200)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                return None

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


def payloads(port: int) -> list[str]:
    """Each short enough for the shortest field."""
    here = f"//127.0.0.1:{port}"
    return [
        "<img src='file:///etc/passwd'>",
        f"<img src='http:{here}/inside.png'>",
        f"<img src='http:{here}/redirect'>",
        "<link rel=attachment href='file:///etc/passwd'>",
        f"<a rel=attachment href='http:{here}/a'>x</a>",
        f"<svg><image href='http:{here}/s'/></svg>",
        "</text></svg><image href='file:///etc/passwd'/>",
        f"<style>*{{background:url(http:{here}/c)}}</style>",
        f"\"' style='background:url(http:{here}/q)'",
        "{{ settings.SECRET_KEY }}{% include '/etc/passwd' %}",
        f"<iframe src='http:{here}/f'></iframe>",
        f"<base href='http:{here}/'>",
    ]


SIGNS = ("<img", "<link", "<svg", "<style", "{{", "</te", "<a rel", "<ifr", "<base", "\"'")
FIELDS: dict[type[models.Model], tuple[str, ...]] = {
    Workspace: ("legal_name", "sender_name", "name", "address"),
    Client: ("name", "address", "note"),
    Contact: ("name", "role"),
    Project: ("name", "description"),
    ManagedAccount: ("platform", "handle"),
    Interaction: ("summary", "body"),
    Result: ("metric", "unit", "note"),
    Request: ("title", "detail", "blocks", "answer"),
    Version: ("title", "text", "channel"),
    Answer: ("comment", "given_by"),
    MissedChance: ("title", "evidence"),
}


def fill(world: World, texts: Iterator[str]) -> None:
    """Every text field of every row, past the forms and past the operations."""
    for model, names in FIELDS.items():
        manager: Any = getattr(model, "unscoped", model._default_manager)
        for row in manager.all():
            values = {}
            for name in names:
                limit = model._meta.get_field(name).max_length or 10_000  # type: ignore[union-attr]
                values[name] = next(texts)[:limit]
            manager.filter(pk=row.pk).update(**values)


def documents(world: World) -> dict[str, bytes]:
    client = Client.objects.select_related("workspace").get(pk=world.client.pk)
    project = Project.objects.select_related("client__workspace", "workspace").first()
    assert project is not None
    made: dict[str, Callable[[], bytes]] = {
        "invoice": lambda: papers.render_page(
            papers.invoice_html(
                Invoice.objects.select_related("client", "workspace", "created_by").get(
                    pk=hostile_invoice(world).pk
                )
            )
        ),
        "statement": lambda: papers.render_page(
            papers.statement_html(client=client, since=TODAY, until=TODAY, language="en")
        ),
        "credit note": lambda: papers.render_page(
            papers.credit_html(
                CreditNote.objects.select_related(
                    "invoice__client", "invoice__workspace", "workspace", "created_by"
                ).get(pk=hostile_note(world).pk)
            )
        ),
        "report": lambda: render_final_report(
            client=client, first=TODAY, last=TODAY, today=TODAY, language="hr"
        ),
        "done": lambda: render_done(project=project, today=TODAY, language="en"),
        "index": lambda: index(client),
    }
    return {name: make() for name, make in made.items()}


def index(client: Client) -> bytes:
    data = render_dossier(client=client, parts=tuple(Part), language="en", now=NOW)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("index.pdf")


def hostile_invoice(world: World) -> Invoice:
    """Issued now: an issued one keeps the names it was issued with."""
    return issue(Client.objects.get(pk=world.client.pk), due_on=TODAY)


def hostile_note(world: World) -> CreditNote:
    return credit_invoice(
        invoice=hostile_invoice(world),
        lines=[NewLine("<img src='file:///etc/passwd'>", Decimal(1), 100)],
        reason="<base href='file:///etc/'>",
        issued_on=TODAY,
        now=NOW,
        actor="system",
    )


@pytest.mark.parametrize("start", range(0, 12, 4))
def test_no_paper_loads_anything(site: Site, tmp_path: Path, start: int) -> None:
    world = make_world("jana")
    with acting_in(world.workspace.pk):
        Item.objects.create(
            workspace=world.workspace, request=Request.objects.earliest("pk"), position=1
        )
        given = payloads(site.port)
        fill(world, itertools.cycle(given[start:] + given[:start]))
        assert Line.objects.exists()
        for name, data in documents(world).items():
            path = tmp_path / f"{name}.pdf"
            path.write_bytes(data)
            text = subprocess.run(
                ["pdftotext", str(path), "-"], capture_output=True, text=True, check=True
            ).stdout
            assert "root:" not in text, name
            assert any(sign in text for sign in SIGNS), name
            attached = subprocess.run(
                ["pdfdetach", "-list", str(path)], capture_output=True, text=True, check=True
            ).stdout
            assert "0 embedded" in attached or "factur-x" in attached or "xml" in attached, name
    assert site.asked == []
