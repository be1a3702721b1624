"""What a client does again and again: the facts, and setting one aside with a reason."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientdesk import clock
from clientdesk.desk.forms.patterns import DismissForm
from clientdesk.desk.queries.patterns import client_patterns
from clientdesk.desk.words import PATTERNS
from clientdesk.record.undoing import say_done
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.models import Client
from clients.operations import dismissals
from clients.views.common import actor_of, find_client, try_to_save


def _back(client: Client, workspace: str) -> HttpResponse:
    return redirect("desk:client_pattern", workspace=workspace, slug=client.slug)


@needs(Can.CHANGE_WORK)
def dismiss(request: WorkspaceRequest, workspace: str, slug: str, finding: str) -> HttpResponse:
    """Set it aside as it stands now; with other facts it comes back by itself."""
    client = get_object_or_404(Client.objects.select_related("workspace"), slug=slug)
    if finding not in PATTERNS:
        raise Http404
    patterns = client_patterns(client, today=request.workspace.local_today(clock.now()))
    shown = patterns.named(finding)
    if shown is None or not shown.stands:
        messages.info(request, _("This pattern does not stand any more."))
        return _back(client, workspace)
    form: forms.Form = DismissForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if try_to_save(
                form,
                lambda: dismissals.dismiss(
                    client=client,
                    finding=finding,
                    facts=shown.finding.key,
                    reason=form.cleaned_data["reason"],
                    author=request.user,
                    now=clock.now(),
                    actor=actor_of(request),
                ),
            ):
                say_done(
                    request,
                    _("Set aside. With other facts it comes back."),
                    kind="finding.dismissed",
                    client_ref=client.pk,
                )
                return _back(client, workspace)
        except dismissals.DismissedAlready:
            return _back(client, workspace)
    context = {
        "client": client,
        "form": form,
        "pattern": _(PATTERNS[finding]),
        "patterns": patterns,
        "shown": shown,
    }
    return render(request, "desk/pattern_dismiss.html", context)


@needs(Can.CHANGE_WORK)
@require_POST
def restore(request: WorkspaceRequest, workspace: str, slug: str, finding: str) -> HttpResponse:
    client = find_client(slug)
    if finding not in PATTERNS:
        raise Http404
    if dismissals.restore(client=client, finding=finding, now=clock.now(), actor=actor_of(request)):
        messages.success(request, _("It stands again."))
    return _back(client, workspace)
