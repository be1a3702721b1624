from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.forms.drafts import (
    LINES_AT_MOST,
    LINES_SHOWN,
    DraftForm,
    IssueForm,
    LineFormSet,
    Lines,
    head_initial,
    line_initial,
    read_lines,
    vat_initial,
)
from billing.models import Invoice
from billing.operations import drafts, issuing
from billing.operations.drafts import NewLine
from billing.operations.numbering import SeriesUnknown
from billing.operations.papers import request_invoice_pdf
from billing.queries.settings import money_settings
from billing.queries.terms import due_date_for
from billing.rules.totals import LineRefused
from clientdesk import clock
from clientdesk.money import MOST
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.models import Client

# Minor units; with VAT, all lines together stay below MOST.
MOST_A_LINE = MOST // 1000


def _read(request: WorkspaceRequest, form: DraftForm, formset: Lines) -> Sequence[NewLine] | None:
    """The lines as typed, or None with the errors at their fields."""
    valid = form.is_valid()
    lines = read_lines(list(formset.forms), form.cleaned_data.get("currency", "EUR"))
    if any(line.errors for line in formset.forms):
        return None
    if not lines:
        form.add_error(
            None, _("An invoice needs at least one line: what it is for, and its price.")
        )
        return None
    if any(abs(line.quantity * line.price_minor) > MOST_A_LINE for line in lines):
        form.add_error(None, _("A line comes to more than can be counted."))
        return None
    return lines if valid else None


def _more_lines(request: WorkspaceRequest) -> QueryDict:
    """The posted form with two more empty lines, for "add a line" without JavaScript."""
    data = request.POST.copy()
    # The formset has read the count already: a tampered one is none.
    shown = LineFormSet(data).total_form_count()
    data["form-TOTAL_FORMS"] = str(min(LINES_AT_MOST, shown + 2))
    return data


def _defaults(request: WorkspaceRequest) -> dict[str, Any]:
    """The empty lines of a new invoice say of VAT what the owner has chosen."""
    vat = vat_initial(money_settings(request.workspace.pk))
    return {"initial": [vat] * LINES_SHOWN} if vat else {}


def _page(
    request: WorkspaceRequest, form: DraftForm, formset: Lines, invoice: Invoice | None
) -> HttpResponse:
    errors = any(line.errors for line in formset.forms) if formset.is_bound else False
    context = {
        "form": form,
        "formset": formset,
        "invoice": invoice,
        "has_errors": bool(form.errors) or errors,
    }
    return render(request, "billing/draft_form.html", context)


@needs(Can.CHANGE_MONEY)
def new(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    client = Client.objects.filter(slug=request.GET.get("client", "")).first()
    if request.method != "POST":
        currency = client.currency if client else request.workspace.currency
        form = DraftForm(initial={"client": client, "currency": currency})
        return _page(request, form, LineFormSet(**_defaults(request)), None)
    if "add" in request.POST:
        data = _more_lines(request)
        return _page(request, DraftForm(initial=data.dict()), LineFormSet(data), None)
    form = DraftForm(request.POST)
    formset = LineFormSet(request.POST, **_defaults(request))
    lines = _read(request, form, formset)
    if lines is None:
        return _page(request, form, formset, None)
    cleaned = form.cleaned_data
    try:
        invoice = drafts.create_draft(
            client=cleaned["client"],
            currency=cleaned["currency"],
            lines=lines,
            heading=form.heading(),
            now=clock.now(),
            by=request.user,
            once_key=cleaned["once_key"],
        )
    except LineRefused as error:
        form.add_error(None, str(error))
        return _page(request, form, formset, None)
    messages.success(request, _("The draft is kept. It gets its number when you issue it."))
    return redirect("billing:draft", workspace=workspace, pk=invoice.pk)


@needs(Can.CHANGE_MONEY)
def edit(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    invoice = get_object_or_404(
        Invoice.objects.select_related("client"), pk=pk, state=Invoice.State.DRAFT
    )
    head = head_initial(invoice)
    if request.method != "POST":
        formset = LineFormSet(initial=line_initial(invoice.lines.all(), invoice.currency))
        return _page(request, DraftForm(initial=head), formset, invoice)
    if "add" in request.POST:
        data = _more_lines(request)
        return _page(request, DraftForm(initial=data.dict()), LineFormSet(data), invoice)
    form, formset = DraftForm(request.POST), LineFormSet(request.POST)
    form.fields["client"].disabled = True
    form.initial = head
    lines = _read(request, form, formset)
    if lines is None:
        return _page(request, form, formset, invoice)
    try:
        drafts.change_draft(
            invoice=invoice,
            lines=lines,
            currency=form.cleaned_data["currency"],
            heading=form.heading(),
        )
    except LineRefused as error:
        form.add_error(None, str(error))
        return _page(request, form, formset, invoice)
    messages.success(request, _("The draft is kept."))
    return redirect("billing:draft", workspace=workspace, pk=invoice.pk)


@needs(Can.SEE_MONEY, write=Can.CHANGE_MONEY)
def draft(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """A draft as it will look, and the button that gives it its number."""
    invoice = get_object_or_404(
        Invoice.objects.select_related("client").prefetch_related("lines"), pk=pk
    )
    if invoice.state != Invoice.State.DRAFT:
        return redirect("billing:invoice", workspace=workspace, number=invoice.number)
    now = clock.now()
    today = request.workspace.local_today(now)
    form = IssueForm(request.POST or None, initial={"issued_on": today})
    if request.method == "POST" and form.is_valid():
        try:
            issued = issuing.issue_invoice(
                invoice=invoice, now=now, actor=f"user:{request.user.pk}", **form.cleaned_data
            )
        except issuing.NothingToPay:
            form.add_error(None, _("The total is nothing or less; such an invoice is not issued."))
        except SeriesUnknown as error:
            form.add_error(None, str(error))
        except drafts.NotADraft:
            return redirect("billing:list", workspace=workspace)
        else:
            request_invoice_pdf(invoice=issued, now=now, by=request.user)
            messages.success(
                request, _("%(number)s is issued and fixed.") % {"number": issued.number}
            )
            return redirect("billing:invoice", workspace=workspace, number=issued.number)
    due_on = due_date_for(client=invoice.client, issued_on=today)
    context = {"invoice": invoice, "form": form, "due_on": due_on, "today": today}
    return render(request, "billing/draft.html", context)


@needs(Can.CHANGE_MONEY)
@require_POST
def discard(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    invoice = get_object_or_404(Invoice.objects, pk=pk)
    try:
        drafts.discard_draft(invoice=invoice)
    except drafts.NotADraft:
        issued = Invoice.objects.filter(pk=pk).first()
        if issued is None:  # the second of two clicks
            return redirect("billing:list", workspace=workspace)
        messages.error(request, _("It is issued already, and issued invoices stay."))
        return redirect("billing:invoice", workspace=workspace, number=issued.number)
    messages.success(request, _("The draft is gone. It had no number, so there is no gap."))
    return redirect("billing:list", workspace=workspace)
