from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language

from clientdesk import clock
from clientdesk.documents.models import Document
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.models import Project
from feedback.queries.project_page import page_of
from offboarding.forms.report import DoneForm
from offboarding.operations.done import KIND, request_done
from offboarding.queries.facts import facts_of_project
from offboarding.rules.done import done_of

SHOWN = 5


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
        "done": done_of(facts_of_project(project, today=today), get_language() or "en"),
        "page": page_of(project, request.workspace, today=today),
        "made": made.filter(kind=KIND, subject=f"project:{project.pk}")[:SHOWN],
        "today": today,
    }
    return render(request, "offboarding/done.html", context)
