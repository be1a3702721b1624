"""What a period was like; each chart is a table, and the same as CSV."""

import csv
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from clientdesk import clock
from clientdesk.desk.queries.reports import Bar, Reports, reports_of
from clientdesk.money import from_minor
from clientdesk.tabular import inert
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from offboarding.forms.worth import PeriodForm

# Every table of the page that can be taken along, and what its figure is called in the file.
FILES = {
    "lost": "working_days_lost",
    "late": "mean_days_late",
    "rate": "per_hour",
    "money": "money_in",
    "aging": "open",
    "problems": "times",
}
OF_WORK = {"lost", "rate", "problems"}


def _period(request: WorkspaceRequest, today: date) -> tuple[PeriodForm, date, date]:
    usual = (date(today.year - 1, today.month, 1), today)
    asked = {"first": request.GET.get("first"), "last": request.GET.get("last")}
    form = PeriodForm(
        asked if any(asked.values()) else {"first": usual[0].isoformat(), "last": today.isoformat()}
    )
    return form, *form.period(usual)


def _words() -> dict[str, str]:
    return {
        "not_due": _("Not due yet"),
        "d30": _("1 to 30 days late"),
        "d60": _("31 to 60 days late"),
        "d90": _("61 to 90 days late"),
        "older": _("Over 90 days late"),
        "answer_late": _("Answers late"),
        "rounds_beyond": _("Rounds beyond the agreed"),
        "paid_late": _("Invoices paid late"),
        "stopped": _("Work stopped"),
        "tagged": _("Entries tagged #problem"),
    }


def _found(request: WorkspaceRequest, first: date, last: date, today: date) -> Reports:
    return reports_of(
        request.workspace,
        first=first,
        last=last,
        today=today,
        work=request.membership.can(Can.SEE_WORK),
    )


@needs(Can.SEE_MONEY)
def reports(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Days lost, lateness, what an hour brings, money in, what is open, what went wrong."""
    today = request.workspace.local_today(clock.now())
    form, first, last = _period(request, today)
    context = {
        "form": form,
        "found": _found(request, first, last, today),
        "words": _words(),
        "first": first,
        "last": last,
        "period": f"first={first.isoformat()}&last={last.isoformat()}",
        "tab": "reports",
    }
    return render(request, "desk/reports.html", context)


@needs(Can.SEE_MONEY)
def reports_csv(request: WorkspaceRequest, workspace: str, which: str) -> HttpResponse:
    """One table as UTF-8 CSV with header, decimal point, ISO days."""
    if which not in FILES or (which in OF_WORK and not request.membership.can(Can.SEE_WORK)):
        raise Http404
    today = request.workspace.local_today(clock.now())
    _form, first, last = _period(request, today)
    rows: list[Bar] = getattr(_found(request, first, last, today), which)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{which}-{workspace}.csv"'
    answer.write("\ufeff")
    writer: Any = csv.writer(answer)
    writer.writerow(["label", FILES[which], "currency", "count"])
    for one in rows:
        amount = one.value if one.minor is None else from_minor(one.minor, one.currency)
        label = one.on.isoformat()[:7] if one.on else inert(one.label)
        writer.writerow([label, amount, one.currency, one.count or ""])
    return answer
