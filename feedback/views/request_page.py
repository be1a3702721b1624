"""The page of one request: what was asked, what came back, and what its owner does about it."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientdesk import clock
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.operations.interactions import HappensLater, WorkIsStopped
from clients.views.common import actor_of, once_key_of
from feedback.forms.request_page import AboutForm, DatesForm, HeardForm
from feedback.models import Request, Round
from feedback.operations import answering, asking, by_hand, nudging, redating
from feedback.queries.items import to_decide
from feedback.queries.request_page import request_page
from feedback.queries.rungs import ladder_of, review_letters


def find_request(pk: int) -> Request:
    rows = Request.objects.select_related("client", "project", "workspace", "account")
    return get_object_or_404(rows, pk=pk)


def to_request(request: WorkspaceRequest, pk: int) -> HttpResponse:
    return redirect("feedback:request", workspace=request.workspace.slug, pk=pk)


@needs(Can.SEE_WORK, write=Can.CHANGE_WORK)
def detail(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """One request; an answer that came by phone or mail is written down here in one step."""
    asked = find_request(pk)
    if asked.state == Request.State.DRAFT:
        return redirect("feedback:edit", workspace=workspace, pk=pk)
    now = clock.now()
    today = request.workspace.local_today(now)
    heard = None
    if asked.is_open:
        shown = to_decide(asked)
        heard = HeardForm(request.POST or None, request=asked, shown=shown, today=today)
    if request.method == "POST":
        if heard is None:
            messages.error(request, _("This was answered or taken back already."))
            return to_request(request, pk)
        if heard.is_valid() and _heard(request, asked, heard):
            return to_request(request, pk)
    ladder = ladder_of(asked, today=today)
    if ladder.review is not None:
        # The page has loaded all that its letter speaks of.
        ladder.review.request = asked
    context = {
        "asked": asked,
        "page": request_page(asked, today=today),
        "form": heard,
        "about": AboutForm(),
        "ladder": ladder,
        "letters": review_letters(ladder.review, today=today) if ladder.review else [],
        "today": today,
    }
    return render(request, "feedback/request.html", context)


def _heard(request: WorkspaceRequest, asked: Request, form: HeardForm) -> bool:
    """Whether the answer was taken; what it was refused for stands at its field."""
    try:
        by_hand.log_answer(
            request=asked,
            author=request.user,
            now=clock.now(),
            actor=actor_of(request),
            **form.answer(),
        )
    except asking.RequestNotOpen:
        messages.error(request, _("This was answered or taken back already."))
    except answering.VersionOutdated:
        messages.error(request, _("An item was changed meanwhile. Look at it again."))
    except answering.ItemsUndecided:
        form.add_error(None, _("Say for every item what they decided."))
        return False
    else:
        messages.success(request, _("Answered. It is your move now."))
    return True


@needs(Can.CHANGE_WORK)
@require_POST
def about(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Time spent on chasing it or on revising what it asks about, as an entry of the log."""
    asked = find_request(pk)
    form = AboutForm(request.POST)
    if not form.is_valid():
        problem = next(iter(form.errors.items()))
        messages.error(request, f"{form[problem[0]].label}: {problem[1][0]}")
        return to_request(request, pk)
    now = clock.now()
    fields = {key: value for key, value in form.cleaned_data.items() if key != "once_key"}
    try:
        by_hand.log_about(
            request=asked,
            happened_at=now,
            author=request.user,
            once_key=once_key_of(request),
            now=now,
            actor=actor_of(request),
            **fields,
        )
    except WorkIsStopped:
        messages.error(request, _("Work is stopped today. Log it in the log, with the reason why."))
    except (HappensLater, ValidationError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Logged. Its minutes count for this request."))
    return to_request(request, pk)


@needs(Can.CHANGE_WORK)
def dates(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Other days for a round: put right, or moved as agreed."""
    asked = find_request(pk)
    number = request.GET.get("round", "")
    wanted = int(number) if number.isdecimal() and len(number) < 6 else asked.round_number
    round_ = get_object_or_404(
        Round.objects.select_related("request"), request=asked, number=wanted
    )
    form = DatesForm(request.POST or None, round_=round_)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        days = redating.Dates(cleaned["asked_on"], cleaned["answer_by"], cleaned.get("closed_on"))
        try:
            redating.redate_round(
                round_=round_,
                dates=days,
                reason=cleaned["reason"],
                now=clock.now(),
                actor=actor_of(request),
            )
        except redating.DatesRefused as error:
            form.add_error(error.field if error.field in form.fields else None, error.text)
        else:
            messages.success(request, _("The days are changed, and the clock with them."))
            return to_request(request, pk)
    context = {"asked": asked, "round": round_, "form": form}
    return render(request, "feedback/dates.html", context)


@needs(Can.CHANGE_WORK)
@require_POST
def handled(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """The answer is dealt with: it is nobody's move any more."""
    asked = find_request(pk)
    now = clock.now()
    try:
        answering.handle_answer(request=asked, on=_today(request), now=now, actor=actor_of(request))
    except asking.RequestNotOpen:
        messages.error(request, _("There is no answer to deal with."))
    else:
        messages.success(request, _("Done."))
    return _back(request, pk)


@needs(Can.CHANGE_WORK)
@require_POST
def nudge(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    asked = find_request(pk)
    try:
        nudging.nudge(request=asked, on=_today(request), now=clock.now(), actor=actor_of(request))
    except nudging.NoAddress:
        messages.error(request, _("There is no e-mail address to write to. Add one to the client."))
    except nudging.AlreadyNudgedToday:
        messages.error(request, _("A reminder of this was written today already."))
    except asking.RequestNotOpen:
        messages.error(request, _("This was answered or taken back already."))
    else:
        messages.success(
            request, _("A kind reminder waits in the outbox; for a minute it can be taken back.")
        )
    return _back(request, pk)


@needs(Can.CHANGE_WORK)
@require_POST
def withdraw(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    asked = find_request(pk)
    try:
        asking.withdraw(request=asked, on=_today(request), now=clock.now(), actor=actor_of(request))
    except asking.RequestNotOpen:
        messages.error(request, _("This was answered or taken back already."))
    else:
        messages.success(request, _("Taken back."))
    return to_request(request, pk)


def _today(request: WorkspaceRequest) -> date:
    return request.workspace.local_today(clock.now())


def _back(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """To the page it was pressed on: Waiting, Today or the request's own."""
    back = {"waiting": "feedback:waiting", "today": "desk:today"}.get(request.POST.get("from", ""))
    if back:
        return redirect(back, workspace=request.workspace.slug)
    return to_request(request, pk)
