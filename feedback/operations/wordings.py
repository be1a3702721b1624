"""The letters about answers whose words the owner may change."""

from collections.abc import Callable, Mapping
from datetime import date

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from clientdesk.outbox.wording import EditableLetter
from clientdesk.workspaces.models import Workspace
from feedback.operations import ladder_wordings
from feedback.operations.ladder_wordings import LINE

PROJECT_PLACEHOLDERS = ("contact_name", "project", "project_link", "sender_name")
AROUND = ("contact_name", "request_title", "sender_name")
PROJECT = _("Where a project stands")
TALK_PLACEHOLDERS = ("contact_name", "facts", "proposal", "answer_by", "sender_name")
TALK = _("The talk with a client who controls too much")
TALK_SAMPLE = {
    "en": {
        "facts": "– Of 12 items, 11 came back with changes.\n"
        "– “Posts for June” took 4 rounds where 2 had been agreed.",
        "proposal": "all comments come at once; and after the agreed rounds the last version "
        "stands.",
    },
    "hr": {
        "facts": "– Od 12 stavki s izmjenama se vratilo: 11.\n"
        "– „Objave za lipanj”: 4 kruga, a dogovoreno je 2.",
        "proposal": "sve primjedbe stižu odjednom; i nakon dogovorenih krugova vrijedi posljednja "
        "inačica.",
    },
}

Facts = Callable[[Workspace, str, date], Mapping[str, str]]


def sample_project(workspace: Workspace, language: str, on: date) -> Mapping[str, str]:
    return {
        "contact_name": "Luc Perrin",
        "project": {"en": "Summer launch", "hr": "Ljetna kampanja"}[language],
        "project_link": f"{settings.BASE_URL}/p/0123456789abcdef/",
        "sender_name": workspace.sender_name or workspace.name,
    }


def sample_talk(workspace: Workspace, language: str, on: date) -> Mapping[str, str]:
    """A letter as it could be; days in `language`."""
    return {**ladder_wordings.sample(workspace, language, on), **TALK_SAMPLE[language]}


def sample_of(name: str, value: str) -> Facts:
    """The sample of a request with one more placeholder."""

    def facts(workspace: Workspace, language: str, on: date) -> Mapping[str, str]:
        return {**ladder_wordings.sample(workspace, language, on), name: value}

    return facts


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
    EditableLetter(
        "feedback", "code", "answers", _("A code to open a protected request"),
        _("Where a request asks for a code by e-mail."),
        (*AROUND, "code"), sample_of("code", "482 913"), needed=("code",),
    ),
    EditableLetter(
        "feedback", "new_link", "answers", _("A new link to answer"),
        _("Where a client asks for one because the old one opens nothing any more."),
        (*AROUND, "answer_link"), sample_of("answer_link", f"{settings.BASE_URL}/a/…/"),
        needed=("answer_link",),
    ),
    EditableLetter(
        "feedback", "talk", "answers", TALK, _("About a project; you go over the facts first."),
        (*TALK_PLACEHOLDERS, "project"), sample_talk, needed=("facts", "proposal"),
    ),
    EditableLetter(
        "feedback", "talk_plain", "answers", TALK, _("Where it is about no project."),
        TALK_PLACEHOLDERS, sample_talk, needed=("facts", "proposal"),
    ),
    EditableLetter(
        "feedback", "talk_line", "lines", TALK, ladder_wordings.LINE, TALK_PLACEHOLDERS,
        sample_talk, has_subject=False, needed=("facts", "proposal"),
    ),
)  # fmt: skip
