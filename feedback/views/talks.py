"""The letter that says what keeps the work from being done, and what came of it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientdesk import clock
from clientdesk.outbox.operations import RecipientRefused
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.models import Client
from clients.queries import recipients_of
from clients.views.common import actor_of, try_to_save
from feedback.forms.talks import OutcomeForm, TalkForm
from feedback.models import Talk
from feedback.operations import talks
from feedback.operations.letters import NoAddress
from feedback.queries.patterns import control_of
from feedback.queries.talks import beginning_of, letter_of, talks_of


def _find(slug: str) -> Client:
    return get_object_or_404(Client.objects.select_related("workspace"), slug=slug)


def _to_talk(request: WorkspaceRequest, client: Client) -> HttpResponse:
    return redirect("feedback:talk", workspace=request.workspace.slug, slug=client.slug)


@needs(Can.SEE_WORK, write=Can.CHANGE_WORK)
def talk(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    """Write the letter from the facts, read it as they will, send it; later say what came of it."""
    client = _find(slug)
    today = request.workspace.local_today(clock.now())
    written = talks_of(client)
    latest = written[0] if written else None
    draft = latest if latest and latest.state == Talk.State.DRAFT else None
    sent = latest if latest and latest.state == Talk.State.SENT else None
    control = control_of(client, today=today)
    form = None
    if sent is None:
        # The form writes into a copy: the letter below it is the one that is kept.
        instance = Talk.objects.get(pk=draft.pk) if draft else None
        form = TalkForm(
            request.POST or None,
            instance=instance or beginning_of(client, control, today=today),
            client=client,
            today=today,
        )
    if request.method == "POST":
        if form is None:
            messages.error(request, _("A letter is out already, and waits for its answer."))
            return _to_talk(request, client)
        if form.is_valid() and _keep(request, client, form):
            return _to_talk(request, client)
    shown = draft or sent
    context = {
        "client": client,
        "control": control,
        "form": form,
        "draft": draft,
        "sent": sent,
        "letter": letter_of(shown) if shown else None,
        "outcome": OutcomeForm(),
        "settled": [one for one in written if one.state in (Talk.State.AGREED, Talk.State.REFUSED)],
        "recipient": recipients_of({client.pk}).get(client.pk),
        "today": today,
    }
    return render(request, "feedback/talk.html", context)


def _keep(request: WorkspaceRequest, client: Client, form: TalkForm) -> bool:
    words = talks.Words(**form.cleaned_data)

    def save() -> object:
        return talks.draft_talk(
            client=client,
            words=words,
            author=request.user,
            now=clock.now(),
            actor=actor_of(request),
        )

    try:
        kept = try_to_save(form, save)
    except talks.TalkSent:
        messages.error(request, _("A letter is out already, and waits for its answer."))
        return True
    if kept:
        messages.success(request, _("Kept. Read it below as they will; nothing has gone out."))
    return kept


@needs(Can.CHANGE_WORK)
@require_POST
def send(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    client = _find(slug)
    try:
        talks.send_talk(client=client, now=clock.now(), actor=actor_of(request))
    except talks.TalkSent:
        messages.error(request, _("It was sent already."))
    except talks.TalkNotSent:
        messages.error(request, _("There is no letter to send. Write it first."))
    except talks.TalkOverBefore:
        messages.error(request, _("The day by which you ask for an answer is past. Change it."))
    except NoAddress:
        messages.error(request, _("There is no e-mail address to write to. Add one to the client."))
    except RecipientRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It waits in the outbox; for a minute it can be taken back."))
    return _to_talk(request, client)


@needs(Can.CHANGE_WORK)
@require_POST
def settle(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    """They agreed, or they did not: in words."""
    client = _find(slug)
    form = OutcomeForm(request.POST)
    agreed = request.POST.get("do") == "agreed"
    if not form.is_valid():
        messages.error(request, f"{form['outcome'].label}: {form.errors['outcome'][0]}")
        return _to_talk(request, client)
    now = clock.now()
    try:
        talks.settle_talk(
            client=client,
            agreed=agreed,
            outcome=form.cleaned_data["outcome"],
            on=request.workspace.local_today(now),
            now=now,
            actor=actor_of(request),
        )
    except talks.TalkNotSent:
        messages.error(request, _("No letter waits for an answer."))
    else:
        messages.success(request, _("Written down."))
    return _to_talk(request, client)


@needs(Can.CHANGE_WORK)
@require_POST
def drop(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    client = _find(slug)
    if talks.drop_talk(client=client, now=clock.now(), actor=actor_of(request)):
        messages.success(request, _("Thrown away. Nothing went out."))
    return redirect("desk:client_pattern", workspace=workspace, slug=client.slug)
