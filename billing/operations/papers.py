"""The PDFs of invoices, credit notes and statements: each bill is rendered once and kept."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from billing.models import CreditNote, Invoice
from billing.queries.paper import bill_of, credit_of
from billing.queries.statement import account_of
from billing.rules.bill_sheet import bill_sheet, credit_sheet
from billing.rules.sheet import WORDS, Sheet
from billing.rules.statement_sheet import statement_sheet
from clientdesk import pdf
from clientdesk.documents.jobs import run_job
from clientdesk.documents.models import Document, Job
from clientdesk.documents.operations import request_job, store
from clientdesk.workspaces.brand import PLAIN, Look, look_of
from clientdesk.workspaces.models import User
from clients.models import Client

INVOICE, CREDIT_NOTE, STATEMENT = "invoice_pdf", "credit_note_pdf", "statement_pdf"
NEEDS = "see_money"
# A worker takes up a job within a second; after this one is not to be counted on.
PATIENCE = timedelta(seconds=8)


class NotIssued(ValueError):
    """A draft has no number and no document."""


class PeriodRefused(ValueError):
    """The period ends before it begins."""


def request_invoice_pdf(*, invoice: Invoice, now: datetime, by: User | None = None) -> Job | None:
    """Have the PDF of an issued invoice made, unless it is there. Asked twice, it is one job.

    Raises NotIssued.
    """
    if invoice.state == Invoice.State.DRAFT:
        raise NotIssued(invoice.pk)
    if invoice.document_id:
        return None
    title = _("Invoice %(number)s as PDF") % {"number": invoice.number}
    return _request(INVOICE, invoice, {"invoice": invoice.pk}, title, now, by)


def request_credit_pdf(
    *, credit_note: CreditNote, now: datetime, by: User | None = None
) -> Job | None:
    """Have the PDF of a credit note made, unless it is there."""
    if credit_note.document_id:
        return None
    title = _("Credit note %(number)s as PDF") % {"number": credit_note.number}
    return _request(CREDIT_NOTE, credit_note, {"credit_note": credit_note.pk}, title, now, by)


def request_statement(
    *,
    client: Client,
    since: date,
    until: date,
    language: str,
    once_key: str,
    now: datetime,
    by: User | None,
) -> Job:
    """A statement of `since` to `until`; the same `once_key` answers the same job.

    Raises PeriodRefused.
    """
    if until < since:
        raise PeriodRefused(f"{since} to {until}")
    return request_job(
        workspace_id=client.workspace_id,
        kind=STATEMENT,
        params={
            "client": client.pk,
            "since": since.isoformat(),
            "until": until.isoformat(),
            "language": language,
        },
        now=now,
        created_by=by,
        once_key=f"{STATEMENT}:{client.pk}:{once_key}"[:80],
        title=_("Statement, %(client)s") % {"client": client.name},
        needs=NEEDS,
    )


def run_if_left(*, job: Job, clock: Callable[[], datetime]) -> Job:
    """Make what no worker took up in time, here and now; a job that a worker has is left alone."""
    if job.state == Job.State.QUEUED and clock() - job.created_at >= PATIENCE:
        return run_job(job.pk, clock) or Job.objects.get(pk=job.pk)
    return job


def invoice_html(invoice: Invoice) -> tuple[str, str]:
    """The page that becomes the PDF, and its language, which is the client's."""
    sheet = bill_sheet(bill_of(invoice), invoice.client.language)
    return sheet_html("pdf/invoice.html", sheet, look_of(invoice.workspace_id))


def credit_html(note: CreditNote) -> tuple[str, str]:
    return sheet_html(
        "pdf/credit_note.html", credit_sheet(credit_of(note), note.invoice.client.language)
    )


def statement_html(*, client: Client, since: date, until: date, language: str) -> tuple[str, str]:
    account = account_of(client, since=since, until=until)
    sheet = statement_sheet(account, language)
    return sheet_html("pdf/statement.html", sheet, look_of(client.workspace_id))


def render_page(page: tuple[str, str]) -> bytes:
    """Raises PdfFailed, PdfRefused."""
    return pdf.render_limited(*page)


def keep_invoice_pdf(
    *, invoice: Invoice, data: bytes, now: datetime, by: User | None = None
) -> Document:
    """Store the PDF and tie it to its invoice; where one is tied already, that one stays.

    Call it in a transaction.
    """
    invoice = Invoice.objects.select_for_update(of=("self",), no_key=True).get(pk=invoice.pk)
    if invoice.document_id:
        return Document.objects.get(pk=invoice.document_id)
    words = WORDS[invoice.client.language]
    document = _store(
        invoice.client, INVOICE, words.invoice, str(invoice.number), data, now, by,
        subject=f"invoice:{invoice.pk}",
    )  # fmt: skip
    Invoice.objects.filter(pk=invoice.pk, document=None).update(document=document)
    return document


def keep_credit_pdf(
    *, credit_note: CreditNote, data: bytes, now: datetime, by: User | None = None
) -> Document:
    """As `keep_invoice_pdf`, for a credit note."""
    note = CreditNote.objects.select_for_update(of=("self",), no_key=True).get(pk=credit_note.pk)
    if note.document_id:
        return Document.objects.get(pk=note.document_id)
    client = note.invoice.client
    document = _store(
        client, CREDIT_NOTE, WORDS[client.language].credit_note, note.number, data, now, by,
        subject=f"credit_note:{note.pk}",
    )  # fmt: skip
    CreditNote.objects.filter(pk=note.pk, document=None).update(document=document)
    return document


def keep_statement(
    *, client: Client, until: date, language: str, data: bytes, now: datetime, by: User | None
) -> Document:
    """A statement is of its day; each one asked for is kept beside the others."""
    heading = WORDS[language].statement
    name = f"{client.slug}-{until.isoformat()}"
    return _store(
        client, STATEMENT, heading, name, data, now, by,
        subject=f"client:{client.pk}", title=f"{heading}, {client.name}",
    )  # fmt: skip


def _request(
    kind: str,
    row: Invoice | CreditNote,
    params: dict[str, int],
    title: str,
    now: datetime,
    by: User | None,
) -> Job:
    """One job at a time: the next only after the one before has failed."""
    key = f"{kind}:{row.pk}:"
    failed = Job.objects.filter(once_key__startswith=key, state=Job.State.FAILED).count()
    return request_job(
        workspace_id=row.workspace_id,
        kind=kind,
        params=params,
        now=now,
        created_by=by,
        once_key=f"{key}{failed + 1}",
        title=title,
        needs=NEEDS,
    )


def sheet_html(template: str, sheet: Sheet, look: Look = PLAIN) -> tuple[str, str]:
    return render_to_string(template, {"sheet": sheet, "look": look}), sheet.language


def _store(
    client: Client,
    kind: str,
    heading: str,
    number: str,
    data: bytes,
    now: datetime,
    by: User | None,
    *,
    subject: str,
    title: str = "",
) -> Document:
    return store(
        workspace_id=client.workspace_id,
        kind=kind,
        filename=f"{_plain(heading)}-{_plain(number)}.pdf",
        content_type="application/pdf",
        data=data,
        now=now,
        actor=f"user:{by.pk}" if by else "system",
        created_by=by,
        client_ref=client.pk,
        subject=subject,
        title=(title or f"{heading} {number}, {client.name}")[:200],
        needs=NEEDS,
    )


def _plain(text: str) -> str:
    """For a file's name: letters, digits and hyphens."""
    ascii_ = text.translate(str.maketrans("čćžšđČĆŽŠĐ", "cczsdCCZSD"))
    return re.sub(r"[^0-9A-Za-z]+", "-", ascii_).strip("-")[:80] or "document"
