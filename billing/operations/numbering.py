"""Numbers without gaps: one locked counter row per workspace, series and year."""

from datetime import date
from typing import NamedTuple

from django.db import transaction

from billing.models import Counter, CreditNote, Invoice, Series
from billing.rules import numbers


class Number(NamedTuple):
    """As it is written, and the year it is unique in where the pattern writes none, else 0."""

    text: str
    year: int


class SeriesUnknown(LookupError):
    """No such series of this kind of document."""


DEFAULTS = {
    Series.Kind.INVOICE: numbers.INVOICES,
    Series.Kind.CREDIT_NOTE: numbers.CREDIT_NOTES,
}


def pattern_of(kind: str, code: str = "") -> tuple[str, str]:
    """(code, pattern) of a series; of the default one where no code is given.

    Raises SeriesUnknown.
    """
    rows = Series.objects.filter(kind=kind)
    if code:
        series = rows.filter(code=code).first()
        if series is None:
            raise SeriesUnknown(f"series {code!r}; expected one of the settings")
        return series.code, series.pattern
    default = rows.filter(is_default=True).first()
    if default is not None:
        return default.code, default.pattern
    return "", DEFAULTS[Series.Kind(kind)]


def next_number(
    *, workspace_id: int, on: date, kind: str = Series.Kind.INVOICE, series: str = ""
) -> Number:
    """The next number, e.g. "2025-031"; to be called in the transaction that issues.

    A roll-back of that transaction gives the number back, so there are no gaps; the lock on the
    counter row keeps a second issuer waiting, so there are no duplicates. Raises SeriesUnknown.
    """
    code, pattern = pattern_of(kind, series)
    year = 0 if numbers.writes_year(pattern) else on.year
    counter = _locked(workspace_id=workspace_id, year=on.year, series=_key(kind, code))
    while True:
        counter.last += 1
        text = numbers.number(pattern, year=on.year, count=counter.last)
        # Taken only where a pattern was changed to one that others had used before.
        if not _taken(kind, text, year):
            break
    counter.save(update_fields=["last"])
    return Number(text, year)


def _taken(kind: str, text: str, year: int) -> bool:
    model = Invoice if kind == Series.Kind.INVOICE else CreditNote
    return model.objects.filter(number=text, number_year=year).exists()


def preview(*, kind: str, pattern: str, code: str, on: date) -> str:
    """What the next number would be, without giving it. Raises PatternInvalid."""
    last = (
        Counter.objects.filter(series=_key(kind, code), year=on.year)
        .values_list("last", flat=True)
        .first()
    )
    return numbers.number(pattern, year=on.year, count=(last or 0) + 1)


def reserve_imported(*, workspace_id: int, issued: list[tuple[str, date]]) -> None:
    """Let numbering go on after the highest imported number of each year that has our form."""
    code, pattern = pattern_of(Series.Kind.INVOICE)
    highest: dict[int, int] = {}
    for text, on in issued:
        if found := numbers.read(pattern, text, year=on.year):
            year, count = found
            highest[year] = max(highest.get(year, 0), count)
    for year, count in sorted(highest.items()):
        key = _key(Series.Kind.INVOICE, code)
        counter = _locked(workspace_id=workspace_id, year=year, series=key)
        if counter.last < count:
            counter.last = count
            counter.save(update_fields=["last"])


def _key(kind: str, code: str) -> str:
    return code if kind == Series.Kind.INVOICE else f"{kind}:{code}"


def _locked(*, workspace_id: int, year: int, series: str) -> Counter:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is given inside the transaction that issues")
    Counter.objects.get_or_create(workspace_id=workspace_id, series=series, year=year)
    return Counter.objects.select_for_update().get(
        workspace_id=workspace_id, series=series, year=year
    )
