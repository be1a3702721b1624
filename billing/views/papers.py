"""PDFs for the owner and, by a link's token, for the client."""

import logging
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from billing.forms.statements import StatementForm
from billing.models import Invoice
from billing.operations import papers
from billing.queries.links import find_link
from billing.queries.paper import credit_note_numbered, invoice_numbered
from billing.queries.public_words import PDF_WORDS
from billing.queries.statement import account_of
from billing.rules.statement_sheet import statement_sheet
from clientdesk import clock
from clientdesk.documents.models import Document, Job
from clientdesk.documents.views import file_response
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client

log = logging.getLogger(__name__)

SHOWN = 5


@needs(Can.SEE_MONEY, write=Can.CHANGE_MONEY)
def invoice_pdf(request: WorkspaceRequest, workspace: str, number: str) -> HttpResponse:
    """The PDF of an issued invoice; where there is none yet it is made first."""
    found = invoice_numbered(number, request.GET.get("year", ""))
    if found is None or found.state == Invoice.State.DRAFT:
        raise Http404
    job = papers.request_invoice_pdf(invoice=found, now=clock.now(), by=request.user)
    return _to_file(workspace, found.document_id, job)


@needs(Can.SEE_MONEY, write=Can.CHANGE_MONEY)
def credit_pdf(request: WorkspaceRequest, workspace: str, number: str) -> HttpResponse:
    """The PDF of a credit note; where there is none yet it is made first."""
    found = credit_note_numbered(number, request.GET.get("year", ""))
    if found is None:
        raise Http404
    job = papers.request_credit_pdf(credit_note=found, now=clock.now(), by=request.user)
    return _to_file(workspace, found.document_id, job)


@needs(Can.SEE_MONEY)
def statement(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    """What a client owes today; a POST makes a statement of a period as PDF."""
    client = get_object_or_404(Client.objects.select_related("workspace"), slug=slug)
    now = clock.now()
    today = client.workspace.local_today(now)
    since = date(today.year, 1, 1)
    form = StatementForm(
        request.POST if request.method == "POST" else None,
        since=since,
        today=today,
        language=client.language,
    )
    if request.method == "POST" and form.is_valid():
        job = papers.request_statement(client=client, now=now, by=request.user, **form.cleaned_data)
        return redirect("documents:job", workspace=workspace, pk=job.pk)
    account = account_of(client, since=since, until=today)
    context = {
        "client": client,
        "form": form,
        "sheet": statement_sheet(account, get_language() or "en"),
        "made": Document.objects.for_client(client.pk).filter(kind=papers.STATEMENT)[:SHOWN],
    }
    return render(request, "billing/statement.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def public_pdf(request: HttpRequest, token: str) -> HttpResponseBase:
    """The PDF behind a link. Looking changes nothing; a POST has it made where it is not yet."""
    link = find_link(token, now=clock.now())
    if link is None or link.invoice.state == Invoice.State.DRAFT:
        return _guarded(render(request, "public/gone.html", status=404))
    with acting_in(link.workspace_id):
        return _guarded(_public_answer(request, token, link.invoice))


def _public_answer(request: HttpRequest, token: str, found: Invoice) -> HttpResponseBase:
    if found.document:
        try:
            return file_response(found.document)
        except FileNotFoundError:
            log.error("the file of document %s is missing", found.document.pk)
            return render(request, "public/gone.html", status=404)
    making = Job.objects.filter(
        once_key__startswith=f"{papers.INVOICE}:{found.pk}:", state__in=Job.OPEN
    ).exists()
    if request.method == "POST":
        job = papers.request_invoice_pdf(invoice=found, now=clock.now())
        if job:
            papers.run_if_left(job=job, clock=clock.now)
        return redirect("public:invoice_pdf", token=token)
    context = {
        "invoice": found,
        "making": making,
        "token": token,
        "words": PDF_WORDS[found.client.language],
        "language": found.client.language,
        "workspace_": found.workspace,
    }
    return render(request, "public/pdf_later.html", context, status=202)


def _guarded(response: HttpResponseBase) -> HttpResponseBase:
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _to_file(workspace: str, document_id: int | None, job: Job | None) -> HttpResponse:
    if job is not None:
        job = papers.run_if_left(job=job, clock=clock.now)
        document_id = document_id or job.document_id
        if document_id is None:
            return redirect("documents:job", workspace=workspace, pk=job.pk)
    return redirect("documents:download", workspace=workspace, pk=document_id)
