from uuid import uuid4

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.forms.ladders import SkipForm
from billing.forms.payments import PaymentForm
from billing.models import Hold, Invoice, Step
from billing.operations import ladder as ladder_operations
from billing.operations.payments import PAYABLE, NotPayable, Overpayment, record_payment
from billing.queries.lateness import expected_on, lateness_of
from billing.queries.letters import letter_preview
from billing.queries.rungs import rungs_of
from clientdesk import clock
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest


@needs(Can.SEE_MONEY, write=Can.CHANGE_MONEY)
def invoice(request: WorkspaceRequest, workspace: str, number: str) -> HttpResponse:
    """One invoice with its ladder; a POST books a payment.

    Where a number came again in another year, `?year=` says which; without it the newest is shown.
    """
    year = request.GET.get("year", "")
    found = get_object_or_404(
        Invoice.objects.select_related("client", "workspace")
        .prefetch_related("lines", "payments", "steps", "credit_notes")
        .numbered(number, year=int(year) if year.isdecimal() and len(year) == 4 else None)[:1]
    )
    now = clock.now()
    today = request.workspace.local_today(now)
    form = None
    if found.state in PAYABLE and found.settled_on is None:
        form = PaymentForm(request.POST or None, invoice=found, today=today)
        if request.method == "POST" and form.is_valid():
            return _pay(request, found, form)
    review = next(
        (s for s in found.steps.all() if s.state in (Step.State.REVIEW, Step.State.STUCK)), None
    )
    _finding, usual = lateness_of(found.client_id, today=today)
    context = {
        "invoice": found,
        "form": form,
        "rungs": rungs_of(found, today=today),
        "review": review,
        "letters": letter_preview(review, now=now)
        if review and review.effect != "task" and review.state == Step.State.REVIEW
        else [],
        "holds": Hold.objects.running(on=today)
        .filter(Q(invoice=found) | Q(invoice=None), client=found.client_id)
        .filter(lifted_at=None),
        "plan": found.plans.filter(ended_on=None).prefetch_related("instalments").first(),
        "once_key": uuid4().hex,
        "usual": usual,
        "expected_on": expected_on(found, usual),
        "skip_form": SkipForm(),
        "days_late": found.days_late(on=today),
        "today": today,
    }
    return render(request, "billing/invoice.html", context)


def _pay(request: WorkspaceRequest, found: Invoice, form: PaymentForm) -> HttpResponse:
    cleaned = form.cleaned_data
    try:
        record_payment(
            invoice=found,
            paid_on=cleaned["paid_on"],
            amount_minor=cleaned["amount"],
            reference=cleaned["reference"],
            once_key=cleaned["once_key"],
            now=clock.now(),
            actor=f"user:{request.user.pk}",
            by=request.user,
        )
    except Overpayment as error:
        messages.error(request, _("Not booked: %(why)s.") % {"why": error})
    except NotPayable:
        messages.error(request, _("Only an issued invoice can be paid."))
    else:
        messages.success(request, _("The payment is booked."))
    return redirect("billing:invoice", workspace=found.workspace.slug, number=found.number)


def _to_invoice(step: Step) -> HttpResponse:
    return redirect("billing:invoice", workspace=step.workspace.slug, number=step.invoice.number)


@needs(Can.CHANGE_MONEY)
@require_POST
def approve(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """The letter was read and goes out."""
    step = get_object_or_404(Step.objects.select_related("invoice", "workspace"), pk=pk)
    try:
        step = ladder_operations.approve_step(
            step=step, now=clock.now(), actor=f"user:{request.user.pk}"
        )
    except ladder_operations.StepNotOpen:
        messages.error(request, _("This step does not wait any more."))
        return _to_invoice(step)
    except ladder_operations.StepHeld:
        messages.error(request, _("The ladder is held. Lift that first, or wait for its end."))
        return _to_invoice(step)
    if step.state == Step.State.REVIEW:
        messages.error(request, _("Not sent: %(why)s.") % {"why": step.reason})
    elif step.state == Step.State.DONE:
        messages.success(request, _("Done."))
    else:
        messages.success(
            request, _("It waits a minute in the outbox and can be taken back until then.")
        )
    return _to_invoice(step)


@needs(Can.CHANGE_MONEY)
@require_POST
def skip(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    step = get_object_or_404(Step.objects.select_related("invoice", "workspace"), pk=pk)
    form = SkipForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why this step is left out."))
        return _to_invoice(step)
    try:
        ladder_operations.skip_step(
            step=step,
            reason=form.cleaned_data["reason"],
            now=clock.now(),
            actor=f"user:{request.user.pk}",
        )
    except ladder_operations.StepNotOpen:
        messages.error(request, _("This step does not wait any more."))
    else:
        messages.success(request, _("Left out. The next step follows at its distance."))
    return _to_invoice(step)
