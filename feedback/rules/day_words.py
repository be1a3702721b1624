"""Days of one project as pages write them: with a year only where it is not this one. Pure."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from babel.dates import format_date

NBSP = "\N{NO-BREAK SPACE}"
# Patterns of babel, per language.
SHORT = {"en": "d MMM", "hr": "d. MMM"}
LONG = {"en": "d MMMM", "hr": "d. MMMM"}
WHOLE = {"en": "EEEE d MMMM", "hr": "EEEE, d. MMMM"}
MONTH = {"en": "MMM", "hr": "LLL"}
YEAR = {"en": " y", "hr": " y."}


@lru_cache(maxsize=8_192)
def _written(day: date, pattern: str, language: str) -> str:
    # The day comes before its month, as in all text of the product.
    locale = "en_GB" if language == "en" else language
    text = format_date(day, pattern, locale=locale)
    return re.sub(r"\bSept\b", "Sep", text).replace(" ", NBSP)


@dataclass(frozen=True, slots=True)
class Days:
    """In a language, read on `today`."""

    language: str
    today: date

    def short(self, day: date) -> str:
        """ "14 May"; Croatian "14. svi"."""
        return self._said(day, SHORT)

    def long(self, day: date) -> str:
        """ "14 May" with its whole month; Croatian "14. svibnja"."""
        return self._said(day, LONG)

    def whole(self, day: date) -> str:
        """ "Wednesday 14 May"; Croatian "srijeda, 14. svibnja"."""
        return self._said(day, WHOLE)

    def month(self, day: date) -> str:
        """ "May", "May 2024"; Croatian "svi", "svi 2024."."""
        return self._said(day, MONTH)

    def _said(self, day: date, pattern: dict[str, str]) -> str:
        year = "" if day.year == self.today.year else YEAR[self.language]
        return _written(day, pattern[self.language] + year, self.language)
