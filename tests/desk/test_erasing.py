"""A client who asks to be forgotten: what goes, what stays, and that the record still holds."""

import json
import os
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse

from billing.models import Invoice, Payment
from billing.operations import papers
from billing.operations.payments import record_payment
from clientdesk.desk.operations.erasing import ErasureRefused, erasable, erase_client
from clientdesk.desk.operations.moving_out import export_workspace
from clientdesk.desk.operations.moving_tables import columns, tables
from clientdesk.documents.models import Document
from clientdesk.documents.operations import file_of, store, tidy
from clientdesk.outbox.models import Message
from clientdesk.record.models import Content, Entry
from clientdesk.record.verify import verify_record
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client, Contact, Interaction
from clients.operations.clients import archive, create_client
from feedback.models import Answer, Request
from feedback.operations.answering import record_answer
from tests.desk.world import NOW, TODAY, World, issue, make_world

pytestmark = pytest.mark.django_db
SECRET = "a secret of Lune"


@pytest.fixture
def world() -> World:
    """One of everything about Bistro Lune, and another client who stays."""
    world = make_world("jana")
    with acting_in(world.workspace.pk):
        other = create_client(
            workspace=world.workspace,
            name="Adria",
            email="ana@adria.example",
            now=NOW,
            actor="system",
        )
        record_payment(
            invoice=issue(other, due_on=TODAY),
            amount_minor=80_000,
            paid_on=TODAY,
            now=NOW,
            actor="system",
        )
        request = Request.objects.get(title="Which logo?")
        record_answer(request=request, answer=SECRET, answered_on=TODAY, now=NOW, actor="system")
        store(
            workspace_id=world.workspace.pk,
            kind=papers.INVOICE,
            filename="2025-001.pdf",
            content_type="application/pdf",
            data=b"%PDF-1.7 issued",
            now=NOW,
            actor="system",
            client_ref=world.client.pk,
        )
    return world


def settle(world: World) -> None:
    Invoice.objects.filter(client=world.client, state=Invoice.State.ISSUED).update(
        state=Invoice.State.WRITTEN_OFF, closed_on=TODAY, close_reason="never paid"
    )
    archive(client=world.client, archived=True, now=NOW, actor="system")


def erase(world: World) -> None:
    erase_client(client=world.client, reason="asked by mail", now=NOW, actor="system")


def everything() -> str:
    """All text of all tables, but the envelopes, which hold hashes."""
    said: list[str] = []
    for model in tables().values():
        names = [f.attname for f in columns(model) if f.attname != "envelope"]
        said += [str(row) for row in model._default_manager.values_list(*names)]
    return "\n".join(said)


def test_nothing_says_who_it_was_but_what_the_law_keeps(world: World) -> None:
    with acting_in(world.workspace.pk):
        settle(world)
        issued = list(
            Invoice.objects.filter(client=world.client)
            .exclude(state=Invoice.State.DRAFT)
            .values_list("number", "parties")
        )
        before = Interaction.objects.exclude(client=world.client).count()
        erase(world)
        left = everything()
        assert SECRET not in left
        assert "luc@bistrolune.example" not in left.replace(str(issued), "")
        assert "asked about the logo" not in left
        assert not Contact.objects.filter(client=world.client).exists()
        assert not Request.objects.filter(client=world.client).exists()
        assert not Answer.objects.exists()
        assert not Message.objects.filter(client_ref=world.client.pk).exists()
        after = Invoice.objects.filter(client=world.client)
        assert list(after.values_list("number", "parties")) == issued
        assert Payment.objects.count() == 1
        assert Interaction.objects.count() == before
        assert Document.objects.get(kind=papers.INVOICE).sha256
        row = Client.objects.get(pk=world.client.pk)
        assert (row.name, row.slug) == (f"Erased client {row.pk}", f"erased-{row.pk}")
        assert Contact.objects.filter(client__name="Adria").exists()


def test_the_record_still_holds_and_says_what_happened(world: World) -> None:
    with acting_in(world.workspace.pk):
        settle(world)
        erase(world)
        about = Entry.objects.filter(client_ref=world.client.pk)
        told = {e.kind for e in about.filter(content__isnull=False)}
        assert {"invoice.issued", "content.erased", "client.erased"} <= told
        assert not {kind for kind in told if kind.startswith(("interaction", "client.c", "req"))}
        last = json.loads(Content.objects.get(entry=about.get(kind="client.erased")).content)
        assert last["reason"] == "asked by mail"
        assert "Bistro" not in json.dumps(last)
    assert verify_record(world.workspace.pk).ok


@pytest.mark.django_db(transaction=True)
def test_files_go_unless_another_row_names_them(world: World) -> None:
    with acting_in(world.workspace.pk):
        settle(world)
        mine = Document.objects.get(filename="note.txt")
        paper = Document.objects.get(kind=papers.INVOICE)
        erase(world)
        assert not file_of(mine).exists()
        assert file_of(paper).exists()
        # An export afterwards finds every file that it names.
        export_workspace(BytesIO(), workspace=world.workspace, now=NOW)


def test_tidying_takes_old_files_without_a_row_only(world: World) -> None:
    folder = Path(settings.FILES_DIR) / "1" / "ab"
    folder.mkdir(parents=True, exist_ok=True)
    old, new = folder / "old", folder / "new"
    for path in (old, new):
        path.write_bytes(b"left")
    os.utime(old, (0, 0))
    with acting_in(world.workspace.pk):
        kept = file_of(Document.objects.earliest("pk"))
    os.utime(kept, (0, 0))
    assert tidy(now=NOW) == 1
    assert (old.exists(), new.exists(), kept.exists()) == (False, True, True)


def test_an_open_claim_stands_in_the_way(world: World) -> None:
    with acting_in(world.workspace.pk):
        with pytest.raises(ErasureRefused, match="not in the archive.*invoices are open"):
            erase(world)
        settle(world)
        assert erasable(Client.objects.get(pk=world.client.pk)).in_the_way == []


def test_the_page_counts_and_asks_for_the_name(world: World, client: Browser) -> None:
    client.force_login(world.owner)
    address = reverse("desk:client_erase", args=[world.workspace.slug, world.client.slug])
    assert "Not yet" in client.get(address).content.decode()
    with acting_in(world.workspace.pk):
        settle(world)
    page = client.get(address).content.decode()
    assert "issued invoice" in page
    wrong = client.post(address, {"reason": "asked", "name": "Bistro"})
    assert "Here stands “Bistro”; expected “Bistro Lune”." in wrong.content.decode()
    done = client.post(address, {"reason": "asked", "name": "bistro lune"}, follow=True)
    assert "Erased. The issued invoices are kept." in done.content.decode()
    assert client.get(address).status_code == 404
    listed = client.get(reverse("billing:list", args=[world.workspace.slug]))
    assert listed.status_code == 200
