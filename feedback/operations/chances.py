"""Chances missed because an answer was missing: noted with their evidence, struck out if wrong."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from clientdesk.documents.operations import store_upload
from clientdesk.record import operations as record
from clientdesk.workspaces.models import User
from clientdesk.workspaces.scoping import check_same_workspace
from clients.models import Project
from feedback.models import MissedChance, Request


class RequestOfAnotherProject(ValueError):
    """A chance is missed for want of an answer that its own project waited for."""


class MissedLater(ValueError):
    """What is still to come cannot be missed yet."""


@transaction.atomic
def note_chance(
    *,
    project: Project,
    title: str,
    missed_on: date,
    now: datetime,
    actor: str,
    evidence: str = "",
    request: Request | None = None,
    upload: UploadedFile[bytes] | None = None,
    author: User | None = None,
    once_key: str | None = None,
) -> MissedChance:
    """Something did not happen on the day `missed_on`; sent twice with one `once_key`, it is one.

    Raises MissedLater, RequestOfAnotherProject, UploadRefused, ForeignRow, ValidationError by
    field.
    """
    check_same_workspace(project.workspace_id, request)
    if request is not None and request.project_id != project.pk:
        raise RequestOfAnotherProject(request.pk)
    if missed_on > project.workspace.local_today(now):
        raise MissedLater(missed_on)
    # The project's row is the lock: of two clicks at once the second sees the first one's.
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    if once_key and (existing := MissedChance.objects.filter(once_key=once_key).first()):
        return existing
    chance = MissedChance(
        workspace_id=project.workspace_id,
        project=project,
        request=request,
        title=title,
        evidence=evidence,
        missed_on=missed_on,
        author=author,
        created_at=now,
        once_key=once_key or None,
    )
    chance.full_clean()
    chance.save()
    if upload is not None:
        chance.document = store_upload(
            workspace_id=project.workspace_id,
            kind="evidence",
            upload=upload,
            now=now,
            actor=actor,
            created_by=author,
            client_ref=project.client_id,
            subject=f"chance:{chance.pk}",
            title=title,
        )
        chance.save(update_fields=["document"])
    facts = {
        "missed_on": missed_on.isoformat(),
        "evidence": evidence,
        "request": request.title if request else "",
        "file": chance.document.sha256 if chance.document else "",
    }
    _record(chance, "chance.noted", facts, now=now, actor=actor)
    return chance


@transaction.atomic
def strike_chance(*, chance: MissedChance, now: datetime, actor: str) -> MissedChance:
    """Noted by mistake: it is counted and shown no more, and stays in the record."""
    chance = (
        MissedChance.objects.select_for_update(of=("self",), no_key=True)
        .select_related("project")
        .get(pk=chance.pk)
    )
    if chance.struck_at is None:
        chance.struck_at = now
        chance.save(update_fields=["struck_at"])
        _record(chance, "chance.struck", {}, now=now, actor=actor)
    return chance


def _record(
    chance: MissedChance, kind: str, facts: Mapping[str, Any], *, now: datetime, actor: str
) -> None:
    record.append(
        workspace_id=chance.workspace_id,
        kind=kind,
        content={"title": chance.title, "project": chance.project.name, **facts},
        now=now,
        actor=actor,
        client_ref=chance.project.client_id,
        subject=f"chance:{chance.pk}",
    )
