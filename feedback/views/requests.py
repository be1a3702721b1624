from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientdesk import clock
from clientdesk.calendars import add_working_days, working_days_between
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.models import Agreement, Client
from feedback.forms.requests import AnswerForm, RequestForm
from feedback.models import Request
from feedback.operations import answering, asking, nudging
from feedback.queries.links import links_of

ANSWER_DAYS = 3


@needs(Can.SEE_WORK)
def waiting(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Every open request, the longest late first."""
    today = request.workspace.local_today(clock.now())
    page = Paginator(
        Request.objects.open().select_related("client", "project").order_by("answer_by", "pk"), 50
    ).get_page(request.GET.get("page"))
    rows = [
        (asked, working_days_between(asked.answer_by, today, asked.client.country))
        if asked.answer_by < today
        else (asked, 0)
        for asked in page.object_list
    ]
    context = {
        "late": [row for row in rows if row[1]],
        "in_time": [row for row in rows if not row[1]],
        "page_obj": page,
        "today": today,
    }
    return render(request, "feedback/waiting.html", context)


@needs(Can.CHANGE_WORK)
def new(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    now = clock.now()
    today = request.workspace.local_today(now)
    client = Client.objects.filter(slug=request.GET.get("client", "")).first()
    if request.method == "POST":
        form = RequestForm(request.POST, instance=Request(asked_on=today))
        if form.is_valid():
            asked = asking.open_request(
                **{key: form.cleaned_data[key] for key in form.cleaned_data if key != "once_key"},
                once_key=form.cleaned_data["once_key"],
                asked_on=today,
                now=now,
                actor=f"user:{request.user.pk}",
                author=request.user,
            )
            messages.success(request, _("Asked. It stands under Waiting until it is answered."))
            return redirect("feedback:request", workspace=workspace, pk=asked.pk)
    else:
        days, country = ANSWER_DAYS, ""
        if client is not None:
            country = client.country
            agreed = Agreement.objects.filter(client=client, valid_from__lte=today).first()
            days = agreed.answer_days if agreed else ANSWER_DAYS
        form = RequestForm(
            client=client,
            initial={
                "client": client,
                "answer_by": add_working_days(today, days, country),
            },
        )
    return render(request, "feedback/new.html", {"form": form, "client": client})


@needs(Can.SEE_WORK, write=Can.CHANGE_WORK)
def detail(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """One request; its answer, by phone or mail, is written down here in one step."""
    asked = get_object_or_404(Request.objects.select_related("client", "project"), pk=pk)
    now = clock.now()
    today = request.workspace.local_today(now)
    form = AnswerForm(request.POST or None, asked_on=asked.asked_on, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            answering.record_answer(
                request=asked, now=now, actor=f"user:{request.user.pk}", **form.cleaned_data
            )
        except asking.RequestNotOpen:
            messages.error(request, _("This was answered or taken back already."))
        else:
            messages.success(request, _("Answered."))
        return redirect("feedback:request", workspace=workspace, pk=pk)
    days_late = (
        working_days_between(asked.answer_by, asked.answered_on or today, asked.client.country)
        if asked.answer_by < (asked.answered_on or today)
        else 0
    )
    context = {"asked": asked, "form": form, "days_late": days_late, "today": today}
    context["links"] = links_of(asked)
    return render(request, "feedback/request.html", context)


@needs(Can.CHANGE_WORK)
@require_POST
def nudge(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    asked = get_object_or_404(Request.objects, pk=pk)
    now = clock.now()
    try:
        nudging.nudge(
            request=asked,
            on=request.workspace.local_today(now),
            now=now,
            actor=f"user:{request.user.pk}",
        )
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
    return redirect("feedback:request", workspace=workspace, pk=pk)


@needs(Can.CHANGE_WORK)
@require_POST
def withdraw(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    asked = get_object_or_404(Request.objects, pk=pk)
    try:
        now = clock.now()
        asking.withdraw(
            request=asked,
            on=request.workspace.local_today(now),
            now=now,
            actor=f"user:{request.user.pk}",
        )
    except asking.RequestNotOpen:
        messages.error(request, _("This was answered or taken back already."))
    else:
        messages.success(request, _("Taken back."))
    return redirect("feedback:request", workspace=workspace, pk=pk)
