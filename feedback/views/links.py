from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientdesk import clock
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from feedback.models import AnswerLink
from feedback.operations.answer_links import revoke_link


@needs(Can.CHANGE_WORK)
@require_POST
def revoke(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """A link that was given out opens nothing from now on."""
    link = get_object_or_404(AnswerLink.objects.select_related("round__request"), pk=pk)
    revoke_link(link=link, now=clock.now(), actor=f"user:{request.user.pk}")
    messages.success(request, _("The link opens nothing any more."))
    return redirect("feedback:request", workspace=workspace, pk=link.round.request_id)
