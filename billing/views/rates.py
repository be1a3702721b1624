from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.forms.rates import RateForm
from billing.models import ReferenceRate
from billing.operations import rates as operations
from billing.queries.interest import rate_table
from billing.queries.settings import money_settings
from clientdesk import clock
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest


@needs(Can.MANAGE)
def rates(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The table that claims for late payment are computed with, each rate with its source."""
    form = RateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        operations.save_rate(
            workspace=request.workspace,
            since=form.cleaned_data["since"],
            rate_bp=int(form.cleaned_data["percent"] * 100),
            source=form.cleaned_data["source"],
            now=clock.now(),
            actor=f"user:{request.user.pk}",
        )
        messages.success(request, _("Kept. Claims are computed with it from now on."))
        return redirect("billing:rates", workspace=workspace)
    own = {row.since: row for row in ReferenceRate.objects.all()}
    table = [(rate, own.get(rate.since)) for rate in reversed(rate_table())]
    margin = money_settings(request.workspace.pk).interest_margin_bp / 100
    return render(request, "billing/rates.html", {"form": form, "table": table, "margin": margin})


@needs(Can.MANAGE)
@require_POST
def remove(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    rate = get_object_or_404(ReferenceRate.objects, pk=pk)
    operations.remove_rate(rate=rate, now=clock.now(), actor=f"user:{request.user.pk}")
    messages.success(request, _("Taken out."))
    return redirect("billing:rates", workspace=workspace)
