"""The letters about money whose words the owner may change."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.queries.letters import RESUME_PROMISE
from clientdesk.dates import counted_days, long_day
from clientdesk.money import format_money
from clientdesk.outbox.wording import EditableLetter
from clientdesk.workspaces.models import Workspace

SAMPLE_MINOR = 154_000
SAMPLE_INTEREST = 897
SAMPLE_PROJECT = {"en": "Summer launch", "hr": "Ljetna kampanja"}


def sample(workspace: Workspace, language: str, on: date) -> Mapping[str, str]:
    """An invoice as it could be; figures and days in `language`."""
    due_on = on - timedelta(days=21)

    def money(minor: int) -> str:
        return format_money(minor, workspace.currency, language)

    def day(away: int) -> str:
        return long_day(on + timedelta(days=away), language)

    return {
        "contact_name": "Luc Perrin",
        "client_name": "Bistro Lune",
        "sender_name": workspace.sender_name or workspace.name,
        "project_name": SAMPLE_PROJECT[language],
        "invoice_number": "2025-031",
        "invoice_link": "https://desk.example/i/…",
        "amount_due": money(SAMPLE_MINOR),
        "amount_paid": money(SAMPLE_MINOR),
        "due_date": long_day(due_on, language),
        "days_late": "21",
        "days_late_words": counted_days(21, language),
        "last_message_date": day(-11),
        "stopped_on": day(-9),
        "resume_promise": RESUME_PROMISE[language],
        "delivery_date": day(12),
        "answer_by": day(5),
        "final_date": day(14),
        "interest_to_date": money(SAMPLE_INTEREST),
    }


WHO = ("contact_name", "client_name", "sender_name", "invoice_number", "invoice_link")
LATE = (
    *WHO, "amount_due", "due_date", "days_late", "days_late_words", "resume_promise", "answer_by",
    "final_date", "interest_to_date",
)  # fmt: skip
SETTLED = (*WHO, "due_date", "resume_promise")
# With what the line of each in a digest has a value for: it serves several letters.
STEPS: tuple[tuple[str, str | Promise, str | Promise, tuple[str, ...], bool], ...] = (
    ("reminder", _("Reminder"), _("It may have slipped by."), (), True),
    (
        "stop_work",
        _("Stop-work notice"),
        _("Work is paused; an earlier letter had no answer."),
        ("last_message_date",),
        True,
    ),
    (
        "stop_work_alone",
        _("Stop-work notice, the first letter"),
        _("Work is paused, and nothing was written before."),
        (),
        False,
    ),
    (
        "stop_work_project",
        _("Stop-work notice for one project"),
        _("One project is paused; other work goes on."),
        ("project_name",),
        True,
    ),
    (
        "final",
        _("Final notice"),
        _("A plain consequence, and still a way. Work is paused already."),
        ("stopped_on",),
        True,
    ),
    (
        "final_working",
        _("Final notice, work not paused"),
        _("The same where work was never stopped."),
        (),
        False,
    ),
)
# The line of a letter may not say what only some of the letters it serves can.
SHARED_LINES = frozenset({"stop_work", "final"})
NOTES: tuple[tuple[str, str | Promise, str | Promise, tuple[str, ...]], ...] = (
    ("invoice", _("Here is the invoice"), _("With an invoice that goes out."), (
        *WHO, "amount_due", "due_date",
    )),
    ("thanks", _("Thank you"), _("When an invoice is paid in full."), (
        *SETTLED, "amount_paid",
    )),
    ("resumed", _("Work resumes, with a new date"), _("After payment, for one piece of work."), (
        *SETTLED, "amount_paid", "delivery_date",
    )),
    ("resumed_plain", _("Work resumes"), _("After payment."), (*SETTLED, "amount_paid")),
    ("resumed_settled", _("Work resumes, without a payment"), _("Settled by a credit note."),
     SETTLED),
    ("resumed_part", _("Work resumes, part is open"), _("After a part, by your word."), (
        *SETTLED, "amount_paid", "amount_due",
    )),
)  # fmt: skip


def letters() -> Iterator[EditableLetter]:
    for name, title, when, more, has_line in STEPS:
        yield _letter(name, "ladder", title, when, (*LATE, *more))
        if has_line:
            yield _line(name, title, LATE if name in SHARED_LINES else (*LATE, *more))
    for name, title, when, placeholders in NOTES:
        yield _letter(name, "notes", title, when, placeholders)
        yield _line(name, title, placeholders)


def _letter(
    name: str,
    group: str,
    title: str | Promise,
    when: str | Promise,
    placeholders: tuple[str, ...],
) -> EditableLetter:
    return EditableLetter("billing", name, group, title, when, placeholders, sample)


def _line(name: str, title: str | Promise, placeholders: tuple[str, ...]) -> EditableLetter:
    when = _("The same in one paragraph, where several things go out in one message.")
    return EditableLetter(
        "billing", f"{name}_line", "lines", title, when, placeholders, sample, has_subject=False
    )
