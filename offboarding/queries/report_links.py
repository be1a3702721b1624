"""The public address of a stored report."""

from datetime import datetime, timedelta

from clientdesk.documents.models import Document
from clientdesk.tokens import address_of, hashed, new_nonce, token_of
from offboarding.models import ReportLink
from offboarding.rules.facts import FINAL_REPORT, INTERIM_REPORT

PURPOSE = "report-link"
LIFETIME = timedelta(days=365)
REPORTS = (FINAL_REPORT, INTERIM_REPORT)


def report_address(document: Document, *, email: str, now: datetime) -> str:
    """The address for this recipient; made where there is none, else the same as before."""
    known = ReportLink.objects.filter(
        document=document, email=email, revoked_at=None, expires_at__gt=now
    ).order_by("pk")
    for link in known:
        token = token_of(PURPOSE, link.nonce)
        # Made under another secret key, it could be opened but not written again.
        if link.token_hash == hashed(token):
            return address_of("public:report", token)
    nonce = new_nonce()
    token = token_of(PURPOSE, nonce)
    ReportLink.objects.create(
        workspace_id=document.workspace_id,
        document=document,
        email=email,
        nonce=nonce,
        token_hash=hashed(token),
        created_at=now,
        expires_at=now + LIFETIME,
    )
    return address_of("public:report", token)


def find_report_link(token: str, *, now: datetime) -> ReportLink | None:
    """From any workspace; unknown, expired and revoked look the same."""
    return (
        ReportLink.unscoped.filter(token_hash=hashed(token), revoked_at=None, expires_at__gt=now)
        .select_related("document", "workspace")
        .first()
    )
