from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from billing.models import Invoice
from clientdesk import clock
from clientdesk.desk.queries.forecast import what_goes_out
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest

PAGE = 100


@needs(Can.SEE_MONEY)
def forecast(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """What goes out in the next 30 days, if nobody pays or answers."""
    today = request.workspace.local_today(clock.now())
    ahead = what_goes_out(
        workspace_id=request.workspace.pk, today=today, work=request.membership.can(Can.SEE_WORK)
    )
    context = {
        "page_obj": Paginator(ahead.steps, PAGE).get_page(request.GET.get("page")),
        "total": len(ahead.steps),
        "waiting": Invoice.objects.waiting_to_start().count(),
        "today": today,
    }
    return render(request, "desk/forecast.html", context)
