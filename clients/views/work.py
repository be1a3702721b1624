from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientdesk import clock
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.forms import (
    AccountForm,
    AgreementForm,
    ProjectForm,
    ResultForm,
    ResumeForm,
    StopForm,
)
from clients.models import Client, Project
from clients.operations import stops, work
from clients.queries import agreement_on
from clients.views.common import actor_of, find_client, form_page, to_client, try_to_save

WORK_TAB = "desk:client_work"


@needs(Can.CHANGE_WORK)
def agreement(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    """New terms from a date on; they start from those in force."""
    client = find_client(slug)
    today = request.workspace.local_today(clock.now())
    current = agreement_on(client, today)
    if current is not None:
        current.pk, current.valid_from = None, today
    initial = {"valid_from": today, "currency": client.currency}
    form = AgreementForm(request.POST or None, instance=current, initial=initial)
    if request.method == "POST" and form.is_valid():
        fields = {key: value for key, value in form.cleaned_data.items() if key != "rate"}
        if try_to_save(
            form,
            lambda: work.create_agreement(
                client=client, fields=fields, now=clock.now(), actor=actor_of(request)
            ),
        ):
            messages.success(request, _("Agreed terms kept."))
            return to_client(client, workspace)
    return form_page(
        request,
        client,
        form,
        title=_("What is agreed"),
        submit=_("Keep the terms"),
        lede=_("Terms hold from their date. What was invoiced before keeps its own."),
    )


@needs(Can.CHANGE_WORK)
def agreement_change(request: WorkspaceRequest, workspace: str, slug: str, pk: int) -> HttpResponse:
    """Correct terms that were written down wrong; what they said before stays in the record."""
    client = find_client(slug)
    row = get_object_or_404(client.agreements.all(), pk=pk)
    form = AgreementForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        fresh = get_object_or_404(client.agreements.select_related("client"), pk=pk)
        fields = {key: value for key, value in form.cleaned_data.items() if key != "rate"}
        if try_to_save(
            form,
            lambda: work.change_agreement(
                agreement=fresh, fields=fields, now=clock.now(), actor=actor_of(request)
            ),
        ):
            messages.success(request, _("Agreed terms kept."))
            return to_client(client, workspace)
    return form_page(
        request,
        client,
        form,
        title=_("Correct the terms"),
        submit=_("Keep the correction"),
        lede=_("For what was written down wrong. Invoices already issued keep their day."),
    )


@needs(Can.CHANGE_WORK)
def project(
    request: WorkspaceRequest, workspace: str, slug: str, pk: int | None = None
) -> HttpResponse:
    client = find_client(slug)
    row = get_object_or_404(client.projects.all(), pk=pk) if pk else None
    today = request.workspace.local_today(clock.now())
    form = ProjectForm(
        request.POST or None, instance=row, initial={} if row else {"started_on": today}
    )
    if request.method == "POST" and form.is_valid():
        fresh = get_object_or_404(client.projects.all(), pk=pk) if pk else None
        if try_to_save(
            form,
            lambda: work.save_project(
                client=client,
                project=fresh,
                fields=form.cleaned_data,
                now=clock.now(),
                actor=actor_of(request),
            ),
        ):
            messages.success(request, _("The project is kept."))
            return to_client(client, workspace, WORK_TAB)
    title = row.name if row else _("New project")
    return form_page(request, client, form, title=title, submit=_("Keep the project"))


@needs(Can.CHANGE_WORK)
@require_POST
def deliver(request: WorkspaceRequest, workspace: str, slug: str, pk: int) -> HttpResponse:
    client = find_client(slug)
    row: Project = get_object_or_404(client.projects.all(), pk=pk)
    now = clock.now()
    try:
        work.deliver_project(
            project=row,
            on=request.workspace.local_today(now),
            now=now,
            actor=actor_of(request),
        )
    except work.DeliveredAlready:
        messages.error(request, _("It was delivered already."))
    else:
        messages.success(request, _("%(name)s is delivered.") % {"name": row.name})
    return to_client(client, workspace, WORK_TAB)


@needs(Can.CHANGE_WORK)
def account(
    request: WorkspaceRequest, workspace: str, slug: str, pk: int | None = None
) -> HttpResponse:
    client = find_client(slug)
    row = get_object_or_404(client.accounts.all(), pk=pk) if pk else None
    form = AccountForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        fresh = get_object_or_404(client.accounts.all(), pk=pk) if pk else None
        if try_to_save(
            form,
            lambda: work.save_account(
                client=client,
                account=fresh,
                fields=form.cleaned_data,
                now=clock.now(),
                actor=actor_of(request),
            ),
        ):
            messages.success(request, _("The register is kept."))
            return to_client(client, workspace, WORK_TAB)
    return form_page(
        request,
        client,
        form,
        title=str(row) if row else _("Another account"),
        submit=_("Keep the account"),
        lede=_("Which access the work needs, and which was given. Passwords have no place here."),
    )


@needs(Can.CHANGE_WORK)
def result(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    client = find_client(slug)
    today = request.workspace.local_today(clock.now())
    form = ResultForm(request.POST or None, client=client, initial={"measured_on": today})

    def save() -> None:
        work.record_result(
            client=client, fields=form.cleaned_data, now=clock.now(), actor=actor_of(request)
        )

    if request.method == "POST" and form.is_valid() and try_to_save(form, save):
        messages.success(request, _("The result is kept. The final report shows it."))
        return to_client(client, workspace, WORK_TAB)
    return form_page(request, client, form, title=_("New result"), submit=_("Keep the result"))


@needs(Can.CHANGE_WORK)
def stop(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    """Stop work by hand, with its reason."""
    client = find_client(slug)
    now = clock.now()
    form = StopForm(request.POST or None, client=client)
    if request.method == "POST" and form.is_valid():
        try:
            stops.stop_by_hand(
                client=client,
                project=form.cleaned_data["project"],
                reason=form.cleaned_data["reason"],
                cause=form.cleaned_data["cause"],
                on=request.workspace.local_today(now),
                now=now,
                actor=actor_of(request),
            )
        except stops.NothingUnpaid:
            form.add_error(
                "reason", _("Nothing is late: expected an invoice past its due day, or a reason.")
            )
        except stops.StopRunning:
            messages.error(request, _("Work for this client is stopped already."))
            return to_client(client, workspace)
        else:
            messages.success(request, _("Work is stopped."))
            return to_client(client, workspace)
    return form_page(
        request,
        client,
        form,
        title=_("Stop work"),
        more={"is_stop_form": True},
        submit=_("Stop work"),
        lede=_("A stop has a beginning, a reason and an end. Delivery dates move while it lasts."),
    )


def _back(request: WorkspaceRequest, client: Client) -> HttpResponse:
    """To Today where the button was pressed there, else to the client."""
    if request.POST.get("from") == "today":
        return redirect("desk:today", workspace=request.workspace.slug)
    return to_client(client, request.workspace.slug)


@needs(Can.CHANGE_WORK)
@require_POST
def keep_stopped(request: WorkspaceRequest, workspace: str, slug: str, pk: int) -> HttpResponse:
    """Money came in, and work rests all the same: the question is answered."""
    client = find_client(slug)
    running = get_object_or_404(client.stops.all(), pk=pk)
    try:
        stops.keep_stopped(stop=running, now=clock.now(), actor=actor_of(request))
    except stops.StopEnded:
        messages.error(request, _("This stop is over already."))
    else:
        messages.success(request, _("Work stays stopped."))
    return _back(request, client)


@needs(Can.CHANGE_WORK)
def resume(request: WorkspaceRequest, workspace: str, slug: str, pk: int) -> HttpResponse:
    client = find_client(slug)
    running = get_object_or_404(client.stops.all(), pk=pk)
    now = clock.now()
    form = ResumeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            stops.end_stop(
                stop=running,
                on=request.workspace.local_today(now),
                reason=form.cleaned_data["reason"],
                now=now,
                actor=actor_of(request),
            )
        except stops.StopEnded:
            messages.error(request, _("This stop is over already."))
        else:
            messages.success(request, _("Work goes on."))
        return _back(request, client)
    return form_page(request, client, form, title=_("Resume work"), submit=_("Resume work"))
