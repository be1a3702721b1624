"""The way back that a message offers right after something was done."""

from django.contrib import messages
from django.urls import reverse

from clientdesk.record.models import Entry
from clientdesk.workspaces.requests import WorkspaceRequest


def say_done(request: WorkspaceRequest, words: str, *, kind: str, client_ref: int) -> None:
    """Say what was done; the message carries the undo of the reader's newest entry of `kind`."""
    done = Entry.objects.filter(
        kind=kind, client_ref=client_ref, actor=f"user:{request.user.pk}"
    ).order_by("-seq")
    tag = ""
    if entry := done.first():
        where = {"workspace": request.workspace.slug, "pk": entry.pk}
        tag = f"undo:{reverse('desk:undo', kwargs=where)}"
    messages.success(request, words, extra_tags=tag)
