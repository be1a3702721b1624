"""The letters of asking and of the ladder for answers, whose words the owner may change."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clientdesk.dates import counted_minutes, counted_working_days, long_day
from clientdesk.outbox.wording import EditableLetter
from clientdesk.workspaces.models import Workspace

TITLE = {"en": "The logo in two colours", "hr": "Logotip u dvije boje"}
SECOND = {"en": "Photos for the summer menu", "hr": "Fotografije za ljetni jelovnik"}
PROJECT = {"en": "Summer launch", "hr": "Ljetna kampanja"}
WAITS = {"en": "the printing of the menu", "hr": "tisak jelovnika"}
LINE = _("The same in one paragraph, where several things go out in one message.")


def sample(workspace: Workspace, language: str, on: date) -> Mapping[str, str]:
    """A request as it could be; days in `language`."""

    def day(away: int) -> str:
        return long_day(on + timedelta(days=away), language)

    link = "https://desk.example/a/…"
    asked = f"{TITLE[language]} ({day(2)})\n{link}\n\n{SECOND[language]} ({day(4)})\n{link}"
    return {
        "contact_name": "Luc Perrin",
        "client_name": "Bistro Lune",
        "sender_name": workspace.sender_name or workspace.name,
        "request_title": TITLE[language],
        "asked_on": day(-6),
        "answer_by": day(2),
        "answer_link": link,
        "minutes_words": counted_minutes(5, language),
        "waits": WAITS[language],
        "project": PROJECT[language],
        "milestone": PROJECT[language],
        "delivery_date": day(21),
        "forecast_date": day(26),
        "days_waiting": counted_working_days(9, language),
        "days_own": counted_working_days(3, language),
        "project_link": "https://desk.example/p/…",
        "count": "2",
        "requests": asked,
    }


WHO = ("contact_name", "client_name", "sender_name")
ONE = (*WHO, "request_title", "asked_on", "answer_by", "answer_link", "minutes_words")
DATED = (*ONE, "project", "milestone", "delivery_date")
MOVED = (*DATED, "forecast_date")
LONG = (*ONE, "days_waiting")
ASKED, BEFORE, KIND = _("Asking"), _("Before an answer is due"), _("An answer is late")
STOPPED, MOVES = _("Work cannot go on"), _("The delivery moves")
KEPT, WITHOUT = _("What waits is named."), _("Nothing is known of what waits.")
# Name, title, when it is written, what it has a value for, what it cannot be without.
LETTERS: tuple[tuple[str, Promise, Promise, tuple[str, ...], tuple[str, ...]], ...] = (
    ("ask", ASKED, _("For work with an agreed delivery."), DATED, ("answer_link",)),
    ("ask_waits", ASKED, KEPT, (*ONE, "waits"), ("answer_link",)),
    ("ask_plain", ASKED, WITHOUT, ONE, ("answer_link",)),
    ("ask_several", _("Asking for several things"), _("In one message."),
     (*WHO, "count", "requests", "answer_by", "minutes_words"), ("requests",)),
    ("remind_several", _("A reminder of several things"), _("Where you send it yourself."),
     (*WHO, "count", "requests", "answer_by", "minutes_words"), ("requests",)),
    ("before", BEFORE, _("For work with an agreed delivery."), DATED, ("answer_link",)),
    ("before_waits", BEFORE, KEPT, (*ONE, "waits"), ("answer_link",)),
    ("before_plain", BEFORE, WITHOUT, ONE, ("answer_link",)),
    ("kind", KIND, _("The delivery moves day by day."), MOVED, ("answer_link",)),
    ("kind_keeps", KIND, _("The delivery can still be kept."), DATED, ("answer_link",)),
    ("kind_waits", KIND, KEPT, (*ONE, "waits"), ("answer_link",)),
    ("kind_plain", KIND, WITHOUT, ONE, ("answer_link",)),
    ("cannot_go_on", STOPPED, _("Firm and kind; the delivery moves."), MOVED, ("answer_link",)),
    ("cannot_go_on_waits", STOPPED, KEPT, (*ONE, "waits"), ("answer_link",)),
    ("cannot_go_on_plain", STOPPED, WITHOUT, ONE, ("answer_link",)),
    ("date_moves", MOVES, _("A fact: the new day."), (*MOVED, "days_waiting", "project_link"),
     ("answer_link",)),
    ("date_moves_among", MOVES, _("Other days were lost as well."),
     (*MOVED, "days_waiting", "days_own", "project_link"), ("answer_link",)),
    ("date_moves_waits", MOVES, _("No delivery was agreed."), (*LONG, "waits", "project_link"),
     ("answer_link",)),
    ("date_moves_plain", MOVES, WITHOUT, LONG, ("answer_link",)),
)  # fmt: skip
LINES: tuple[tuple[str, Promise, tuple[str, ...]], ...] = (
    ("ask", ASKED, ONE),
    ("before", BEFORE, ONE),
    ("kind", KIND, MOVED),
    ("kind_plain", KIND, ONE),
    ("cannot_go_on", STOPPED, MOVED),
    ("cannot_go_on_plain", STOPPED, ONE),
    ("date_moves", MOVES, (*MOVED, "days_waiting", "project_link")),
    ("date_moves_plain", MOVES, LONG),
)


def letters() -> Iterator[EditableLetter]:
    for name, title, when, placeholders, needed in LETTERS:
        yield EditableLetter(
            "feedback", name, "answers", title, when, placeholders, sample, needed=needed
        )
    for name, title, placeholders in LINES:
        yield EditableLetter(
            "feedback",
            f"{name}_line",
            "lines",
            title,
            LINE,
            placeholders,
            sample,
            has_subject=False,
            needed=("answer_link",),
        )
