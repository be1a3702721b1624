"""The kinds of files that can be brought in, and the files that wait for their owner's yes."""

import re
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from billing.operations.importing import InvoiceImporter
from billing.operations.importing_payments import PaymentImporter
from clientdesk import importing
from clientdesk.importing import Importer, Report
from clientdesk.workspaces.models import User, Workspace
from clientdesk.workspaces.scoping import acting_in
from clients.operations.importing import ClientImporter
from clients.operations.importing_log import InteractionImporter

# In the order in which they need each other.
KINDS: dict[str, type[Importer]] = {
    "clients": ClientImporter,
    "invoices": InvoiceImporter,
    "payments": PaymentImporter,
    "interactions": InteractionImporter,
}
KEPT = timedelta(days=1)
TOKEN = re.compile(r"[0-9a-f]{32}")


class NoSuchUpload(Exception):
    """It was brought in, it is older than a day, or it is another person's."""


def import_file(
    *,
    kind: str,
    path: Path,
    workspace: Workspace,
    now: datetime,
    actor: str,
    dry_run: bool,
    by: User | None = None,
) -> Report:
    """Take all rows of the file or none; in a dry run none, with the same report."""
    with acting_in(workspace.pk):
        importer = KINDS[kind](workspace=workspace, now=now, actor=actor, by=by)
        return importing.run(importer, path, workspace=workspace, dry_run=dry_run)


def keep_upload(
    *, file: "UploadedFile[bytes]", kind: str, workspace: Workspace, user: User, now: datetime
) -> str:
    """Keep a file for its dry run and the yes after it; answers the token that finds it again.

    Its name on disk is ours, and says to whom it belongs. Files of more than a day go.
    """
    folder = _folder(workspace)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    purge_uploads(now=now)
    token = secrets.token_hex(16)
    with (folder / f"{user.pk}-{kind}-{token}.csv").open("wb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
    return token


def find_upload(*, token: str, workspace: Workspace, user: User) -> tuple[str, Path]:
    """Kind and path of an upload of this user in this workspace. Raises NoSuchUpload."""
    if TOKEN.fullmatch(token):
        for kind in KINDS:
            path = _folder(workspace) / f"{user.pk}-{kind}-{token}.csv"
            if path.is_file():
                return kind, path
    raise NoSuchUpload(token)


def purge_uploads(*, now: datetime) -> None:
    """Remove files that have waited for more than a day, of all workspaces."""
    oldest = (now - KEPT).timestamp()
    for path in (settings.DATA_DIR / "imports").glob("*/*.csv"):
        try:
            if path.stat().st_mtime < oldest:
                path.unlink()
        except FileNotFoundError:  # brought in, or purged by another request
            continue


def _folder(workspace: Workspace) -> Path:
    folder: Path = settings.DATA_DIR / "imports" / str(workspace.pk)
    return folder
