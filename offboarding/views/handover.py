"""What the owner does near the end: hand the accounts over, write the letter, send both."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientdesk import clock
from clientdesk.outbox.operations import RecipientRefused
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.queries import recipients_of
from clients.views.common import actor_of, try_to_save
from feedback.operations.letters import NoAddress
from offboarding.forms.ending import AccountForm, LetterForm
from offboarding.operations import ending_letters, endings
from offboarding.queries.endings import ending_page, open_ending
from offboarding.queries.letters import letter_of
from offboarding.rules.gates import Task
from offboarding.rules.tone import slips
from offboarding.views.ending import find, say_closed, to_ending


@needs(Can.SEE_WORK, write=Can.CHANGE_WORK)
def handover(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    """Every account with what the client needs to take it over; a POST ticks those of one."""
    client = find(slug)
    ending = open_ending(client)
    if ending is None:
        return to_ending(request, client)
    page = ending_page(ending)
    gate = page.by_task[Task.HANDOVER]
    if not gate.may_begin:
        say_closed(request, endings.GateClosed(Task.HANDOVER, gate.missing))
        return to_ending(request, client)
    posted = request.POST.get("account", "")
    rows = []
    for row in page.accounts:
        is_this = request.method == "POST" and posted == str(row.account.pk)
        form = AccountForm(
            request.POST if is_this else None, row=row, prefix=f"account-{row.account.pk}"
        )
        if is_this and form.is_valid():
            _tick(request, client.slug, row.account.pk, form)
            return redirect(request.path)
        rows.append((row, form))
    context = {
        "client": client,
        "ending": ending,
        "rows": rows,
        "page": page,
        "recipient": recipients_of({client.pk}).get(client.pk),
        "today": request.workspace.local_today(clock.now()),
    }
    return render(request, "offboarding/handover.html", context)


def _tick(request: WorkspaceRequest, slug: str, pk: int, form: AccountForm) -> None:
    client = find(slug)
    try:
        changed = endings.tick(
            client=client,
            account=client.accounts.get(pk=pk),
            things=form.things,
            author=request.user,
            now=clock.now(),
            actor=actor_of(request),
        )
    except endings.GateClosed as error:
        say_closed(request, error)
    except endings.NoEnding:
        messages.error(request, _("No ending is under way."))
    else:
        if changed:
            messages.success(request, _("Written down."))


@needs(Can.CHANGE_WORK)
@require_POST
def send_handover(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    """The list goes to the client, who confirms it on a page of their own."""
    client = find(slug)
    try:
        ending_letters.send_handover(client=client, now=clock.now(), actor=actor_of(request))
    except endings.GateClosed as error:
        say_closed(request, error)
    except endings.NoEnding:
        messages.error(request, _("No ending is under way."))
    except ending_letters.AlreadySentToday:
        messages.error(request, _("It was sent today already."))
    except NoAddress:
        messages.error(request, _("There is no e-mail address to write to. Add one to the client."))
    else:
        messages.success(request, _("It waits in the outbox; for a minute it can be taken back."))
    return redirect("offboarding:end_handover", workspace=workspace, slug=client.slug)


@needs(Can.SEE_WORK, write=Can.CHANGE_WORK)
def message(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    """The letter that ends it: written from what is recorded, read over, kept."""
    client = find(slug)
    ending = open_ending(client)
    if ending is None:
        return to_ending(request, client)
    gate = ending_page(ending).by_task[Task.MESSAGE]
    if not gate.may_begin:
        say_closed(request, endings.GateClosed(Task.MESSAGE, gate.missing))
        return to_ending(request, client)
    letter = letter_of(ending)
    sent = ending.letter_sent_on is not None
    initial = {"subject": letter.subject, "body": letter.body}
    form = None if sent else LetterForm(request.POST or None, initial=initial)
    if request.method == "POST" and form is not None and form.is_valid():
        said = form.cleaned_data
        if try_to_save(
            form,
            lambda: ending_letters.keep_letter(
                client=client, now=clock.now(), actor=actor_of(request), **said
            ),
        ):
            messages.success(request, _("Kept. Read it below as they will; nothing has gone out."))
            return redirect(request.path)
    context = {
        "client": client,
        "ending": ending,
        "form": form,
        "letter": letter,
        "slips": slips(f"{letter.subject}\n{letter.body}"),
        "recipient": recipients_of({client.pk}).get(client.pk),
        "today": request.workspace.local_today(clock.now()),
    }
    return render(request, "offboarding/ending_message.html", context)


@needs(Can.CHANGE_WORK)
@require_POST
def send_message(request: WorkspaceRequest, workspace: str, slug: str) -> HttpResponse:
    """The letter as it was read leaves for the outbox."""
    client = find(slug)
    back = redirect("offboarding:end_message", workspace=workspace, slug=client.slug)
    try:
        ending_letters.send_letter(
            client=client,
            accepted="accepted" in request.POST,
            now=clock.now(),
            actor=actor_of(request),
        )
    except endings.GateClosed as error:
        say_closed(request, error)
    except endings.NoEnding:
        messages.error(request, _("No ending is under way."))
    except ending_letters.LetterSent:
        messages.error(request, _("It was sent already."))
    except ending_letters.ToneFound as error:
        messages.error(
            request,
            _("Not sent: %(words)s. Change it, or say that you mean it.") % {"words": error},
        )
        return back
    except NoAddress:
        messages.error(request, _("There is no e-mail address to write to. Add one to the client."))
        return back
    except RecipientRefused as error:
        messages.error(request, str(error))
        return back
    else:
        messages.success(request, _("It waits in the outbox; for a minute it can be taken back."))
    return to_ending(request, client)
