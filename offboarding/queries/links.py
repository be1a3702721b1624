"""The public links of an ending: to the list of what is handed over, and to a stored report."""

from datetime import datetime, timedelta
from typing import Any, TypeVar

from clientdesk.tokens import address_of, hashed, new_nonce, token_of
from offboarding.models import HandoverLink, ReportLink

LIFETIME = timedelta(days=365)
Link = TypeVar("Link", HandoverLink, ReportLink)


def address_for(
    model: type[Link],
    *,
    purpose: str,
    route: str,
    workspace_id: int,
    email: str,
    now: datetime,
    **to: Any,
) -> str:
    """The address of what `to` names for this recipient; made where there is none."""
    known = model.objects.filter(email=email, revoked_at=None, expires_at__gt=now, **to)
    for link in known.order_by("pk"):
        token = token_of(purpose, link.nonce)
        # Made under another secret key, it could be opened but not written again.
        if link.token_hash == hashed(token):
            return address_of(route, token)
    nonce = new_nonce()
    token = token_of(purpose, nonce)
    model.objects.create(
        workspace_id=workspace_id,
        email=email,
        nonce=nonce,
        token_hash=hashed(token),
        created_at=now,
        expires_at=now + LIFETIME,
        **to,
    )
    return address_of(route, token)
