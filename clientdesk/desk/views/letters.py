"""Settings: the letters, each with its words in every language beside how it would be read."""

from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk import clock
from clientdesk.desk.forms.letters import LANGUAGE_NAMES, WordingForm
from clientdesk.outbox.enqueueing import RecipientRefused
from clientdesk.outbox.letters import LANGUAGES, letter_text, own_words
from clientdesk.outbox.trials import send_trial
from clientdesk.outbox.wording import (
    EditableLetter,
    LetterUnknown,
    change_wording,
    editable_letters,
    letter_named,
    links_left_out,
    restore_default,
    tidy,
)
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.requests import WorkspaceRequest

GROUPS = {
    "ladder": (gettext_lazy("When an invoice is late"), "list-checks"),
    "notes": (gettext_lazy("Invoices, thanks, work that resumes"), "receipt-text"),
    "answers": (gettext_lazy("When an answer is open"), "hourglass"),
    "endings": (gettext_lazy("When it ends"), "flag"),
    "digest": (gettext_lazy("Several things in one message"), "mail"),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A letter of the list, with its line for a digest where it has one."""

    letter: EditableLetter
    line: EditableLetter | None
    changed: list[str]


@needs(Can.SEE_MONEY)
def letters(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """All letters, by what they are for; which of them have words of the workspace's own."""
    own = own_words(request.workspace)
    known = editable_letters()
    lines = {(one.app, one.name): one for one in known if one.group == "lines"}
    listed: dict[str, list[Listed]] = {group: [] for group in GROUPS}
    for letter in known:
        if letter.group in listed:
            line = lines.get((letter.app, f"{letter.name}_line"))
            names = {letter.name} | ({line.name} if line else set())
            changed = [
                LANGUAGE_NAMES[lang]
                for lang in LANGUAGES
                if any((letter.app, name, lang) in own for name in names)
            ]
            listed[letter.group].append(Listed(letter, line, changed))
    groups = [(*GROUPS[group], rows) for group, rows in listed.items() if rows]
    return render(request, "desk/letters.html", {"groups": groups})


@dataclass(frozen=True, slots=True)
class Worded:
    """One language of the page: its form, sample facts, and whether these are own words."""

    form: WordingForm
    facts: dict[str, str]
    is_own: bool
    is_typed: bool


@needs(Can.SEE_MONEY, write=Can.MANAGE)
def letter(request: WorkspaceRequest, workspace: str, app: str, which: str) -> HttpResponse:
    """Saves both languages, shows them, sends one as a test, or restores the delivered words."""
    try:
        found = letter_named(app, which)
    except LetterUnknown as error:
        raise Http404(str(error)) from error
    now = clock.now()
    forms = {language: _form(request, found, language) for language in LANGUAGES}
    if request.method == "POST":
        done = _act(request, found, forms)
        if done is not None:
            return done
    own = own_words(request.workspace)
    today = request.workspace.local_today(now)
    errors = [
        (field.id_for_label, f"{form.language_name}, {field.label}: {error}")
        for form in forms.values()
        for field in form
        for error in field.errors
    ]
    context = {
        "letter": found,
        "siblings": _siblings(found),
        "worded": [
            _worded(request.workspace, found, form, today, (app, which, form.language) in own)
            for form in forms.values()
        ],
        "errors": errors,
        "has_errors": bool(errors),
        "once_key": uuid4().hex,
    }
    return render(request, "desk/letter.html", context)


def _form(request: WorkspaceRequest, found: EditableLetter, language: str) -> WordingForm:
    """Bound where the page was sent with words; a language of its own is restored or tested."""
    text = letter_text(found.app, found.name, language, request.workspace)
    initial = {"subject": text.subject, "body": text.body}
    posted = request.POST if f"{language}-body" in request.POST else None
    return WordingForm(posted, prefix=language, letter=found, initial=initial)


def _worded(
    workspace: Workspace, found: EditableLetter, form: WordingForm, on: date, is_own: bool
) -> Worded:
    kept = letter_text(found.app, found.name, form.language, workspace)
    typed = form.is_bound and tidy(form.text) != tidy(kept)
    return Worded(form, found.facts(workspace, form.language, on), is_own, typed)


def _siblings(found: EditableLetter) -> list[EditableLetter]:
    """The letters of the same group, and a letter beside its line."""
    if found.group == "lines":
        return [one for one in editable_letters() if one.group == "lines"]
    return [one for one in editable_letters() if one.group == found.group]


def _act(
    request: WorkspaceRequest, found: EditableLetter, forms: dict[str, WordingForm]
) -> HttpResponse | None:
    """What the pressed button asks for; None where the page is shown again."""
    tested, restored = request.POST.get("test", ""), request.POST.get("restore", "")
    if restored in forms:
        _restore(request, found, restored)
        return redirect(request.path)
    if tested in forms:
        form = forms[tested]
        if form.is_bound and form.is_valid():
            _test(request, found, form)
        return None
    bound = [form for form in forms.values() if form.is_bound]
    # Each form is asked, so that all errors are shown at once.
    valid = [form.is_valid() for form in bound]
    if not bound or not all(valid) or "preview" in request.POST:
        return None
    texts = {form.language: form.words() for form in bound}
    changed = change_wording(
        workspace=request.workspace,
        letter=found,
        texts=texts,
        now=clock.now(),
        actor=f"user:{request.user.pk}",
    )
    said = _("Kept. Letters that wait are worded anew.") if changed else _("Nothing was changed.")
    messages.success(request, said)
    for language in changed:
        for link in links_left_out(found, language, texts[language]):
            messages.warning(
                request,
                _("%(language)s: the letter has no {%(link)s} any more; its reader gets no link.")
                % {"language": LANGUAGE_NAMES[language], "link": link},
            )
    return redirect(request.path)


def _restore(request: WorkspaceRequest, found: EditableLetter, language: str) -> None:
    if restore_default(
        workspace=request.workspace,
        letter=found,
        language=language,
        now=clock.now(),
        actor=f"user:{request.user.pk}",
    ):
        messages.success(request, _("The delivered words hold again."))


def _test(request: WorkspaceRequest, found: EditableLetter, form: WordingForm) -> None:
    """Sends the words as typed, kept or not, and shows the page again with them."""
    try:
        send_trial(
            workspace=request.workspace,
            letter=found,
            language=form.language,
            text=form.words(),
            to=request.user,
            once_key=request.POST.get("once_key", "")[:64],
            now=clock.now(),
        )
    except RecipientRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            _("A test to %(email)s waits in the outbox; it leaves in a minute.")
            % {"email": request.user.email},
        )
