"""Lists of invoices for pages; each in a fixed number of queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from billing.models import Invoice, InvoiceQuerySet, Tally
from billing.models.tally import NO_DAY

AGES = (("over_60", 61), ("to_60", 31), ("to_30", 15), ("to_14", 1))


@dataclass(frozen=True, slots=True)
class Age:
    """Open amounts of one currency by how late they are, in minor units."""

    currency: str
    over_60: int
    to_60: int
    to_30: int
    to_14: int
    not_due: int

    @property
    def total(self) -> int:
        return self.over_60 + self.to_60 + self.to_30 + self.to_14 + self.not_due

    @property
    def bars(self) -> list[tuple[str, str, str]]:
        """(class, start, width) of each part of the strip, in per cent."""
        parts = (
            ("f-owed", self.over_60 + self.to_60 + self.to_30),
            ("f-hollow", self.to_14),
            ("f-soft", self.not_due),
        )
        bars, start = [], 0.0
        for css, amount in parts:
            width = 100 * amount / self.total if self.total else 0.0
            if width:
                bars.append((css, f"{start:.2f}%", f"{width:.2f}%"))
            start += width
        return bars


@dataclass(frozen=True, slots=True)
class Sort:
    """Invoices alike in what lists ask for; `due_on` is NO_DAY where they are not open."""

    state: str
    settled: bool
    waiting: bool
    currency: str
    due_on: date
    invoices: int
    open_minor: int

    @property
    def is_open(self) -> bool:
        return self.state == Invoice.State.ISSUED and not self.settled

    def is_late(self, *, on: date) -> bool:
        return self.is_open and NO_DAY < self.due_on < on


def tally() -> list[Sort]:
    """All invoices of the workspace by sort, in one query that reads none of them."""
    sort = ("state", "settled", "waiting", "currency", "due_on")
    rows = (
        Tally.objects.values(*sort)
        .annotate(number=Sum("invoices"), left=Sum("open_minor"))
        .order_by("currency", "due_on")
        .values_list(*sort, "number", "left")
    )
    return [Sort(*row) for row in rows]


def late_count(*, on: date) -> int:
    """How many are late on the day `on`."""
    late = Tally.objects.filter(
        state=Invoice.State.ISSUED, settled=False, due_on__gt=NO_DAY, due_on__lt=on
    )
    number: int = late.aggregate(number=Sum("invoices", default=0))["number"]
    return number


def aging(sorts: Iterable[Sort], *, on: date) -> list[Age]:
    """What is open, by currency and age on the day `on`."""
    ages: dict[str, Counter[str]] = defaultdict(Counter)
    for sort in sorts:
        if sort.is_open:
            ages[sort.currency][_age(sort, on)] += sort.open_minor
    return [
        Age(
            currency=currency,
            over_60=sums["over_60"],
            to_60=sums["to_60"],
            to_30=sums["to_30"],
            to_14=sums["to_14"],
            not_due=sums["not_due"],
        )
        for currency, sums in sorted(ages.items())
    ]


def _age(sort: Sort, on: date) -> str:
    if sort.due_on == NO_DAY:
        return ""
    days = (on - sort.due_on).days
    return next((name for name, first in AGES if days >= first), "not_due")


SHOWS = ("open", "late", "not_due", "drafts", "paid", "waiting", "void")


def shown(show: str, *, on: date) -> InvoiceQuerySet:
    """The invoices of one filter chip, in its order."""
    invoices = Invoice.objects.select_related("client")
    if show == "late":
        return invoices.overdue(on=on).order_by("due_on", "pk")
    if show == "not_due":
        return invoices.unpaid().filter(due_on__gte=on).order_by("due_on", "pk")
    if show == "drafts":
        return invoices.filter(state=Invoice.State.DRAFT).order_by("-pk")
    if show == "paid":
        return invoices.filter(settled_on__isnull=False).order_by("-settled_on", "-pk")
    if show == "waiting":
        return invoices.waiting_to_start().order_by("due_on", "pk")
    if show == "void":
        return invoices.filter(state=Invoice.State.VOID).order_by("-issued_on", "-pk")
    return invoices.unpaid().order_by("due_on", "pk")


def show_counts(sorts: Iterable[Sort], *, on: date) -> dict[str, int]:
    """How many stand behind each chip."""
    counts = dict.fromkeys(SHOWS, 0)
    for sort in sorts:
        counts["drafts"] += sort.invoices * (sort.state == Invoice.State.DRAFT)
        counts["void"] += sort.invoices * (sort.state == Invoice.State.VOID)
        counts["paid"] += sort.invoices * sort.settled
        counts["waiting"] += sort.invoices * sort.waiting
        if sort.is_open:
            counts["open"] += sort.invoices
            counts["late"] += sort.invoices * sort.is_late(on=on)
            counts["not_due"] += sort.invoices * (sort.due_on >= on)
    return counts
