"""Choosing, beginning and joining a workspace: the pages outside any."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from clientdesk import clock
from clientdesk.workspaces import operations
from clientdesk.workspaces.forms import WorkspaceForm
from clientdesk.workspaces.models import Membership
from clientdesk.workspaces.requests import ReaderRequest


@login_required
def choose(request: ReaderRequest) -> HttpResponse:
    """To the only workspace, or a choice; to the first form where there is none."""
    memberships = list(
        Membership.objects.select_related("workspace")
        .filter(user_id=request.user.pk)
        .order_by("workspace__is_sample", "workspace__name")
    )
    if not memberships:
        return redirect("workspaces:create")
    if len(memberships) == 1 and "all" not in request.GET:
        return redirect("desk:today", workspace=memberships[0].workspace.slug)
    return render(request, "workspaces/choose.html", {"memberships": memberships})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: ReaderRequest) -> HttpResponse:
    """The first of four steps; left out, the desk begins with what stands in the form."""
    offered = {
        "name": request.user.name or request.user.email.partition("@")[0],
        "currency": "EUR",
        "language": get_language(),
    }
    form = WorkspaceForm(request.POST or None, initial=offered)
    if "skip" in request.POST:
        form = WorkspaceForm({n: form.get_initial_for_field(f, n) for n, f in form.fields.items()})
    if request.method == "POST" and form.is_valid():
        workspace = operations.begin_workspace(
            owner=request.user, now=clock.now(), **form.cleaned_data
        )
        return redirect("desk:start_ladder", workspace=workspace.slug)
    return render(request, "workspaces/create.html", {"form": form, "step": 1})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """An invitation: looking changes nothing, accepting is a POST by the invited person."""
    invitation = operations.find_invitation(token, now=clock.now())
    if invitation is None:
        return render(request, "workspaces/invitation_gone.html", status=404)
    if request.method == "POST":
        if not request.user.is_authenticated:
            # The session remembers only that there is one, so that sign-up opens for the guest.
            request.session["invitation"] = True
            return redirect(f"/accounts/signup/?next={request.path}")
        try:
            operations.accept_invitation(token=token, user=request.user, now=clock.now())
        except operations.InvitationNotUsable:
            messages.error(
                request,
                _("This invitation is for %(email)s. Sign in with that address to accept it.")
                % {"email": invitation.email},
            )
            return redirect(request.path)
        request.session.pop("invitation", None)
        return redirect("desk:today", workspace=invitation.workspace.slug)
    return render(request, "workspaces/join.html", {"invitation": invitation})
