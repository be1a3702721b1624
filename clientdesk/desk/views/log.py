import re
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from clientdesk import clock
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.forms import LogForm
from clients.models import Client
from clients.operations import interactions as operations
from clients.rules.quicklog import Known, Reading, read_line
from clients.views.common import try_to_save
from clients.views.log import refuse


def _read(request: WorkspaceRequest, line: str) -> Reading:
    known = [
        Known(pk=pk, slug=slug, name=name)
        for pk, slug, name in Client.objects.active().values_list("pk", "slug", "name")
    ]
    today = request.workspace.local_today(clock.now())
    given = request.POST.get("client") or request.GET.get("client")
    reading = read_line(line, known, today=today)
    if reading.client is None and re.fullmatch(r"[0-9]{1,18}", given or ""):
        # Written on a client's own page, the line need not name them.
        reading.client = next((c for c in known if c.pk == int(given or 0)), None)
    return reading


def _correct(request: WorkspaceRequest, line: str, reading: Reading) -> HttpResponse:
    """The line as fields to correct, with the offer to begin an unknown client."""
    words = line.split()
    form = LogForm(
        initial={
            "client": reading.client.pk if reading.client else None,
            "kind": reading.kind,
            "summary": reading.text,
            "minutes": reading.minutes,
            "follow_up_on": reading.follow_up_on,
            "tags": " ".join(reading.tags),
            "happened_at": clock.now(),
            "once_key": uuid4().hex,
        }
    )
    unknown = "" if reading.client or reading.candidates else reading.text.split(" ")[0]
    context = {"form": form, "line": line, "reading": reading, "unknown": unknown, "words": words}
    return render(request, "desk/log.html", context)


@needs(Can.CHANGE_WORK)
def log(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """One line, one entry. What is not clear is asked; a GET with a line only reads it."""
    if request.method != "POST":
        line = request.GET.get("line", "").strip()
        reading = _read(request, line) if line else None
        if request.htmx:
            return render(request, "desk/_log_read.html", {"reading": reading})
        return render(request, "desk/log.html", {"line": line, "reading": reading, "form": None})
    if "summary" in request.POST:
        return _log_form(request)
    line = request.POST.get("line", "").strip()[:500]
    if not line:
        messages.error(request, _("Write what happened first."))
        return redirect("desk:log", workspace=workspace)
    reading = _read(request, line)
    if not reading.complete or reading.client is None or len(reading.text) > 300:
        return _correct(request, line, reading)
    now = clock.now()
    client = Client.objects.get(pk=reading.client.pk)
    try:
        operations.log_interaction(
            client=client,
            kind=reading.kind,
            summary=reading.text,
            happened_at=now,
            now=now,
            actor=f"user:{request.user.pk}",
            author=request.user,
            minutes=reading.minutes,
            tags=" ".join(reading.tags),
            follow_up_on=reading.follow_up_on,
        )
    except operations.WorkIsStopped:
        messages.error(
            request, _("Work for this client is stopped. Say in the details why it was done.")
        )
        return _correct(request, line, reading)
    messages.success(request, _("Logged for %(name)s.") % {"name": client.name})
    return redirect("desk:client", workspace=workspace, slug=client.slug)


def _log_form(request: WorkspaceRequest) -> HttpResponse:
    form = LogForm(request.POST)
    now = clock.now()
    if form.is_valid():
        fields = dict(form.cleaned_data)
        client = fields.pop("client")
        try:
            if try_to_save(
                form,
                lambda: operations.log_interaction(
                    client=client,
                    now=now,
                    actor=f"user:{request.user.pk}",
                    author=request.user,
                    **fields,
                ),
            ):
                messages.success(request, _("Logged for %(name)s.") % {"name": client.name})
                return redirect("desk:client", workspace=request.workspace.slug, slug=client.slug)
        except (operations.HappensLater, operations.WorkIsStopped) as error:
            refuse(form, error)
    return render(request, "desk/log.html", {"form": form, "line": "", "reading": None})
