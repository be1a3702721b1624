"""What an owner does beside the ladder: hold it, share the amount out, decide, send the invoice."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.forms.holds import ROWS, HoldForm, PlanForm, ReasonForm
from billing.models import Hold, Invoice, Plan, Step
from billing.operations import deciding, gratitude, holds, plans, resuming
from billing.operations.ladder import DECIDE, StepNotOpen
from clientdesk import clock
from clientdesk.record.undoing import say_done
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.models import Stop
from clients.operations.stops import StopEnded


def _open_invoice(pk: int) -> Invoice:
    return get_object_or_404(
        Invoice.objects.select_related("client", "workspace"),
        pk=pk,
        state=Invoice.State.ISSUED,
        settled_on=None,
    )


def to_invoice(invoice: Invoice) -> HttpResponse:
    return redirect("billing:invoice", workspace=invoice.workspace.slug, number=invoice.number)


@needs(Can.CHANGE_MONEY)
def hold(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """The client disputes it, promised to pay, or you wait for a reason of your own."""
    invoice = _open_invoice(pk)
    now = clock.now()
    today = request.workspace.local_today(now)
    form = HoldForm(
        request.POST or None, today=today, initial={"kind": request.GET.get("why", "promise")}
    )
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        holds.hold_ladder(
            client=invoice.client,
            invoice=None if cleaned["whole_client"] else invoice,
            kind=cleaned["kind"],
            first=today,
            until=cleaned["until"],
            reason=cleaned["reason"],
            now=now,
            actor=f"user:{request.user.pk}",
        )
        say_done(
            request,
            _("The ladder rests. It goes on where it was."),
            kind="hold.begun",
            client_ref=invoice.client_id,
        )
        return to_invoice(invoice)
    return render(request, "billing/hold.html", {"invoice": invoice, "form": form})


@needs(Can.CHANGE_MONEY)
@require_POST
def lift(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    found = get_object_or_404(Hold.objects.select_related("invoice__workspace", "client"), pk=pk)
    try:
        holds.lift_hold(
            hold=found,
            reason=request.POST.get("reason", "")[:300],
            now=clock.now(),
            actor=f"user:{request.user.pk}",
        )
    except holds.HoldOver:
        messages.error(request, _("It was lifted already, or has ended."))
    else:
        messages.success(request, _("Lifted. The ladder goes on where it was."))
    if found.invoice is not None:
        return to_invoice(found.invoice)
    return redirect("desk:client_invoices", workspace=workspace, slug=found.client.slug)


@needs(Can.CHANGE_MONEY)
def plan(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Instalments with their days; together they are what is open."""
    invoice = _open_invoice(pk)
    now = clock.now()
    today = request.workspace.local_today(now)
    asked = request.POST.get("rows") or request.GET.get("rows") or ""
    rows = int(asked) if asked.isdecimal() and len(asked) < 3 else ROWS
    bound = request.method == "POST" and "share" not in request.POST
    form = PlanForm(request.POST if bound else None, invoice=invoice, today=today, rows=rows)
    if bound and form.is_valid():
        instalments = form.instalments()
        if not form.errors:
            try:
                plans.agree_plan(
                    invoice=invoice,
                    instalments=instalments,
                    agreed_on=today,
                    note=form.cleaned_data["note"],
                    now=now,
                    actor=f"user:{request.user.pk}",
                )
            except plans.PlanRefused as error:
                form.add_error(None, str(error))
            else:
                messages.success(
                    request, _("The plan is kept. Each instalment is on the ladder now.")
                )
                return to_invoice(invoice)
    context = {"invoice": invoice, "form": form, "rows": form.rows, "most": plans.MOST}
    return render(request, "billing/plan.html", context)


@needs(Can.CHANGE_MONEY)
@require_POST
def end_plan(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    found = get_object_or_404(Plan.objects.select_related("invoice__workspace"), pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the plan is called off."))
        return to_invoice(found.invoice)
    try:
        plans.end_plan(
            plan=found,
            reason=form.cleaned_data["reason"],
            now=clock.now(),
            actor=f"user:{request.user.pk}",
        )
    except plans.PlanOver:
        messages.error(request, _("This plan has ended already."))
    else:
        messages.success(request, _("Called off. What is open is due as a whole again."))
    return to_invoice(found.invoice)


@needs(Can.CHANGE_MONEY)
def write_off(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Give the amount up, with the reason that goes into the record."""
    invoice = _open_invoice(pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            deciding.write_off(
                invoice=invoice,
                reason=form.cleaned_data["reason"],
                now=clock.now(),
                actor=f"user:{request.user.pk}",
            )
        except deciding.NothingToWriteOff:
            messages.error(request, _("Nothing is open on it any more."))
        else:
            messages.success(request, _("Written off. Nothing is chased any more."))
        return to_invoice(invoice)
    return render(request, "billing/write_off.html", {"invoice": invoice, "form": form})


@needs(Can.CHANGE_MONEY)
@require_POST
def end(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Of the three ways the one that ends the cooperation: on to the final report."""
    step = get_object_or_404(
        Step.objects.select_related("invoice__client", "invoice__workspace", "workspace"),
        pk=pk,
        rung=DECIDE,
    )
    try:
        deciding.choose_to_end(
            step=step,
            reason=request.POST.get("reason", "")[:200],
            now=clock.now(),
            actor=f"user:{request.user.pk}",
        )
    except StepNotOpen:
        messages.error(request, _("This step does not wait any more."))
        return to_invoice(step.invoice)
    messages.success(request, _("Noted. The final report is where an ending begins."))
    return redirect("offboarding:report", workspace=workspace, slug=step.invoice.client.slug)


@needs(Can.CHANGE_WORK)
@require_POST
def resume(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Today's button: money came in, work goes on, and the client is told."""
    stop = get_object_or_404(Stop.objects.select_related("workspace", "client"), pk=pk)
    why = {"full": _("paid in full"), "part": _("paid in part")}
    reason = why.get(stop.ask_resume) or _("by your word")
    try:
        resuming.resume_work(
            stop=stop, reason=reason, now=clock.now(), actor=f"user:{request.user.pk}"
        )
    except StopEnded:
        messages.error(request, _("This stop is over already."))
    else:
        messages.success(request, _("Work goes on."))
    return redirect("desk:today", workspace=workspace)


@needs(Can.CHANGE_MONEY)
@require_POST
def send(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Send the client the invoice; it waits its minute in the outbox."""
    invoice = _open_invoice(pk)
    key = request.POST.get("once_key", "")[:40] or uuid4().hex
    try:
        gratitude.send_invoice(invoice=invoice, now=clock.now(), once_key=key)
    except gratitude.NoAddress as error:
        messages.error(request, _("Not sent: %(why)s.") % {"why": error})
    else:
        messages.success(
            request, _("It waits a minute in the outbox and can be taken back until then.")
        )
    return to_invoice(invoice)
