"""The letters about answers whose words the owner may change."""

from collections.abc import Mapping
from datetime import date

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from clientdesk.outbox.wording import EditableLetter
from clientdesk.workspaces.models import Workspace
from feedback.operations import ladder_wordings
from feedback.operations.ladder_wordings import LINE

PROJECT_PLACEHOLDERS = ("contact_name", "project", "project_link", "sender_name")


def sample_project(workspace: Workspace, language: str, on: date) -> Mapping[str, str]:
    return {
        "contact_name": "Luc Perrin",
        "project": {"en": "Summer launch", "hr": "Ljetna kampanja"}[language],
        "project_link": f"{settings.BASE_URL}/p/0123456789abcdef/",
        "sender_name": workspace.sender_name or workspace.name,
    }


PROJECT = _("Where a project stands")

LETTERS = (
    *ladder_wordings.letters(),
    EditableLetter(
        "feedback", "project", "answers", PROJECT, _("Brings the client the link to its page."),
        PROJECT_PLACEHOLDERS, sample_project, needed=("project_link",),
    ),
    EditableLetter(
        "feedback", "project_line", "lines", PROJECT, LINE, PROJECT_PLACEHOLDERS, sample_project,
        has_subject=False, needed=("project_link",),
    ),
)  # fmt: skip
