from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from clientdesk import clock
from clientdesk.documents.models import Document
from clientdesk.record.models import Entry
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.models import Client
from offboarding.forms.dossier import DossierForm
from offboarding.operations.dossier import KIND, request_dossier
from offboarding.queries.endings import overrides_of
from offboarding.rules.dossier import Part

SHOWN = 5


@needs(Can.CHANGE_WORK)
def dossier(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    """Choose what goes in; a POST begins the job and goes on to its page."""
    client = get_object_or_404(Client.objects.select_related("workspace"), slug=slug)
    now = clock.now()
    data = request.POST if request.method == "POST" else None
    form = DossierForm(data, language=client.language)
    if request.method == "POST" and form.is_valid():
        job = request_dossier(
            client=client,
            parts=[Part(part) for part in form.cleaned_data["parts"]],
            language=form.cleaned_data["language"],
            span=form.span,
            once_key=form.cleaned_data["once_key"],
            now=now,
            by=request.user if request.user.is_authenticated else None,
        )
        return redirect("documents:job", workspace=workspace, pk=job.pk)
    context = {
        "client": client,
        "form": form,
        "made": Document.objects.for_client(client.pk).filter(kind=KIND)[:SHOWN],
        "entries": Entry.objects.filter(client_ref=client.pk).count(),
        "overrides": overrides_of(client),
        "today": client.workspace.local_today(now),
    }
    return render(request, "offboarding/dossier.html", context)
