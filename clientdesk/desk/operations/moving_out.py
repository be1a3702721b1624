"""A whole workspace as one ZIP: every row of every table, and every stored file."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from clientdesk import clock
from clientdesk.desk.operations.moving_tables import (
    EXPORT,
    FORMAT,
    MANIFEST,
    columns,
    schema,
    tables,
    to_json,
    workspace_columns,
)
from clientdesk.documents.jobs import JobRefused, Made, Report
from clientdesk.documents.models import Document, Job
from clientdesk.documents.operations import request_job, store, unnamed_file
from clientdesk.record.chain import instant
from clientdesk.record.models import Head
from clientdesk.workspaces.models import User, Workspace
from clientdesk.workspaces.moments import one_moment

EPOCH = (1980, 1, 1, 0, 0, 0)
CHUNK = 1_000
COPY = 1024 * 1024


class FileLost(Exception):
    """A stored file is not on the disk, or is another one than was stored."""


def _quiet(progress: int) -> None:
    return None


def export_workspace(
    out: IO[bytes], *, workspace: Workspace, now: datetime, report: Callable[[int], None] = _quiet
) -> dict[str, int]:
    """Write the ZIP; answers how many rows of each table and, as "files", how many files.

    All of one moment. Earlier exports are left out. `report` is told per cent. Raises FileLost.
    """
    counts: dict[str, int] = {}
    with one_moment(), zipfile.ZipFile(out, "w", allowZip64=True) as zipped:
        for position, (label, model) in enumerate(tables().items()):
            rows = _rows(model, workspace)
            counts[label] = _write_lines(zipped, f"rows/{label}.jsonl", rows)
            report(5 + 60 * position // len(tables()))
        stored = _documents(workspace)
        files = sorted(set(stored.values_list("sha256", "path", "size").order_by("sha256")))
        for position, (sha256, path, _size) in enumerate(files):
            _copy_file(zipped, Path(settings.FILES_DIR) / path, sha256)
            report(65 + 30 * position // len(files))
        counts["files"] = len(files)
        head = Head.unscoped.filter(workspace=workspace).first()
        manifest = {
            "format": FORMAT,
            "exported_at": instant(now),
            "record": {"chain": head.chain_id, "head": [head.seq, head.hash]} if head else None,
            "workspace": {
                f.attname: to_json(f, getattr(workspace, f.attname)) for f in workspace_columns()
            },
            "users": _users(workspace),
            "schema": schema(),
            "rows": {label: counts[label] for label in tables()},
            "files": [{"sha256": sha256, "size": size} for sha256, _path, size in files],
        }
        text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1)
        _write(zipped, MANIFEST, text.encode())
    return counts


def _documents(workspace: Workspace) -> models.QuerySet[Document]:
    return Document.unscoped.filter(workspace=workspace).exclude(kind=EXPORT)


def _rows(model: type[models.Model], workspace: Workspace) -> Iterator[list[Any]]:
    """Each row as its values, in the order of the columns."""
    # Membership is what decides a scope, so it has no manager that asks for one.
    rows = getattr(model, "unscoped", model._default_manager).filter(workspace=workspace)
    if model in (Document, Job):
        rows = rows.exclude(kind=EXPORT)
    fields = columns(model)
    order = "seq" if model._meta.label == "record.Entry" else "pk"
    values = rows.order_by(order).values_list(*(f.attname for f in fields))
    for row in values.iterator(chunk_size=CHUNK):
        yield [to_json(field, value) for field, value in zip(fields, row, strict=True)]


def _users(workspace: Workspace) -> list[dict[str, Any]]:
    """Who a row may name: members, and whoever was one. No password leaves the installation."""
    ids: set[int] = set()
    for model in tables().values():
        rows = getattr(model, "unscoped", model._default_manager).filter(workspace=workspace)
        for field in columns(model):
            if field.related_model is User:
                ids.update(rows.values_list(field.attname, flat=True).distinct())
    people = User.objects.filter(pk__in=ids - {None}).order_by("pk")
    return [{"id": user.pk, "email": user.email, "name": user.name} for user in people]


def _write(zipped: zipfile.ZipFile, path: str, data: bytes) -> None:
    info = zipfile.ZipInfo(path, EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    zipped.writestr(info, data)


def _write_lines(zipped: zipfile.ZipFile, path: str, rows: Iterator[list[Any]]) -> int:
    info = zipfile.ZipInfo(path, EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    count = 0
    with zipped.open(info, "w", force_zip64=True) as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
            count += 1
    return count


def _copy_file(zipped: zipfile.ZipFile, path: Path, sha256: str) -> None:
    """Piece by piece, and only what was stored. Raises FileLost."""
    # Stored files are packed already: PDF, pictures, office files.
    info = zipfile.ZipInfo(f"files/{sha256}", EPOCH)
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file, zipped.open(info, "w", force_zip64=True) as out:
            while piece := file.read(COPY):
                digest.update(piece)
                out.write(piece)
    except FileNotFoundError as error:
        raise FileLost(f"{path.name} is not on the disk") from error
    if digest.hexdigest() != sha256:
        raise FileLost(f"{path.name} is another file than was stored")


def request_export(*, workspace: Workspace, once_key: str, now: datetime, by: User) -> Job:
    """Ask for it; the same `once_key` answers the same job. For owners only."""
    return request_job(
        workspace_id=workspace.pk,
        kind=EXPORT,
        params={},
        now=now,
        created_by=by,
        once_key=f"{EXPORT}:{once_key}",
        title=_("Everything in %(workspace)s") % {"workspace": workspace.name},
        needs="manage",
    )


def make_export(job: Job, report: Report) -> Made:
    """Raises JobRefused, ClaimLost."""
    workspace = Workspace.objects.get(pk=job.workspace_id)
    file = unnamed_file()
    try:
        export_workspace(file, workspace=workspace, now=clock.now(), report=report)
    except BaseException as error:
        file.close()
        if not isinstance(error, FileLost):
            raise
        raise JobRefused(
            _("A stored file is missing or damaged: %(file)s. Nothing was exported.")
            % {"file": str(error)}
        ) from error

    def stored(now: datetime) -> Document:
        with file:
            return store(
                workspace_id=workspace.pk,
                kind=EXPORT,
                filename=f"{workspace.slug}-{workspace.local_today(now).isoformat()}.zip",
                content_type="application/zip",
                data=file,
                now=now,
                actor=f"user:{job.created_by_id}" if job.created_by_id else "system",
                created_by=job.created_by,
                title=job.title,
                needs="manage",
            )

    return Made(stored)
