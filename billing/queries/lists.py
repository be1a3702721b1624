"""Lists of invoices for pages; each in a fixed number of queries."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, Sum

from billing.models import OPEN_MINOR, Invoice, InvoiceQuerySet

AGES = (("over 60", 61, None), ("31–60", 31, 60), ("15–30", 15, 30), ("1–14", 1, 14))


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


def aging(*, on: date) -> list[Age]:
    """What is open, by currency and age on the day `on`."""

    def between(first: int, last: int | None) -> Q:
        late = Q(due_on__lte=on - timedelta(days=first))
        return late & Q(due_on__gte=on - timedelta(days=last)) if last else late

    def owed(condition: Q) -> Sum:
        return Sum(OPEN_MINOR, filter=condition, default=0)

    rows = (
        Invoice.objects.unpaid()
        .values("currency")
        .annotate(
            over_60=owed(between(61, None)),
            to_60=owed(between(31, 60)),
            to_30=owed(between(15, 30)),
            to_14=owed(between(1, 14)),
            not_due=owed(Q(due_on__gte=on)),
        )
        .order_by("currency")
    )
    return [Age(**row) for row in rows]


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


def show_counts(*, on: date) -> dict[str, int]:
    """How many stand behind each chip."""
    unpaid = Q(state=Invoice.State.ISSUED, settled_on=None)
    counts: dict[str, int] = Invoice.objects.aggregate(
        open=Count("pk", filter=unpaid),
        late=Count("pk", filter=unpaid & Q(due_on__lt=on)),
        not_due=Count("pk", filter=unpaid & Q(due_on__gte=on)),
        drafts=Count("pk", filter=Q(state=Invoice.State.DRAFT)),
        paid=Count("pk", filter=Q(settled_on__isnull=False)),
        waiting=Count("pk", filter=unpaid & Q(imported=True, ladder_started_on=None)),
        void=Count("pk", filter=Q(state=Invoice.State.VOID)),
    )
    return counts
