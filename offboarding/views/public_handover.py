"""The page on which a client sees what was handed over, and confirms it. Looking changes nothing.

Like the page for answers it carries no CSRF token: the address is the only authority here.
"""

from datetime import timedelta
from http import HTTPStatus

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from clientdesk import clock
from clientdesk.dates import long_day
from clientdesk.documents.views import file_response
from clientdesk.workspaces.limits import Limit, address_of_visitor, try_once_more
from clientdesk.workspaces.scoping import acting_in
from offboarding.forms.ending import ConfirmForm
from offboarding.models import Ending, HandoverLink
from offboarding.operations.ending_letters import confirm_handover
from offboarding.queries.endings import ending_page, report_of
from offboarding.queries.letters import find_handover_link
from offboarding.rules.gates import Task
from offboarding.rules.handover_words import THINGS, WORDS
from offboarding.views.guarded import gone, guarded

OF_TOKEN = Limit(20, timedelta(minutes=10))
OF_VISITOR = Limit(120, timedelta(minutes=10))


def _open_link(token: str) -> HandoverLink | None:
    link = find_handover_link(token, now=clock.now())
    return link if link and link.ending.state != Ending.State.CALLED_OFF else None


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def handover(request: HttpRequest, token: str) -> HttpResponseBase:
    """The list behind a link; a POST confirms it, once."""
    now = clock.now()
    if request.method == "POST":
        visitor = address_of_visitor(request)
        allowed = try_once_more(what="handover", who=token, limit=OF_TOKEN, now=now)
        if not (try_once_more(what="visitor", who=visitor, limit=OF_VISITOR, now=now) and allowed):
            return guarded(
                render(request, "public/too_many.html", status=HTTPStatus.TOO_MANY_REQUESTS)
            )
    link = _open_link(token)
    if link is None:
        return gone(request)
    language = "hr" if link.ending.language == "hr" else "en"
    with acting_in(link.workspace_id), translation.override(language):
        page = ending_page(link.ending)
        may_confirm = page.by_task[Task.HANDOVER].is_met and bool(page.accounts)
        form = ConfirmForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and may_confirm and form.is_valid():
            confirm_handover(link=link, now=now, **form.cleaned_data)
            return guarded(redirect("public:handover", token=token))
        ending = link.ending
        words = WORDS[language]
        context = {
            "ending": ending,
            "owner": ending.workspace.sender_name or ending.workspace.name,
            "words": words,
            "language": language,
            "rows": [
                (row, [(THINGS[language][thing], tick) for thing, _, tick in row.things])
                for row in page.accounts
            ],
            "is_open": page.by_task[Task.HANDOVER].may_begin,
            "may_confirm": may_confirm and ending.confirmed_on is None,
            "confirmed": words["confirmed"].format(
                name=ending.confirmed_by, day=long_day(ending.confirmed_on, language)
            )
            if ending.confirmed_on
            else "",
            "report": page.report,
            "form": form,
            "token": token,
            "has_errors": form.is_bound and not form.is_valid(),
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if context["has_errors"] else HTTPStatus.OK
        return guarded(render(request, "public/handover.html", context, status=status))


@never_cache
@require_safe
def report(request: HttpRequest, token: str) -> HttpResponseBase:
    """The final report, as a file."""
    link = _open_link(token)
    if link is None:
        return gone(request)
    with acting_in(link.workspace_id):
        document = report_of(link.ending)
        if document is None:
            return gone(request)
        try:
            return guarded(file_response(document))
        except FileNotFoundError:
            return gone(request)
