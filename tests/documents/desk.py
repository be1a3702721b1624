"""A workspace with one document job, for the tests beside it."""

import json
from datetime import UTC, datetime, timedelta

from clientdesk.documents.jobs import JobRefused, Made, Report, register_job
from clientdesk.documents.models import Document, Job
from clientdesk.documents.operations import request_job, store
from clientdesk.workspaces.access import Role
from clientdesk.workspaces.models import Membership, User, Workspace
from clientdesk.workspaces.operations import create_workspace
from clientdesk.workspaces.scoping import acting_in

NOON = datetime(2025, 6, 6, 10, 0, tzinfo=UTC)
KIND = "test.note"


def user(email: str = "jana@studio.example") -> User:
    return User.objects.create_user(email, "a long password", name="Jana")


def workspace(slug: str = "studio", owner: User | None = None) -> Workspace:
    found = owner or User.objects.filter(email="jana@studio.example").first() or user()
    return create_workspace(name=slug.capitalize(), slug=slug, owner=found, now=NOON)


def member(where: Workspace, role: Role) -> User:
    found = user(f"{role}@studio.example")
    Membership.objects.create(workspace=where, user=found, role=role, joined_at=NOON)
    return found


def keep(
    where: Workspace, text: str = "hello", filename: str = "note.txt", needs: str = "see_work"
) -> Document:
    with acting_in(where.pk):
        return store(
            workspace_id=where.pk,
            kind="note",
            filename=filename,
            content_type="text/plain",
            data=text.encode(),
            now=NOON,
            actor="system",
            needs=needs,
        )


def ask(where: Workspace, once_key: str | None = None, **params: object) -> Job:
    with acting_in(where.pk):
        return request_job(
            workspace_id=where.pk,
            kind=KIND,
            params=params,
            now=NOON,
            created_by=None,
            once_key=once_key,
            title="A note",
        )


def clock(minutes: float = 0) -> datetime:
    return NOON + timedelta(minutes=minutes)


def write_note(job: Job, report: Report) -> Made:
    """Writes what it is told; `fail` and `refuse` in the params make it do that instead."""
    params = json.loads(job.params)
    report(50, "half of it is written")
    if params.get("fail", 0) >= job.attempts:
        raise ZeroDivisionError("a poison row")
    if params.get("refuse"):
        raise JobRefused("There is nothing to write.")
    data = str(params.get("text", "written")).encode()

    def stored(now: datetime) -> Document:
        return store(
            workspace_id=job.workspace_id,
            kind="note",
            filename="note.txt",
            content_type="text/plain",
            data=data,
            now=now,
            actor="system",
        )

    return Made(stored)


register_job(KIND, write_note)
