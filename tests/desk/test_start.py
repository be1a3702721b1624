"""From nothing to the first line in four steps, and the sample that goes with one click."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from pytest_django.fixtures import Settings

from billing.models import Tally
from billing.queries.ladders import money_ladder
from clientdesk import guards
from clientdesk.desk.operations.samples import NotASample, remove_sample
from clientdesk.desk.sample import LOGIN, SLUG, ensure_sample
from clientdesk.record.models import Entry
from clientdesk.workspaces.models import TenantModel, User, Workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client, Interaction
from tests.desk.world import make_world

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 5, 14, 9, 0, tzinfo=UTC)


@pytest.fixture
def visitor() -> Browser:
    visitor = Browser()
    visitor.force_login(User.objects.create_user("mia@studio.example", name="Mia Horvat"))
    return visitor


def test_four_steps_lead_to_the_first_line(visitor: Browser) -> None:
    offered = visitor.get("/new/").content.decode()
    assert 'value="Mia Horvat"' in offered
    assert "Step 1 of 4" in offered
    said = {"name": "Mia's", "country": "HR", "time_zone": "Europe/Zagreb"}
    at = visitor.post("/new/", {**said, "currency": "EUR", "language": "hr"})
    assert at["Location"] == "/w/mias/start/ladder/"
    at = visitor.post(at["Location"], {"manner": "patient"})
    assert at["Location"] == "/w/mias/start/client/"
    client = {"name": "Bistro Lune", "country": "HR", "language": "hr", "currency": "EUR"}
    at = visitor.post(at["Location"], client)
    assert at["Location"] == "/w/mias/start/log/"
    assert "What happened last with Bistro Lune?" in visitor.get(at["Location"]).content.decode()
    visitor.post("/w/mias/log/", {"line": "call lune asked about the logo 15m"})
    workspace = Workspace.objects.get(slug="mias")
    with acting_in(workspace.pk):
        assert Interaction.objects.get().client.name == "Bistro Lune"
        assert [rung.offset for rung in money_ladder(workspace.pk).rungs] == [7, 21, 35, 50]


def test_every_step_can_be_left_out(visitor: Browser) -> None:
    at = visitor.post("/new/", {"skip": "1"})
    assert at["Location"] == "/w/mia-horvat/start/ladder/"
    for here, onward in (("ladder", "start/client/"), ("client", "start/log/"), ("log", "")):
        page = visitor.get(f"/w/mia-horvat/start/{here}/").content.decode()
        assert f'href="/w/mia-horvat/{onward}"' in page
    assert visitor.get("/w/mia-horvat/").status_code == 200


def test_an_unknown_manner_is_said_at_the_form(visitor: Browser) -> None:
    visitor.post("/new/", {"skip": "1"})
    page = visitor.post("/w/mia-horvat/start/ladder/", {"manner": "rude"}).content.decode()
    assert "<title>Error: " in page
    assert 'id="errors"' in page


def test_the_same_client_twice_goes_on(visitor: Browser) -> None:
    visitor.post("/new/", {"skip": "1"})
    client = {"name": "Bistro Lune", "country": "HR", "language": "hr", "currency": "EUR"}
    for _ in range(2):
        at = visitor.post("/w/mia-horvat/start/client/", client)
        assert at["Location"] == "/w/mia-horvat/start/log/"


def rows_of(workspace: Workspace) -> dict[str, int]:
    # The tally is sums of invoices; PostgreSQL keeps them in as many rows as it likes.
    models = [m for m in apps.get_models() if issubclass(m, TenantModel) and m is not Tally]
    counted = {m._meta.label: m.unscoped.filter(workspace=workspace).count() for m in models}
    return {label: n for label, n in counted.items() if n}


def test_a_sample_goes_with_every_row_and_file(settings: Settings, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path
    kept, gone = make_world("kept"), make_world("gone")
    Workspace.objects.filter(pk=gone.workspace.pk).update(is_sample=True)
    before = rows_of(kept.workspace)
    assert len(before) > 30
    assert (tmp_path / str(gone.workspace.pk)).is_dir()
    browser = Browser()
    browser.force_login(gone.owner)
    with acting_in(gone.workspace.pk):
        assert Client.objects.exists()
    answer = browser.post("/w/gone/settings/sample/remove/")
    assert answer["Location"] == "/"
    assert not Workspace.objects.filter(slug="gone").exists()
    assert rows_of(gone.workspace) == {}
    assert rows_of(kept.workspace) == before
    assert browser.get("/w/gone/").status_code == 404
    for one in guards.every():
        assert one.missing(connection) == set()
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.unscoped.all().delete()


@pytest.mark.django_db(transaction=True)
def test_files_of_a_sample_go_once_the_rows_are_gone(settings: Settings, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path
    gone = make_world("gone")
    Workspace.objects.filter(pk=gone.workspace.pk).update(is_sample=True)
    remove_sample(workspace=gone.workspace)
    assert not (tmp_path / str(gone.workspace.pk)).exists()


def test_a_real_desk_is_never_thrown_away() -> None:
    world = make_world("real")
    before = rows_of(world.workspace)
    with pytest.raises(NotASample):
        remove_sample(workspace=world.workspace)
    browser = Browser()
    browser.force_login(world.owner)
    browser.post("/w/real/settings/sample/remove/")
    assert rows_of(world.workspace) == before
    for one in guards.every():
        assert one.missing(connection) == set()


def test_a_removed_sample_does_not_come_back() -> None:
    User.objects.create_user(LOGIN, "long since chosen")
    ensure_sample(now=NOW)
    assert not Workspace.objects.filter(slug=SLUG).exists()
