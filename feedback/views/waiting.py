"""Everything that is asked, and what can be done about several of them at once."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from clientdesk import clock
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.views.common import actor_of
from feedback.forms.request_page import UntilForm
from feedback.models import Request
from feedback.operations import asking, nudging, pausing, redating
from feedback.queries.waiting import SHOWS, board

MOST_AT_ONCE = 200


@needs(Can.SEE_WORK)
def waiting(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Whose move everything is: the late ones first."""
    today = request.workspace.local_today(clock.now())
    show = request.GET.get("show", "")
    show = show if show in SHOWS else ""
    found = board(today=today, show=show, page_number=request.GET.get("page", ""))
    context = {"board": found, "show": show, "today": today}
    return render(request, "feedback/waiting.html", context)


@needs(Can.CHANGE_WORK)
@require_POST
def several(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Nudge, postpone or pause the chosen ones; all or none."""
    chosen = [pk for pk in request.POST.getlist("r") if pk.isdecimal() and len(pk) < 19]
    found = (
        Request.objects.open()
        .filter(pk__in=[int(pk) for pk in chosen[:MOST_AT_ONCE]])
        .select_related("client", "workspace", "project")
    )
    requests = list(found.order_by("answer_by", "pk"))
    back = redirect("feedback:waiting", workspace=workspace)
    if not requests:
        messages.error(request, _("Choose at least one that is open."))
        return back
    do = request.POST.get("do", "nudge")
    if do == "nudge":
        _nudge(request, requests)
        return back
    return _until(request, requests, do)


def _nudge(request: WorkspaceRequest, requests: list[Request]) -> None:
    now = clock.now()
    try:
        sent = nudging.nudge_together(
            requests=requests,
            on=request.workspace.local_today(now),
            now=now,
            actor=actor_of(request),
        )
    except nudging.NoAddress as error:
        messages.error(
            request,
            _("Nothing was sent: there is no e-mail address for %(name)s.") % {"name": error},
        )
    except nudging.AlreadyNudgedToday:
        messages.error(request, _("They were reminded of these today already."))
    except asking.RequestNotOpen:
        messages.error(request, _("One of them was answered meanwhile. Nothing was sent."))
    else:
        messages.success(
            request,
            ngettext(
                "One message waits in the outbox; for a minute it can be taken back.",
                "%(n)s messages wait in the outbox; for a minute they can be taken back.",
                sent,
            )
            % {"n": sent},
        )


def _until(request: WorkspaceRequest, requests: list[Request], do: str) -> HttpResponse:
    """A page asks for the day and the reason; then it is done."""
    now = clock.now()
    pauses = do == "pause"
    form = UntilForm(
        request.POST if "until" in request.POST else None,
        label=_("No reminders until") if pauses else _("Answer by"),
        today=request.workspace.local_today(now),
    )
    if form.is_bound and form.is_valid() and _done(request, requests, form, pauses=pauses):
        return redirect("feedback:waiting", workspace=request.workspace.slug)
    context = {"form": form, "requests": requests, "do": do, "pauses": pauses}
    return render(request, "feedback/several.html", context)


def _done(
    request: WorkspaceRequest, requests: list[Request], form: UntilForm, *, pauses: bool
) -> bool:
    until, reason = form.cleaned_data["until"], form.cleaned_data["reason"]
    now, actor = clock.now(), actor_of(request)
    try:
        if pauses:
            pausing.pause_reminders(
                requests=requests, until=until, reason=reason, now=now, actor=actor
            )
        else:
            redating.postpone(
                requests=requests, answer_by=until, reason=reason, now=now, actor=actor
            )
    except (pausing.PauseRefused, redating.DatesRefused) as error:
        form.add_error(None, str(error))
        return False
    except asking.RequestNotOpen:
        form.add_error(None, _("One of them was answered meanwhile. Nothing was changed."))
        return False
    messages.success(
        request,
        _("Reminders rest. The clock goes on.") if pauses else _("They have a new answer-by day."),
    )
    return True
