"""A stored report goes to the client as a link, through the outbox."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as n_

from clientdesk.documents.models import Document
from clientdesk.outbox.kinds import Letter, Ready, Verdict, Withdrawn
from clientdesk.outbox.letters import letter_text
from clientdesk.outbox.models import Part
from clientdesk.outbox.operations import Recipient, enqueue
from clientdesk.record import operations as record
from clientdesk.workspaces.scoping import check_same_workspace
from clients.models import Client
from clients.queries import recipients_of
from feedback.operations.letters import NoAddress
from offboarding.queries.report_links import REPORTS, report_address

KIND = "offboarding.report"


class SentToday(Exception):
    """The same report to the same address once a day is enough."""


class NoReport(Exception):
    """The document is no report of this client."""


@transaction.atomic
def send_report(*, client: Client, document: Document, now: datetime, actor: str) -> Recipient:
    """Queue the letter with the link; answers to whom it goes.

    Raises NoAddress, NoReport, SentToday, RecipientRefused, ForeignRow.
    """
    check_same_workspace(client.workspace_id, document)
    if document.kind not in REPORTS or document.client_ref != client.pk:
        raise NoReport(document.pk)
    recipient = recipients_of({client.pk}).get(client.pk)
    if recipient is None:
        raise NoAddress(client.name)
    report_address(document, email=recipient.email, now=now)
    day = client.workspace.local_today(now).isoformat()
    part = enqueue(
        workspace=client.workspace,
        kind=KIND,
        dedupe_key=f"report:{document.pk}:{recipient.email}:{day}"[:200],
        facts={"document": document.pk, "email": recipient.email},
        recipient=recipient,
        client_ref=client.pk,
        automatic=False,
        now=now,
    )
    if part is None:
        raise SentToday(document.pk)
    record.append(
        workspace_id=client.workspace_id,
        kind="report.sent",
        content={"filename": document.filename, "sha256": document.sha256},
        now=now,
        actor=actor,
        client_ref=client.pk,
        subject=f"document:{document.pk}",
    )
    return recipient


class ReportLetter:
    """The outbox's kind for the link to a report."""

    name = KIND

    def check(self, parts: Sequence[Part], *, now: datetime) -> Mapping[int, Verdict]:
        documents = Document.objects.in_bulk([part.facts["document"] for part in parts])
        clients = Client.objects.select_related("workspace").in_bulk(
            [one.client_ref for one in documents.values() if one.client_ref]
        )
        verdicts: dict[int, Verdict] = {}
        for part in parts:
            document = documents.get(part.facts["document"])
            client = clients.get(document.client_ref or 0) if document else None
            if document is None or client is None:
                verdicts[part.pk] = Withdrawn(n_("the report is not there any more"))
                continue
            workspace = client.workspace
            recipient = recipients_of({client.pk}).get(client.pk)
            facts = {
                "contact_name": (recipient.name if recipient else "") or client.name,
                "client_name": client.name,
                "sender_name": workspace.sender_name or workspace.name,
                "report_title": document.title or document.filename,
                "report_link": report_address(document, email=part.facts["email"], now=now),
            }
            verdicts[part.pk] = Ready(facts=facts, tone=0)
        return verdicts

    def letter(self, part: Part, ready: Ready, language: str) -> Letter:
        return letter_text("offboarding", "report", language, part.workspace).filled(ready.facts)

    def line(self, part: Part, ready: Ready, language: str) -> str:
        text = letter_text("offboarding", "report_line", language, part.workspace)
        return text.filled(ready.facts).body

    def sent(self, parts: Sequence[Part], *, now: datetime) -> None:
        """Nothing hangs on it."""

    def stuck(self, parts: Sequence[Part], *, outcome: str, reason: str, now: datetime) -> None:
        """The outbox shows what became of it."""
