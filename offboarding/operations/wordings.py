"""The letters of an ending whose words the owner may change."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from clientdesk.dates import long_day
from clientdesk.outbox.wording import EditableLetter
from clientdesk.workspaces.models import Workspace
from offboarding.rules.ending_words import handover_line, money_line
from offboarding.rules.reasons import AMICABLE, Kind, Reason, answers_fact, sentence

REPORT_LINK = "https://desk.example/r/…"
REPORT_TITLES = {"en": "Final report", "hr": "Završno izvješće"}
LINK = "https://desk.example/h/…"
WHO = ("contact_name", "client_name", "sender_name")
ENDING = (*WHO, "end_date", "reason_sentence", "handover_line", "money_line", "handover_link")


def sample(workspace: Workspace, language: str, on: date) -> Mapping[str, str]:
    """An ending as it could be."""
    fact = answers_fact(late=9, of=12, lost=31, language=language)
    return {
        "contact_name": "Luc Perrin",
        "client_name": "Bistro Lune",
        "sender_name": workspace.sender_name or workspace.name,
        "end_date": long_day(on + timedelta(days=14), language),
        "reason_sentence": sentence(Reason.ANSWERS, "", [fact], language),
        "handover_line": handover_line(accounts=2, paid=True, link=LINK, language=language),
        "money_line": money_line([], language),
        "handover_link": LINK,
        "report_link": REPORT_LINK,
        "report_title": {"en": "Final report", "hr": "Završno izvješće"}.get(
            language, "Final report"
        )
        + ", Bistro Lune",
    }


def sample_amicable(workspace: Workspace, language: str, on: date) -> Mapping[str, str]:
    day = long_day(on + timedelta(days=14), language)
    said = AMICABLE[language][Kind.CONTRACT_OVER].format(day=day)
    return {**sample(workspace, language, on), "reason_sentence": said}


LETTERS = (
    EditableLetter(
        "offboarding", "ending", "endings", _("Ending because it does not work"),
        _("You go over it before it is sent."), ENDING, sample,
        needed=("reason_sentence", "handover_line", "money_line"),
    ),
    EditableLetter(
        "offboarding", "ending_amicable", "endings", _("Ending on good terms"),
        _("The agreement is over, or the client wants to end it."), ENDING, sample_amicable,
        needed=("reason_sentence", "handover_line", "money_line"),
    ),
    EditableLetter(
        "offboarding", "handover", "endings", _("The accounts are handed over"),
        _("Brings the client the list, to be confirmed."), (*WHO, "handover_link"), sample,
        needed=("handover_link",),
    ),
    EditableLetter(
        "offboarding", "handover_line", "lines", _("The accounts are handed over"),
        _("The same in one paragraph, where several things go out in one message."),
        (*WHO, "handover_link"), sample, has_subject=False, needed=("handover_link",),
    ),
    EditableLetter(
        "offboarding", "report", "endings", _("A report"),
        _("Brings the client the link to a final or interim report."),
        (*WHO, "report_title", "report_link"), sample, needed=("report_link",),
    ),
    EditableLetter(
        "offboarding", "report_line", "lines", _("A report"),
        _("The same in one paragraph, where several things go out in one message."),
        (*WHO, "report_title", "report_link"), sample, has_subject=False,
        needed=("report_link",),
    ),
)  # fmt: skip
