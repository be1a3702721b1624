"""New versions of what is asked: in the open round, or as the next round of those agreed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from clientdesk import clock
from clientdesk.calendars import add_working_days
from clientdesk.documents.operations import UploadRefused
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.queries import agreement_on
from clients.views.common import actor_of
from feedback.forms.asking import WITH_ITEMS
from feedback.forms.items import Items, item_initial
from feedback.forms.rounds import ROUND_ITEMS, RoundForm
from feedback.models import Request
from feedback.operations import asking, letters, putting
from feedback.operations.putting import TypedItem
from feedback.queries.asking import ANSWER_DAYS
from feedback.queries.items import Shown, items_of
from feedback.views.request_page import find_request, to_request


@needs(Can.CHANGE_WORK)
def anew(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Answered: ask again, with the items as they are now. Open: show other versions."""
    asked = find_request(pk)
    if asked.state not in (Request.State.OPEN, Request.State.ANSWERED):
        return redirect("feedback:request", workspace=workspace, pk=pk)
    today = request.workspace.local_today(clock.now())
    again = asked.state == Request.State.ANSWERED
    shown = items_of(asked) if asked.kind in WITH_ITEMS else []
    agreed = agreement_on(asked.client, today)
    days = agreed.answer_days if agreed else ANSWER_DAYS
    form = RoundForm(
        request.POST or None,
        again=again,
        today=today,
        initial={"answer_by": add_working_days(today, days, asked.client.country)},
    )
    formset = ROUND_ITEMS(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        initial=item_initial([one.version for one in shown]),
    )
    if request.method == "POST":
        items = _changed(form, formset, shown)
        if items is not None and _put(request, asked, form, items):
            return to_request(request, pk)
    context = {
        "asked": asked,
        "again": again,
        "form": form,
        "formset": formset,
        "pairs": list(zip(shown, formset.forms, strict=False)),
        "number": asked.round_number + 1 if again else asked.round_number,
    }
    return render(request, "feedback/anew.html", context)


def _changed(form: RoundForm, formset: Items, shown: list[Shown]) -> dict[int, TypedItem] | None:
    """By item id, those that are not as they were; None with the errors at their fields."""
    valid = form.is_valid()
    changed: dict[int, TypedItem] = {}
    if len(formset.forms) != len(shown):
        form.add_error(None, _("The items were changed meanwhile. Look at them again."))
        return None
    for number, (one, typed) in enumerate(zip(shown, formset.forms, strict=True), start=1):
        item = typed.read(number)
        for errors in typed.errors.values():
            form.add_error(None, _("Item %(n)s: %(error)s") % {"n": number, "error": errors[0]})
        if item is not None and _differs(item, one):
            changed[one.item.pk] = item
    if valid and not form.errors and not changed and not form.again:
        form.add_error(None, _("Nothing is different from what they see already."))
    return changed if valid and not form.errors else None


def _differs(item: TypedItem, one: Shown) -> bool:
    was = one.version
    if item.upload or (item.kept.pk if item.kept else None) != was.picture_id:
        return True
    return (item.title, item.text, item.planned_on, item.channel) != (
        was.title, was.text.replace("\r\n", "\n"), was.planned_on, was.channel,
    )  # fmt: skip


def _put(
    request: WorkspaceRequest, asked: Request, form: RoundForm, items: dict[int, TypedItem]
) -> bool:
    now = clock.now()
    letter = request.POST.get("do") != "quiet"
    try:
        putting.put_items(
            request=asked,
            items=items,
            answer_by=form.cleaned_data.get("answer_by"),
            letter=letter,
            on=request.workspace.local_today(now),
            now=now,
            actor=actor_of(request),
            author=request.user,
        )
    except letters.NoAddress:
        form.add_error(
            None, _("There is no e-mail address to write to. Add one, or ask without a message.")
        )
        return False
    except UploadRefused as error:
        form.add_error(None, str(error))
        return False
    except (asking.RequestNotOpen, asking.RequestNotAnswered):
        messages.error(request, _("It was answered or asked again meanwhile. Look at it again."))
        return True
    if not form.again:
        messages.success(request, _("Changed. They see the new version from now on."))
    elif letter:
        messages.success(
            request,
            _("Asked again. For a minute the message can be taken back."),
        )
    else:
        messages.success(request, _("Asked again, without a message."))
    return True
