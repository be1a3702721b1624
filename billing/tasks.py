from datetime import date, datetime

from celery import shared_task
from django.utils.translation import gettext as _

from billing.models import CreditNote, Invoice
from billing.operations import papers
from billing.operations.sweeping import sweep_all
from clientdesk import clock
from clientdesk.documents.jobs import JobRefused, Made, Report, params_of
from clientdesk.documents.models import Document, Job
from clientdesk.pdf import PdfRefused
from clients.models import Client


@shared_task(name="billing.sweep")
def sweep() -> None:
    """One pass of everything due, all workspaces. Running it twice at once changes nothing."""
    sweep_all(now=clock.now())


def make_invoice_pdf(job: Job, report: Report) -> Made | Document:
    """Raises JobRefused, PdfFailed, ClaimLost."""
    invoice = Invoice.objects.select_related("client", "workspace", "created_by").get(
        pk=params_of(job)["invoice"]
    )
    if invoice.document:
        return invoice.document
    data = _rendered(papers.invoice_html(invoice), report)
    return Made(
        lambda now: papers.keep_invoice_pdf(invoice=invoice, data=data, now=now, by=job.created_by)
    )


def make_credit_pdf(job: Job, report: Report) -> Made | Document:
    """Raises JobRefused, PdfFailed, ClaimLost."""
    note = CreditNote.objects.select_related(
        "invoice__client", "invoice__workspace", "workspace", "created_by"
    ).get(pk=params_of(job)["credit_note"])
    if note.document:
        return note.document
    data = _rendered(papers.credit_html(note), report)
    return Made(
        lambda now: papers.keep_credit_pdf(credit_note=note, data=data, now=now, by=job.created_by)
    )


def make_statement(job: Job, report: Report) -> Made:
    """Raises JobRefused, PdfFailed, ClaimLost."""
    params = params_of(job)
    client = Client.objects.select_related("workspace").get(pk=params["client"])
    until, language = date.fromisoformat(params["until"]), params["language"]
    page = papers.statement_html(
        client=client,
        since=date.fromisoformat(params["since"]),
        until=until,
        language=language,
    )
    data = _rendered(page, report)

    def stored(now: datetime) -> Document:
        return papers.keep_statement(
            client=client, until=until, language=language, data=data, now=now, by=job.created_by
        )

    return Made(stored)


def _rendered(page: tuple[str, str], report: Report) -> bytes:
    report(30, _("The pages are being set."))
    try:
        return papers.render_page(page)
    except PdfRefused as error:
        raise JobRefused(_("This document cannot be set.")) from error
