"""Taking everything along, and erasing one client."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from clientdesk import clock
from clientdesk.desk.forms.data import EraseForm, ExportForm
from clientdesk.desk.operations.erasing import ErasureRefused, erasable, erase_client
from clientdesk.desk.operations.moving_out import request_export
from clientdesk.desk.operations.moving_tables import EXPORT
from clientdesk.documents.models import Document
from clientdesk.record.operations import head_of
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.models import Client
from clients.views.common import actor_of

SHOWN = 5


@needs(Can.MANAGE)
def data(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Everything as one file; a POST begins the job and goes on to its page."""
    form = ExportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        job = request_export(
            workspace=request.workspace,
            once_key=form.cleaned_data["once_key"],
            now=clock.now(),
            by=request.user,
        )
        return redirect("documents:job", workspace=workspace, pk=job.pk)
    seq, head = head_of(request.workspace.pk)
    context = {
        "form": form,
        "made": Document.objects.filter(kind=EXPORT)[:SHOWN],
        "seq": seq,
        "head": head,
        "today": request.workspace.local_today(clock.now()),
    }
    return render(request, "desk/data.html", context)


@needs(Can.MANAGE)
def erase(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    """What would go, what stays and why; a POST with the client's name does it."""
    client = get_object_or_404(Client.objects, slug=slug)
    form = EraseForm(request.POST if request.method == "POST" else None, client=client)
    if request.method == "POST" and form.is_valid():
        try:
            erase_client(
                client=client,
                reason=form.cleaned_data["reason"],
                now=clock.now(),
                actor=actor_of(request),
            )
        except ErasureRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Erased. The issued invoices are kept."))
            return redirect("clients:list", workspace=workspace)
    context = {"client": client, "form": form, "told": erasable(client)}
    return render(request, "desk/erase.html", context)
