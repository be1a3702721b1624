"""Reading the cells of one row as what they must be; what is not is refused by line and column."""

import re
from collections.abc import Collection
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from clientdesk.importing import Report
from clientdesk.money import AmountInvalid, CurrencyUnknown, exponent, from_minor, parse_amount
from clientdesk.tabular import Row, Table
from clientdesk.workspaces.models import validate_one_line
from clientdesk.workspaces.reference import COUNTRY_CODES

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
YEARS = range(1900, 2200)
LARGEST = 10**15  # minor units; far inside 64 bits even when summed


class Cells:
    """The cells of `row`; every method reads one, and notes in the report what it refuses.

    `good` says whether all that was read so far holds. What is refused reads as an empty value.
    """

    def __init__(self, row: Row, table: Table, report: Report) -> None:
        self.row, self.table, self.report = row, table, report
        self.good = True

    def refuse(self, column: str, expected: str) -> None:
        self.good = False
        self.report.refuse(self.row.line, column, self.row[column], expected)

    def text(self, column: str, *, limit: int, required: bool = False, lines: bool = False) -> str:
        value = self.row[column]
        if required and not value:
            self.refuse(column, _("a value; the cell is empty"))
        if len(value) > limit:
            self.refuse(
                column,
                _("at most %(limit)s characters; here are %(count)s")
                % {"limit": limit, "count": len(value)},
            )
        if not lines:
            try:
                validate_one_line(value)
            except ValidationError:
                self.refuse(column, _("one line, without control characters"))
        return value

    def day(self, column: str) -> date:
        value = self.row[column]
        if DAY.fullmatch(value):
            try:
                day = date.fromisoformat(value)
            except ValueError:
                self.refuse(column, _("a day that exists, such as 2025-04-28"))
                return date.min
            if day.year in YEARS:
                return day
        self.refuse(column, _("a day such as 2025-04-28"))
        return date.min

    def instant(self, column: str, *, zone: ZoneInfo) -> tuple[datetime, str]:
        """In UTC, and as written in a fixed spelling; without an offset it is local to `zone`."""
        value = self.row[column]
        try:
            written = datetime.fromisoformat(value) if DAY.match(value) else None
        except ValueError:
            written = None
        if written is None or written.year not in YEARS:
            self.refuse(column, _("a day or a time such as 2025-04-28 or 2025-04-28T15:30"))
            return datetime.min.replace(tzinfo=UTC), ""
        if written.tzinfo is None:
            return written.replace(tzinfo=zone).astimezone(UTC), written.isoformat()
        at = written.astimezone(UTC)
        return at, at.isoformat()

    def choice(self, column: str, choices: Collection[str], *, default: str = "") -> str:
        value = self.row[column].lower() or default
        if value not in choices:
            self.refuse(column, _("one of %(choices)s") % {"choices": ", ".join(choices)})
        return value

    def number(self, column: str, *, most: int) -> int | None:
        """A whole number from 0 to `most`, or None for an empty cell."""
        value = self.row[column]
        if not value:
            return None
        if not re.fullmatch(r"[0-9]{1,18}", value) or int(value) > most:
            self.refuse(column, _("a whole number from 0 to %(most)s") % {"most": most})
            return None
        return int(value)

    def email(self, column: str) -> str:
        value = self.row[column]
        if not value:
            return ""
        try:
            validate_email(value)
        except ValidationError:
            self.refuse(column, _("one e-mail address, or nothing"))
            return ""
        return self.text(column, limit=254)

    def country(self, column: str) -> str:
        """Two letters; ISO 3166 in three letters or digits is kept as it is."""
        value = self.row[column].upper()
        if value and value not in COUNTRY_CODES and not re.fullmatch(r"[A-Z]{3}|[0-9]{3}", value):
            self.refuse(column, _("a country such as HR, or nothing"))
        return value

    def currency(self, column: str, *, default: str = "") -> str:
        value = self.row[column].upper() or default
        try:
            exponent(value)
        except CurrencyUnknown:
            self.refuse(column, _("a currency such as EUR"))
            return ""
        return value

    def amount(self, column: str, currency: str, *, least: int = 1) -> int:
        """Minor units of `currency`, at least `least`."""
        value = self.row[column]
        if not currency:
            return 0
        comma = self.table.decimal_comma
        digits = exponent(currency)
        if not self.table.reads_as_amount(value):
            self.refuse(column, _("one meaning; these may be thousands or decimals"))
            return 0
        try:
            minor = parse_amount(value, currency, decimal_comma=comma)
        except AmountInvalid:
            example = str(from_minor(1540 * 10**digits, currency))
            self.refuse(
                column,
                _("an amount such as %(example)s (%(currency)s has %(digits)s decimals)")
                % {
                    "example": example.replace(".", "," if comma else "."),
                    "currency": currency,
                    "digits": digits,
                },
            )
            return 0
        if minor < least:
            self.refuse(column, _("an amount above 0") if least else _("an amount from 0 on"))
        elif minor > LARGEST:
            self.refuse(column, _("a smaller amount"))
        return minor

    def twice(self, column: str, first_line: int) -> None:
        """Another row of the file has the same value where each has its own."""
        self.refuse(column, _("each once; line %(line)s has it already") % {"line": first_line})

    def differs(self, column: str, here: str, stored: str) -> None:
        """The row exists with another value."""
        self.good = False
        self.report.refuse(
            self.row.line,
            column,
            here,
            _("%(stored)s, as it is here already; an import changes nothing that exists")
            % {"stored": stored or _("nothing")},
        )
