"""The page of one project, as its owner reads it; a fixed number of queries."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from django.db.models import Q, Sum
from django.utils.translation import gettext

from clientdesk.calendars import roll_forward, working_days_between
from clientdesk.workspaces.models import Workspace
from clients.models import Agreement, Client, Interaction, Project
from clients.queries import agreement_on
from clients.rules.delivery import ONE_DAY, REQUEST, STOP, Cause, Delivery, Shift, delivery
from feedback.models import MissedChance, ProjectLink, ProjectShare, Request, Round
from feedback.queries.faces import Facts, causes_for_owner, facts_of
from feedback.queries.owner_voice import OwnerVoice
from feedback.rules.clock import Asked
from feedback.rules.clock_face import Face, Named
from feedback.rules.moves import if_answered
from feedback.rules.project_words import ClientVoice

LATELY = 12
"""Causes of a delay that stand open on the page; earlier ones are folded away."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One cause of the delay. Of a request the last round that was late, of a stop its days."""

    shift: Shift
    named: Named
    round: Asked | None
    first: date
    last: date | None
    days_late: int

    @property
    def is_request(self) -> bool:
        return self.shift.cause.kind == REQUEST


@dataclass(frozen=True, slots=True)
class Outlook:
    """When to expect the delivery, should all that is open be answered today, or on `next_on`."""

    asked_on: date
    today: date
    next_on: date
    next: date

    @property
    def is_tomorrow(self) -> bool:
        return self.next_on == self.asked_on + ONE_DAY

    @property
    def grows(self) -> bool:
        return self.next > self.today


@dataclass(frozen=True, slots=True)
class Open:
    """An open request of the project; `chased` in minutes."""

    request: Request
    days_late: int
    chased: int
    next_on: date | None
    """The day of the next letter, where it is still to come."""


@dataclass(frozen=True, slots=True)
class Answers:
    """How a client has answered so far, over all projects; `middle` in working days."""

    asked: int
    late: int
    middle: float | None


@dataclass(frozen=True, slots=True)
class ProjectPage:
    project: Project
    facts: Facts
    face: Face
    delivery: Delivery | None
    moved: Sequence[Moved]
    outlook: Outlook | None
    open: Sequence[Open]
    chances: Sequence[MissedChance]
    struck: int
    chased: int
    agreement: Agreement | None
    answers: Answers
    share: ProjectShare
    links: Sequence[ProjectLink]

    @property
    def moved_lately(self) -> Sequence[Moved]:
        return self.moved[-LATELY:]

    @property
    def moved_before(self) -> Sequence[Moved]:
        return self.moved[:-LATELY]

    @property
    def because(self) -> str:
        """What the delivery lost its days to."""
        kinds = {one.shift.cause.kind for one in self.moved if one.shift.days}
        if kinds == {REQUEST}:
            return gettext("because answers were late")
        if kinds == {STOP}:
            return gettext("because work rested")
        return gettext("because answers were late and work rested")

    @property
    def calendar(self) -> str:
        """The country whose holidays are free; empty where only weekends are."""
        return ClientVoice(OwnerVoice().language).country(self.facts.country)

    @property
    def shown(self) -> str:
        """What the client's page shows, in words."""
        labels = [
            str(field.verbose_name)
            for field in ProjectShare._meta.fields
            if field.name.startswith("shows_") and getattr(self.share, field.name)
        ]
        return ", ".join(labels) or gettext("nothing but the name")

    @property
    def late(self) -> int:
        return sum(1 for row in self.open if row.days_late)


def page_of(project: Project, workspace: Workspace, *, today: date) -> ProjectPage:
    """Its client must be loaded. Eleven queries, however many requests there are."""
    facts = facts_of(project, today=today)
    client = project.client
    causes = causes_for_owner(facts.asked, facts.rests, workspace, client)
    requests = list(Request.objects.open().filter(project=project).order_by("answer_by", "pk"))
    chased, by_request = chasing_of(project)
    chances = list(
        MissedChance.objects.filter(project=project).select_related("request", "document")
    )
    moves = delivery_of(project, facts)
    voice = OwnerVoice()
    return ProjectPage(
        project=project,
        facts=facts,
        face=facts.face(
            causes,
            names=(voice.say("you_name"), client.name),
            voice=voice,
            aside=voice.say("chasing", hours=in_hours(chased)) if chased else "",
        ),
        delivery=moves,
        moved=moved_by(moves, facts, causes),
        outlook=outlook_of(project, facts),
        open=[
            Open(
                request,
                working_days_between(request.answer_by, today, client.country),
                by_request.get(request.pk, 0),
                request.next_step_on if (request.next_step_on or today) > today else None,
            )
            for request in requests
        ],
        chances=[chance for chance in chances if chance.struck_at is None],
        struck=sum(1 for chance in chances if chance.struck_at),
        chased=chased,
        agreement=agreement_on(client, today),
        answers=answers_of(client, today=today),
        share=share_of(project),
        links=list(
            ProjectLink.objects.filter(project=project, revoked_at=None).order_by("-created_at")
        ),
    )


def share_of(project: Project) -> ProjectShare:
    """What its page shows; a fresh one that shows everything where nothing was chosen."""
    found = ProjectShare.objects.filter(project=project).first()
    return found or ProjectShare(workspace_id=project.workspace_id, project=project)


def in_hours(minutes: int) -> str:
    """150 -> "2.5"; 120 -> "2"."""
    return f"{minutes / 60:.1f}".removesuffix(".0")


def chasing_of(project: Project) -> tuple[int, dict[int, int]]:
    """Minutes spent chasing on the project, and by request id; logged for either."""
    rows = (
        Interaction.objects.filter(
            Q(project=project) | Q(caused_by__request__project=project),
            spent_on=Interaction.Spent.CHASING,
        )
        .order_by()
        .values_list("caused_by__request")
        .annotate(spent=Sum("minutes", default=0))
    )
    by_request: dict[int | None, int] = dict(rows)
    whole = sum(by_request.values())
    return whole, {pk: spent for pk, spent in by_request.items() if pk is not None}


def delivery_of(
    project: Project, facts: Facts, *, asked: Sequence[Asked] | None = None, on: date | None = None
) -> Delivery | None:
    """The agreed day and the one to expect, seen on the clock's last day or `on`.

    `asked`: in place of the rounds as they are.
    """
    if project.delivery_on is None:
        return None
    rounds = facts.asked if asked is None else asked
    return delivery(
        [*(one.delay for one in rounds if one.is_late_at_all), *facts.rests],
        start=project.started_on,
        agreed=project.delivery_on,
        today=on or facts.clock.last,
        country=facts.country,
    )


def outlook_of(project: Project, facts: Facts) -> Outlook | None:
    """None where no answer is missing, nothing was agreed, or it is over."""
    is_open = any(one.closed_on is None for one in facts.asked)
    if not is_open or facts.move is None:
        return None
    next_on = roll_forward(facts.today + ONE_DAY, facts.country)
    now = delivery_of(project, facts, asked=if_answered(facts.asked, on=facts.today))
    then = delivery_of(project, facts, asked=if_answered(facts.asked, on=next_on), on=next_on)
    if now is None or then is None:
        return None
    return Outlook(facts.today, now.expected, next_on, then.expected)


def moved_by(moves: Delivery | None, facts: Facts, causes: Mapping[Cause, Named]) -> list[Moved]:
    """The causes of a delay in the order they began."""
    if moves is None:
        return []
    rounds = {
        Cause(REQUEST, one.request_id): one
        for one in sorted(facts.asked, key=lambda one: one.asked_on)
        if one.is_late_at_all
    }
    rests = {delay.cause: delay for delay in facts.rests}
    made = []
    for shift in moves.shifts:
        one = rounds.get(shift.cause)
        delay = one.delay if one else rests[shift.cause]
        days_late = (
            working_days_between(one.answer_by, one.closed_on or facts.today, facts.country)
            if one
            else 0
        )
        named = causes.get(shift.cause, Named(""))
        made.append(Moved(shift, named, one, delay.first, delay.last, days_late))
    return made


def answers_of(client: Client, *, today: date) -> Answers:
    """One query; rounds that were answered, and open ones that are late."""
    rows: Collection[tuple[date, date, date | None]] = list(
        Round.objects.filter(request__client=client)
        .exclude(closed=Round.Closed.WITHDRAWN)
        .order_by()
        .values_list("asked_on", "answer_by", "closed_on")
    )
    took = [
        working_days_between(asked_on, closed_on, client.country)
        for asked_on, _, closed_on in rows
        if closed_on
    ]
    late = [
        closed_on
        for _, answer_by, closed_on in rows
        if working_days_between(answer_by, closed_on or today, client.country)
    ]
    # Of what is open only the late ones are known to be late or not.
    still_late = sum(1 for closed_on in late if closed_on is None)
    return Answers(len(took) + still_late, len(late), median(took) if took else None)
