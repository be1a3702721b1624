"""The page of a project as its client opens it, without a login.

Looking changes nothing, so the links to the answer pages cannot be made while it is looked at. Each
"Answer" is therefore a small form: pressing it makes the link of that round for the one who has
this page's link, or finds the one made before, and leads there. So it works for whatever was asked
after the project's link went out, and a scanner that fetches the page twenty times makes nothing.
"""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from clientdesk import clock
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clientdesk.workspaces.scoping import acting_in
from clients.queries import recipients_of
from feedback.models import Request, Round
from feedback.queries.links import answer_links, find_project_link
from feedback.queries.public_page import public_page
from feedback.views.projects import find_project


def _guarded(response: HttpResponse) -> HttpResponse:
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _gone(request: HttpRequest) -> HttpResponse:
    return _guarded(render(request, "public/gone.html", status=404))


@never_cache
@require_safe
def project(request: HttpRequest, token: str) -> HttpResponse:
    """The project behind a link. Unknown, expired and revoked look the same."""
    now = clock.now()
    link = find_project_link(token, now=now)
    if link is None:
        return _gone(request)
    with acting_in(link.workspace_id), translation.override(link.project.client.language):
        today = link.workspace.local_today(now)
        page = public_page(link.project, link.workspace, email=link.email, today=today)
        context = {"page": page, "token": token, "owner_email": link.workspace.email}
        return _guarded(render(request, "public/project.html", context))


# The token in the address is the authority and no cookie is, so nothing can be forged with one. And
# a page that sends no referrer makes browsers say "Origin: null", which the check would refuse.
@csrf_exempt
@never_cache
@require_POST
def answer(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """Lead the one who has the link to the answer page of an open round of its project."""
    now = clock.now()
    link = find_project_link(token, now=now)
    if link is None:
        return _gone(request)
    with acting_in(link.workspace_id):
        round_ = Round.objects.filter(
            pk=pk, request__project=link.project, request__state=Request.State.OPEN, closed_on=None
        ).first()
        if round_ is None:
            return _guarded(redirect("public:project", token=token))
        address = answer_links([round_], emails={round_.pk: link.email}, now=now)[round_.pk]
    # Its path only: a form may lead to the address it came from and to no other.
    return _guarded(HttpResponseRedirect(urlsplit(address).path))


@needs(Can.SEE_WORK)
def preview(request: WorkspaceRequest, workspace: str, slug: str, pk: int) -> HttpResponse:
    """The same page for its owner, before or after it is shared; nothing can be answered here."""
    found = find_project(slug, pk)
    today = request.workspace.local_today(clock.now())
    recipient = recipients_of({found.client_id}).get(found.client_id)
    email = recipient.email if recipient else ""
    name = (recipient.name if recipient else "") or found.client.name
    said = _("This is the page as %(name)s sees it.") % {"name": name}
    with translation.override(found.client.language):
        page = public_page(found, request.workspace, email=email, today=today)
        context = {"page": page, "preview": said, "owner_email": request.workspace.email}
        return render(request, "public/project.html", context)
