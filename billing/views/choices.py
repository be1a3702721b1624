"""Settings: when mail leaves, and what is chosen about money."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from billing.forms.choices import ChoicesForm
from billing.operations.choices import books_were_checked, change_choices
from billing.queries.settings import money_settings, stale_since
from clientdesk import clock
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest


@needs(Can.SEE_MONEY, write=Can.MANAGE)
def money_choices(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Sending hours, thanks, how work resumes, and when automatic steps wait for the bank."""
    now = clock.now()
    chosen = money_settings(request.workspace.pk)
    form = ChoicesForm(
        request.POST if request.method == "POST" else None,
        initial={
            "send_from": request.workspace.send_from,
            "send_until": request.workspace.send_until,
            "thanks": chosen.thanks,
            "resume": chosen.resume,
            "stale_after_days": chosen.stale_after_days,
        },
    )
    if request.method == "POST" and form.is_valid():
        changed = change_choices(
            workspace=request.workspace,
            **form.cleaned_data,
            now=now,
            actor=f"user:{request.user.pk}",
        )
        messages.success(request, _("Kept.") if changed else _("Nothing was changed."))
        return redirect("billing:money_settings", workspace=workspace)
    context = {
        "form": form,
        "chosen": chosen,
        "stale_since": stale_since(request.workspace, now=now),
    }
    return render(request, "billing/money_settings.html", context)


@needs(Can.SEE_MONEY, write=Can.CHANGE_MONEY)
def books_checked(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """A press of "I have looked at the bank". Looking at this address changes nothing."""
    if request.method == "POST":
        books_were_checked(
            workspace=request.workspace, now=clock.now(), actor=f"user:{request.user.pk}"
        )
        messages.success(request, _("Noted. Automatic steps go on."))
    return redirect("billing:money_settings", workspace=workspace)
