"""What the final report says in English. Pure; croatian.py has the same names."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal

from clientdesk.dates import long_day
from clientdesk.money import format_money

NB = "\N{NO-BREAK SPACE}"


def counted(count: int, one: str, many: str) -> str:
    return f"{count}{NB}{one if count == 1 else many}"


class English:
    code = "en"
    report = "Final report"
    interim_report = "Interim report"
    contents = "Contents"
    page_of = "Page {page} of {pages}"
    results, delivered, clock = "Results", "Work delivered", "Whose move it was"
    asked, money, handover, record = "Asked and answered", "Money", "Handover", "The record"
    # Columns
    what, before, after, change, when = "Measured", "Before", "After", "Change", "On"
    piece, agreed, done, days_off, state = "Delivery", "Agreed", "Delivered", "Days late", ""
    on, entry, took = "Day", "What was done", "Time"
    no, request, asked_on, answer_by, answered_on = (
        "No.",
        "Request",
        "Asked",
        "Answer by",
        "Answered",
    )
    invoice, issued, due, total, paid_on = "Invoice", "Issued", "Due", "Total", "Paid"
    open_sum, payment, amount, reference = "Open", "Payment", "Amount", "Reference"
    account, needed, given, handed = "Account", "Access needed", "Given", "Handed over"
    since, until, reason, days = "Work stopped", "Resumed", "Because", "Working days"
    late = "Days late"
    # Words in cells and captions
    still_open, withdrawn, in_time, not_yet = "open", "withdrawn", "in time", "not yet"
    forecast, running, not_due, together = "expected", "still", "not yet due", "All"
    partly = "in part"
    invoiced, paid, unpaid = "Invoiced", "Paid", "Open"
    entries_of_work = "The work, entry by entry"
    payments, stops = "Payments received", "When work rested"
    hours_by_kind = "Entries and hours, by kind"
    days_to_pay = "Days from the due day to payment"
    days_to_pay_small = "In order of due day. Left of the line: early. Outlined: still open."
    every_day = "Every working day"
    every_day_small = "Black: your move and late. Cut: work stopped. Hatched: asked. Light: ours."
    lane_late, lane_late_small = "Your move", "late or stopped"
    lane_asked, lane_asked_small = "Asked", "not yet late"
    lane_ours, lane_ours_small = "Our move", ""
    side_late, side_asked, side_ours = "Your move", "Asked, not yet late", "Our move"
    side_asked_what = "within the days we agreed for an answer"
    side_ours_what = "days on which nothing was missing from you"
    before_after_small = "Outlined: before. Full: after. Each pair has a scale of its own."
    clock_note = (
        "A day is your move when a request is past its answer-by day, or work is stopped; asked "
        "when a request is open and not yet late; otherwise ours. The day of asking counts as "
        "ours, the day of answering as yours. Overlapping requests count once. Weekends and "
        "public holidays are not counted."
    )
    is_that_all = "Is that all you did?"
    done_note = (
        "The day of asking counts as ours, the day of answering as yours; days on which two "
        "answers are late count once; weekends and public holidays are not counted."
    )
    by_project, project, days_in_all = "By project, in working days", "Project", "In all"
    ours, asked_days, late_days, stopped_days = "Ours", "In time", "Late", "Stopped"
    expected = "Expected"
    why_moved, cause, moved_by, rested = "What moved the delivery", "Cause", "Days", "work rested"
    same_day = "same days"
    missed, missed_on, how_told = "Chances missed", "Day", "How one can tell"
    delivered_note = "Days late are working days after the agreed day."
    asked_note = "Days late are working days after the answer-by day."
    money_note = "Days late are calendar days after the due day."
    record_note = (
        "Each entry carries the fingerprint of the one before it. Whoever changes an earlier entry "
        "changes every fingerprint after it, so the number and the fingerprint printed here show "
        "later whether the record is still the same."
    )
    record_lead = "This report was made from a record that shows when it has been tampered with."
    kinds: Mapping[str, str] = {
        "call": "Calls",
        "email": "E-mails",
        "meeting": "Meetings",
        "chat": "Chats",
        "note": "Notes",
        "problem": "Problems",
        "work": "Work",
        "chasing": "Chasing answers",
        "revision": "Revisions",
    }
    reasons: Mapping[str, str] = {
        "unpaid": "an invoice was not paid",
        "unanswered": "an answer was missing",
        "other": "another reason",
    }

    def round_of(self, number: int, agreed: int) -> str:
        return f"round {number}, {agreed} agreed"

    def for_want_of(self, request: str) -> str:
        return f"for want of {request}"

    def day(self, day: date) -> str:
        return format_date(day, "d MMM y", locale="en").replace(" ", NB)

    def long_day(self, day: date) -> str:
        return long_day(day, "en")

    def short_day(self, day: date) -> str:
        return format_date(day, "d MMM", locale="en").replace(" ", NB)

    def short_month(self, day: date) -> str:
        return format_date(day, "MMM y", locale="en").replace(" ", NB)

    def period(self, first: date, last: date) -> str:
        return f"{long_day(first, 'en')} to {long_day(last, 'en')}"

    def number(self, value: Decimal) -> str:
        return format_decimal(value, "#,##0.##", locale="en")

    def percent(self, value: Decimal) -> str:
        return f"{'+' if value > 0 else ''}{format_decimal(value, '#,##0', locale='en')}%".replace(
            "-", "\N{MINUS SIGN}"
        )

    def hours(self, minutes: int) -> str:
        return f"{format_decimal(Decimal(minutes) / 60, '#,##0.0', locale='en')}{NB}h"

    def money_of(self, minor: int, currency: str) -> str:
        return format_money(minor, currency, "en")

    def listed(self, parts: list[str]) -> str:
        return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"

    def early(self, days: int) -> str:
        return f"{days}{NB}early"

    def entries(self, count: int) -> str:
        return counted(count, "entry", "entries")

    def earlier_work(self, count: int) -> str:
        return f"{counted(count, 'earlier entry is', 'earlier entries are')} not listed here."

    def record_entries(self, count: int) -> str:
        return f"{counted(count, 'entry', 'entries')} about this client"

    def record_line(self, number: int, day: date) -> str:
        return f"Entry no.{NB}{number}, {long_day(day, 'en')}"

    def foot(self, sender: str, day: date, number: int, head: str) -> str:
        return f"{sender}, {long_day(day, 'en')} · Record {number}, {head}"

    def nothing(self, names: list[str]) -> str:
        """One sentence about the sections that are left out."""
        return f"For this period nothing is on record about {self.listed(names)}."

    def closing(self, day: date, number: int, head: str) -> str:
        return f"Made on {long_day(day, 'en')} from the record; entry no.{NB}{number}, head {head}."
