from django.http import Http404, HttpResponse
from django.shortcuts import render

from billing.models import Invoice
from billing.queries.interest import claim_for
from clientdesk import clock
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest


@needs(Can.SEE_MONEY)
def interest(request: WorkspaceRequest, workspace: str, number: str) -> HttpResponse:
    """The claim for late payment, line by line. Looking at it charges nothing."""
    found = Invoice.objects.numbered(number).select_related("client").first()
    if found is None or found.state not in (Invoice.State.ISSUED, Invoice.State.WRITTEN_OFF):
        raise Http404
    today = request.workspace.local_today(clock.now())
    claim = claim_for(found, today=today)
    context = {"invoice": found, "claim": claim, "today": today}
    return render(request, "billing/interest.html", context)
