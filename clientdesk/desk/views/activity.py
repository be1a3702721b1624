from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

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
    seq, head = head_of(request.workspace.pk)
    context = {
        "rows": [
            (e, describe(e), names.get(e.actor, ""), clients.get(e.client_ref or 0))
            for e in entries
        ],
        "page_obj": page,
        "seq": seq,
        "head": head,
        "verdict": verify_record(request.workspace.pk) if "verify" in request.GET else None,
    }
    return render(request, "desk/activity.html", context)
