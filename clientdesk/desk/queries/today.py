"""What the day asks for: one row per obligation, at most a page of each.

Ten queries whatever the size of the desk; totals are counted by the database, rows are cut.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, OuterRef, Subquery, Window
from django.utils import timezone

from billing.models import OPEN_MINOR, Invoice, Step
from billing.queries.lists import tally
from clientdesk.calendars import working_days_between
from clientdesk.record.models import Entry
from clients.models import Interaction, Stop
from feedback.models import AnswerStep, Request, Talk
from feedback.queries.talks import overdue_talks

ROWS = 12
NEXT_ROWS = 7
ARRIVED = 5


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A request that is open, and what waiting for it has cost so far, in working days."""

    request: Request
    days_late: int
    for_review: bool = False
    """A step of its ladder waits for its owner."""

    @property
    def is_late(self) -> bool:
        return self.days_late > 0


@dataclass(slots=True)
class TodayFacts:
    today: date
    reviews: list[Step] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    overdue: list[Invoice] = field(default_factory=list)
    overdue_count: int = 0
    owed: list[tuple[str, int]] = field(default_factory=list)
    answers: list[AnswerRow] = field(default_factory=list)
    waiting_count: int = 0
    late_clients: int = 0
    days_lost: int = 0
    arrived: list[Request] = field(default_factory=list)
    """Answers that nobody has dealt with, the oldest first; at most ARRIVED of them."""
    talks: list[Talk] = field(default_factory=list)
    """Letters about working together whose day passed without an answer."""
    follow_ups: list[Interaction] = field(default_factory=list)
    follow_up_count: int = 0
    upcoming: list[Invoice] = field(default_factory=list)
    since: list[Entry] = field(default_factory=list)
    waiting_to_start: int = 0

    @property
    def next_count(self) -> int:
        return self.follow_up_count + len(self.arrived) + len(self.talks)

    @property
    def yesterday(self) -> date:
        return self.today - timedelta(days=1)

    @property
    def has_stop_rows(self) -> bool:
        return bool(self.stops or self.stop_reviews)

    @property
    def stop_reviews(self) -> list[Step]:
        """Steps that stop work, or follow a stop: they stand in the first section."""
        stopped = {stop.client_id for stop in self.stops}
        return [s for s in self.reviews if s.effect == "stop" or s.invoice.client_id in stopped]

    @property
    def money_reviews(self) -> dict[int, Step]:
        """Open steps of invoices that stand among the money rows, by invoice."""
        above = {s.pk for s in self.stop_reviews}
        return {s.invoice_id: s for s in self.reviews if s.pk not in above}

    @property
    def plain_stops(self) -> list[Stop]:
        """Stops that ask whether to resume, and those whose client has no step to review."""
        reviewed = {s.invoice.client_id for s in self.stop_reviews}
        return [s for s in self.stops if s.ask_resume or s.client_id not in reviewed]

    @property
    def stop_rows_count(self) -> int:
        return len(self.stop_reviews) + len(self.plain_stops)

    @property
    def all_clear(self) -> bool:
        return not (self.reviews or self.stops or self.overdue_count or self.late_clients)


def today_facts(*, today: date, work: bool) -> TodayFacts:
    """The facts of the day `today` for the active workspace; `work` False leaves out what is not
    money, for those who may not see it."""
    facts = TodayFacts(today=today)
    _money(facts)
    if work:
        _answers(facts)
        _follow_ups(facts)
        facts.since = list(
            Entry.objects.filter(recorded_at__gte=_yesterday(today))
            .select_related("content")
            .order_by("-seq")[:5]
        )
    return facts


def _yesterday(today: date) -> datetime:
    """When it began: an instant, which the index of the record knows; it knows no dates."""
    return datetime.combine(today - timedelta(days=1), time(), timezone.get_current_timezone())


def _money(facts: TodayFacts) -> None:
    today = facts.today
    cause = Invoice.objects.filter(number=OuterRef("cause"), workspace_id=OuterRef("workspace_id"))
    facts.stops = list(
        Stop.objects.running()
        .select_related("client", "project")
        .annotate(
            invoice_total=Subquery(cause.values("total_minor")[:1]),
            invoice_currency=Subquery(cause.values("currency")[:1]),
            invoice_balance=Subquery(cause.annotate(left=OPEN_MINOR).values("left")[:1]),
            invoice_due_on=Subquery(cause.values("due_on")[:1]),
            invoice_settled_on=Subquery(cause.values("settled_on")[:1]),
        )
        .order_by("begun_on", "pk")[:ROWS]
    )
    facts.reviews = list(
        Step.objects.filter(state__in=(Step.State.REVIEW, Step.State.STUCK))
        .select_related("invoice__client")
        .order_by("due_on", "pk")[: 2 * ROWS]
    )
    owed: Counter[str] = Counter()
    for sort in tally():
        if sort.is_late(on=today):
            owed[sort.currency] += sort.open_minor
            facts.overdue_count += sort.invoices
            facts.waiting_to_start += sort.invoices * sort.waiting
    facts.owed = owed.most_common()
    # A stop or review row above replaces the money row of the same client.
    above = {s.client_id for s in facts.stops} | {s.invoice.client_id for s in facts.stop_reviews}
    facts.overdue = list(
        Invoice.objects.overdue(on=today)
        .exclude(client_id__in=above)
        .select_related("client")
        .order_by("due_on", "pk")[:ROWS]
    )
    facts.upcoming = list(
        Invoice.objects.filter(next_step_on__gte=today)
        .select_related("client")
        .order_by("next_step_on", "pk")[:3]
    )


def _answers(facts: TodayFacts) -> None:
    """Every open request is looked at for the sum of days lost; a page of them is shown."""
    rows: list[AnswerRow] = []
    late_clients: Counter[int] = Counter()
    waits = AnswerStep.objects.filter(
        request=OuterRef("pk"), state__in=(AnswerStep.State.REVIEW, AnswerStep.State.STUCK)
    )
    open_ = Request.objects.open().annotate(for_review=Exists(waits))
    for request in open_.select_related("client", "project"):
        late = working_days_between(request.answer_by, facts.today, request.client.country)
        days_late = late if request.answer_by < facts.today else 0
        facts.days_lost += days_late
        facts.waiting_count += 1
        if days_late:
            late_clients[request.client_id] += 1
        # Annotated above.
        rows.append(AnswerRow(request, days_late, request.for_review))  # type: ignore[attr-defined]
    facts.late_clients = len(late_clients)
    # What waits for its owner stands first: nothing goes on without them.
    facts.answers = sorted(rows, key=lambda row: not row.for_review)[:ROWS]
    facts.talks = overdue_talks(on=facts.today)[:ARRIVED]
    facts.arrived = list(
        Request.objects.your_move().select_related("client").order_by("answered_on", "pk")[:ARRIVED]
    )


def _follow_ups(facts: TodayFacts) -> None:
    rows = (
        Interaction.objects.filter(follow_up_on__isnull=False, follow_up_done_at=None)
        .select_related("client")
        .annotate(in_all=Window(Count("pk")))
        .order_by("follow_up_on", "pk")[:NEXT_ROWS]
    )
    facts.follow_ups = list(rows)
    facts.follow_up_count = facts.follow_ups[0].in_all if facts.follow_ups else 0  # type: ignore[attr-defined]  # annotated above
