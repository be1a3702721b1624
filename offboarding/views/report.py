from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from clientdesk import clock
from clientdesk.documents.models import Document
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.models import Client
from offboarding.forms.report import ReportForm
from offboarding.operations.report import KIND, request_final_report
from offboarding.queries.facts import beginning
from offboarding.rules.facts import INTERIM_REPORT

SHOWN = 5


@needs(Can.SEE_WORK, write=Can.CHANGE_WORK)
def report(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    """Ask for a final report: a POST begins the job and goes on to its page."""
    client = get_object_or_404(Client.objects.select_related("workspace"), slug=slug)
    now = clock.now()
    today = client.workspace.local_today(now)
    form = ReportForm(
        request.POST if request.method == "POST" else None,
        beginning=beginning(client, today=today),
        today=today,
        language=client.language,
    )
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        job = request_final_report(
            client=client,
            first=chosen["first"],
            last=chosen["last"],
            language=chosen["language"],
            interim=chosen["interim"],
            once_key=chosen["once_key"],
            now=now,
            by=request.user if request.user.is_authenticated else None,
        )
        return redirect("documents:job", workspace=workspace, pk=job.pk)
    made = Document.objects.for_client(client.pk).filter(kind__in=(KIND, INTERIM_REPORT))[:SHOWN]
    context = {"client": client, "form": form, "made": made, "today": today}
    return render(request, "offboarding/report.html", context)
