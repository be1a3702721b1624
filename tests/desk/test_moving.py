"""A workspace leaves one installation and arrives at another: everything, or nothing."""

import json
import re
import shutil
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, models

from clientdesk.desk.operations import moving_tables
from clientdesk.desk.operations.moving_in import ImportRefused, import_workspace
from clientdesk.desk.operations.moving_out import FileLost, export_workspace
from clientdesk.desk.operations.moving_tables import (
    MANIFEST,
    NOUNS,
    TEXTS,
    columns,
    moved_text,
    points_at,
    tables,
)
from clientdesk.documents.models import Document
from clientdesk.documents.operations import file_of
from clientdesk.outbox.models import Part
from clientdesk.record.models import Head
from clientdesk.workspaces.models import User, Workspace
from clientdesk.workspaces.scoping import acting_in
from offboarding.kit.verify import verify
from tests import processes
from tests.desk.world import NOW, World, make_world

pytestmark = pytest.mark.django_db
Files = dict[str, bytes]

# In a process of its own: another business is there first, so that its numbers are taken.
ANOTHER = """
from tests.desk.world import make_world
make_world("other")
"""


def exported(workspace: Workspace) -> bytes:
    out = BytesIO()
    export_workspace(out, workspace=workspace, now=NOW)
    return out.getvalue()


def unpacked(data: bytes) -> Files:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: Files) -> BytesIO:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    out.seek(0)
    return out


class Plain:
    """An export without the numbers of its rows: each is called by its place in its table."""

    def __init__(self, data: bytes) -> None:
        self.files = unpacked(data)
        self.manifest: dict[str, Any] = json.loads(self.files[MANIFEST])
        self.users = {one["id"]: one["email"] for one in self.manifest["users"]}
        self.rows = {label: self._lines(label) for label in tables()}
        self.places = {
            label: {row["id"]: place for place, row in enumerate(rows)}
            for label, rows in self.rows.items()
        }

    def _lines(self, label: str) -> list[dict[str, Any]]:
        names = [f.attname for f in columns(tables()[label])]
        text = self.files[f"rows/{label}.jsonl"].decode()
        return [dict(zip(names, json.loads(line), strict=True)) for line in text.splitlines()]

    def plain(self, label: str) -> list[dict[str, Any]]:
        return [self._row(label, row) for row in self.rows[label]]

    def _row(self, label: str, row: dict[str, Any]) -> dict[str, Any]:
        said = dict(row)
        for field in columns(tables()[label]):
            name, value = field.attname, row[field.attname]
            if value is None:
                continue
            if field.related_model is User:
                said[name] = self.users[value]
            elif (label, name) in TEXTS:
                said[name] = moved_text(label, row, name, self.place)
            elif target := points_at(field):
                said[name] = self.place(target, value)
        if label == "record.Entry":
            said["actor"] = re.sub(r"\d+", lambda m: self.users[int(m[0])], row["actor"])
        if label == "documents.Document":
            said["path"] = row["path"].partition("/")[2]
        return said

    def place(self, label: str, number: int) -> int:
        # What is named may be gone, as a draft that was thrown away: then only not by another.
        return self.places[label].get(number, -1)


def same(before: bytes, after: bytes) -> None:
    """All rows but the entry that tells of the move, all files, and the workspace itself."""
    one, two = Plain(before), Plain(after)
    for label in tables():
        left, right = one.plain(label), two.plain(label)
        if label in {"record.Entry", "record.Content"}:
            right = right[: len(left)]
        if label == "record.Head":
            left, right = [{**left[0], "seq": 0, "hash": ""}], [{**right[0], "seq": 0, "hash": ""}]
        assert left == right, label
    paused = {"sending_paused": True}
    assert {**one.manifest["workspace"], **paused} == two.manifest["workspace"]
    assert one.manifest["files"] == two.manifest["files"]
    assert one.manifest["record"]["chain"] == two.manifest["record"]["chain"]
    stored = [name for name in one.files if name.startswith("files/")]
    assert stored
    assert all(one.files[name] == two.files[name] for name in stored)


@pytest.fixture
def world() -> World:
    return make_world("jana")


def to(desk: processes.Desk, data: bytes) -> bytes:
    """Import on a desk of its own and export there again."""
    path, back = desk.data / "in.zip", desk.data / "out.zip"
    path.write_bytes(data)
    desk.manage("import_workspace", str(path))
    desk.manage("verify_record", "--workspace", "jana")
    desk.manage("export_workspace", "jana", str(back))
    return back.read_bytes()


def test_everything_arrives_and_nothing_else(world: World, own_desk: processes.Desk) -> None:
    data = exported(world.workspace)
    same(data, to(own_desk, data))


def test_it_arrives_beside_another_business(world: World, own_desk: processes.Desk) -> None:
    own_desk.manage("shell", "-c", ANOTHER)
    data = exported(world.workspace)
    back = to(own_desk, data)
    same(data, back)
    if connection.vendor == "sqlite":
        # There both businesses count from one; PostgreSQL remembers the tests before.
        assert Plain(back).rows["clients.Client"][0]["id"] > world.client.pk
    own_desk.manage("verify_record", "--workspace", "other")
    # What was written here before the move, and after it, is one record.
    again = own_desk.data / "dossier.zip"
    own_desk.manage(
        "dossier", "--workspace", "jana", "--client", world.client.slug, "--out", str(again)
    )
    assert verify(str(again))["with_content"] > 0
    # Work goes on with numbers that nobody has.
    own_desk.manage("sweep", "--now", "2025-06-20T09:00:00+02:00")
    own_desk.manage("verify_record", "--workspace", "jana")


@pytest.mark.postgres
def test_it_moves_from_postgresql_to_sqlite_and_back(
    world: World, own_desk: processes.Desk, tmp_path: Path
) -> None:
    data = exported(world.workspace)
    environment = {k: v for k, v in own_desk.environment.items() if k != "DATABASE_URL"}
    data_of_small = tmp_path / "small"
    data_of_small.mkdir()
    small = processes.Desk(data_of_small, {**environment, "CLIENTDESK_DATA": str(data_of_small)})
    small.manage("migrate", "-v0")
    on_sqlite = to(small, data)
    same(data, on_sqlite)
    same(data, to(own_desk, on_sqlite))


def test_every_number_in_a_letter_is_known_as_a_row(world: World) -> None:
    """A new kind of letter with a row's number under a new name would move wrongly in silence."""
    known = {*moving_tables.NOUNS, *moving_tables.FACTS}
    with acting_in(world.workspace.pk):
        for part in Part.objects.all():
            numbers = {name for name, value in part.facts.items() if isinstance(value, int)}
            assert numbers <= known, part.kind


def test_every_noun_is_a_table() -> None:
    assert {*NOUNS.values(), *moving_tables.FACTS.values()} <= {*tables()}


def test_every_column_with_a_foreign_number_is_moved() -> None:
    """A number column named like a reference but without a foreign key needs `points_at`."""
    for model in tables().values():
        for field in columns(model):
            is_number = isinstance(field, models.IntegerField) and not field.primary_key
            if is_number and field.name.endswith(("_ref", "_id")):
                assert points_at(field), f"{model._meta.label}.{field.name}"


def test_the_same_workspace_does_not_come_twice(world: World) -> None:
    data = exported(world.workspace)
    with pytest.raises(ImportRefused, match="here already, as 'jana'"):
        import_workspace(BytesIO(data), now=NOW, slug="two")
    assert Workspace.objects.count() == 1


def without(name: str) -> Callable[[Files], None]:
    def gone(files: Files) -> None:
        files.pop(name)

    return gone


def manifest(change: Callable[[dict[str, Any]], Any]) -> Callable[[Files], None]:
    def changed(files: Files) -> None:
        said = json.loads(files[MANIFEST])
        change(said)
        files[MANIFEST] = json.dumps(said).encode()

    return changed


def other_file(files: Files) -> None:
    name = next(name for name in files if name.startswith("files/"))
    files[name] = b"another"


def no_day(files: Files) -> None:
    name = "rows/clients.Project.jsonl"
    files[name] = files[name].replace(b'"2025-05-14"', b'"some day"', 1)


UNREADABLE = [
    (without(MANIFEST), "no readable manifest.json"),
    (manifest(lambda m: m.update(format=9)), "format 9; expected 1"),
    (manifest(lambda m: m["schema"].pop("clients.Client")), "clients.Client has other columns"),
    (without("rows/clients.Client.jsonl"), "rows/clients.Client.jsonl is missing"),
    (other_file, "another one than was exported"),
    (manifest(lambda m: m["workspace"].update(time_zone="Mars")), "time_zone"),
]
# Seen only once rows are written, which an installation refuses that has the same ones already.
UNTRUE = [
    (manifest(lambda m: m["rows"].update({"clients.Client": 7})), "1 rows; expected 7"),
    (manifest(lambda m: m["record"].update(head=[1, "0" * 64])), "ends at another entry"),
    (no_day, "clients.Project, line 1"),
]


@pytest.mark.parametrize(("change", "said"), UNREADABLE)
def test_a_file_that_cannot_be_read_is_refused(
    world: World, change: Callable[[Files], None], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = unpacked(exported(world.workspace))
    change(files)
    # As if it were another installation: here the same record is there already.
    monkeypatch.setattr(Head, "unscoped", Head.unscoped.none())
    before = sorted(path.name for path in Path(settings.FILES_DIR).iterdir())
    with pytest.raises(ImportRefused, match=re.escape(said)):
        import_workspace(packed(files), now=NOW, slug="two")
    assert Workspace.objects.count() == 1
    assert sorted(path.name for path in Path(settings.FILES_DIR).iterdir()) == before


@pytest.mark.sqlite
def test_a_file_that_does_not_hold_leaves_nothing_behind(
    world: World, own_desk: processes.Desk
) -> None:
    whole = exported(world.workspace)
    for change, said in UNTRUE:
        files = unpacked(whole)
        change(files)
        path = own_desk.data / "in.zip"
        path.write_bytes(packed(files).getvalue())
        refused = own_desk.manage("import_workspace", str(path), check=False)
        assert refused.returncode == 1
        assert said in refused.stderr
    stored = own_desk.data / "files"
    assert not stored.exists() or list(stored.iterdir()) == []
    same(whole, to(own_desk, whole))


def test_what_is_no_zip_is_refused() -> None:
    with pytest.raises(ImportRefused, match="no whole ZIP"):
        import_workspace(BytesIO(b"PK\x03\x04 half"), now=NOW)


def test_no_password_leaves(world: World) -> None:
    world.owner.set_password("a secret of Jana")
    world.owner.save()
    assert world.owner.password.encode() not in b"".join(
        unpacked(exported(world.workspace)).values()
    )


def test_a_lost_file_stops_the_export(world: World) -> None:
    with acting_in(world.workspace.pk):
        document = Document.objects.earliest("pk")
    shutil.rmtree(file_of(document).parent)
    with pytest.raises(FileLost, match="not on the disk"):
        exported(world.workspace)
