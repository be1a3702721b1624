from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from billing.models import Step
from billing.queries.lists import SHOWS, aging, show_counts, shown, tally
from clientdesk import clock
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest

PAGE = 50


@needs(Can.SEE_MONEY)
def invoice_list(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Invoices, what is open first; each currency for itself."""
    today = request.workspace.local_today(clock.now())
    show = request.GET.get("show", "open")
    show = show if show in SHOWS else "open"
    sorts = tally()
    counts = show_counts(sorts, on=today)
    paginator = Paginator(shown(show, on=today), PAGE)
    paginator.count = counts[show]  # known already; counting 100,000 rows takes its time
    page = paginator.get_page(request.GET.get("page"))
    invoices = list(page.object_list)
    reviews = {
        step.invoice_id: step
        for step in Step.objects.filter(
            invoice__in=invoices, state__in=(Step.State.REVIEW, Step.State.STUCK)
        )
    }
    context = {
        "page_obj": page,
        "invoices": invoices,
        "reviews": reviews,
        "show": show,
        "counts": counts,
        "ages": aging(sorts, on=today),
        "today": today,
    }
    return render(request, "billing/list.html", context)
