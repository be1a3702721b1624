from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from clientdesk import clock
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.forms import LogForm
from clients.models import Client, Interaction
from clients.operations import interactions as operations
from clients.rules.quicklog import Known, Reading, read_line
from clients.views.common import once_key_of, try_to_save
from clients.views.log import refuse

LAST = 4
# A list of more clients than this would make each preview of a line heavy.
CHOICES = 100


def _known() -> list[Known]:
    rows = Client.objects.active().order_by("name").values_list("pk", "slug", "name")
    return [Known(pk=pk, slug=slug, name=name) for pk, slug, name in rows]


def _own(request: WorkspaceRequest, known: list[Known]) -> Known | None:
    """The client on whose page the line was written."""
    given = (request.POST if request.method == "POST" else request.GET).get("client", "")
    return next((client for client in known if str(client.pk) == given), None)


def _read(request: WorkspaceRequest, line: str, known: list[Known]) -> Reading:
    today = request.workspace.local_today(clock.now())
    return read_line(line, known, today=today, own=_own(request, known))


def _corrected(request: WorkspaceRequest, reading: Reading, known: list[Known]) -> None:
    """Take over what was set in the chips under the line. They must be of this very line: typing
    is quicker than their reading."""
    said = request.POST
    if said.get("read") != said.get("line"):
        return
    if said.get("kind") in Interaction.Kind.values:
        reading.kind = said["kind"]
    reading.client = next((c for c in known if str(c.pk) == said.get("whose")), reading.client)
    if "minutes" in said:
        minutes = said["minutes"].strip()
        reading.minutes = int(minutes) if minutes.isdecimal() and len(minutes) < 5 else None
    if "follow_up_on" in said:
        try:
            reading.follow_up_on = parse_date(said["follow_up_on"])
        except ValueError:
            reading.follow_up_on = None


def _page(
    request: WorkspaceRequest,
    form: LogForm | None = None,
    *,
    line: str = "",
    reading: Reading | None = None,
    known: list[Known] | None = None,
    asking: bool = False,
) -> HttpResponse:
    """The log's own page; with `asking` a line that was not clear stands there field by field."""
    blank = {"happened_at": clock.now(), "once_key": uuid4().hex}
    logged = Interaction.objects.select_related("client").order_by("-recorded_at", "-pk")
    context = {
        "form": form or LogForm(initial=blank),
        "line": line,
        "reading": reading,
        "choices": _choices(reading, known or []),
        "kinds": Interaction.Kind.choices,
        "asking": asking,
        "own": _own(request, known or []),
        "unknown": _unknown(reading) if reading and asking else "",
        "last_logged": logged[:LAST],
    }
    return render(request, "desk/log.html", context)


def _choices(reading: Reading | None, known: list[Known]) -> list[Known]:
    if reading and not reading.client and reading.candidates:
        return reading.candidates
    return known if len(known) <= CHOICES else []


def _unknown(reading: Reading) -> str:
    """The word where a client's name was expected, if it is nobody's."""
    return "" if reading.client or reading.candidates else reading.text.split(" ")[0]


def _ask(
    request: WorkspaceRequest,
    line: str,
    reading: Reading,
    known: list[Known],
    *,
    why: bool = False,
) -> HttpResponse:
    """The line as fields to correct, with the offer to begin an unknown client; `why` asks for the
    reason of work on a stopped day."""
    initial = {
        "client": reading.client.pk if reading.client else None,
        "kind": reading.kind,
        "summary": reading.text,
        "minutes": reading.minutes,
        "follow_up_on": reading.follow_up_on,
        "tags": " ".join(reading.tags),
        "happened_at": clock.now(),
        "once_key": uuid4().hex,
    }
    form = LogForm(initial=initial)
    if why:
        form.ask_why()
    return _page(request, form, line=line, reading=reading, known=known, asking=True)


@needs(Can.CHANGE_WORK)
def log(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """One line, one entry. What is not clear is asked; a GET with a line only reads it."""
    if request.method == "POST" and "summary" in request.POST:
        return _log_form(request)
    known = _known()
    if request.method != "POST":
        line = request.GET.get("line", "").strip()
        reading = _read(request, line, known) if line else None
        if request.htmx:
            context = {
                "reading": reading,
                "line": line,
                "choices": _choices(reading, known),
                "kinds": Interaction.Kind.choices,
            }
            return render(request, "desk/_log_read.html", context)
        return _page(request, line=line, reading=reading, known=known)
    line = request.POST.get("line", "").strip()
    if not line:
        messages.error(request, _("Write what happened first."))
        return redirect("desk:log", workspace=workspace)
    return _log_line(request, line, known)


def _log_line(request: WorkspaceRequest, line: str, known: list[Known]) -> HttpResponse:
    reading = _read(request, line, known)
    _corrected(request, reading, known)
    if not reading.complete or reading.client is None or len(reading.text) > 300:
        return _ask(request, line, reading, known)
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
            once_key=once_key_of(request),
        )
    except operations.WorkIsStopped:
        messages.error(
            request, _("Work was stopped on that day. Say why this was done all the same.")
        )
        return _ask(request, line, reading, known, why=True)
    messages.success(request, _("Logged for %(name)s.") % {"name": client.name})
    return redirect("desk:client", workspace=request.workspace.slug, slug=client.slug)


def _log_form(request: WorkspaceRequest) -> HttpResponse:
    form = LogForm(request.POST)
    now = clock.now()
    if form.is_valid():
        fields = {**form.cleaned_data, "once_key": once_key_of(request)}
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
    return _page(request, form, asking=True)
