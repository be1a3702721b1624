"""What can be done about several invoices at once."""

import csv
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from billing.forms.holds import RestForm
from billing.models import Hold, Invoice
from billing.operations.holds import hold_ladder
from billing.queries.exports import COLUMNS, invoice_rows
from clientdesk import clock
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest

MOST_AT_ONCE = 200


@needs(Can.SEE_MONEY, write=Can.CHANGE_MONEY)
@require_POST
def several(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Rest the ladders of the chosen ones, or take them along as a table; all or none.

    Reminding is not in here: a demand for money is read before it goes out.
    """
    chosen = [pk for pk in request.POST.getlist("i") if pk.isdecimal() and len(pk) < 19]
    found = Invoice.objects.issued().filter(pk__in=[int(pk) for pk in chosen[:MOST_AT_ONCE]])
    if not found.exists():
        messages.error(request, _("Choose at least one invoice first."))
        return redirect("billing:list", workspace=workspace)
    if request.POST.get("do") == "export":
        return _table(found, workspace)
    open_ones = list(found.unpaid().select_related("client", "workspace").order_by("due_on", "pk"))
    if not open_ones:
        messages.error(request, _("They are all settled; nothing goes out for them."))
        return redirect("billing:list", workspace=workspace)
    now = clock.now()
    today = request.workspace.local_today(now)
    form = RestForm(request.POST if "reason" in request.POST else None, today=today)
    if form.is_bound and form.is_valid():
        with transaction.atomic():
            for invoice in open_ones:
                hold_ladder(
                    client=invoice.client,
                    invoice=invoice,
                    kind=Hold.Kind.PAUSE,
                    first=today,
                    until=form.cleaned_data["until"],
                    reason=form.cleaned_data["reason"],
                    now=now,
                    actor=f"user:{request.user.pk}",
                )
        n = len(open_ones)
        words = ngettext("%(n)s ladder rests.", "%(n)s ladders rest.", n) % {"n": n}
        messages.success(request, words)
        return redirect("billing:list", workspace=workspace)
    return render(request, "billing/several.html", {"form": form, "invoices": open_ones})


def _table(found: Any, workspace: str) -> HttpResponse:
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="chosen-invoices-{workspace}.csv"'
    answer.write("\ufeff")
    writer: Any = csv.writer(answer)
    writer.writerow(COLUMNS)
    writer.writerows(invoice_rows(found))
    return answer
