from django.http import HttpResponse
from django.shortcuts import render

from billing.models import Invoice
from clientdesk.desk.queries.finding import Found, find
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.folding import fold
from clientdesk.workspaces.requests import WorkspaceRequest

EACH = 10
IN_PALETTE = 5
MOST = 200


@needs(Can.SEE_DESK)
def search(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Clients and people, invoice numbers, questions, and what the log says."""
    q = request.GET.get("q", "").strip()[:MOST]
    return render(request, "desk/search.html", {"q": q, "found": _find(request, q, EACH)})


@needs(Can.SEE_DESK)
def palette(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The list below the field of the palette: what one can do, and what there is."""
    q = request.GET.get("q", "").strip()[:MOST]
    found = _find(request, q, IN_PALETTE)
    owed: dict[int, Invoice] = {}
    if request.membership.can(Can.CHANGE_MONEY) and found.clients:
        rows = Invoice.objects.issued().filter(client__in=found.clients, settled_on=None)
        owed = {row.client_id: row for row in rows.order_by("-due_on", "-pk")}
    context = {
        "q": q,
        "words": fold(q).split(),
        "found": found,
        "doable": [(client, owed.get(client.pk)) for client in found.clients[:2]],
    }
    return render(request, "desk/_palette.html", context)


def _find(request: WorkspaceRequest, q: str, each: int) -> Found:
    can = request.membership.can
    return find(q, work=can(Can.SEE_WORK), money=can(Can.SEE_MONEY), each=each)
