"""A report behind a link, without a login. Looking changes nothing."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from clientdesk import clock
from clientdesk.documents.views import file_response
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client
from offboarding.models import ReportLink
from offboarding.queries.report_links import find_report_link
from offboarding.rules.handover_words import REPORT_WORDS
from offboarding.views.guarded import gone, guarded


def _open_link(token: str) -> ReportLink | None:
    return find_report_link(token, now=clock.now())


@never_cache
@require_safe
def report(request: HttpRequest, token: str) -> HttpResponseBase:
    """What it is, from whom, and the file."""
    link = _open_link(token)
    if link is None:
        return gone(request)
    with acting_in(link.workspace_id):
        client = Client.objects.filter(pk=link.document.client_ref or 0).first()
        language = client.language if client and client.language in REPORT_WORDS else "en"
        context = {
            "document": link.document,
            "owner": link.workspace.sender_name or link.workspace.name,
            "workspace_today": link.workspace.local_today(link.document.created_at),
            "words": REPORT_WORDS[language],
            "language": language,
            "token": token,
        }
        with translation.override(language):
            return guarded(render(request, "public/report.html", context))


@never_cache
@require_safe
def report_file(request: HttpRequest, token: str) -> HttpResponseBase:
    """The stored file itself."""
    link = _open_link(token)
    if link is None:
        return gone(request)
    try:
        return guarded(file_response(link.document))
    except FileNotFoundError:
        return gone(request)
