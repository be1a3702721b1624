"""Giving out the address of a calendar, and taking it back."""

from datetime import datetime

from django.db import transaction

from clientdesk.tokens import address_of, hashed, new_nonce, token_of
from clientdesk.workspaces.models import CalendarLink, User, Workspace

PURPOSE = "calendar"


def address(link: CalendarLink) -> str:
    return address_of("public:calendar", token_of(PURPOSE, link.nonce))


def link_of(user: User) -> CalendarLink | None:
    """The one that opens now, of the active workspace."""
    link = CalendarLink.objects.filter(user=user, revoked_at=None).first()
    # Made under another secret key, it still opens but its address is not known any more.
    return link if link and link.token_hash == hashed(token_of(PURPOSE, link.nonce)) else None


@transaction.atomic
def give(*, workspace: Workspace, user: User, now: datetime) -> CalendarLink:
    """The address there is, else a new one."""
    # The workspace's row is the lock: of two clicks at once the second finds the first one's.
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    if link := link_of(user):
        return link
    revoke(user=user, now=now)
    nonce = new_nonce()
    return CalendarLink.objects.create(
        workspace=workspace,
        user=user,
        nonce=nonce,
        token_hash=hashed(token_of(PURPOSE, nonce)),
        created_at=now,
    )


def revoke(*, user: User, now: datetime) -> None:
    """Its address opens nothing any more."""
    CalendarLink.objects.filter(user=user, revoked_at=None).update(revoked_at=now)


def find(token: str) -> CalendarLink | None:
    """From any workspace; unknown and revoked look the same, and so does one whose member left."""
    return (
        CalendarLink.unscoped.filter(
            token_hash=hashed(token), revoked_at=None, user__is_active=True
        )
        .select_related("workspace", "user")
        .first()
    )
