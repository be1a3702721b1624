"""What a client costs and brings; beside the others; and what staying or leaving would mean."""

from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from clientdesk import clock
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.models import Client
from offboarding.forms.worth import AssumptionsForm, PeriodForm
from offboarding.queries.endings import open_ending
from offboarding.queries.worth import QUARTER, worth_page, worths_of
from offboarding.rules.worth import Assumptions, Worth, outlook

MOST = 200


def _period(request: WorkspaceRequest, today: date) -> tuple[PeriodForm, date, date]:
    """What was asked for; else the year so far, or the last 90 days at its beginning."""
    usual = (min(date(today.year, 1, 1), today - QUARTER), today)
    asked = {"first": request.GET.get("first"), "last": request.GET.get("last")}
    form = PeriodForm(
        asked if any(asked.values()) else {"first": usual[0].isoformat(), "last": today.isoformat()}
    )
    first, last = form.period(usual)
    return form, first, last


def _rows(request: WorkspaceRequest, first: date, last: date) -> list[tuple[Client, Worth]]:
    """Clients with anything in the period, the one that brings least for an hour first."""
    clients = list(Client.objects.active().select_related("workspace").order_by("name")[:MOST])
    worths = worths_of(clients, first=first, last=last)
    rows = [(client, worths[client.pk]) for client in clients]
    return [(c, w) for c, w in rows if w.minutes or w.received or w.days_lost]


def _sorted(rows: list[tuple[Client, Worth]], by: str) -> list[tuple[Client, Worth]]:
    if by == "lost":
        return sorted(rows, key=lambda row: -row[1].days_lost)
    if by == "hours":
        return sorted(rows, key=lambda row: -row[1].minutes)
    if by == "name":
        return rows
    # By currency first: amounts of different ones are not compared.
    return sorted(
        rows,
        key=lambda row: (
            row[1].per_hour is None,
            row[1].currency,
            -(row[1].per_hour or 0),
        ),
    )


@needs(Can.SEE_MONEY)
def compare(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """All clients side by side."""
    today = request.workspace.local_today(clock.now())
    form, first, last = _period(request, today)
    by = request.GET.get("by", "")
    context = {
        "form": form,
        "rows": _sorted(_rows(request, first, last), by),
        "by": by if by in ("lost", "hours", "name") else "rate",
        "period": urlencode({"first": first.isoformat(), "last": last.isoformat()}),
        "first": first,
        "last": last,
    }
    return render(request, "offboarding/compare.html", context)


@needs(Can.SEE_MONEY)
def worth(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    """One client, line by line, its figures linked to their rows."""
    client = get_object_or_404(Client.objects.select_related("workspace"), slug=slug)
    today = request.workspace.local_today(clock.now())
    form, first, last = _period(request, today)
    page = worth_page(client, first=first, last=last, today=today)
    quarter = worths_of([client], first=today - QUARTER, last=today)[client.pk]
    currency = quarter.currency
    initial = AssumptionsForm.initial_of(quarter.minutes, quarter.agreed_rate or 0, currency)
    asked = {name: request.GET.get(name, value) for name, value in initial.items()}
    assumed = AssumptionsForm(asked, currency=currency)
    ahead = None
    if assumed.is_valid() and quarter.has_enough and quarter.has_one_currency:
        said = assumed.cleaned_data
        ahead = outlook(
            quarter.received.get(currency, 0),
            Assumptions(
                minutes=int(said["hours"] * 60),
                paid=said["paid"],
                elsewhere=assumed.rate,
                filled=said["filled"],
            ),
        )
    context = {
        "client": client,
        "form": form,
        "page": page,
        "worth": page.worth,
        "quarter": quarter,
        "assumed": assumed,
        "ahead": ahead,
        "rows": _sorted(_rows(request, first, last), ""),
        "ending": open_ending(client) if request.membership.can(Can.SEE_WORK) else None,
        "period": urlencode({"first": first.isoformat(), "last": last.isoformat()}),
        "first": first,
        "last": last,
        "today": today,
    }
    return render(request, "offboarding/worth.html", context)
