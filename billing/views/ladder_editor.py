"""Settings: the ladder of the workspace, of one client, of one invoice, with what it does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.forms.ladders import (
    KNOWN,
    BaseRows,
    LookForm,
    Rows,
    RungForm,
    name_in_ladder,
    rows_as_typed,
    rows_of,
)
from billing.models import Invoice, LadderSetting
from billing.operations.ladders import drop_ladder, set_money_ladder
from billing.queries import trying
from billing.queries.ladders import ladders_for, money_ladder, own_ladder
from clientdesk import clock
from clientdesk.dates import long_day
from clientdesk.ladder import Calendar, Ladder, format_ladder, parse_ladder
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.models import Client

SHOWN = 10
OWN_SHOWN = 20
YEAR = timedelta(days=365)
NEW_ROW = {"name": "", "offset": "", "effect": "mail", "manner": "review"}


@dataclass(frozen=True, slots=True)
class Whose:
    """The ladder that is edited: the workspace's, one client's or one invoice's."""

    client: Client | None = None
    invoice: Invoice | None = None

    @property
    def setting(self) -> LadderSetting | None:
        """The ladder of its own; the workspace's is never "of its own"."""
        if self.invoice is not None:
            return own_ladder(invoice_id=self.invoice.pk)
        return own_ladder(client_id=self.client.pk) if self.client is not None else None

    def holds(self, workspace_id: int, own: LadderSetting | None) -> Ladder:
        """The ladder that holds now."""
        if own is not None:
            return parse_ladder(own.rungs, calendar=Calendar(own.calendar))
        if self.invoice is not None:
            return ladders_for([self.invoice])[self.invoice.pk]
        return money_ladder(workspace_id)


@needs(Can.SEE_MONEY, write=Can.MANAGE)
def workspace_ladder(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The steps as rows, beside a sample invoice's days, what comes, and what would have been."""
    return _editor(request, Whose())


@needs(Can.SEE_MONEY, write=Can.MANAGE)
def client_ladder(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    return _editor(request, Whose(client=get_object_or_404(Client.objects, slug=slug)))


@needs(Can.SEE_MONEY, write=Can.MANAGE)
def invoice_ladder(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    invoices = Invoice.objects.issued().select_related("client")
    return _editor(request, Whose(invoice=get_object_or_404(invoices, pk=pk)))


def _editor(request: WorkspaceRequest, whose: Whose) -> HttpResponse:
    """Saves, tries, adds a row, takes one out, or goes back to the wider ladder."""
    now = clock.now()
    today = request.workspace.local_today(now)
    own = whose.setting
    holds = whose.holds(request.workspace.pk, own)
    if request.method == "POST" and "drop" in request.POST:
        return _drop(request, whose)
    among = trying.of_this_ladder(client=whose.client, invoice=whose.invoice)
    found = trying.samples(among)
    look = LookForm(_looked_at(request, holds, today), samples=_choices(found))
    rows = _rows(request, holds)
    tried: Ladder | None = None
    if rows.is_bound and rows.is_valid() and look.is_valid():
        tried = rows.ladder(Calendar(look.cleaned_data["calendar"]))
        if "try" not in request.POST:
            set_money_ladder(
                workspace=request.workspace,
                rungs=format_ladder(tried),
                calendar=tried.calendar,
                now=now,
                actor=f"user:{request.user.pk}",
                client=whose.client,
                invoice=whose.invoice,
            )
            messages.success(request, _("The ladder is kept. Steps to come follow it."))
            return redirect(request.path)
        # As it would be kept: in the order of the days.
        rows = Rows(prefix="rows", initial=rows_of(tried))
    first, last = look.period((today - YEAR, today))
    ladder = tried or holds
    sample = _chosen(found, request.POST.get("sample") or request.GET.get("sample"))
    errors = _errors(rows, look)
    days = trying.sample_days(
        ladder,
        due_on=(sample.due_on if sample else None) or today,
        country=sample.client.country if sample else request.workspace.country,
        today=today,
    )
    ahead, ahead_left_out = trying.ahead(among, today=today, tried=tried)
    replayed = trying.replay(among, ladder, first=first, last=last)
    context = {
        "whose": whose,
        "own": own,
        "rows": rows,
        "look": look,
        "known": KNOWN.values(),
        "ladder": ladder,
        "holds": holds,
        "tried": tried is not None,
        "changed": rows.is_bound or "add" in request.POST or "remove" in request.POST,
        "sample": sample,
        "ahead": ahead[:SHOWN],
        "ahead_total": len(ahead),
        "ahead_left_out": ahead_left_out,
        "replay": replayed,
        "before": trying.replay(among, holds, first=first, last=last).counts if tried else None,
        "first": first,
        "last": last,
        "lines": _lines(rows, ladder, days),
        "errors": errors,
        "has_errors": bool(errors),
        "shown_steps": replayed.steps[-SHOWN:],
        "others": [] if whose != Whose() else trying.own_ladders(OWN_SHOWN),
        "today": today,
    }
    return render(request, "billing/ladder.html", context)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the form with the sample invoice's day beside it."""

    index: int
    form: RungForm
    day: trying.SampleDay | None

    @property
    def number(self) -> int:
        return self.index + 1

    @property
    def name(self) -> str:
        return name_in_ladder(str(self.form["name"].value() or ""))

    @property
    def effect(self) -> str:
        return str(self.form["effect"].value())


def _lines(rows: BaseRows, ladder: Ladder, days: Mapping[str, trying.SampleDay]) -> list[Row]:
    """The rows with their days; one that `ladder` does not hold as it is typed has none."""
    offsets = {rung.name: str(rung.offset) for rung in ladder.rungs}
    lines = []
    for index, form in enumerate(rows.forms):
        row = Row(index, form, None)
        if offsets.get(row.name) == str(form["offset"].value()):
            row = Row(index, form, days.get(row.name))
        lines.append(row)
    return lines


def _errors(rows: BaseRows, look: LookForm) -> list[tuple[str, str]]:
    """For the summary on top: where each leads, and what it says."""
    found: list[tuple[str, str]] = []
    if rows.is_bound:
        found += [("", str(error)) for error in rows.non_form_errors()]
        for position, form in enumerate(rows.forms, start=1):
            step = _("Step %(n)s") % {"n": position}
            found += [(f.id_for_label, f"{step}: {error}") for f in form for error in f.errors]
    return found + [(field.id_for_label, str(error)) for field in look for error in field.errors]


def _drop(request: WorkspaceRequest, whose: Whose) -> HttpResponse:
    if whose != Whose():
        drop_ladder(
            workspace=request.workspace,
            now=clock.now(),
            actor=f"user:{request.user.pk}",
            client=whose.client,
            invoice=whose.invoice,
        )
        messages.success(request, _("It goes by the wider ladder again."))
    return redirect(request.path)


def _rows(request: WorkspaceRequest, holds: Ladder) -> BaseRows:
    """The rows as posted; as they stand where a row is added or taken out, or nothing is posted."""
    if request.method != "POST":
        return Rows(prefix="rows", initial=rows_of(holds))
    if "add" in request.POST:
        return Rows(prefix="rows", initial=[*rows_as_typed(request.POST), NEW_ROW])
    if "remove" in request.POST:
        typed = rows_as_typed(request.POST)
        kept = [row for i, row in enumerate(typed) if str(i) != request.POST["remove"]]
        return Rows(prefix="rows", initial=kept)
    return Rows(request.POST, prefix="rows")


def _looked_at(request: WorkspaceRequest, holds: Ladder, today: date) -> dict[str, Any]:
    given = request.POST if request.method == "POST" else request.GET
    return {
        "calendar": given.get("calendar", holds.calendar),
        "sample": given.get("sample", ""),
        "first": given.get("first", (today - YEAR).isoformat()),
        "last": given.get("last", today.isoformat()),
    }


def _choices(found: list[Invoice]) -> list[tuple[str, str]]:
    return [
        (
            str(one.pk),
            _("%(number)s, %(client)s, due %(day)s")
            % {
                "number": one.number,
                "client": one.client.name,
                "day": long_day(one.due_on or date.max, get_language() or "en"),
            },
        )
        for one in found
    ]


def _chosen(found: list[Invoice], asked: str | None) -> Invoice | None:
    return next((one for one in found if str(one.pk) == asked), found[0] if found else None)
