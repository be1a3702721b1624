from datetime import date

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.dateparse import parse_date

from billing.models import Invoice
from clientdesk import clock
from clientdesk.desk.queries.client import GROUPS, interactions_behind, standing_of, timeline_of
from clientdesk.desk.queries.patterns import client_patterns
from clientdesk.desk.words import content_of, describe, template_of
from clientdesk.documents.models import Document
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.models import Client
from clients.queries import deliveries
from feedback.queries.faces import clients_face
from feedback.queries.patterns import open_access_requests
from feedback.queries.talks import talks_of
from offboarding.queries.endings import open_ending

PAGE = 30


def _client_page(
    request: WorkspaceRequest, slug: str, template: str, open_tab: str, **more: object
) -> HttpResponse:
    client = get_object_or_404(Client.objects, slug=slug)
    today = request.workspace.local_today(clock.now())
    context = {
        "client": client,
        "standing": standing_of(client, today=today),
        "patterns": client_patterns(client, today=today),
        "face": clients_face(client, request.workspace, today=today),
        "ending": open_ending(client),
        "open_tab": open_tab,
        "today": today,
        **more,
    }
    return render(request, template, context)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


@needs(Can.SEE_WORK)
def timeline(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    """Everything about the client in order, each with when it happened and was recorded."""
    client = get_object_or_404(Client.objects, slug=slug)
    group = request.GET.get("show", "")
    first, last = _day(request.GET.get("from", "")), _day(request.GET.get("to", ""))
    entries = timeline_of(client, group=group if group in GROUPS else "", first=first, last=last)
    page = Paginator(entries, PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    logged = interactions_behind(shown)
    rows = [
        (entry, content_of(entry), describe(entry), logged.get(entry.subject), template_of(entry))
        for entry in shown
    ]
    return _client_page(
        request,
        slug,
        "desk/client_timeline.html",
        "timeline",
        rows=rows,
        page_obj=page,
        show=group,
        first=first,
        last=last,
    )


@needs(Can.SEE_WORK)
def work(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    """Projects, the accounts handled, and what was achieved."""
    client = get_object_or_404(Client.objects, slug=slug)
    projects = list(client.projects.order_by("delivered_on", "delivery_on", "name"))
    return _client_page(
        request,
        slug,
        "desk/client_work.html",
        "work",
        projects=projects,
        deliveries=deliveries(projects, today=request.workspace.local_today(clock.now())),
        accounts=list(client.accounts.all()),
        access_asked=open_access_requests(client),
        results=list(client.results.select_related("project")),
        stops=list(client.stops.select_related("project")),
    )


@needs(Can.SEE_WORK)
def invoices(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    client = get_object_or_404(Client.objects, slug=slug)
    rows = Invoice.objects.filter(client=client).select_related("client")
    page = Paginator(rows.order_by("-issued_on", "-pk"), PAGE).get_page(request.GET.get("page"))
    return _client_page(request, slug, "desk/client_invoices.html", "invoices", page_obj=page)


@needs(Can.SEE_WORK)
def files(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    client = get_object_or_404(Client.objects, slug=slug)
    rows = Document.objects.filter(client_ref=client.pk).order_by("-created_at")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return _client_page(request, slug, "desk/client_files.html", "files", page_obj=page)


@needs(Can.SEE_WORK)
def pattern(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    """What they do again and again, each with its facts; and the letters about it."""
    client = get_object_or_404(Client.objects, slug=slug)
    talks = talks_of(client)
    return _client_page(request, slug, "desk/client_pattern.html", "pattern", talks=talks)
