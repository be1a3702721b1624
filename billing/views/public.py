from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from billing.queries.links import find_link
from billing.queries.paper import bill_of
from billing.queries.public_words import public_words
from billing.rules.bill_sheet import bill_sheet
from clientdesk import clock
from clientdesk.workspaces.scoping import acting_in


@never_cache
@require_safe
def invoice(request: HttpRequest, token: str) -> HttpResponse:
    """The invoice behind a link. Looking changes nothing and is not taken as "has read it"."""
    now = clock.now()
    link = find_link(token, now=now)
    if link is None:
        response = render(request, "public/gone.html", status=404)
    else:
        with acting_in(link.workspace_id):
            response = render(
                request,
                "public/invoice.html",
                {
                    "invoice": link.invoice,
                    "token": token,
                    "sheet": bill_sheet(
                        bill_of(link.invoice, as_of_today=True), link.invoice.client.language
                    ),
                    "workspace_": link.workspace,
                    "words": public_words(link.invoice, today=link.workspace.local_today(now)),
                },
            )
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
