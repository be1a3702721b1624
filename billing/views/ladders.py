import re
from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.models import Invoice
from billing.operations.ladder import start_ladder as start
from billing.queries.ladders import money_ladder
from clientdesk import clock
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest

PAGE = 100
ROW_ID = re.compile(r"[0-9]{1,18}")


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
