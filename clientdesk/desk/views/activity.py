from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientdesk import clock
from clientdesk.desk.operations import undoing
from clientdesk.desk.words import describe
from clientdesk.record.models import Entry
from clientdesk.record.operations import head_of
from clientdesk.record.verify import verify_record
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.models import User
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.models import Client


@needs(Can.SEE_WORK)
def activity(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The record of the workspace, newest first, and on request whether it holds."""
    page = Paginator(Entry.objects.with_content().order_by("-seq"), 50).get_page(
        request.GET.get("page")
    )
    entries = list(page.object_list)
    user_ids = {int(e.actor[5:]) for e in entries if e.actor.startswith("user:")}
    names = {f"user:{user.pk}": str(user) for user in User.objects.filter(pk__in=user_ids)}
    clients = Client.objects.in_bulk({e.client_ref for e in entries if e.client_ref})
    back = undoing.undoable(entries, now=clock.now())
    seq, head = head_of(request.workspace.pk)
    context = {
        "rows": [
            (
                e,
                describe(e),
                names.get(e.actor, ""),
                clients.get(e.client_ref or 0),
                e.seq in back and request.membership.can(undoing.UNDOS[e.kind].needs),
            )
            for e in entries
        ],
        "page_obj": page,
        "seq": seq,
        "head": head,
        "verdict": verify_record(request.workspace.pk) if "verify" in request.GET else None,
    }
    return render(request, "desk/activity.html", context)


@needs(Can.CHANGE_WORK)
@require_POST
def undo(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Take one entry's deed back; where it was said from, there one stays."""
    entry = get_object_or_404(Entry.objects.with_content(), pk=pk)
    known = undoing.UNDOS.get(entry.kind)
    if known and not request.membership.can(known.needs):
        raise PermissionDenied
    try:
        undoing.undo(entry=entry, now=clock.now(), actor=f"user:{request.user.pk}")
    except undoing.NotUndoable:
        messages.error(request, _("This cannot be undone any more."))
    else:
        messages.success(request, _("Undone."))
    client = Client.objects.filter(pk=entry.client_ref or 0).first()
    if client is None or "activity" in request.POST:
        return redirect("desk:activity", workspace=workspace)
    return redirect("desk:client", workspace=workspace, slug=client.slug)
