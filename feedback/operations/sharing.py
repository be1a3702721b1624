"""What a client sees of a project, and the links that lead there."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from clientdesk.outbox.operations import Recipient, enqueue
from clientdesk.record import operations as record
from clients.models import Contact, Project
from feedback.models import ProjectLink, ProjectShare
from feedback.queries.links import project_link
from feedback.queries.project_page import share_of

KIND = "feedback.project"


class NobodyThere(ValueError):
    """The address is none of the client's people."""


class AlreadySentToday(Exception):
    """The link went to this person today."""


@transaction.atomic
def choose_shown(
    *, project: Project, shown: Mapping[str, bool], now: datetime, actor: str
) -> ProjectShare:
    """What the project's public page shows, by the fields of ProjectShare."""
    _lock(project)
    share = share_of(project)
    if share.pk and all(getattr(share, name) == value for name, value in shown.items()):
        return share
    for name, value in shown.items():
        setattr(share, name, value)
    share.full_clean()
    share.save()
    _record(project, "project.shows", dict(shown), now=now, actor=actor)
    return share


@transaction.atomic
def make_link(*, project: Project, email: str, now: datetime, actor: str) -> str:
    """The address of the page for one of the client's people; the same while one is open.

    Raises NobodyThere.
    """
    _person(project, email)
    _lock(project)
    before = _open_links(project, now).count()
    address = project_link(project, email=email, now=now)
    if _open_links(project, now).count() > before:
        _record(project, "project.shared", {"email": email}, now=now, actor=actor)
    return address


@transaction.atomic
def send_link(*, project: Project, email: str, now: datetime, actor: str) -> None:
    """The link by mail, through the outbox, at most once a day. Raises NobodyThere,
    AlreadySentToday, RecipientRefused."""
    person = _person(project, email)
    make_link(project=project, email=email, now=now, actor=actor)
    day = project.workspace.local_today(now).isoformat()
    part = enqueue(
        workspace=project.workspace,
        kind=KIND,
        dedupe_key=f"project:{project.pk}:link:{email}:{day}",
        facts={"project": project.pk, "email": email},
        recipient=Recipient(email, person.name, project.client.language),
        client_ref=project.client_id,
        automatic=False,
        now=now,
    )
    if part is None:
        raise AlreadySentToday(email)


@transaction.atomic
def revoke_link(*, link: ProjectLink, now: datetime, actor: str) -> ProjectLink:
    """It opens nothing any more; revoked twice is revoked once."""
    link = (
        ProjectLink.objects.select_for_update(of=("self",), no_key=True)
        .select_related("project")
        .get(pk=link.pk)
    )
    if link.revoked_at is None:
        link.revoked_at = now
        link.save(update_fields=["revoked_at"])
        _record(link.project, "project.unshared", {"email": link.email}, now=now, actor=actor)
    return link


def _lock(project: Project) -> None:
    """Of two clicks at once the second sees what the first one made."""
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)


def _person(project: Project, email: str) -> Contact:
    found = Contact.objects.filter(client=project.client_id, email=email).exclude(email="").first()
    if found is None:
        raise NobodyThere(email)
    return found


def _open_links(project: Project, now: datetime) -> Any:
    return ProjectLink.objects.filter(project=project, revoked_at=None, expires_at__gt=now)


def _record(
    project: Project, kind: str, facts: Mapping[str, Any], *, now: datetime, actor: str
) -> None:
    record.append(
        workspace_id=project.workspace_id,
        kind=kind,
        content={"name": project.name, **facts},
        now=now,
        actor=actor,
        client_ref=project.client_id,
        subject=f"project:{project.pk}",
    )
