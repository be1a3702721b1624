"""The letters about answers whose words the owner may change."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from clientdesk.dates import long_day
from clientdesk.outbox.wording import EditableLetter
from clientdesk.workspaces.models import Workspace

PLACEHOLDERS = ("contact_name", "request_title", "answer_by", "sender_name")
PROJECT_PLACEHOLDERS = ("contact_name", "project", "project_link", "sender_name")
TITLE = {"en": "The logo in two colours", "hr": "Logotip u dvije boje"}
LINE = _("The same in one paragraph, where several things go out in one message.")


def sample(workspace: Workspace, language: str, on: date) -> Mapping[str, str]:
    return {
        "contact_name": "Luc Perrin",
        "request_title": TITLE[language],
        "answer_by": long_day(on + timedelta(days=2), language),
        "sender_name": workspace.sender_name or workspace.name,
    }


def sample_project(workspace: Workspace, language: str, on: date) -> Mapping[str, str]:
    return {
        "contact_name": "Luc Perrin",
        "project": {"en": "Summer launch", "hr": "Ljetna kampanja"}[language],
        "project_link": f"{settings.BASE_URL}/p/0123456789abcdef/",
        "sender_name": workspace.sender_name or workspace.name,
    }


PROJECT = _("Where a project stands")
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
        "feedback", "project", "answers", PROJECT, _("Brings the client the link to its page."),
        PROJECT_PLACEHOLDERS, sample_project, needed=("project_link",),
    ),
    EditableLetter(
        "feedback", "project_line", "lines", PROJECT, LINE, PROJECT_PLACEHOLDERS, sample_project,
        has_subject=False, needed=("project_link",),
    ),
)  # fmt: skip
