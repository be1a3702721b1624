"""The page of a project, for its owner: the clock, the forecast, and what the client sees."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientdesk import clock
from clientdesk.documents.operations import UploadRefused
from clientdesk.outbox.operations import RecipientRefused
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.models import Project
from feedback.forms.projects import ChanceForm, LinkForm, ShareForm
from feedback.models import MissedChance, ProjectLink
from feedback.operations import chances, sharing
from feedback.queries.links import project_address
from feedback.queries.project_page import page_of, share_of


def find_project(slug: str, pk: int) -> Project:
    projects = Project.objects.select_related("client", "workspace")
    return get_object_or_404(projects, client__slug=slug, pk=pk)


def _to_project(project: Project, workspace: str, page: str = "feedback:project") -> HttpResponse:
    return redirect(page, workspace=workspace, slug=project.client.slug, pk=project.pk)


def _actor(request: WorkspaceRequest) -> str:
    return f"user:{request.user.pk}"


@needs(Can.SEE_WORK)
def detail(request: WorkspaceRequest, workspace: str, slug: str, pk: int) -> HttpResponse:
    """Whose move it is, what it cost, and what is needed to go on."""
    project = find_project(slug, pk)
    today = request.workspace.local_today(clock.now())
    page = page_of(project, request.workspace, today=today)
    context = {"page": page, "project": project, "client": project.client, "today": today}
    return render(request, "feedback/project.html", context)


@needs(Can.CHANGE_WORK)
def chance(request: WorkspaceRequest, workspace: str, slug: str, pk: int) -> HttpResponse:
    """Note a chance that was missed, with how one can tell."""
    project = find_project(slug, pk)
    now = clock.now()
    today = request.workspace.local_today(now)
    form = ChanceForm(
        request.POST or None,
        request.FILES or None,
        project=project,
        today=today,
        initial={"missed_on": today, "request": request.GET.get("request", "")},
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            chances.note_chance(
                project=project,
                title=said["title"],
                missed_on=said["missed_on"],
                evidence=said["evidence"],
                request=said["request"],
                upload=said["file"],
                once_key=said["once_key"],
                author=request.user,
                now=now,
                actor=_actor(request),
            )
        except UploadRefused as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("Noted. It stands under Chances missed."))
            return _to_project(project, workspace)
    context = {"form": form, "project": project, "client": project.client}
    return render(request, "feedback/chance.html", context)


@needs(Can.CHANGE_WORK)
@require_POST
def strike(
    request: WorkspaceRequest, workspace: str, slug: str, pk: int, chance: int
) -> HttpResponse:
    project = find_project(slug, pk)
    row = get_object_or_404(MissedChance.objects, project=project, pk=chance)
    chances.strike_chance(chance=row, now=clock.now(), actor=_actor(request))
    messages.success(request, _("Struck out. The record still tells of it."))
    return _to_project(project, workspace)


@needs(Can.SEE_WORK, write=Can.CHANGE_WORK)
def share(request: WorkspaceRequest, workspace: str, slug: str, pk: int) -> HttpResponse:
    """What the client sees, and by which links."""
    project = find_project(slug, pk)
    now = clock.now()
    form = ShareForm(request.POST or None, instance=share_of(project))
    if request.method == "POST" and form.is_valid():
        sharing.choose_shown(
            project=project, shown=form.cleaned_data, now=now, actor=_actor(request)
        )
        messages.success(request, _("The client's page shows this from now on."))
        return _to_project(project, workspace, "feedback:project_share")
    links = ProjectLink.objects.filter(project=project, revoked_at=None, expires_at__gt=now)
    context = {
        "form": form,
        "link_form": LinkForm(project=project),
        "links": [(link, project_address(link)) for link in links.order_by("pk")],
        "project": project,
        "client": project.client,
    }
    return render(request, "feedback/share.html", context)


@needs(Can.CHANGE_WORK)
@require_POST
def link(request: WorkspaceRequest, workspace: str, slug: str, pk: int) -> HttpResponse:
    """Make a link for one of the client's people, or send it."""
    project = find_project(slug, pk)
    now = clock.now()
    form = LinkForm(request.POST, project=project)
    if not form.is_valid():
        messages.error(request, _("Choose one of the client's people with an e-mail address."))
        return _to_project(project, workspace, "feedback:project_share")
    email = form.cleaned_data["email"]
    if request.POST.get("do") == "send":
        try:
            sharing.send_link(project=project, email=email, now=now, actor=_actor(request))
        except sharing.AlreadySentToday:
            messages.error(request, _("The link went there today already."))
        except RecipientRefused:
            messages.error(request, _("This address cannot be written to. Correct it first."))
        else:
            messages.success(
                request, _("The link waits in the outbox; for a minute it can be taken back.")
            )
    else:
        sharing.make_link(project=project, email=email, now=now, actor=_actor(request))
        messages.success(request, _("The link is made."))
    return _to_project(project, workspace, "feedback:project_share")


@needs(Can.CHANGE_WORK)
@require_POST
def unlink(
    request: WorkspaceRequest, workspace: str, slug: str, pk: int, link: int
) -> HttpResponse:
    project = find_project(slug, pk)
    row = get_object_or_404(ProjectLink.objects, project=project, pk=link)
    sharing.revoke_link(link=row, now=clock.now(), actor=_actor(request))
    messages.success(request, _("Revoked. The link opens nothing any more."))
    return _to_project(project, workspace, "feedback:project_share")
