"""The page behind a link to one round: a client looks, answers, and may change the answer.

Looking changes nothing, whoever looks. What is sent carries no CSRF token: the address itself is
the only authority here, there is no login to ride on, browsers without cookies must be able to
answer, and with "no-referrer" they send the origin "null", which Django would refuse. The cookie of
a protected request is bound to its link and not sent from other sites (SameSite).
"""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from clientdesk import clock
from clientdesk.documents.operations import UploadRefused
from clientdesk.documents.views import file_response
from clientdesk.outbox.letters import spoken
from clientdesk.workspaces.limits import Limit, address_of_visitor, try_once_more
from clientdesk.workspaces.scoping import acting_in
from feedback.forms.answer_page import AnswerPageForm
from feedback.models import AnswerLink
from feedback.operations import answering, codes
from feedback.operations.answer_links import ask_new_link
from feedback.operations.asking import RequestNotOpen
from feedback.operations.page_answers import answer_by_page
from feedback.queries.answer_page import AnswerPage, Stage, page_of, picture_of
from feedback.queries.links import find_answer_link
from feedback.queries.page_context import page_context
from feedback.rules.page_sentences import problems
from feedback.rules.page_words import WORDS

OF_TOKEN = Limit(40, timedelta(minutes=10))
OF_VISITOR = Limit(120, timedelta(minutes=10))
OF_CODES = Limit(5, timedelta(hours=1))
CODE_COOKIE = "answer_code"
OPEN_FOR = timedelta(minutes=30)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponseBase:
    """What is asked behind a link, or what was answered; a POST is the answer."""
    now = clock.now()
    if request.method == "POST" and not _may_try(request, token, now):
        return _guarded(_too_many(request))
    link = find_answer_link(token, now=now)
    if link is None:
        return _guarded(_gone(request, token, now))
    with acting_in(link.workspace_id), translation.override(_language(link)):
        return _guarded(_inside(request, token, link, now))


@never_cache
@require_safe
def picture(request: HttpRequest, token: str, version: int) -> HttpResponseBase:
    """A picture of an item, as this round shows it."""
    now = clock.now()
    link = find_answer_link(token, now=now)
    if link is None:
        return _guarded(_gone(request, token, now))
    with acting_in(link.workspace_id):
        document = picture_of(link, version) if _is_let_in(request, link, now) else None
        if document is None:
            return _guarded(_gone(request, token, now))
        try:
            response = file_response(document)
        except FileNotFoundError:
            return _guarded(_gone(request, token, now))
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(document.filename)}"
    return _guarded(response)


def _may_try(request: HttpRequest, token: str, now: datetime) -> bool:
    by_token = try_once_more(what="answer", who=token, limit=OF_TOKEN, now=now)
    visitor = address_of_visitor(request)
    return by_token and try_once_more(what="visitor", who=visitor, limit=OF_VISITOR, now=now)


def _language(link: AnswerLink) -> str:
    return spoken(link.round.request.client.language)


def _gone(request: HttpRequest, token: str, now: datetime) -> HttpResponse:
    """The same for a link that is unknown, expired, revoked or of an earlier round."""
    asked = request.method == "POST" and request.POST.get("do") == "new-link"
    if asked:
        ask_new_link(token=token, now=now)
    status = HTTPStatus.OK if asked else HTTPStatus.NOT_FOUND
    return render(request, "public/answer_gone.html", {"asked": asked}, status=status)


def _too_many(request: HttpRequest) -> HttpResponse:
    return render(request, "public/too_many.html", status=HTTPStatus.TOO_MANY_REQUESTS)


def _inside(request: HttpRequest, token: str, link: AnswerLink, now: datetime) -> HttpResponseBase:
    page = page_of(link, now=now)
    if page.stage == Stage.GONE:
        return _gone(request, token, now)
    if not _is_let_in(request, link, now):
        return _at_the_door(request, token, link, now)
    if page.stage == Stage.WITHDRAWN:
        return _page(request, "public/answer_withdrawn.html", token, page, now)
    if request.method == "POST" and request.POST.get("do", "answer") == "answer":
        return _answered(request, token, page, now)
    return _shown(request, token, page, now)


def _answered(
    request: HttpRequest, token: str, page: AnswerPage, now: datetime
) -> HttpResponseBase:
    if not page.takes_answers:
        return redirect("public:answer", token=token)
    form = _form(page, request)
    if form.is_outdated:
        return _changed_meanwhile(request, token, page.link, now)
    if not form.is_valid():
        return _shown(request, token, page, now, form)
    try:
        answer_by_page(link=page.link, now=now, **form.answer())
    except (answering.VersionOutdated, answering.ItemsUndecided):
        return _changed_meanwhile(request, token, page.link, now)
    except UploadRefused:
        form.add_error(None, form.words["file_name"].format(name=form.words["files"]))
        return _shown(request, token, page, now, form)
    except RequestNotOpen:
        # Answered for good, taken back or asked anew at this very moment: the page says which.
        return redirect("public:answer", token=token)
    return redirect("public:answer", token=token)


def _changed_meanwhile(
    request: HttpRequest, token: str, link: AnswerLink, now: datetime
) -> HttpResponse:
    """What was begun on the old version is not kept: the client looks at the new one first."""
    fresh = find_answer_link(token, now=now) or link
    page = page_of(fresh, now=now)
    return _shown(request, token, page, now, outdated=True, status=HTTPStatus.CONFLICT)


def _shown(
    request: HttpRequest,
    token: str,
    page: AnswerPage,
    now: datetime,
    form: AnswerPageForm | None = None,
    *,
    outdated: bool = False,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    more = {
        "form_": form or (_form(page) if page.takes_answers else None),
        "outdated": outdated,
        "problems_title": problems(len(form.problems()), _language(page.link)) if form else "",
    }
    return _page(request, "public/answer.html", token, page, now, status=status, **more)


def _form(page: AnswerPage, request: HttpRequest | None = None) -> AnswerPageForm:
    language = _language(page.link)
    sent = (request.POST, request.FILES) if request is not None else ()
    return AnswerPageForm(*sent, page=page, words=WORDS[language], language=language)


def _page(
    request: HttpRequest,
    template: str,
    token: str,
    page: AnswerPage,
    now: datetime,
    status: HTTPStatus = HTTPStatus.OK,
    **more: Any,
) -> HttpResponse:
    zone = ZoneInfo(page.link.workspace.time_zone)
    language = _language(page.link)
    context = {"token": token, **page_context(page, now=now, zone=zone, language=language), **more}
    return render(request, template, context, status=status)


# A protected request: nobody sees it before the code from the recipient's mail was typed in.


def _is_let_in(request: HttpRequest, link: AnswerLink, now: datetime) -> bool:
    if not link.round.request.needs_code:
        return True
    try:
        said = Signer(salt=CODE_COOKIE).unsign_object(request.COOKIES.get(CODE_COOKIE, ""))
    except (BadSignature, ValueError):
        return False
    return bool(said.get("link") == link.pk and said.get("until", 0) > now.timestamp())


def _at_the_door(
    request: HttpRequest, token: str, link: AnswerLink, now: datetime
) -> HttpResponseBase:
    words, problem = WORDS[_language(link)], ""
    if request.method == "POST":
        do = request.POST.get("do", "")
        if do == "send-code":
            if not try_once_more(what="code", who=token, limit=OF_CODES, now=now):
                return _too_many(request)
            codes.send_code(link=link, now=now)
            return redirect("public:answer", token=token)
        if do == "code":
            typed = request.POST.get("code", "")[:40]
            tried = codes.try_code(link=link, typed=typed, now=now)
            if tried == codes.Tried.FITS:
                return _let_in(token, link, now)
            problem = words["code_wrong" if tried == codes.Tried.WRONG else "code_over"]
    context = {
        "token": token,
        "words": words,
        "language": _language(link),
        "brand": link.workspace.sender_name or link.workspace.name,
        "workspace_": link.workspace,
        "sent_to": words["code_sent"].format(email=_masked(link.email)),
        "ask": words["code_ask"].format(email=_masked(link.email)),
        "sent": codes.is_out(link=link, now=now),
        "problem": problem,
    }
    return render(request, "public/answer_code.html", context)


def _let_in(token: str, link: AnswerLink, now: datetime) -> HttpResponse:
    response = redirect("public:answer", token=token)
    until = now + OPEN_FOR
    said = {"link": link.pk, "until": int(until.timestamp())}
    response.set_cookie(
        CODE_COOKIE,
        Signer(salt=CODE_COOKIE).sign_object(said),
        max_age=OPEN_FOR,
        path=response["Location"],
        secure=settings.SERVED_OVER_TLS,
        httponly=True,
        samesite="Lax",
    )
    return response


def _masked(email: str) -> str:
    """ "m…@atelier.example": enough to know which mail to look into."""
    name, _, host = email.partition("@")
    return f"{name[:1]}…@{host}"


def _guarded(response: HttpResponseBase) -> HttpResponseBase:
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
