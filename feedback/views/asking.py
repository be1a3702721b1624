"""Asking a client for something: a request put together, kept as a draft, asked."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from clientdesk import clock
from clientdesk.calendars import add_working_days
from clientdesk.documents.operations import UploadRefused
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.requests import WorkspaceRequest
from clients.models import Client, Project
from clients.queries import agreement_on
from clients.views.common import actor_of
from feedback.forms.asking import WITH_ITEMS, RequestForm
from feedback.forms.items import (
    ITEMS_AT_MOST,
    ITEMS_SHOWN,
    ItemFormSet,
    Items,
    item_initial,
    read_items,
)
from feedback.models import Request
from feedback.operations import asking, drafting, letters, putting
from feedback.operations.putting import Then, TypedItem
from feedback.queries.asking import ANSWER_DAYS, access_wanted, asking_preview, steps_after
from feedback.queries.items import items_of

THENS = {then.value: then for then in Then}
NO_ADDRESS = gettext_lazy(
    "There is no e-mail address to write to. Add one, or ask without a message."
)


def _form(
    request: WorkspaceRequest, client: Client | None, draft: Request | None, **kwargs: Any
) -> RequestForm:
    today = request.workspace.local_today(clock.now())
    agreed = agreement_on(client, today) if client else None
    days = agreed.answer_days if agreed else ANSWER_DAYS
    by = add_working_days(today, days, client.country if client else request.workspace.country)
    initial = {
        "client": client,
        "kind": request.GET.get("kind", Request.Kind.QUESTION),
        "project": request.GET.get("project") or _only_project(client),
        "account": request.GET.get("account", ""),
        "answer_by": by,
        "rounds_agreed": agreed.rounds if agreed else 1,
        **access_wanted(client, request.GET.get("account", "")),
    }
    return RequestForm(
        *([request.POST] if request.method == "POST" else []),
        instance=draft or Request(asked_on=today),
        initial={} if draft else initial,
        client=client,
        today=today,
        agreed=_("%(n)s working days are agreed.") % {"n": days} if agreed else "",
        **kwargs,
    )


def _only_project(client: Client | None) -> int | None:
    """The project that is meant where a client has just one under way."""
    under_way = Project.objects.filter(client=client, delivered_on=None) if client else ()
    ids = [project.pk for project in under_way[:2]]
    return ids[0] if len(ids) == 1 else None


def _items(request: WorkspaceRequest, draft: Request | None, more: int = 0) -> Items:
    if request.method == "POST":
        return ItemFormSet(request.POST, request.FILES)
    typed = item_initial([one.version for one in items_of(draft)]) if draft else []
    rows = max(len(typed) + more, ITEMS_SHOWN)
    return ItemFormSet(initial=[*typed, *({} for _row in range(rows - len(typed)))])


def _read(form: RequestForm, formset: Items) -> list[TypedItem] | None:
    """The items as typed, or None with the errors at their fields and above the form."""
    valid = form.is_valid()
    if form.data.get("kind") not in WITH_ITEMS:
        return [] if valid else None
    forms_ = list(formset.forms)
    items = read_items(forms_)
    for number, one in enumerate(forms_, start=1):
        for errors in one.errors.values():
            form.add_error(None, _("Item %(n)s: %(error)s") % {"n": number, "error": errors[0]})
    if form.data.get("kind") == Request.Kind.CHOICE and len(items) < 2 and not form.errors:
        form.add_error(None, _("A choice needs at least two items to choose from."))
    return items if valid and not form.errors else None


def _page(
    request: WorkspaceRequest, form: RequestForm, formset: Items, draft: Request | None
) -> HttpResponse:
    client = draft.client if draft else _client(request)
    now = clock.now()
    context = {
        "form": form,
        "formset": formset,
        "draft": draft,
        "client": client,
        "steps": steps_after(client) if client else [],
        "letter": asking_preview(draft, now=now) if draft else None,
    }
    return render(request, "feedback/asking.html", context)


def _client(request: WorkspaceRequest) -> Client | None:
    """Whom the page is about; fixed where it was opened from a client's page."""
    return Client.objects.filter(slug=request.GET.get("client", "")).first()


@needs(Can.CHANGE_WORK)
def new(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Put a request together; most need one line and a press of the button."""
    client = _client(request)
    form = _form(request, client, None)
    formset = _items(request, None)
    if request.method != "POST":
        return _page(request, form, formset, None)
    return _take(request, form, formset, None)


@needs(Can.CHANGE_WORK)
def edit(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """A draft anew, with the message as its client would get it."""
    draft = get_object_or_404(
        Request.objects.select_related("client", "workspace", "project"), pk=pk
    )
    if draft.state != Request.State.DRAFT:
        return redirect("feedback:request", workspace=workspace, pk=pk)
    more = request.GET.get("more", "")
    form = _form(request, draft.client, draft)
    formset = _items(request, draft, int(more) if more.isdecimal() and len(more) < 3 else 0)
    if request.method != "POST":
        return _page(request, form, formset, draft)
    return _take(request, form, formset, draft)


def _take(
    request: WorkspaceRequest, form: RequestForm, formset: Items, draft: Request | None
) -> HttpResponse:
    adds = "add" in request.POST
    items = _read(form, formset)
    if items is None:
        if adds:
            form, formset = _with_more_rows(request, draft)
        return _page(request, form, formset, draft)
    said = request.POST.get("do", "")
    then = Then.DRAFT if adds else THENS.get(said, Then.SEND)
    put = _put(request, form, items, then, draft)
    if put is None:
        return _page(request, form, formset, draft)
    workspace = request.workspace.slug
    if then == Then.DRAFT:
        if adds:
            page = redirect("feedback:edit", workspace=workspace, pk=put.pk)
            page["Location"] += f"?{urlencode({'more': 2})}#items"
            return page
        messages.success(request, _("Kept as a draft. Nothing was sent."))
        return redirect("feedback:edit", workspace=workspace, pk=put.pk)
    messages.success(
        request,
        _("Asked. The message waits a minute in the outbox and can be taken back.")
        if then == Then.SEND
        else _("Asked, without a message. It stands under Waiting until it is answered."),
    )
    return redirect("feedback:request", workspace=workspace, pk=put.pk)


def _put(
    request: WorkspaceRequest,
    form: RequestForm,
    items: list[TypedItem],
    then: Then,
    draft: Request | None,
) -> Request | None:
    """The request; None where it was refused, with the error at its field."""
    now = clock.now()
    try:
        return putting.put_request(
            client=form.cleaned_data["client"],
            fields=form.fields_of_request(),
            items=items,
            then=then,
            on=request.workspace.local_today(now),
            author=request.user,
            once_key=form.cleaned_data["once_key"] or None,
            # The form's own copy holds what was typed already.
            draft=Request.objects.get(pk=draft.pk) if draft else None,
            now=now,
            actor=actor_of(request),
        )
    except letters.NoAddress:
        form.add_error(None, NO_ADDRESS)
    except UploadRefused as error:
        form.add_error(None, str(error))
    except drafting.NotADraft:
        form.add_error(None, _("This was asked already."))
    return None


def _with_more_rows(request: WorkspaceRequest, draft: Request | None) -> tuple[RequestForm, Items]:
    """The form as typed with two more empty items, without its errors."""
    data: QueryDict = request.POST.copy()
    # The formset has read the count already: a tampered one is none.
    shown = ItemFormSet(data).total_form_count()
    data["form-TOTAL_FORMS"] = str(min(ITEMS_AT_MOST, shown + 2))
    today = request.workspace.local_today(clock.now())
    typed = {key: data[key] for key in data}
    for box in ("blocking", "needs_code"):
        typed[box] = data.get(box, "")
    client = draft.client if draft else _client(request)
    form = RequestForm(instance=draft, initial=typed, client=client, today=today)
    return form, ItemFormSet(data)


@needs(Can.CHANGE_WORK)
@require_POST
def discard(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    draft = get_object_or_404(Request.objects, pk=pk)
    try:
        drafting.discard_draft(request=draft)
    except drafting.NotADraft:
        messages.error(request, _("It is no draft any more."))
        return redirect("feedback:waiting", workspace=workspace)
    messages.success(request, _("The draft is gone. Nobody was asked."))
    return redirect("feedback:waiting", workspace=workspace)


@needs(Can.CHANGE_WORK)
@require_POST
def ask_drafts(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The chosen drafts of one client, in one message."""
    chosen = [int(pk) for pk in request.POST.getlist("draft") if pk.isdecimal() and len(pk) < 19]
    drafts = list(Request.objects.filter(pk__in=chosen).select_related("client", "workspace"))
    now = clock.now()
    back = redirect("feedback:waiting", workspace=workspace)
    if not drafts:
        messages.error(request, _("Choose at least one draft."))
        return back
    try:
        putting.ask_together(
            requests=drafts,
            letter=True,
            on=request.workspace.local_today(now),
            now=now,
            actor=actor_of(request),
        )
    except letters.SeveralClients:
        messages.error(request, _("One message is for one client: choose drafts of the same."))
    except letters.NoAddress:
        messages.error(request, NO_ADDRESS)
    except drafting.NotADraft:
        messages.error(request, _("This was asked already."))
    except asking.AnswerDueBeforeAsked as error:
        messages.error(
            request,
            _("A draft wants its answer on a day that is past (%(days)s). Give it a new one.")
            % {"days": error},
        )
    else:
        messages.success(
            request, _("Asked. The message waits a minute in the outbox and can be taken back.")
        )
    return back
