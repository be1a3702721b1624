"""The public address of a stored report."""

from datetime import datetime

from clientdesk.documents.models import Document
from clientdesk.tokens import hashed
from offboarding.models import ReportLink
from offboarding.queries.links import address_for
from offboarding.rules.facts import FINAL_REPORT, INTERIM_REPORT

PURPOSE = "report-link"
REPORTS = (FINAL_REPORT, INTERIM_REPORT)


def report_address(document: Document, *, email: str, now: datetime) -> str:
    """The address for this recipient; made where there is none, else the same as before."""
    return address_for(
        ReportLink,
        purpose=PURPOSE,
        route="public:report",
        workspace_id=document.workspace_id,
        email=email,
        now=now,
        document=document,
    )


def find_report_link(token: str, *, now: datetime) -> ReportLink | None:
    """From any workspace; unknown, expired and revoked look the same."""
    return (
        ReportLink.unscoped.filter(token_hash=hashed(token), revoked_at=None, expires_at__gt=now)
        .select_related("document", "workspace")
        .first()
    )
