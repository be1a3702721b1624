"""Beginning a workspace, and letting people in and out of it."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from clientdesk.workspaces.access import Role
from clientdesk.workspaces.models import Invitation, Membership, User, Workspace

INVITATION_LIFETIME = timedelta(days=14)
# The same form again within this time is the same click twice.
SENT_TWICE = timedelta(seconds=30)
RESERVED_SLUGS = frozenset({"new", "static", "accounts"})


class LastOwner(Exception):
    """A workspace must keep one owner."""


class AlreadyMember(Exception):
    """The invited address belongs to a member already."""


class InvitationNotUsable(Exception):
    """Unknown, expired, revoked and used look the same from outside."""


def free_slug(wish: str) -> str:
    """A slug made from `wish` that no workspace has yet."""
    stem = slugify(wish)[:34] or "desk"
    taken = set(Workspace.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    candidates = [stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))]
    return next(s for s in candidates if s not in taken and s not in RESERVED_SLUGS)


@transaction.atomic
def create_workspace(
    *,
    name: str,
    owner: User,
    now: datetime,
    slug: str = "",
    time_zone: str = "Europe/Zagreb",
    country: str = "HR",
    language: str = "en",
    currency: str = "EUR",
    is_sample: bool = False,
) -> Workspace:
    """A workspace with its first owner.

    Raises ValidationError naming the field that does not hold.
    """
    workspace = Workspace(
        slug=slug or free_slug(name),
        name=name,
        time_zone=time_zone,
        country=country,
        language=language,
        currency=currency,
        sender_name=owner.name,
        email=owner.email,
        is_sample=is_sample,
        created_at=now,
    )
    workspace.full_clean()
    workspace.save()
    Membership.objects.create(workspace=workspace, user=owner, role=Role.OWNER, joined_at=now)
    return workspace


@transaction.atomic
def begin_workspace(*, owner: User, name: str, now: datetime, **fields: Any) -> Workspace:
    """The same, from a form: the same name again within seconds is the same click twice.

    Raises ValidationError naming the field that does not hold.
    """
    # The owner's row is the lock: of two forms at once the second sees the first one's workspace.
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    twin = Workspace.objects.filter(
        memberships__user=owner,
        memberships__role=Role.OWNER,
        name=name,
        created_at__gt=now - SENT_TWICE,
    ).first()
    return twin or create_workspace(owner=owner, name=name, now=now, **fields)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(
    *, workspace: Workspace, email: str, role: str, invited_by: User, now: datetime
) -> tuple[Invitation, str]:
    """An invitation and the token that opens it, which is not kept. An earlier one is revoked.

    Raises AlreadyMember.
    """
    email = email.strip().lower()
    if Membership.objects.filter(workspace=workspace, user__email=email).exists():
        raise AlreadyMember(email)
    Invitation.objects.filter(email=email, accepted_at=None, revoked_at=None).update(revoked_at=now)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        workspace=workspace,
        email=email,
        role=role,
        token_hash=_hash(token),
        invited_by=invited_by,
        created_at=now,
        expires_at=now + INVITATION_LIFETIME,
    )
    return invitation, token


def find_invitation(token: str, *, now: datetime) -> Invitation | None:
    """The open invitation behind a token, from any workspace: the guest has none yet."""
    return (
        Invitation.unscoped.select_related("workspace", "invited_by")
        .filter(
            token_hash=_hash(token),
            accepted_at=None,
            revoked_at=None,
            expires_at__gt=now,
        )
        .first()
    )


@transaction.atomic
def accept_invitation(*, token: str, user: User, now: datetime) -> Membership:
    """Turn an invitation into a membership, once. Raises InvitationNotUsable.

    The address must be the invited one: a forwarded letter does not open the desk.
    """
    invitation = find_invitation(token, now=now)
    if invitation is None or invitation.email != user.email.lower():
        raise InvitationNotUsable
    won = Invitation.unscoped.filter(pk=invitation.pk, accepted_at=None).update(accepted_at=now)
    if not won:
        raise InvitationNotUsable
    membership, _ = Membership.objects.get_or_create(
        workspace=invitation.workspace,
        user=user,
        defaults={"role": invitation.role, "joined_at": now},
    )
    return membership


def _refuse_without_owner(membership: Membership) -> None:
    owners = Membership.objects.select_for_update(no_key=True).filter(
        workspace_id=membership.workspace_id, role=Role.OWNER
    )
    if {owner.pk for owner in owners} == {membership.pk}:
        raise LastOwner


@transaction.atomic
def change_role(*, membership: Membership, role: str) -> None:
    """Raises LastOwner where nobody would be left to manage the workspace."""
    if role != Role.OWNER:
        _refuse_without_owner(membership)
    Membership.objects.filter(pk=membership.pk).update(role=role)


@transaction.atomic
def remove_member(*, membership: Membership) -> None:
    """Raises LastOwner where nobody would be left to manage the workspace."""
    _refuse_without_owner(membership)
    membership.delete()
