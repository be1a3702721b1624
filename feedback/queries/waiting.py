"""The board of everything that is asked: who is late, who is in time, whose move it is.

Counted by the database in days and countries, so its cost follows what is shown, not what is open.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from clientdesk.calendars import working_days_between
from clientdesk.ladder import NextStep
from clients.models import Agreement
from clients.queries import deliveries
from clients.rules.delivery import REQUEST
from feedback.models import AnswerStep, MissedChance, Request, Round
from feedback.queries.climbing import climbs_of

LATELY = timedelta(days=14)
SPEED_OVER = timedelta(days=365)
SPEED_ROUNDS, SPEED_SHOWN = 1_000, 6
"""Rounds that are looked at, the latest ones, and clients that are shown."""
PAGE, GLANCE = 50, 12
"""Rows of one list with its pages, and of each list where all stand together."""
AHEAD = 5
SHOWS = ("late", "in_time", "yours", "drafts", "answered")


@dataclass(frozen=True, slots=True)
class OpenRow:
    """An open request. `waited`, `late`, `left` in working days of its client's country.

    `moves` are the days of its project's delivery that are lost to it, `lost_before` those that
    were late in its earlier rounds.
    """

    request: Request
    waited: int
    late: int
    left: int
    moves: int
    lost_before: int
    chances: int
    next: NextStep | None
    waits: AnswerStep | None
    """A rung it has come to, whose letter waits for its owner or in the outbox."""

    @property
    def over_rounds(self) -> bool:
        return self.request.round_number > self.request.rounds_agreed

    @property
    def lost(self) -> int:
        """Over all its rounds."""
        return self.lost_before + self.late


@dataclass(frozen=True, slots=True)
class Ahead:
    """What goes out next, for one request."""

    request: Request
    step: NextStep


@dataclass(frozen=True, slots=True)
class Speed:
    """How a client answers: the middle of the working days, over `rounds` of a year."""

    name: str
    slug: str
    middle: float
    rounds: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are of each, over the whole workspace; `days_lost` of the open rounds."""

    late: int
    in_time: int
    yours: int
    drafts: int
    answered: int
    days_lost: int

    @property
    def open(self) -> int:
        return self.late + self.in_time

    @property
    def everything(self) -> int:
        return self.open + self.yours + self.drafts


@dataclass(frozen=True, slots=True)
class Board:
    counts: Counts
    late: Sequence[OpenRow]
    in_time: Sequence[OpenRow]
    yours: Sequence[Request]
    drafts: Sequence[Request]
    answered: Sequence[Request]
    page: Page[Request] | None
    ahead: Sequence[Ahead]
    speeds: Sequence[Speed]
    agreed_days: int | None
    """Working days to answer in, where it is the same with all of them."""


def board(*, today: date, show: str = "", page_number: str = "") -> Board:
    """What stands on the page; `show` is one of SHOWS, or nothing for all of it.

    A fixed number of queries whatever is open.
    """
    counts = _counts(today)
    lists = {name: _rows_of(name, today) for name in SHOWS}
    page = None
    if show in SHOWS:
        page = Paginator(lists[show], PAGE).get_page(page_number)
        cut = {name: list(page.object_list) if name == show else [] for name in SHOWS}
    else:
        cut = {name: list(rows[:GLANCE]) for name, rows in lists.items() if name != "answered"}
        cut["answered"] = []
    coming = list(
        Request.objects.open()
        .filter(next_step_on__gte=today)
        .select_related("client", "project")
        .order_by("next_step_on", "pk")[:AHEAD]
    )
    rows = open_rows([*cut["late"], *cut["in_time"]], also=coming, today=today)
    speeds, agreed = _speeds(today)
    return Board(
        counts=counts,
        late=[rows[request.pk] for request in cut["late"]],
        in_time=[rows[request.pk] for request in cut["in_time"]],
        yours=cut["yours"],
        drafts=cut["drafts"],
        answered=cut["answered"],
        page=page,
        ahead=[Ahead(r, step) for r in coming if (step := rows[r.pk].next) is not None],
        speeds=speeds,
        agreed_days=agreed,
    )


def _rows_of(name: str, today: date) -> QuerySet[Request]:
    with_all = Request.objects.select_related("client", "project")
    if name == "late":
        return with_all.late(on=today).order_by("answer_by", "pk")
    if name == "in_time":
        return with_all.open().filter(answer_by__gte=today).order_by("answer_by", "pk")
    if name == "yours":
        return with_all.your_move().order_by("answered_on", "pk")
    if name == "drafts":
        return with_all.drafts().order_by("answer_by", "pk")
    return _lately(with_all.all(), today).order_by("-answered_on", "-pk")


def _lately(requests: QuerySet[Request], today: date) -> QuerySet[Request]:
    return requests.filter(state=Request.State.ANSWERED, answered_on__gte=today - LATELY)


def _counts(today: date) -> Counts:
    """Two queries: of the open ones one row for each day and country."""
    late = in_time = days_lost = 0
    by_day = (
        Request.objects.open()
        .order_by()
        .values_list("answer_by", "client__country")
        .annotate(n=Count("pk"))
    )
    for answer_by, country, n in by_day:
        days = working_days_between(answer_by, today, country) if answer_by < today else 0
        days_lost += n * days
        if answer_by < today:
            late += n
        else:
            in_time += n
    rest = Request.objects.order_by().aggregate(
        yours=Count("pk", filter=Q(state=Request.State.ANSWERED, handled_on=None)),
        drafts=Count("pk", filter=Q(state=Request.State.DRAFT)),
        answered=Count(
            "pk", filter=Q(state=Request.State.ANSWERED, answered_on__gte=today - LATELY)
        ),
    )
    return Counts(late=late, in_time=in_time, days_lost=days_lost, **rest)


def open_rows(
    requests: Sequence[Request], *, today: date, also: Sequence[Request] = ()
) -> dict[int, OpenRow]:
    """By id, these and those of `also`; clients and projects must be loaded, nine queries."""
    requests = list({one.pk: one for one in (*requests, *also)}.values())
    climbs = climbs_of(requests)
    moved = _moved(requests, today)
    before = _lost_before(requests)
    chances = dict(
        MissedChance.objects.filter(request__in=requests, struck_at=None)
        .order_by()
        .values_list("request_id")
        .annotate(n=Count("pk"))
    )
    rows = {}
    for request in requests:
        country, climb = request.client.country, climbs.get(request.pk)
        in_time = min(today, request.answer_by)
        rows[request.pk] = OpenRow(
            request=request,
            waited=working_days_between(request.asked_on, in_time, country),
            late=working_days_between(request.answer_by, today, country),
            left=working_days_between(today, request.answer_by, country),
            moves=moved.get(request.pk, 0),
            lost_before=before.get(request.pk, 0),
            chances=chances.get(request.pk, 0),
            next=climb.next_step(not_before=today) if climb else None,
            waits=next(iter(climb.in_flight), None) if climb else None,
        )
    return rows


def _moved(requests: Sequence[Request], today: date) -> dict[int, int]:
    """By request id, the days its project's delivery moves by because of it."""
    projects = {one.project_id: one.project for one in requests if one.project}
    found = deliveries(list(projects.values()), today=today) if projects else {}
    return {
        shift.cause.id: shift.days
        for delivery in found.values()
        for shift in delivery.shifts
        if shift.cause.kind == REQUEST
    }


def _lost_before(requests: Sequence[Request]) -> Mapping[int, int]:
    """By request id, the working days its closed rounds were late by."""
    countries = {request.pk: request.client.country for request in requests}
    lost: defaultdict[int, int] = defaultdict(int)
    rounds = Round.objects.filter(request__in=requests, closed_on__isnull=False).order_by()
    for pk, answer_by, closed_on in rounds.values_list("request_id", "answer_by", "closed_on"):
        if closed_on is not None and closed_on > answer_by:
            lost[pk] += working_days_between(answer_by, closed_on, countries[pk])
    return lost


def _speeds(today: date) -> tuple[list[Speed], int | None]:
    """The slowest last; of the clients whose answers came within a year. Two queries."""
    rounds = (
        Round.objects.filter(closed=Round.Closed.ANSWERED, closed_on__gte=today - SPEED_OVER)
        .order_by("-closed_on", "-pk")
        .values_list(
            "request__client_id", "request__client__name", "request__client__slug",
            "request__client__country", "asked_on", "closed_on",
        )[:SPEED_ROUNDS]
    )  # fmt: skip
    took: defaultdict[tuple[int, str, str], list[int]] = defaultdict(list)
    for pk, name, slug, country, asked_on, closed_on in rounds:
        if closed_on is not None:
            took[pk, name, slug].append(working_days_between(asked_on, closed_on, country))
    speeds = [
        Speed(name, slug, float(median(days)), len(days)) for (_, name, slug), days in took.items()
    ]
    agreed = set(
        Agreement.objects.filter(client_id__in=[pk for pk, _, _ in took], valid_from__lte=today)
        .order_by("client_id", "-valid_from")
        .values_list("answer_days", flat=True)
    )
    shown = sorted(speeds, key=lambda one: (one.middle, one.name))[-SPEED_SHOWN:]
    return shown, agreed.pop() if len(agreed) == 1 else None
