"""Files are kept whole, unchanged and under a plain name, or not at all."""

import hashlib
import os
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from clientdesk.documents import operations
from clientdesk.documents.models import Document, DocumentChanged
from clientdesk.documents.operations import (
    FilenameRefused,
    UploadRefused,
    file_of,
    store_upload,
)
from clientdesk.record.models import Content, Entry
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in
from tests.documents import desk

pytestmark = pytest.mark.django_db


def files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def upload(
    where: Workspace, data: bytes, name: str = "scan.pdf", claimed: str = "application/pdf"
) -> Document:
    with acting_in(where.pk):
        return store_upload(
            workspace_id=where.pk,
            kind="attachment",
            upload=SimpleUploadedFile(name, data, claimed),
            now=desk.NOON,
            actor="user:1",
        )


def test_a_document_is_kept_with_its_checksum_and_recorded() -> None:
    kept = desk.keep(desk.workspace(), "hello čćđšž")
    data = "hello čćđšž".encode()
    assert file_of(kept).read_bytes() == data
    assert (kept.size, kept.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    entry = Entry.unscoped.get(kind="document.stored")
    assert entry.subject == f"document:{kept.pk}"
    assert kept.sha256 in Content.unscoped.get(entry=entry).content


def test_a_stored_document_is_not_changed() -> None:
    kept = desk.keep(desk.workspace())
    kept.filename = "another.txt"
    with pytest.raises(DocumentChanged):
        kept.save()


def test_the_same_bytes_in_two_workspaces_are_two_files() -> None:
    first = desk.keep(desk.workspace("first"))
    second = desk.keep(desk.workspace("second"))
    assert first.sha256 == second.sha256
    assert file_of(first) != file_of(second)


def test_the_file_is_whole_before_its_row_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    where = desk.workspace()

    def full_disk(path: Path, source: object, size: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(operations, "write_file", full_disk)
    with pytest.raises(OSError, match="no space"):
        desk.keep(where)
    assert Document.unscoped.count() == Entry.unscoped.filter(kind="document.stored").count() == 0


def test_a_write_that_fails_leaves_no_part_behind(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    where = desk.workspace()

    def broken(handle: int) -> None:
        raise OSError("input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="input/output"):
        desk.keep(where)
    assert files(settings.FILES_DIR) == []


def test_a_row_that_is_taken_back_leaves_no_entry() -> None:
    where = desk.workspace()

    @transaction.atomic
    def keep_and_fail() -> None:
        desk.keep(where)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        keep_and_fail()
    assert Document.unscoped.count() == Entry.unscoped.filter(kind="document.stored").count() == 0


@pytest.mark.parametrize(
    "name",
    ["", "..", "a\nb.txt", "a\r\nX: y.txt", "../up.txt", "a\\b.txt", "a\u2028b.txt", "x" * 201],
)
def test_names_that_would_break_a_header_or_a_path_are_refused(name: str) -> None:
    with pytest.raises(FilenameRefused):
        desk.keep(desk.workspace(), filename=name)


@pytest.mark.parametrize(
    ("data", "name", "content_type"),
    [
        (b"%PDF-1.7\n...", "offer.pdf", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "logo.png", "image/png"),
        (b"\xff\xd8\xff\xe0....", "photo.jpg", "image/jpeg"),
        ("Bok, čćđšž".encode(), "note.txt", "text/plain"),
        (b"PK\x03\x04....", "list.xlsx", "application/vnd.openxmlformats-officedocument"),
    ],
)
def test_uploads_are_what_their_bytes_say(data: bytes, name: str, content_type: str) -> None:
    kept = upload(desk.workspace(), data, name, claimed="text/html")
    assert kept.content_type.startswith(content_type)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<!doctype html><script>alert(1)</script>", "page.html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "logo.svg"),
        (b"MZ\x90\x00", "setup.exe"),
        (b"PK\x03\x04....", "macro.jar"),
        (b"\0\1\2", "note.txt"),
        (b"", "empty.pdf"),
    ],
)
def test_uploads_of_other_kinds_are_refused(data: bytes, name: str) -> None:
    with pytest.raises(UploadRefused):
        upload(desk.workspace(), data, name, claimed="application/pdf")
    assert Document.unscoped.count() == 0


def test_a_large_upload_is_refused_with_both_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "UPLOAD_LIMIT", 1024 * 1024)
    with pytest.raises(UploadRefused, match=r"2\.0 MB; at most 1 MB"):
        upload(desk.workspace(), b"%PDF-" + b"x" * (2 * 1024 * 1024))


def test_an_upload_that_lies_about_its_size_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "UPLOAD_LIMIT", 10)
    where = desk.workspace()
    lying = SimpleUploadedFile("scan.pdf", b"")
    lying.file, lying.size = BytesIO(b"%PDF-" + b"x" * 100), 5
    with acting_in(where.pk), pytest.raises(UploadRefused, match="larger"):
        store_upload(
            workspace_id=where.pk,
            kind="attachment",
            upload=lying,
            now=desk.NOON,
            actor="user:1",
        )


def test_an_upload_keeps_only_the_last_part_of_its_path() -> None:
    kept = upload(desk.workspace(), b"%PDF-1", name="C:\\Users\\Jana\\offer.pdf")
    assert kept.filename == "offer.pdf"
