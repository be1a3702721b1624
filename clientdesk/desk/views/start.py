"""The first steps at a new desk. Each can be left out; none asks for what can wait."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.operations.ladders import set_money_ladder
from clientdesk import clock
from clientdesk.desk.forms.start import MANNERS, MannerForm
from clientdesk.desk.operations.samples import NotASample, remove_sample
from clientdesk.ladder import Calendar
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.forms import NewClientForm
from clients.models import Client
from clients.operations.clients import create_client
from clients.views.common import actor_of, try_to_save


@needs(Can.MANAGE)
def ladder(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Step 2 of 4; the first is the business itself."""
    form = MannerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        set_money_ladder(
            workspace=request.workspace,
            rungs=MANNERS[form.cleaned_data["manner"]].rungs,
            calendar=Calendar.CLIENT,
            now=clock.now(),
            actor=actor_of(request),
        )
        return redirect("desk:start_client", workspace=workspace)
    chosen = form["manner"].value()
    context = {"form": form, "manners": MANNERS.values(), "chosen": chosen, "step": 2}
    return render(request, "desk/start_ladder.html", context)


@needs(Can.CHANGE_WORK)
def client(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Step 3: the client that is on one's mind."""
    initial = {
        "currency": request.workspace.currency,
        "country": request.workspace.country,
        "language": request.workspace.language,
    }
    form = NewClientForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        saved = try_to_save(
            form,
            lambda: create_client(
                workspace=request.workspace,
                now=clock.now(),
                actor=actor_of(request),
                **form.cleaned_data,
            ),
        )
        if saved:
            return redirect("desk:start_log", workspace=workspace)
    if request.method == "POST" and form.namesake:
        # The same click twice, or somebody who went back: the client is there.
        return redirect("desk:start_log", workspace=workspace)
    return render(request, "desk/start_client.html", {"form": form, "step": 3})


@needs(Can.CHANGE_WORK)
def log(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Step 4: the first line, which the quick log itself takes."""
    newest = Client.objects.active().order_by("-created_at", "-pk").first()
    return render(request, "desk/start_log.html", {"client": newest, "step": 4})


@needs(Can.MANAGE)
@require_POST
def remove(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The sample goes with one click; a real desk does not go at all."""
    try:
        remove_sample(workspace=request.workspace)
    except NotASample:
        messages.error(request, _("This is no sample: what is written here stays."))
        return redirect("desk:data", workspace=workspace)
    messages.success(request, _("The sample is gone. This can be your own desk now."))
    return redirect("workspaces:choose")
