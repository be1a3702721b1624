"""When an invoice falls due, by the agreement's terms. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from clientdesk.calendars import month_day


@dataclass(frozen=True, slots=True)
class DaysAfter:
    """A number of calendar days after the invoice date."""

    days: int


@dataclass(frozen=True, slots=True)
class DayOfMonth:
    """A fixed day of the month, such as the 1st; the last day where a month is shorter."""

    day: int


Terms = DaysAfter | DayOfMonth


def due_date(issued_on: date, terms: Terms) -> date:
    """The due date of an invoice of `issued_on`: for a fixed day, the first one after it."""
    if isinstance(terms, DaysAfter):
        return issued_on + timedelta(days=terms.days)
    this_month = month_day(issued_on.year, issued_on.month, terms.day)
    if this_month > issued_on:
        return this_month
    year, month = divmod(issued_on.year * 12 + issued_on.month, 12)
    return month_day(year, month + 1, terms.day)
