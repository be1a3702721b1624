"""The letters about answers whose words the owner may change."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from clientdesk.dates import long_day
from clientdesk.outbox.wording import EditableLetter
from clientdesk.workspaces.models import Workspace

PLACEHOLDERS = ("contact_name", "request_title", "answer_by", "sender_name")
TITLE = {"en": "The logo in two colours", "hr": "Logotip u dvije boje"}
LINE = _("The same in one paragraph, where several things go out in one message.")

Facts = Callable[[Workspace, str, date], Mapping[str, str]]


def sample(workspace: Workspace, language: str, on: date) -> Mapping[str, str]:
    return {
        "contact_name": "Luc Perrin",
        "request_title": TITLE[language],
        "answer_by": long_day(on + timedelta(days=2), language),
        "sender_name": workspace.sender_name or workspace.name,
    }


def sample_of(name: str, value: str) -> Facts:
    """The sample with one more placeholder."""

    def facts(workspace: Workspace, language: str, on: date) -> Mapping[str, str]:
        return {**sample(workspace, language, on), name: value}

    return facts


AROUND = ("contact_name", "request_title", "sender_name")
BEFORE, KIND = _("Before an answer is due"), _("An answer is late")

LETTERS = (
    EditableLetter(
        "feedback", "before", "answers", BEFORE, _("A short reminder."), PLACEHOLDERS, sample
    ),
    EditableLetter(
        "feedback", "before_line", "lines", BEFORE, LINE, PLACEHOLDERS, sample, has_subject=False
    ),
    EditableLetter(
        "feedback", "kind", "answers", KIND, _("A reply is enough."), PLACEHOLDERS, sample
    ),
    EditableLetter(
        "feedback", "kind_line", "lines", KIND, LINE, PLACEHOLDERS, sample, has_subject=False
    ),
    EditableLetter(
        "feedback",
        "code",
        "answers",
        _("A code to open a protected request"),
        _("Where a request asks for a code by e-mail."),
        (*AROUND, "code"),
        sample_of("code", "482 913"),
        needed=("code",),
    ),
    EditableLetter(
        "feedback",
        "new_link",
        "answers",
        _("A new link to answer"),
        _("Where a client asks for one because the old one opens nothing any more."),
        (*AROUND, "answer_link"),
        sample_of("answer_link", f"{settings.BASE_URL}/a/…/"),
        needed=("answer_link",),
    ),
)
