from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from clientdesk import clock
from clientdesk.documents.models import Document
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.models import Client, Project
from feedback.queries.project_page import page_of
from offboarding.forms import DoneForm, ReportForm
from offboarding.operations import DONE, KIND, request_done, request_final_report
from offboarding.queries.facts import beginning, facts_of_project
from offboarding.rules.done import done_of

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
            once_key=chosen["once_key"],
            now=now,
            by=request.user if request.user.is_authenticated else None,
        )
        return redirect("documents:job", workspace=workspace, pk=job.pk)
    made = Document.objects.for_client(client.pk).filter(kind=KIND)[:SHOWN]
    context = {"client": client, "form": form, "made": made, "today": today}
    return render(request, "offboarding/report.html", context)


@needs(Can.SEE_WORK, write=Can.CHANGE_WORK)
def done(request: WorkspaceRequest, workspace: str, slug: str, pk: int) -> HttpResponse:
    """What was done in a project and what it waited for; a POST begins the PDF."""
    project = get_object_or_404(
        Project.objects.select_related("client__workspace", "workspace"), client__slug=slug, pk=pk
    )
    now = clock.now()
    today = request.workspace.local_today(now)
    data = request.POST if request.method == "POST" else None
    form = DoneForm(data, language=project.client.language)
    if request.method == "POST" and form.is_valid():
        job = request_done(
            project=project,
            language=form.cleaned_data["language"],
            once_key=form.cleaned_data["once_key"],
            now=now,
            by=request.user if request.user.is_authenticated else None,
        )
        return redirect("documents:job", workspace=workspace, pk=job.pk)
    made = Document.objects.for_client(project.client_id)
    context = {
        "project": project,
        "client": project.client,
        "form": form,
        "done": done_of(facts_of_project(project, today=today), "en"),
        "page": page_of(project, request.workspace, today=today),
        "made": made.filter(kind=DONE, subject=f"project:{project.pk}")[:SHOWN],
        "today": today,
    }
    return render(request, "offboarding/done.html", context)
