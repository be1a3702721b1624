"""Credit notes, void invoices, number series: what is issued is taken back, never changed."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from billing.forms.credits import CreditForm, InvoicingForm, SeriesForm
from billing.forms.drafts import LineFormSet, line_initial, read_lines
from billing.forms.holds import ReasonForm
from billing.models import CreditNote, Invoice, Series
from billing.operations import crediting
from billing.operations.drafts import NothingToInvoice
from billing.operations.money_settings import keep_settings
from billing.operations.numbering import DEFAULTS, preview
from billing.operations.papers import request_credit_pdf
from billing.operations.series import SeriesExists, save_series
from billing.queries.settings import money_settings
from billing.rules.numbers import PatternInvalid
from billing.rules.totals import LineRefused
from billing.views.holds import to_invoice
from clientdesk import clock
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest

STANDING = (Invoice.State.ISSUED, Invoice.State.WRITTEN_OFF)


def _standing(pk: int) -> Invoice:
    return get_object_or_404(
        Invoice.objects.select_related("client", "workspace").prefetch_related("lines"),
        pk=pk,
        state__in=STANDING,
    )


@needs(Can.CHANGE_MONEY)
def credit(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Credit an invoice: its lines stand there, to be kept, changed or left out."""
    invoice = _standing(pk)
    now = clock.now()
    today = request.workspace.local_today(now)
    initial = line_initial(invoice.lines.all(), invoice.currency)
    form = CreditForm(request.POST or None, initial={"issued_on": today})
    formset = LineFormSet(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        lines = read_lines(list(formset.forms), invoice.currency)
        cleaned = form.cleaned_data
        if not any(line.errors for line in formset.forms):
            try:
                note = crediting.credit_invoice(
                    invoice=invoice,
                    lines=lines,
                    reason=cleaned["reason"],
                    issued_on=cleaned["issued_on"],
                    now=now,
                    actor=f"user:{request.user.pk}",
                    by=request.user,
                    once_key=cleaned["once_key"],
                )
            except (crediting.CreditTooLarge, LineRefused) as error:
                form.add_error(None, str(error))
            except NothingToInvoice:
                form.add_error(None, _("Keep at least one line: what is credited, and its price."))
            else:
                request_credit_pdf(credit_note=note, now=now, by=request.user)
                messages.success(request, _("%(n)s is issued and fixed.") % {"n": note.number})
                return redirect("billing:credit_note", workspace=workspace, pk=note.pk)
    context = {
        "invoice": invoice,
        "form": form,
        "formset": formset,
        "has_errors": bool(form.errors) or any(line.errors for line in formset.forms),
    }
    return render(request, "billing/credit_form.html", context)


@needs(Can.SEE_MONEY)
def credit_note(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    note = get_object_or_404(
        CreditNote.objects.select_related("invoice__client").prefetch_related("lines"), pk=pk
    )
    return render(request, "billing/credit_note.html", {"note": note, "invoice": note.invoice})


@needs(Can.CHANGE_MONEY)
def void(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Declare it void, with the reason that goes into the record."""
    invoice = _standing(pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            crediting.void_invoice(
                invoice=invoice,
                reason=form.cleaned_data["reason"],
                now=clock.now(),
                actor=f"user:{request.user.pk}",
            )
        except crediting.HasPayments:
            form.add_error(None, _("Money came in for it, or part is credited: credit the rest."))
        except crediting.NotCreditable:
            messages.error(request, _("It does not stand any more."))
            return to_invoice(invoice)
        else:
            messages.success(request, _("It is void. Its number stays with it."))
            return to_invoice(invoice)
    return render(request, "billing/void.html", {"invoice": invoice, "form": form})


@needs(Can.MANAGE)
def invoicing(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """VAT on new lines, the small print, and how documents are numbered."""
    now = clock.now()
    chosen = money_settings(request.workspace.pk)
    form = InvoicingForm(request.POST or None, instance=chosen)
    if request.method == "POST" and form.is_valid():
        keep_settings(
            chosen=form.save(commit=False),
            names=("vat_category", "vat_bp", "vat_note", "legal_note"),
            now=now,
            actor=f"user:{request.user.pk}",
        )
        messages.success(request, _("Kept. New invoices follow it."))
        return redirect("billing:invoicing", workspace=workspace)
    today = request.workspace.local_today(now)
    rows: list[dict[str, Any]] = [
        {
            "series": one,
            "next": preview(kind=one.kind, pattern=one.pattern, code=one.code, on=today),
        }
        for one in Series.objects.all()
    ]
    kinds = {row["series"].kind for row in rows}
    usual = [
        {
            "kind": kind.label,
            "pattern": pattern,
            "next": preview(kind=kind, pattern=pattern, code="", on=today),
        }
        for kind, pattern in DEFAULTS.items()
        if kind not in kinds
    ]
    context = {"form": form, "rows": rows, "usual": usual}
    return render(request, "billing/invoicing.html", context)


@needs(Can.MANAGE)
def series(request: WorkspaceRequest, workspace: str, pk: int | None = None) -> HttpResponse:
    """Add a number series, or change one."""
    found = get_object_or_404(Series.objects, pk=pk) if pk is not None else None
    form = SeriesForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            save_series(
                workspace=request.workspace,
                series=get_object_or_404(Series.objects, pk=pk) if pk is not None else None,
                now=clock.now(),
                actor=f"user:{request.user.pk}",
                **form.cleaned_data,
            )
        except PatternInvalid as error:
            form.add_error("pattern", str(error))
        except SeriesExists:
            form.add_error("code", _("There is a series with this name already."))
        else:
            messages.success(request, _("Kept. Numbers already given stay."))
            return redirect("billing:invoicing", workspace=workspace)
    return render(request, "billing/series.html", {"form": form, "series": found})
