from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientdesk import clock
from clientdesk.documents.operations import UploadRefused
from clientdesk.record.models import Entry
from clientdesk.record.undoing import say_done
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.models import User
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.forms import AttachForm, InteractionForm
from clients.models import Interaction
from clients.operations import interactions as operations
from clients.operations.attachments import attach
from clients.views.common import (
    actor_of,
    find_client,
    form_page,
    once_key_of,
    to_client,
    try_to_save,
)

SNOOZE = timedelta(days=2)


def refuse(form: InteractionForm, error: Exception) -> None:
    """Say at its field what the log does not take."""
    if isinstance(error, operations.HappensLater):
        form.add_error(
            "happened_at", _("This is still to come; expected a moment that has passed.")
        )
    else:
        form.ask_why()
        form.add_error(
            "despite_stop", _("Work was stopped on that day. Say why this was done all the same.")
        )


@needs(Can.CHANGE_WORK)
def new(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    client = find_client(slug)
    now = clock.now()
    form = InteractionForm(request.POST or None, client=client, initial={"happened_at": now})
    if request.method == "POST" and form.is_valid():
        try:
            if try_to_save(
                form,
                lambda: operations.log_interaction(
                    client=client,
                    now=now,
                    actor=actor_of(request),
                    author=request.user,
                    **{**form.cleaned_data, "once_key": once_key_of(request)},
                ),
            ):
                messages.success(request, _("Logged for %(name)s.") % {"name": client.name})
                return to_client(client, workspace)
        except (operations.HappensLater, operations.WorkIsStopped) as error:
            refuse(form, error)
    return form_page(request, client, form, title=_("New entry"), submit=_("Log it"))


@needs(Can.CHANGE_WORK)
def edit(request: WorkspaceRequest, workspace: str, slug: str, pk: int) -> HttpResponse:
    client = find_client(slug)
    entry: Interaction = get_object_or_404(client.interactions.all(), pk=pk)
    form = InteractionForm(request.POST or None, client=client, instance=entry)
    if request.method == "POST" and form.is_valid():
        fresh = get_object_or_404(client.interactions.all(), pk=pk)
        try:
            if try_to_save(
                form,
                lambda: operations.change_interaction(
                    interaction=fresh,
                    fields=form.cleaned_data,
                    now=clock.now(),
                    actor=actor_of(request),
                ),
            ):
                messages.success(request, _("Corrected. What it said before is kept."))
                return to_client(client, workspace)
        except (operations.HappensLater, operations.WorkIsStopped) as error:
            refuse(form, error)
    return form_page(
        request,
        client,
        form,
        title=_("Correct an entry"),
        submit=_("Keep the correction"),
        lede=_("What it said before stays in its history."),
    )


@needs(Can.SEE_WORK)
def history(request: WorkspaceRequest, workspace: str, slug: str, pk: int) -> HttpResponse:
    """Every version of an entry, with who wrote it when, as the record holds it."""
    client = find_client(slug)
    entry = get_object_or_404(client.interactions.all(), pk=pk)
    versions = list(Entry.objects.of_subject(f"interaction:{pk}").with_content())
    user_ids = {int(v.actor[5:]) for v in versions if v.actor.startswith("user:")}
    names = {f"user:{user.pk}": str(user) for user in User.objects.filter(pk__in=user_ids)}
    context = {
        "client": client,
        "entry": entry,
        "versions": [(version, names.get(version.actor, version.actor)) for version in versions],
        "attachments": entry.attachments.select_related("document"),
        "form": AttachForm(),
    }
    return render(request, "clients/history.html", context)


@needs(Can.CHANGE_WORK)
@require_POST
def attach_file(request: WorkspaceRequest, workspace: str, slug: str, pk: int) -> HttpResponse:
    client = find_client(slug)
    entry = get_object_or_404(client.interactions.all(), pk=pk)
    form = AttachForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose a file first."))
    else:
        try:
            attach(
                interaction=entry,
                upload=form.cleaned_data["file"],
                now=clock.now(),
                actor=actor_of(request),
                by=request.user,
            )
        except UploadRefused as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Attached."))
    return redirect("clients:history", workspace=workspace, slug=slug, pk=pk)


@needs(Can.CHANGE_WORK)
@require_POST
def follow_up(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Done, or not today."""
    entry = get_object_or_404(Interaction.objects, pk=pk)
    now = clock.now()
    try:
        if request.POST.get("do") == "snooze":
            until = request.workspace.local_today(now) + SNOOZE
            operations.snooze_follow_up(
                interaction=entry, until=until, now=now, actor=actor_of(request)
            )
            messages.success(request, _("It comes back in two days."))
        else:
            operations.finish_follow_up(interaction=entry, now=now, actor=actor_of(request))
            say_done(request, _("Done."), kind="followup.done", client_ref=entry.client_id)
    except operations.FollowUpClosed:
        messages.error(request, _("This was done already."))
    return redirect("desk:today", workspace=workspace)
