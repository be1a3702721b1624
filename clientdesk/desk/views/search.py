from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import render

from billing.models import Invoice
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.models import Client, Contact, Interaction
from feedback.models import Request

EACH = 10


@needs(Can.SEE_DESK)
def search(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Clients and people, invoice numbers, questions, and what the log says."""
    q = request.GET.get("q", "").strip()[:200]
    context: dict[str, object] = {"q": q, "found": False}
    if q:
        invoices = Invoice.objects.filter(
            Q(number__icontains=q) | Q(description__icontains=q) | Q(client__name__icontains=q)
        )
        context["invoices"] = list(invoices.select_related("client")[:EACH])
        if request.membership.can(Can.SEE_WORK):
            person = Contact.objects.filter(client=OuterRef("pk")).filter(
                Q(name__icontains=q) | Q(email__icontains=q)
            )
            clients = Client.objects.filter(
                Q(name__icontains=q) | Q(reference__icontains=q) | Exists(person)
            )
            context["clients"] = list(clients.order_by("name")[:EACH])
            asked = Request.objects.filter(Q(title__icontains=q) | Q(detail__icontains=q))
            context["requests"] = list(asked.select_related("client")[:EACH])
            logged = Interaction.objects.filter(Q(summary__icontains=q) | Q(body__icontains=q))
            context["entries"] = list(logged.select_related("client")[:EACH])
        context["found"] = any(
            context.get(k) for k in ("invoices", "clients", "requests", "entries")
        )
    return render(request, "desk/search.html", context)
