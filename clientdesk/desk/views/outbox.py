from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientdesk import clock
from clientdesk.outbox import operations
from clientdesk.outbox.models import Message
from clientdesk.outbox.queries import compose_preview
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.models import Client

GROUPS = {
    "queued": ("queued", "retry", "claimed", "sending"),
    "unsure": ("uncertain",),
    "failed": ("failed",),
    "sent": ("sent",),
    "gone": ("suppressed", "cancelled"),
}


@needs(Can.SEE_MONEY)
def outbox(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Queued, sent, not sure, failed: what goes out, what went, and what needs the owner."""
    by_state = dict(Message.objects.order_by().values_list("state").annotate(n=Count("pk")))
    counts = {group: sum(by_state.get(s, 0) for s in states) for group, states in GROUPS.items()}
    show = request.GET.get("show", "")
    if show not in GROUPS:
        show = next((g for g in ("unsure", "failed", "queued") if counts[g]), "sent")
    rows = Message.objects.filter(state__in=GROUPS[show]).defer("raw").order_by("-pk")
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    found = list(page.object_list)
    clients = Client.objects.in_bulk({m.client_ref for m in found if m.client_ref})
    context = {
        "rows": [(message, clients.get(message.client_ref or 0)) for message in found],
        "page_obj": page,
        "counts": counts,
        "show": show,
        "mail_is_set_up": settings.MAIL_IS_SET_UP,
    }
    return render(request, "desk/outbox.html", context)


@needs(Can.SEE_MONEY)
def message(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """A message as it went, or as it would go out now."""
    found = get_object_or_404(Message.objects, pk=pk)
    context = {
        "message": found,
        "client": Client.objects.filter(pk=found.client_ref or 0).first(),
        "preview": None if found.text else compose_preview(found, now=clock.now()),
        "mail_is_set_up": settings.MAIL_IS_SET_UP,
    }
    return render(request, "desk/message.html", context)


def _act(request: WorkspaceRequest, pk: int, act: Callable[..., Any], done: str) -> HttpResponse:
    found = get_object_or_404(Message.objects, pk=pk)
    try:
        act(message=found, now=clock.now(), actor=f"user:{request.user.pk}")
    except (operations.TransitionRefused, operations.AlreadySentAgain):
        messages.error(request, _("Too late: this message has moved on meanwhile."))
    else:
        messages.success(request, done)
    return redirect("desk:message", workspace=request.workspace.slug, pk=pk)


@needs(Can.CHANGE_MONEY)
@require_POST
def take_back(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    return _act(request, pk, operations.cancel, _("Taken back. Nothing went out."))


@needs(Can.CHANGE_MONEY)
@require_POST
def send_again(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    return _act(request, pk, operations.send_again, _("It goes out again in a minute."))


@needs(Can.CHANGE_MONEY)
@require_POST
def arrived(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    return _act(request, pk, operations.mark_arrived, _("Noted as arrived."))


@needs(Can.MANAGE)
@require_POST
def sending(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Hold all mail, or let it go."""
    act = operations.pause if "pause" in request.POST else operations.release
    act(workspace=request.workspace, now=clock.now(), actor=f"user:{request.user.pk}")
    return redirect("desk:outbox", workspace=workspace)
