"""What the owner does with the steps of a request's ladder: send, leave out, pause, go on."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientdesk import clock
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.views.common import actor_of
from feedback.forms.ladder import PauseForm, SkipForm
from feedback.models import AnswerStep, Pause
from feedback.operations import asking, pausing
from feedback.operations import ladder as steps
from feedback.views.request_page import find_request, to_request


def _step(pk: int) -> AnswerStep:
    return get_object_or_404(AnswerStep.objects.select_related("request", "workspace"), pk=pk)


@needs(Can.CHANGE_WORK)
@require_POST
def approve(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """The letter was read and goes out; a task is done."""
    step = _step(pk)
    try:
        step = steps.approve_step(step=step, now=clock.now(), actor=actor_of(request))
    except steps.StepNotOpen:
        messages.error(request, _("This step does not wait any more."))
    except steps.StepHeld:
        messages.error(request, _("Reminders rest, or work does. Lift that first."))
    else:
        if step.state == AnswerStep.State.REVIEW:
            messages.error(request, _("Not sent: %(why)s.") % {"why": step.reason})
        elif step.state == AnswerStep.State.DONE:
            messages.success(request, _("Done."))
        else:
            messages.success(
                request, _("It waits a minute in the outbox and can be taken back until then.")
            )
    return to_request(request, step.request_id)


@needs(Can.CHANGE_WORK)
@require_POST
def skip(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    step = _step(pk)
    form = SkipForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why this step is left out."))
        return to_request(request, step.request_id)
    reason = form.cleaned_data["reason"]
    try:
        steps.skip_step(step=step, reason=reason, now=clock.now(), actor=actor_of(request))
    except steps.StepNotOpen:
        messages.error(request, _("This step does not wait any more."))
    else:
        messages.success(request, _("Left out. The next step follows at its distance."))
    return to_request(request, step.request_id)


@needs(Can.CHANGE_WORK)
def pause(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Send nothing about it for a while; the clock goes on."""
    asked = find_request(pk)
    if not asked.is_open:
        messages.error(request, _("This was answered or taken back already."))
        return to_request(request, pk)
    form = PauseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        try:
            pausing.pause_reminders(
                requests=[asked], now=now, actor=actor_of(request), **form.cleaned_data
            )
        except pausing.PauseRefused:
            form.add_error(
                "until",
                _("%(day)s is past; expected %(today)s or a day after it.")
                % {
                    "day": form.cleaned_data["until"],
                    "today": request.workspace.local_today(now),
                },
            )
        except asking.RequestNotOpen:
            messages.error(request, _("This was answered or taken back already."))
            return to_request(request, pk)
        else:
            messages.success(request, _("Paused. The clock goes on; only nothing goes out."))
            return to_request(request, pk)
    return render(request, "feedback/pause.html", {"asked": asked, "form": form})


@needs(Can.CHANGE_WORK)
@require_POST
def lift(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Reminders go on today."""
    found = get_object_or_404(Pause.objects.select_related("request__workspace"), pk=pk)
    try:
        pausing.lift_pause(pause=found, now=clock.now(), actor=actor_of(request))
    except pausing.PauseOver:
        messages.error(request, _("This pause is over already."))
    else:
        messages.success(request, _("Reminders go on where they were."))
    return to_request(request, found.request_id)
