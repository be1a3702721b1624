"""Settings: the ladder for answers of the workspace, or of one client, with what it does."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from clientdesk import clock
from clientdesk.ladder import Calendar, Ladder, format_ladder
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.models import Client
from clients.views.common import actor_of
from feedback.forms.ladder import KNOWN, BaseRows, CalendarForm, Rows, SampleForm, rows_of
from feedback.operations.ladders import drop_answers_ladder, set_answers_ladder
from feedback.queries.forecast import answers_forecast
from feedback.queries.ladders import has_own_ladder, own_ladders, present_ladder, sample_days

DAYS_AHEAD, SHOWN = 30, 10


@needs(Can.SEE_WORK, write=Can.MANAGE)
def workspace_ladder(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The steps as rows, the days they come on for a sample answer, and what comes next."""
    return _editor(request, None)


@needs(Can.SEE_WORK, write=Can.MANAGE)
def client_ladder(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    return _editor(request, get_object_or_404(Client.objects, slug=slug))


def _editor(request: WorkspaceRequest, client: Client | None) -> HttpResponse:
    """Keeps what is typed, tries it, or goes back to the wider ladder."""
    now = clock.now()
    today = request.workspace.local_today(now)
    if request.method == "POST" and "drop" in request.POST:
        drop_answers_ladder(
            workspace=request.workspace, client=client, now=now, actor=actor_of(request)
        )
        messages.success(request, _("It goes by the wider ladder again."))
        return redirect(request.path)
    holds = present_ladder(client)
    rows, calendar = _forms(request, holds)
    tried: Ladder | None = None
    if rows.is_bound and rows.is_valid() and calendar.is_valid():
        tried = rows.ladder(Calendar(calendar.cleaned_data["calendar"]))
        if "try" not in request.POST:
            set_answers_ladder(
                workspace=request.workspace,
                rungs=format_ladder(tried),
                calendar=tried.calendar,
                client=client,
                now=now,
                actor=actor_of(request),
            )
            messages.success(request, _("The ladder is kept. Steps to come follow it."))
            return redirect(request.path)
        rows = Rows(prefix="rows", initial=rows_of(tried))
    ladder = tried or holds
    sample = SampleForm(request.POST if request.method == "POST" else request.GET)
    day = sample.day(today)
    ahead = answers_forecast(
        today=today, days=DAYS_AHEAD, ladder=tried, client_id=client.pk if client else None
    )
    errors = _errors(rows)
    context = {
        "client": client,
        "own": has_own_ladder(client),
        "rows": rows,
        "calendar": calendar,
        "known": KNOWN.values(),
        "tried": tried is not None,
        "sample": SampleForm({"answer_by": day.isoformat()}),
        "days": sample_days(
            ladder, day, country=client.country if client else request.workspace.country
        ),
        "ahead": ahead[:SHOWN],
        "ahead_total": len(ahead),
        "others": [] if client else own_ladders(),
        "errors": errors,
        "has_errors": bool(errors),
        "today": today,
    }
    return render(request, "feedback/ladder.html", context)


def _forms(request: WorkspaceRequest, holds: Ladder) -> tuple[BaseRows, CalendarForm]:
    if request.method == "POST":
        return Rows(request.POST, prefix="rows"), CalendarForm(request.POST)
    initial = {"calendar": str(holds.calendar)}
    return Rows(prefix="rows", initial=rows_of(holds)), CalendarForm(initial)


def _errors(rows: BaseRows) -> list[tuple[str, str]]:
    """For the summary on top: where each leads, and what it says."""
    if not rows.is_bound:
        return []
    found = [("", str(error)) for error in rows.non_form_errors()]
    for position, form in enumerate(rows.forms, start=1):
        step = _("Step %(n)s") % {"n": position}
        found += [(f.id_for_label, f"{step}: {error}") for f in form for error in f.errors]
    return found
