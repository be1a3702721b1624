"""The ending as a list of tasks that lasts days: why, what is passed by, the archive."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientdesk import clock
from clientdesk.calendars import add_working_days
from clientdesk.record.models import Entry
from clientdesk.record.undoing import say_done
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.models import Client
from clients.views.common import actor_of, try_to_save
from feedback.queries.talks import talks_of
from offboarding.forms.ending import BeginForm, CallOffForm, OverrideForm, ReasonForm
from offboarding.models import Ending
from offboarding.operations import endings
from offboarding.queries.endings import (
    called_off_before,
    ending_page,
    open_ending,
    supports_of,
)
from offboarding.queries.letters import reason_sentence
from offboarding.rules.gates import Task
from offboarding.templatetags.endings import task_title

NOTICE = 10  # working days; a beginning that its owner goes over


def find(slug: str) -> Client:
    return get_object_or_404(Client.objects.select_related("workspace"), slug=slug)


def to_ending(request: WorkspaceRequest, client: Client) -> HttpResponse:
    return redirect("offboarding:end", workspace=request.workspace.slug, slug=client.slug)


def say_closed(request: WorkspaceRequest, error: endings.GateClosed) -> None:
    """Why a task cannot be done yet, in the page's words."""
    names = ", ".join(task_title(task) for task in error.missing)
    if names:
        messages.error(
            request, _("This cannot start yet. It waits for: %(tasks)s.") % {"tasks": names}
        )
    else:
        messages.error(request, _("The letter is out: what it says does not change any more."))


@needs(Can.SEE_WORK, write=Can.CHANGE_WORK)
def end(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    """The seven tasks of the ending under way; else how one begins."""
    client = find(slug)
    today = request.workspace.local_today(clock.now())
    ending = open_ending(client)
    if ending is None:
        return _begin(request, client, today)
    page = ending_page(ending)
    language = request.GET.get("language", ending.language)
    language = "hr" if language == "hr" else "en"
    supports = supports_of(client, language=language, today=today)
    chosen = Ending.Reason(ending.reason) if ending.reason else None
    context = {
        "client": client,
        "ending": ending,
        "page": page,
        "supports": supports,
        "language": language,
        "other_language": "en" if language == "hr" else "hr",
        "reason_open": "reason" in request.GET or not page.by_task[Task.REASON].is_met,
        "sentence": reason_sentence(ending) if page.by_task[Task.REASON].is_met else "",
        "is_supported": chosen is not None and (bool(ending.facts) or chosen == Ending.Reason.OWN),
        "entries": Entry.objects.filter(client_ref=client.pk).count(),
        "talks": talks_of(client),
        "today": today,
    }
    return render(request, "offboarding/ending.html", context)


def _begin(request: WorkspaceRequest, client: Client, today: date) -> HttpResponse:
    initial = {"ends_on": add_working_days(today, NOTICE, client.country)}
    form = BeginForm(request.POST or None, today=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            endings.begin_ending(
                client=client,
                author=request.user,
                now=clock.now(),
                actor=actor_of(request),
                **form.cleaned_data,
            )
        except endings.EndingRunning:
            messages.info(request, _("An ending is under way already."))
        return to_ending(request, client)
    context = {"client": client, "form": form, "before": called_off_before(client), "today": today}
    return render(request, "offboarding/ending_begin.html", context)


@needs(Can.CHANGE_WORK)
@require_POST
def reason(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    """Why, in one sentence that a third person would understand, and the facts behind it."""
    client = find(slug)
    language = "hr" if request.POST.get("language") == "hr" else "en"
    today = request.workspace.local_today(clock.now())
    form = ReasonForm(request.POST, supports=supports_of(client, language=language, today=today))
    if not form.is_valid():
        for field, errors in form.errors.items():
            label = form.fields[field].label if field in form.fields else ""
            messages.error(request, f"{label or field}: {errors[0]}")
        return to_ending(request, client)
    said = {**form.cleaned_data, "facts": "\n".join(form.cleaned_data["facts"])}
    try:
        kept = try_to_save(
            form,
            lambda: endings.choose_reason(
                client=client, now=clock.now(), actor=actor_of(request), **said
            ),
        )
        if kept:
            messages.success(request, _("Kept. Nothing has been said to the client yet."))
    except endings.NoEnding:
        messages.error(request, _("No ending is under way."))
    except endings.GateClosed as error:
        say_closed(request, error)
    return to_ending(request, client)


@needs(Can.CHANGE_WORK)
@require_POST
def override(request: WorkspaceRequest, workspace: str, slug: str, task: str) -> HttpResponse:
    """Pass a task by, with a reason that the dossier prints."""
    client = find(slug)
    if task not in set(Task):
        raise Http404
    form = OverrideForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Type why this task is passed by. The dossier prints it."))
        return to_ending(request, client)
    try:
        endings.override(
            client=client,
            task=Task(task),
            reason=form.cleaned_data["reason"],
            author=request.user,
            now=clock.now(),
            actor=actor_of(request),
        )
    except endings.NotOverridable:
        messages.error(request, _("This task cannot be passed by."))
    except endings.NoEnding:
        messages.error(request, _("No ending is under way."))
    else:
        messages.success(request, _("Passed by. The dossier prints the reason."))
    return to_ending(request, client)


@needs(Can.CHANGE_WORK)
@require_POST
def evidence(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    """Verify the whole record, so that it stands up later."""
    client = find(slug)
    try:
        endings.check_evidence(client=client, now=clock.now(), actor=actor_of(request))
    except endings.RecordBroken as error:
        messages.error(request, _("The record does not verify: %(why)s") % {"why": error})
    except endings.NoEnding:
        messages.error(request, _("No ending is under way."))
    else:
        messages.success(request, _("Every entry verified; the record is whole."))
    return to_ending(request, client)


@needs(Can.CHANGE_WORK)
@require_POST
def close(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    """The client goes into the archive; everything stays readable."""
    client = find(slug)
    try:
        endings.close_ending(client=client, now=clock.now(), actor=actor_of(request))
    except endings.GateClosed as error:
        say_closed(request, error)
    except endings.NoEnding:
        messages.error(request, _("No ending is under way."))
    else:
        messages.success(request, _("In the archive. Nothing more goes out to them."))
        return redirect("desk:client", workspace=workspace, slug=client.slug)
    return to_ending(request, client)


@needs(Can.CHANGE_WORK)
@require_POST
def call_off(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    """The cooperation goes on."""
    client = find(slug)
    form = CallOffForm(request.POST)
    why = form.cleaned_data["why"] if form.is_valid() else ""
    try:
        endings.call_off(client=client, why=why, now=clock.now(), actor=actor_of(request))
    except endings.NoEnding:
        messages.error(request, _("No ending is under way."))
    else:
        messages.success(request, _("Called off. What was done stays on record."))
    return redirect("desk:client", workspace=workspace, slug=client.slug)


@needs(Can.CHANGE_WORK)
@require_POST
def archive(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    """Away without an ending, or back on the desk."""
    client = find(slug)
    now, actor = clock.now(), actor_of(request)
    # The form says which way: of two clicks the second does not undo the first.
    if request.POST.get("do", "return" if client.archived_at else "archive") != "archive":
        endings.take_back(client=client, now=now, actor=actor)
        messages.success(request, _("Back on the desk."))
        return redirect("desk:client", workspace=workspace, slug=client.slug)
    try:
        endings.put_away(client=client, now=now, actor=actor)
    except endings.EndingRunning:
        messages.error(request, _("An ending is under way; its last task is the archive."))
        return to_ending(request, client)
    say_done(
        request,
        _("Put into the archive. Nothing more goes out to them."),
        kind="client.archived",
        client_ref=client.pk,
    )
    return redirect("clients:list", workspace=workspace)
