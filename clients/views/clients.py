from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from clientdesk import clock
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.forms import ClientForm, ContactForm, NewClientForm
from clients.models import Client, Contact, Stop
from clients.operations import clients as operations
from clients.queries import found_by
from clients.views.common import actor_of, find_client, form_page, to_client, try_to_save


@needs(Can.SEE_WORK)
def client_list(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Clients by name; found by name, reference or a person there."""
    q, show = request.GET.get("q", "").strip()[:200], request.GET.get("show", "active")
    stopped = Stop.objects.running().filter(client=OuterRef("pk"))
    people = Prefetch("contacts", Contact.objects.order_by("-is_primary", "pk"))
    clients: Any = Client.objects.annotate(is_stopped=Exists(stopped)).prefetch_related(people)
    if show == "archived":
        clients = clients.exclude(archived_at=None)
    elif show == "stopped":
        clients = clients.active().filter(is_stopped=True)
    else:
        show, clients = "active", clients.active()
    clients = clients.order_by("name", "pk")
    page = Paginator(found_by(q, clients) if q else clients, 50).get_page(request.GET.get("page"))
    rows = clients.filter(pk__in=page.object_list) if q else page.object_list
    return render(
        request, "clients/list.html", {"page_obj": page, "rows": rows, "q": q, "show": show}
    )


# A second form of the same name within this time is the same click twice.
SENT_TWICE = timedelta(seconds=30)


def _onward(request: WorkspaceRequest, client: Client) -> HttpResponse:
    """To the client, or back to the line of the quick log that named them first."""
    if not (line := request.GET.get("line", "")):
        return to_client(client, request.workspace.slug)
    query = urlencode({"line": line, "client": client.pk})
    return redirect(f"{reverse('desk:log', args=[request.workspace.slug])}?{query}")


def _namesake(form: NewClientForm) -> Client | None:
    """The client of that name, also where it came between the form's look and the saving."""
    if form.namesake or "name" not in form.errors:
        return form.namesake
    return Client.objects.active().filter(name=form.data.get("name", "").strip()).first()


@needs(Can.CHANGE_WORK)
def new(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    initial = {
        "name": request.GET.get("name", ""),
        "currency": request.workspace.currency,
        "country": request.workspace.country,
        "language": request.workspace.language,
    }
    form = NewClientForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        made: list[Client] = []
        saved = try_to_save(
            form,
            lambda: made.append(
                operations.create_client(
                    workspace=request.workspace,
                    now=clock.now(),
                    actor=actor_of(request),
                    **form.cleaned_data,
                )
            ),
        )
        if saved:
            messages.success(request, _("%(name)s is on your desk.") % {"name": made[0].name})
            return _onward(request, made[0])
    twin = _namesake(form) if request.method == "POST" else None
    if twin and clock.now() - twin.created_at < SENT_TWICE:
        return _onward(request, twin)
    return render(request, "clients/new.html", {"form": form})


@needs(Can.CHANGE_WORK)
def edit(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    client = find_client(slug)
    form = ClientForm(request.POST or None, instance=client)
    if request.method == "POST" and form.is_valid():
        fresh = find_client(slug)
        if try_to_save(
            form,
            lambda: operations.change_client(
                client=fresh, fields=form.cleaned_data, now=clock.now(), actor=actor_of(request)
            ),
        ):
            messages.success(request, _("Kept."))
            return to_client(fresh, workspace)
    return form_page(request, client, form, title=_("Details"), submit=_("Keep the details"))


@needs(Can.CHANGE_WORK)
def contact(
    request: WorkspaceRequest, workspace: str, slug: str, pk: int | None = None
) -> HttpResponse:
    client = find_client(slug)
    person = get_object_or_404(client.contacts.all(), pk=pk) if pk else None
    form = ContactForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        fresh = get_object_or_404(client.contacts.all(), pk=pk) if pk else None
        if try_to_save(
            form,
            lambda: operations.save_contact(
                client=client,
                contact=fresh,
                fields=form.cleaned_data,
                now=clock.now(),
                actor=actor_of(request),
            ),
        ):
            messages.success(request, _("Kept."))
            return to_client(client, workspace)
    title = str(person) if person else _("Another person")
    return form_page(request, client, form, title=title, submit=_("Keep this person"))
