"""A ladder tried out: a sample invoice's days by it, what comes by it, what it would have sent."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from billing.models import Invoice, LadderSetting
from billing.models.invoices import InvoiceQuerySet
from billing.queries.forecast import PlannedStep, backtest, forecast, replayed_at_all
from clientdesk.ladder import Calendar, Effect, Ladder, Overdue, walk
from clientdesk.workspaces.scoping import current_workspace_id
from clients.models import Client

MOST_REPLAYED = 2_000  # invoices; a page must not take longer than its reader's patience
FAR = timedelta(days=3_000)
SAMPLES = 20
DAYS_AHEAD = 30


@dataclass(frozen=True, slots=True)
class SampleDay:
    """When one rung comes for a sample invoice; `missed` is the day off that it moved away from."""

    on: date
    missed: date | None
    is_weekend: bool
    is_past: bool
    is_today: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """One rung's days in a replay; `dots` are their places from left to right in per cent."""

    rung: str
    effect: str
    count: int
    dots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """`silent` counts the invoices paid before any letter; `left_out` the older ones that were too
    many to replay for a page."""

    steps: list[PlannedStep]
    counts: dict[str, int]
    invoices: int
    silent: int
    left_out: int
    lanes: list[Lane]


def of_this_ladder(
    *, client: Client | None = None, invoice: Invoice | None = None
) -> InvoiceQuerySet:
    """The invoices that go by the workspace's ladder, the client's own, or the invoice's own."""
    invoices: InvoiceQuerySet = Invoice.objects.all()
    if invoice is not None:
        return invoices.filter(pk=invoice.pk)
    own = LadderSetting.objects.filter(purpose=LadderSetting.Purpose.MONEY)
    invoices = invoices.exclude(pk__in=own.exclude(invoice=None).values("invoice_id"))
    if client is not None:
        return invoices.filter(client=client)
    return invoices.exclude(client_id__in=own.exclude(client=None).values("client_id"))


def _newest(invoices: InvoiceQuerySet) -> InvoiceQuerySet:
    """At most about MOST_REPLAYED of them: those due last."""
    due_days = invoices.order_by("-due_on").values_list("due_on", flat=True)
    oldest = due_days[MOST_REPLAYED : MOST_REPLAYED + 1]
    return invoices.filter(due_on__gt=oldest[0]) if oldest else invoices


def replay(among: InvoiceQuerySet, ladder: Ladder, *, first: date, last: date) -> Replay:
    """What `ladder` alone would have sent; nothing is written. Of the newest invoices only."""
    replayed = replayed_at_all(among, ladder, first, last)
    newest = _newest(replayed)
    number = newest.count()
    paid = set(newest.filter(settled_on__lte=last).values_list("pk", flat=True))
    steps = backtest(
        workspace_id=current_workspace_id(), first=first, last=last, ladder=ladder, among=newest
    )
    return Replay(
        steps=steps,
        counts=dict(Counter(step.rung for step in steps)),
        invoices=number,
        silent=len(paid - {step.invoice_id for step in steps}),
        left_out=replayed.count() - number,
        lanes=_lanes(ladder, steps, first, last),
    )


def _lanes(ladder: Ladder, steps: list[PlannedStep], first: date, last: date) -> list[Lane]:
    span = max((last - first).days, 1)
    lanes = []
    for rung in ladder.rungs:
        if rung.effect == Effect.TASK:
            continue
        days = [step.on for step in steps if step.rung == rung.name]
        dots = (f"{100 * (day - first).days / span:.2f}%" for day in sorted(set(days)))
        lanes.append(Lane(rung.name, rung.effect, len(days), tuple(dots)))
    return lanes


def ahead(
    among: InvoiceQuerySet, *, today: date, tried: Ladder | None
) -> tuple[list[PlannedStep], int]:
    """The next 30 days, by the ladder that holds or by one that is tried.

    With it, how many older invoices were too many to try it on.
    """
    left_out = 0
    if tried is not None:
        # The stored days are by the ladder that holds; all that is open has to be walked.
        candidates = (
            among.unpaid()
            .exclude(imported=True, ladder_started_on=None)
            .filter(due_on__lte=today + timedelta(days=DAYS_AHEAD))
        )
        among = _newest(candidates)
        left_out = candidates.count() - among.count()
    workspace_id = current_workspace_id()
    steps = forecast(
        workspace_id=workspace_id, today=today, days=DAYS_AHEAD, among=among, ladder=tried
    )
    return steps, left_out


def samples(among: InvoiceQuerySet) -> list[Invoice]:
    """Invoices to show a ladder's days for: the unpaid ones due last, else any."""
    issued = among.issued().exclude(due_on=None).select_related("client")
    unpaid = list(issued.unpaid().order_by("-due_on", "-pk")[:SAMPLES])
    return unpaid or list(issued.order_by("-due_on", "-pk")[:SAMPLES])


def sample_days(ladder: Ladder, *, due_on: date, country: str, today: date) -> dict[str, SampleDay]:
    """By rung: its day for an invoice due on `due_on` that nobody pays, nothing yet climbed."""
    overdue = Overdue(due_on=due_on, country=country)
    days: dict[str, SampleDay] = {}
    before: tuple[date, int] | None = None
    for step in walk(ladder, overdue, first=due_on - FAR, last=due_on + FAR):
        wanted = due_on + timedelta(days=step.rung.offset)
        if before is not None:
            wanted = max(wanted, before[0] + timedelta(days=step.rung.offset - before[1]))
        moved = step.on != wanted and ladder.calendar != Calendar.NONE
        days[step.rung.name] = SampleDay(
            on=step.on,
            missed=wanted if moved else None,
            is_weekend=wanted.weekday() >= 5,
            is_past=step.on < today,
            is_today=step.on == today,
        )
        before = step.on, step.rung.offset
    return days


def own_ladders(limit: int) -> list[LadderSetting]:
    """The clients and invoices that have a ladder of their own, the newest first."""
    return list(
        LadderSetting.objects.filter(purpose=LadderSetting.Purpose.MONEY)
        .exclude(client=None, invoice=None)
        .select_related("client", "invoice__client")
        .order_by("-pk")[:limit]
    )
