from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientdesk import clock
from clientdesk.documents.models import Document
from clientdesk.outbox.operations import RecipientRefused
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.models import Client
from clients.queries import recipients_of
from clients.views.common import actor_of
from feedback.operations.letters import NoAddress
from offboarding.forms.report import ReportForm
from offboarding.operations.report import KIND, request_final_report
from offboarding.operations.report_letters import SentToday, send_report
from offboarding.queries.facts import beginning
from offboarding.rules.facts import INTERIM_REPORT

SHOWN = 5


@needs(Can.SEE_WORK, write=Can.CHANGE_WORK)
def report(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    """Ask for a final report: a POST begins the job and goes on to its page."""
    client = get_object_or_404(Client.objects.select_related("workspace"), slug=slug)
    now = clock.now()
    today = client.workspace.local_today(now)
    form = ReportForm(
        request.POST if request.method == "POST" else None,
        beginning=beginning(client, today=today),
        today=today,
        language=client.language,
    )
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        job = request_final_report(
            client=client,
            first=chosen["first"],
            last=chosen["last"],
            language=chosen["language"],
            interim=chosen["interim"],
            once_key=chosen["once_key"],
            now=now,
            by=request.user if request.user.is_authenticated else None,
        )
        return redirect("documents:job", workspace=workspace, pk=job.pk)
    made = Document.objects.for_client(client.pk).filter(kind__in=(KIND, INTERIM_REPORT))[:SHOWN]
    context = {
        "client": client,
        "form": form,
        "made": made,
        "today": today,
        "recipient": recipients_of({client.pk}).get(client.pk),
    }
    return render(request, "offboarding/report.html", context)


@needs(Can.CHANGE_WORK)
@require_POST
def send(request: WorkspaceRequest, workspace: str, slug: str, pk: int) -> HttpResponse:
    """The link to a stored report leaves for the outbox."""
    client = get_object_or_404(Client.objects.select_related("workspace"), slug=slug)
    document = get_object_or_404(
        Document.objects.for_client(client.pk).filter(kind__in=(KIND, INTERIM_REPORT)), pk=pk
    )
    try:
        recipient = send_report(
            client=client, document=document, now=clock.now(), actor=actor_of(request)
        )
    except SentToday:
        messages.info(request, _("This report was sent to them today already."))
    except NoAddress:
        messages.error(request, _("There is no e-mail address to write to. Add one to the client."))
    except RecipientRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            _("The link goes to %(email)s; for a minute it can be taken back in the outbox.")
            % {"email": recipient.email},
        )
    return redirect("offboarding:report", workspace=workspace, slug=client.slug)
