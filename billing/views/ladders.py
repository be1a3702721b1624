import re
from datetime import date, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.forms.ladders import LadderForm
from billing.models import Invoice
from billing.operations.ladder import start_ladder as start
from billing.operations.ladders import set_money_ladder
from billing.queries.forecast import PlannedStep, backtest, counts_of, forecast
from billing.queries.ladders import money_ladder
from clientdesk import clock
from clientdesk.ladder import Calendar, Ladder, LadderInvalid, format_ladder, parse_ladder
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest

DAYS_AHEAD = 30
PAGE = 100
ROW_ID = re.compile(r"[0-9]{1,18}")


@needs(Can.SEE_MONEY)
def forecast_page(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """What goes out in the next 30 days, if nobody pays."""
    today = request.workspace.local_today(clock.now())
    steps = forecast(workspace_id=request.workspace.pk, today=today, days=DAYS_AHEAD)
    context = {
        "page_obj": Paginator(steps, PAGE).get_page(request.GET.get("page")),
        "counts": counts_of(steps),
        "total": len(steps),
        "waiting": Invoice.objects.waiting_to_start().count(),
        "today": today,
    }
    return render(request, "billing/forecast.html", context)


@needs(Can.SEE_MONEY, write=Can.CHANGE_MONEY)
def start_ladder(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Imported invoices wait here: which to put on their ladder, and what would go out when."""
    now = clock.now()
    today = request.workspace.local_today(now)
    waiting = Invoice.objects.waiting_to_start().select_related("client").order_by("due_on", "pk")
    if request.method == "POST":
        ids = [int(pk) for pk in request.POST.getlist("id") if ROW_ID.fullmatch(pk)]
        chosen = waiting if "all" in request.POST else waiting.filter(pk__in=ids)
        started = start(invoices=chosen, on=today, now=now, actor=f"user:{request.user.pk}")
        if started:
            messages.success(
                request,
                ngettext(
                    "%(n)s invoice is on its ladder.",
                    "%(n)s invoices are on their ladder.",
                    len(started),
                )
                % {"n": len(started)},
            )
        else:
            messages.error(request, _("Nothing was chosen."))
        return redirect("billing:start_ladder", workspace=workspace)
    ladder = money_ladder(request.workspace.pk)
    first = ladder.rungs[0]
    late = waiting.filter(due_on__lte=today - timedelta(days=first.offset))
    context = {
        "page_obj": Paginator(waiting, PAGE).get_page(request.GET.get("page")),
        "total": waiting.count(),
        "late": late.count(),
        "late_clients": late.order_by().values("client").distinct().count(),
        "ladder": ladder,
        "first": first,
        "today": today,
    }
    return render(request, "billing/start_ladder.html", context)


def _last_year(today: date) -> tuple[date, date]:
    return today - timedelta(days=365), today


@needs(Can.SEE_MONEY, write=Can.MANAGE)
def ladder_settings(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The ladder, the next 30 days by it, and what it would have sent over the last year.

    "Try it" replays without keeping anything.
    """
    now = clock.now()
    today = request.workspace.local_today(now)
    current = money_ladder(request.workspace.pk)
    form = LadderForm(
        request.POST or None,
        initial={"rungs": format_ladder(current), "calendar": current.calendar},
    )
    tried: Ladder | None = None
    if request.method == "POST" and form.is_valid():
        calendar = Calendar(form.cleaned_data["calendar"])
        try:
            tried = parse_ladder(form.cleaned_data["rungs"], calendar=calendar)
        except LadderInvalid as error:
            form.add_error("rungs", str(error))
        else:
            if "try" not in request.POST:
                set_money_ladder(
                    workspace=request.workspace,
                    rungs=form.cleaned_data["rungs"],
                    calendar=calendar,
                    now=now,
                    actor=f"user:{request.user.pk}",
                )
                messages.success(request, _("The ladder is kept. Steps to come follow it."))
                return redirect("billing:ladder", workspace=workspace)
    first, last = _last_year(today)
    replayed: list[PlannedStep] = backtest(
        workspace_id=request.workspace.pk, first=first, last=last, ladder=tried or current
    )
    sample = Invoice.objects.unpaid().select_related("client").order_by("-due_on").first()
    context = {
        "form": form,
        "ladder": tried or current,
        "tried": tried is not None,
        "sample": sample,
        "counts": counts_of(replayed),
        "replayed": replayed[-PAGE:],
        "replayed_total": len(replayed),
        "ahead": forecast(workspace_id=request.workspace.pk, today=today, days=DAYS_AHEAD)[:PAGE],
        "first": first,
        "last": last,
        "today": today,
    }
    return render(request, "billing/ladder.html", context)
