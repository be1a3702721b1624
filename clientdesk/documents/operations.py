"""Storing a file for good, and asking for one to be made."""

import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from clientdesk.documents.models import Document, Job
from clientdesk.documents.sniffing import sniff
from clientdesk.record import operations as record
from clientdesk.workspaces.models import User, validate_one_line

log = logging.getLogger(__name__)

UPLOAD_LIMIT = 15 * 1024 * 1024
FILENAME_LIMIT = 200
PIECE = 1024 * 1024
# A file is written before its row; in between, it belongs to whoever is writing it.
UNCLAIMED_FOR = timedelta(days=1)


class UploadRefused(Exception):
    """The file cannot be kept; the text says why, for the one who chose it."""


class FilenameRefused(ValueError):
    """A name with line breaks, control characters or a path, or none at all."""


class UnknownJob(ValueError):
    """Nobody makes documents of this kind."""


def store(
    *,
    workspace_id: int,
    kind: str,
    filename: str,
    content_type: str,
    data: bytes | IO[bytes],
    now: datetime,
    actor: str,
    created_by: User | None = None,
    client_ref: int | None = None,
    subject: str = "",
    title: str = "",
    needs: str = "see_work",
) -> Document:
    """Keep `data` for good. The whole file lies on the disk before its row is written.

    What is large comes as an open file, which is read from its beginning, piece by piece.

    `needs` is the capability of its readers. Raises FilenameRefused.
    """
    _check_filename(filename)
    source = BytesIO(data) if isinstance(data, bytes) else data
    sha256, size = sha256_of(source), source.seek(0, os.SEEK_END)
    path = stored_path(workspace_id, sha256)
    write_file(Path(settings.FILES_DIR) / path, source, size)
    with transaction.atomic():
        document = Document.objects.create(
            workspace_id=workspace_id,
            kind=kind,
            client_ref=client_ref,
            subject=subject,
            title=title,
            filename=filename,
            content_type=content_type,
            sha256=sha256,
            size=size,
            path=path,
            needs=needs,
            created_at=now,
            created_by=created_by,
        )
        record.append(
            workspace_id=workspace_id,
            kind="document.stored",
            content={
                "document": document.pk,
                "document_kind": kind,
                "filename": filename,
                "content_type": content_type,
                "sha256": sha256,
                "size": size,
                "about": subject,
            },
            now=now,
            actor=actor,
            client_ref=client_ref,
            subject=f"document:{document.pk}",
        )
    return document


def store_upload(
    *,
    workspace_id: int,
    kind: str,
    upload: File[bytes],
    now: datetime,
    actor: str,
    created_by: User | None = None,
    client_ref: int | None = None,
    subject: str = "",
    title: str = "",
    needs: str = "see_work",
) -> Document:
    """Keep a file that somebody sent. Raises UploadRefused."""
    filename = Path((upload.name or "").replace("\\", "/")).name
    size = upload.size or 0
    if size > UPLOAD_LIMIT:
        raise UploadRefused(
            _("The file has %(size)s MB; at most %(limit)s MB can be kept.")
            % {"size": f"{size / 1048576:.1f}", "limit": UPLOAD_LIMIT // 1048576}
        )
    data = upload.read(UPLOAD_LIMIT + 1)
    if not data:
        raise UploadRefused(_("The file is empty."))
    if len(data) > UPLOAD_LIMIT:
        raise UploadRefused(
            _("The file is larger than %(limit)s MB.") % {"limit": UPLOAD_LIMIT // 1048576}
        )
    content_type = sniff(data, filename)
    if content_type is None:
        raise UploadRefused(
            _("This kind of file is not kept; possible are PDF, pictures, office files and text.")
        )
    try:
        return store(
            workspace_id=workspace_id,
            kind=kind,
            filename=filename,
            content_type=content_type,
            data=data,
            now=now,
            actor=actor,
            created_by=created_by,
            client_ref=client_ref,
            subject=subject,
            title=title,
            needs=needs,
        )
    except FilenameRefused as error:
        raise UploadRefused(
            _("The name of the file cannot be used: give it a plain name of one line.")
        ) from error


def request_job(
    *,
    workspace_id: int,
    kind: str,
    params: Mapping[str, Any],
    now: datetime,
    created_by: User | None,
    once_key: str | None = None,
    title: str = "",
    needs: str = "see_work",
) -> Job:
    """Ask for a document of `kind`; the same `once_key` answers the job that it made first.

    The broker is only nudged after the commit. If it cannot be reached, the next rescue finds the
    row. Raises UnknownJob.
    """
    from clientdesk.documents.jobs import handler_of  # noqa: PLC0415 -- jobs builds on this module

    handler_of(kind)
    fields: dict[str, Any] = {
        "kind": kind,
        "title": title[:200],
        "params": json.dumps(dict(params), ensure_ascii=False, sort_keys=True),
        "needs": needs,
        "created_at": now,
        "created_by": created_by,
    }
    with transaction.atomic():
        if once_key:
            job, created = Job.objects.get_or_create(
                workspace_id=workspace_id, once_key=once_key, defaults=fields
            )
        else:
            job, created = Job.objects.create(workspace_id=workspace_id, **fields), True
        if created:
            transaction.on_commit(lambda: nudge(job.pk))
    return job


def nudge(job_id: int) -> None:
    """Tell a worker to look at the job now. A broker that is down costs a minute, not the job."""
    from clientdesk.documents.tasks import run_job  # noqa: PLC0415 -- tasks build on operations

    try:
        run_job.delay(job_id)
    except Exception:
        log.warning("job %s waits for the next rescue: no broker", job_id, exc_info=True)


def file_of(document: Document) -> Path:
    return Path(settings.FILES_DIR) / document.path


def remove_unclaimed(paths: Iterable[Path]) -> int:
    """Delete the files that no row names any more; answers how many there were."""
    removed = 0
    for path in paths:
        name = path.relative_to(settings.FILES_DIR).as_posix()
        if path.exists() and not Document.unscoped.filter(path=name).exists():
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def tidy(*, now: datetime) -> int:
    """Remove what a killed process left: files that have had no row for a day."""
    aged = now.timestamp() - UNCLAIMED_FOR.total_seconds()
    old = (
        path
        for path in Path(settings.FILES_DIR).glob("*/*/*")
        if path.is_file() and path.stat().st_mtime < aged
    )
    return remove_unclaimed(old)


def _check_filename(filename: str) -> None:
    try:
        validate_one_line(filename)
    except ValidationError as error:
        raise FilenameRefused(repr(filename)) from error
    if not filename.strip(". ") or "/" in filename or "\\" in filename:
        raise FilenameRefused(repr(filename))
    if len(filename) > FILENAME_LIMIT:
        raise FilenameRefused(f"{len(filename)} signs")


def sha256_of(source: IO[bytes]) -> str:
    """Of all that is in an open file, read piece by piece."""
    source.seek(0)
    digest = hashlib.sha256()
    while piece := source.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()


def unnamed_file() -> IO[bytes]:
    """For a large file in the making: without a name, so whoever is killed leaves nothing."""
    folder = Path(settings.FILES_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryFile(dir=folder)


def stored_path(workspace_id: int, sha256: str) -> str:
    """Where a file of a workspace lies, below FILES_DIR."""
    return f"{workspace_id}/{sha256[:2]}/{sha256}"


def write_file(path: Path, source: IO[bytes], size: int) -> None:
    """Whole or not at all: a temporary file beside it, flushed to the disk, then renamed."""
    if path.exists() and path.stat().st_size == size:
        return
    source.seek(0)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            shutil.copyfileobj(source, file)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
