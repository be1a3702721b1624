"""Numbers without gaps: one locked counter row per workspace, series and year."""

import re

from django.db import transaction

from billing.models import Counter

NUMBER = re.compile(r"^(?P<year>\d{4})-(?P<count>\d{3,9})$")


def next_number(*, workspace_id: int, year: int, series: str = "") -> str:
    """The next number, e.g. "2025-031"; to be called in the transaction that issues.

    A roll-back of that transaction gives the number back, so there are no gaps; the lock on the
    counter row keeps a second issuer waiting, so there are no duplicates.
    """
    counter = _locked(workspace_id=workspace_id, year=year, series=series)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{series}{year}-{counter.last:03d}"


def reserve_imported(*, workspace_id: int, numbers: list[str]) -> None:
    """Let numbering go on after the highest imported number of each year that has our form."""
    highest: dict[int, int] = {}
    for number in numbers:
        if match := NUMBER.match(number):
            year, count = int(match["year"]), int(match["count"])
            highest[year] = max(highest.get(year, 0), count)
    for year, count in sorted(highest.items()):
        counter = _locked(workspace_id=workspace_id, year=year, series="")
        if counter.last < count:
            counter.last = count
            counter.save(update_fields=["last"])


def _locked(*, workspace_id: int, year: int, series: str) -> Counter:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is given inside the transaction that issues")
    Counter.objects.get_or_create(workspace_id=workspace_id, series=series, year=year)
    return Counter.objects.select_for_update().get(
        workspace_id=workspace_id, series=series, year=year
    )
