"""An exported workspace on this installation: all of it or nothing, and nothing is sent.

Rows keep their numbers where they are free. Where another workspace has them, every number of a
table is raised by the same amount, and the record gets an entry that says by how much.
"""

import json
import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import DatabaseError, connection, models, transaction

from billing.models import Invoice
from clientdesk.desk.operations.moving_tables import (
    FORMAT,
    MANIFEST,
    NOUNS,
    TEXTS,
    columns,
    from_json,
    moved_text,
    points_at,
    points_at_user,
    schema,
    tables,
    workspace_columns,
)
from clientdesk.documents.operations import sha256_of, stored_path, write_file
from clientdesk.record import operations as record
from clientdesk.record.models import Entry, Head
from clientdesk.record.moves import MOVED, Move
from clientdesk.record.verify import verify_record
from clientdesk.workspaces.models import User, Workspace

BATCH = 500
INVOICE, ENTRY = Invoice._meta.label, Entry._meta.label


class ImportRefused(Exception):
    """The file cannot come in; the text says what was found and what was expected."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came in. `new_users` have no password yet."""

    workspace: Workspace
    rows: int
    files: int
    new_users: list[str]


@dataclass(slots=True)
class _Numbers:
    """What becomes of a row's number."""

    shifts: dict[str, int] = field(default_factory=dict)
    users: dict[int, int] = field(default_factory=dict)

    def moved(self, label: str, number: int) -> int:
        return number + self.shifts.get(label, 0)


def import_workspace(file: IO[bytes], *, now: datetime, slug: str = "") -> Imported:
    """Bring in what `export_workspace` wrote, as `slug` where one is given.

    Sending is paused; links in letters that went out open as before. Raises ImportRefused.
    """
    made: list[int] = []
    try:
        with zipfile.ZipFile(file) as zipped:
            manifest = _manifest(zipped)
            with transaction.atomic():
                _lock()
                return _bring_in(zipped, manifest, slug, now, made)
    except BaseException as error:
        for pk in made:
            shutil.rmtree(Path(settings.FILES_DIR) / str(pk), ignore_errors=True)
        if isinstance(error, zipfile.BadZipFile):
            raise ImportRefused(f"the file is no whole ZIP: {error}") from error
        if isinstance(error, DatabaseError):
            raise ImportRefused(f"a row does not fit: {str(error).splitlines()[0]}") from error
        raise


def _manifest(zipped: zipfile.ZipFile) -> dict[str, Any]:
    try:
        manifest = json.loads(zipped.read(MANIFEST))
    except (KeyError, ValueError) as error:
        raise ImportRefused(f"no readable {MANIFEST}: expected an export of a workspace") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ImportRefused(f"format {manifest.get('format')!r}; expected {FORMAT}")
    theirs, ours = manifest.get("schema", {}), schema()
    for label in sorted({*theirs, *ours}):
        if theirs.get(label) != ours.get(label):
            raise ImportRefused(
                f"{label} has other columns there than here: it was written by another version"
                " of Clientdesk; import it with that version first and upgrade then"
            )
    return manifest


def _lock() -> None:
    """Nobody takes a number that is about to be given. SQLite has one writer anyway."""
    if connection.vendor != "postgresql":
        return
    locked: list[type[models.Model]] = [Workspace, User, *tables().values()]
    names = [m._meta.db_table for m in locked]
    quoted = ", ".join(connection.ops.quote_name(name) for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {quoted} IN SHARE ROW EXCLUSIVE MODE")


def _bring_in(
    zipped: zipfile.ZipFile, manifest: Mapping[str, Any], slug: str, now: datetime, made: list[int]
) -> Imported:
    chain = manifest.get("record")
    if chain and (head := Head.unscoped.filter(chain_id=chain["chain"]).first()):
        raise ImportRefused(f"this workspace is here already, as {head.workspace.slug!r}")
    workspace = _workspace(manifest["workspace"], slug)
    made.append(workspace.pk)
    numbers = _Numbers()
    new_users = _map_users(manifest["users"], numbers)
    _shift(zipped, numbers)
    files = _files(zipped, manifest["files"], workspace)
    count = 0
    for label, model in tables().items():
        found = _table(zipped, model, workspace, numbers)
        if found != manifest["rows"][label]:
            raise ImportRefused(f"{label}: {found} rows; expected {manifest['rows'][label]}")
        count += found
    _issue_again(zipped, workspace, numbers)
    _set_sequences()
    if chain:
        _seal(workspace, chain, numbers, now)
    return Imported(workspace, count, files, new_users)


def _workspace(values: Mapping[str, Any], slug: str) -> Workspace:
    try:
        row = {f.attname: from_json(f, values[f.attname]) for f in workspace_columns()}
        workspace = Workspace(**{**row, "slug": slug or row["slug"], "sending_paused": True})
        workspace.full_clean()
    except (KeyError, ValueError, TypeError) as error:
        raise ImportRefused(f"the workspace lacks {error}") from error
    except ValidationError as error:
        said = "; ".join(f"{name}: {' '.join(text)}" for name, text in error.message_dict.items())
        raise ImportRefused(f"the workspace cannot be made: {said}") from error
    workspace.save()
    return workspace


def _map_users(people: list[dict[str, Any]], numbers: _Numbers) -> list[str]:
    """By address; who is not here yet comes without a password."""
    new: list[str] = []
    for one in people:
        email = str(one["email"]).lower()
        user = User.objects.filter(email=email).first()
        if user is None:
            user = User.objects.create_user(email, name=one["name"])
            new.append(email)
        numbers.users[one["id"]] = user.pk
    return new


def _shift(zipped: zipfile.ZipFile, numbers: _Numbers) -> None:
    """By how much each table's numbers rise: not at all where theirs lie above those here.

    Else above all numbers here and there, so that no old number in a text is anybody's new one.
    """
    for label, model in tables().items():
        fields = [f.attname for f in columns(model)]
        place = fields.index("id")
        theirs = [row[place] for row in _lines(zipped, label)]
        manager = getattr(model, "unscoped", model._default_manager)
        here = manager.aggregate(last=models.Max("pk"))["last"] or 0
        if theirs and here >= min(theirs):
            numbers.shifts[label] = max(here, *theirs) + 1 - min(theirs)


def _lines(zipped: zipfile.ZipFile, label: str) -> Iterator[list[Any]]:
    try:
        with zipped.open(f"rows/{label}.jsonl") as lines:
            for number, line in enumerate(lines, start=1):
                try:
                    row = json.loads(line)
                except ValueError as error:
                    raise ImportRefused(f"{label}, line {number}: not readable") from error
                yield row
    except KeyError as error:
        raise ImportRefused(f"rows/{label}.jsonl is missing") from error


def _files(zipped: zipfile.ZipFile, stated: list[dict[str, Any]], workspace: Workspace) -> int:
    for one in stated:
        sha256 = str(one["sha256"])
        with TemporaryFile() as whole:
            try:
                with zipped.open(f"files/{sha256}") as file:
                    shutil.copyfileobj(file, whole)
            except KeyError as error:
                raise ImportRefused(f"file {sha256} is missing") from error
            if sha256_of(whole) != sha256:
                raise ImportRefused(f"file {sha256} is another one than was exported")
            path = Path(settings.FILES_DIR) / stored_path(workspace.pk, sha256)
            write_file(path, whole, whole.seek(0, os.SEEK_END))
    return len(stated)


def _rows(
    zipped: zipfile.ZipFile, model: type[models.Model], workspace: Workspace, numbers: _Numbers
) -> Iterator[dict[str, Any]]:
    """Each row as its values by column, with the numbers it has here."""
    label = str(model._meta.label)
    fields = columns(model)
    for number, line in enumerate(_lines(zipped, label), start=1):
        try:
            row = {f.attname: from_json(f, value) for f, value in zip(fields, line, strict=True)}
        except (ValidationError, ValueError, TypeError) as error:
            raise ImportRefused(f"{label}, line {number}: {error}") from error
        for f in fields:
            name, value = f.attname, row[f.attname]
            if value is None:
                continue
            if points_at_user(f):
                row[name] = numbers.users[value]
            elif (label, name) in TEXTS:
                row[name] = moved_text(label, row, name, numbers.moved)
            elif target := points_at(f):
                row[name] = numbers.moved(target, value)
        if label == "documents.Document":
            row["path"] = stored_path(workspace.pk, row["sha256"])
        if label == ENTRY:
            row["actor"] = _as_move(numbers, 0).actor(row["actor"])
        yield {"workspace_id": workspace.pk, **row}


def _table(
    zipped: zipfile.ZipFile, model: type[models.Model], workspace: Workspace, numbers: _Numbers
) -> int:
    count = 0
    batch: list[dict[str, Any]] = []
    for row in _rows(zipped, model, workspace, numbers):
        count += 1
        batch.append(_as_draft(row) if model is Invoice else row)
        if len(batch) == BATCH:
            _insert(model, batch)
            batch = []
    _insert(model, batch)
    return count


def _as_draft(row: dict[str, Any]) -> dict[str, Any]:
    """What is issued takes no more lines, so it gets them as the draft that it was."""
    if row["state"] == Invoice.State.DRAFT:
        return row
    return {**row, "state": Invoice.State.DRAFT, "number": None, "document_id": None}


def _issue_again(zipped: zipfile.ZipFile, workspace: Workspace, numbers: _Numbers) -> None:
    fixed = [
        f for f in Invoice._meta.concrete_fields if f.attname in {"state", "number", "document_id"}
    ]
    names = ", ".join(f"{connection.ops.quote_name(str(f.column))} = %s" for f in fixed)
    statement = f"UPDATE {Invoice._meta.db_table} SET {names} WHERE id = %s AND workspace_id = %s"
    with connection.cursor() as cursor:
        for row in _rows(zipped, Invoice, workspace, numbers):
            if row["state"] != Invoice.State.DRAFT:
                values = [row[f.attname] for f in fixed]
                cursor.execute(statement, [*values, row["id"], workspace.pk])


def _insert(model: type[models.Model], rows: list[dict[str, Any]]) -> None:
    """With their numbers, and without what a field would put in by itself."""
    if not rows:
        return
    fields = list(model._meta.concrete_fields)
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(f.column)) for f in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({places})"
    with connection.cursor() as cursor:
        cursor.executemany(
            statement,
            [[f.get_db_prep_save(row[f.attname], connection) for f in fields] for row in rows],
        )


def _set_sequences() -> None:
    """PostgreSQL counts apart from the rows; SQLite looks at them."""
    if connection.vendor != "postgresql":
        return
    made = connection.ops.sequence_reset_sql(no_style(), list(tables().values()))
    with connection.cursor() as cursor:
        for statement in made:
            cursor.execute(statement)


def _as_move(numbers: _Numbers, upto: int) -> Move:
    shifts = {noun: numbers.shifts.get(label, 0) for noun, label in NOUNS.items()}
    return Move(upto, shifts, {str(old): str(new) for old, new in numbers.users.items()})


def _seal(workspace: Workspace, chain: Mapping[str, Any], numbers: _Numbers, now: datetime) -> None:
    """The move becomes an entry, and the whole record must hold with it."""
    if list(record.head_of(workspace.pk)) != list(chain["head"]):
        raise ImportRefused("the record ends at another entry than the file states")
    upto = int(chain["head"][0])
    record.append(
        workspace_id=workspace.pk,
        kind=MOVED,
        content=_as_move(numbers, upto).as_content(),
        now=now,
        actor="system",
    )
    verdict = verify_record(workspace.pk)
    if verdict.first_break:
        raise ImportRefused(
            f"the record does not hold: entry {verdict.first_break.seq}, "
            f"{verdict.first_break.problem}"
        )
