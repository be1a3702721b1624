"""A period of days that may be open on either side."""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Span:
    """`first` and `last` belong to it; None is open."""

    first: date | None = None
    last: date | None = None

    def __contains__(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def within(self, rows: QuerySet[Row], column: str) -> QuerySet[Row]:
        """The rows whose day in `column` lies in it."""
        wanted: dict[str, Any] = {}
        if self.first:
            wanted[f"{column}__gte"] = self.first
        if self.last:
            wanted[f"{column}__lte"] = self.last
        return rows.filter(**wanted)


ALWAYS = Span()
