"""Public links: to one round of one request, and to one project's page.

256 bits, hashed at rest, bound to one object and recipient, expiring, revocable.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import models

from clientdesk.tokens import address_of, hashed, new_nonce, token_of
from clients.models import Project
from feedback.models import AnswerLink, ProjectLink, Request, Round

LIFETIME = timedelta(days=180)
ANSWER, PROJECT = "answer-link", "project-link"
Link = TypeVar("Link", AnswerLink, ProjectLink)


def answer_links(
    rounds: Sequence[Round], *, emails: Mapping[int, str], now: datetime
) -> dict[int, str]:
    """By round id, the address for the recipient that `emails` names by round id.

    Made where there is none; an address given before stays the same.
    """
    known: dict[tuple[int, str], AnswerLink] = {}
    for link in AnswerLink.objects.filter(
        round__in=rounds, revoked_at=None, expires_at__gt=now
    ).order_by("pk"):
        if _still_opens(link, ANSWER):
            known[link.round_id, link.email] = link
    new = []
    for round_ in rounds:
        key = round_.pk, emails[round_.pk]
        if key not in known:
            known[key] = AnswerLink(
                round=round_, **_fresh(ANSWER, round_.workspace_id, key[1], now)
            )
            new.append(known[key])
    AnswerLink.objects.bulk_create(new)
    return {
        round_.pk: address_of(
            "public:answer", token_of(ANSWER, known[round_.pk, emails[round_.pk]].nonce)
        )
        for round_ in rounds
    }


def project_link(project: Project, *, email: str, now: datetime) -> str:
    """The address of a project's public page for this recipient; made where there is none."""
    if address := known_project_link(project, email=email, now=now):
        return address
    fresh = _fresh(PROJECT, project.workspace_id, email, now)
    return project_address(ProjectLink.objects.create(project=project, **fresh))


def known_project_link(project: Project, *, email: str, now: datetime) -> str:
    """The address this recipient can open now, else nothing: a look makes no link."""
    found = ProjectLink.objects.filter(
        project=project, email=email, revoked_at=None, expires_at__gt=now
    ).order_by("pk")
    return next((project_address(one) for one in found if _still_opens(one, PROJECT)), "")


def project_address(link: ProjectLink) -> str:
    return address_of("public:project", token_of(PROJECT, link.nonce))


def _still_opens(link: AnswerLink | ProjectLink, purpose: str) -> bool:
    """After a change of the secret key the old row opens nothing."""
    return link.token_hash == hashed(token_of(purpose, link.nonce))


def _fresh(purpose: str, workspace_id: int, email: str, now: datetime) -> dict[str, object]:
    nonce = new_nonce()
    return {
        "workspace_id": workspace_id,
        "email": email,
        "nonce": nonce,
        "token_hash": hashed(token_of(purpose, nonce)),
        "created_at": now,
        "expires_at": now + LIFETIME,
    }


def find_answer_link(token: str, *, now: datetime) -> AnswerLink | None:
    """The link behind a token, from any workspace; unknown, expired and revoked look the same."""
    return (
        _with_all(AnswerLink.unscoped)
        .filter(token_hash=hashed(token), revoked_at=None, expires_at__gt=now)
        .first()
    )


def replaced_link(token: str, *, now: datetime) -> AnswerLink | None:
    """A link that opens nothing any more, of a request that is still open: it expired, or another
    round took the place of its own. A revoked one is not found."""
    link = _with_all(AnswerLink.unscoped).filter(token_hash=hashed(token), revoked_at=None).first()
    if link is None or not link.round.request.is_open:
        return None
    is_present = link.round.number == link.round.request.round_number
    return None if is_present and link.expires_at > now else link


def links_of(request: Request) -> list[AnswerLink]:
    """Those that were given out for its rounds and not revoked, the newest first; one query."""
    return list(
        AnswerLink.objects.filter(round__request=request, revoked_at=None)
        .select_related("round")
        .order_by("-pk")
    )


def _with_all(links: "models.Manager[AnswerLink]") -> "models.QuerySet[AnswerLink]":
    return links.select_related(
        "round__request__client", "round__request__project__client", "round__request__account",
        "round__request__workspace", "workspace",
    )  # fmt: skip


def find_project_link(token: str, *, now: datetime) -> ProjectLink | None:
    """Likewise for a project's page."""
    return (
        ProjectLink.unscoped.select_related("project__client", "workspace")
        .filter(token_hash=hashed(token), revoked_at=None, expires_at__gt=now)
        .first()
    )
