"""People in and out of a workspace, with the record and the outbox told."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urljoin

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from clientdesk.outbox.kinds import Letter, Ready, Withdrawn
from clientdesk.outbox.letters import letter_text
from clientdesk.outbox.models import Part
from clientdesk.outbox.operations import Recipient, enqueue
from clientdesk.record import operations as record
from clientdesk.workspaces import operations as workspaces
from clientdesk.workspaces.forms import ProfileForm
from clientdesk.workspaces.models import Invitation, Membership, User, Workspace

KIND = "desk.invitation"


@transaction.atomic
def invite_member(
    *, workspace: Workspace, email: str, role: str, invited_by: User, now: datetime
) -> str:
    """Invite by mail; the link is returned, for those who hand it over themselves.

    The same again within seconds is the same click twice. Raises AlreadyMember.
    """
    # The workspace's row is the lock: of two forms at once the second sees the first one's guest.
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    if link := _link_just_made(email=email, role=role, invited_by=invited_by, now=now):
        return link
    invitation, token = workspaces.invite(
        workspace=workspace, email=email, role=role, invited_by=invited_by, now=now
    )
    link = urljoin(settings.BASE_URL, reverse("workspaces:join", args=[token]))
    enqueue(
        workspace=workspace,
        kind=KIND,
        dedupe_key=f"invitation:{invitation.pk}",
        facts={"invitation": invitation.pk, "link": link},
        recipient=Recipient(email=invitation.email, name="", language=workspace.language),
        client_ref=None,
        automatic=False,
        now=now,
    )
    _record(workspace.pk, "member.invited", invitation.email, role, now, f"user:{invited_by.pk}")
    return link


def _link_just_made(*, email: str, role: str, invited_by: User, now: datetime) -> str:
    """The link of an invitation sent moments ago, which only its letter knows; else nothing."""
    invitation = Invitation.objects.filter(
        email=email.strip().lower(),
        role=role,
        invited_by=invited_by,
        accepted_at=None,
        revoked_at=None,
        created_at__gt=now - workspaces.SENT_TWICE,
    ).first()
    if invitation is None:
        return ""
    letter = Part.objects.filter(dedupe_key=f"invitation:{invitation.pk}").first()
    return str(letter.facts["link"]) if letter else ""


@transaction.atomic
def revoke(*, invitation: Invitation, now: datetime) -> None:
    """Its link opens nothing any more, and a letter not yet gone stays here."""
    Invitation.objects.filter(pk=invitation.pk, revoked_at=None).update(revoked_at=now)


@transaction.atomic
def change(*, membership: Membership, role: str, now: datetime, actor: str) -> None:
    """Raises LastOwner."""
    workspaces.change_role(membership=membership, role=role)
    _record(membership.workspace_id, "member.changed", membership.user.email, role, now, actor)


@transaction.atomic
def remove(*, membership: Membership, now: datetime, actor: str) -> None:
    """Raises LastOwner."""
    email, role, workspace_id = membership.user.email, membership.role, membership.workspace_id
    workspaces.remove_member(membership=membership)
    _record(workspace_id, "member.removed", email, role, now, actor)


@transaction.atomic
def change_profile(*, form: ProfileForm, now: datetime, actor: str) -> Workspace:
    """Keep a valid form. Invoices issued before show the business as it was then."""
    workspace = form.save()
    record.append(
        workspace_id=workspace.pk,
        kind="workspace.changed",
        content={field: str(form.cleaned_data[field]) for field in sorted(form.changed_data)},
        now=now,
        actor=actor,
    )
    return workspace


def _record(workspace_id: int, kind: str, email: str, role: str, now: datetime, actor: str) -> None:
    record.append(
        workspace_id=workspace_id,
        kind=kind,
        content={"email": email, "role": role},
        now=now,
        actor=actor,
    )


class InvitationLetter:
    """The outbox's kind for invitations."""

    name = KIND

    def check(self, parts: Sequence[Part], *, now: datetime) -> Mapping[int, Ready | Withdrawn]:
        open_ones = {
            row.pk: row
            for row in Invitation.objects.select_related("workspace", "invited_by").filter(
                pk__in=[part.facts["invitation"] for part in parts],
                accepted_at=None,
                revoked_at=None,
                expires_at__gt=now,
            )
        }
        verdicts: dict[int, Ready | Withdrawn] = {}
        for part in parts:
            row = open_ones.get(part.facts["invitation"])
            if row is None:
                verdicts[part.pk] = Withdrawn("the invitation is not open any more")
                continue
            facts = {
                "workspace": row.workspace.name,
                "invited_by": str(row.invited_by),
                "link": part.facts["link"],
            }
            verdicts[part.pk] = Ready(facts=facts, tone=0)
        return verdicts

    def letter(self, part: Part, ready: Ready, language: str) -> Letter:
        return letter_text("desk", "invitation", language).filled(ready.facts)

    def line(self, part: Part, ready: Ready, language: str) -> str:
        return self.letter(part, ready, language).body

    def sent(self, parts: Sequence[Part], *, now: datetime) -> None:
        """Nothing follows until it is accepted."""

    def stuck(self, parts: Sequence[Part], *, outcome: str, reason: str, now: datetime) -> None:
        """The outbox shows it; the invitation stays open."""
