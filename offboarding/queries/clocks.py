"""Whose move it was, for a report: the same rows and rules as the pages of the projects."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q

from clientdesk.calendars import working_days_between
from clients.models import Client, Project, Stop
from clients.queries import rests_of
from clients.rules.delivery import REQUEST, Delay, delivery, rest, working_days
from feedback.models import MissedChance, Request, Round
from feedback.rules import clock as rules
from offboarding.rules import facts

COURTS = {
    rules.Court.OURS: facts.Court.OURS,
    rules.Court.WAITING: facts.Court.ASKED,
    rules.Court.LATE: facts.Court.LATE,
    rules.Court.STOPPED: facts.Court.STOPPED,
}


def rounds_of(client: Client, *, last: date, project: Project | None) -> list[Round]:
    """Every round asked by the day `last`, as one saw it then: later answers are not known yet."""
    rounds = (
        Round.objects.filter(request__client=client, asked_on__lte=last)
        .exclude(request__state=Request.State.DRAFT)
        .select_related("request")
        .order_by("asked_on", "request_id", "number")
    )
    if project is not None:
        rounds = rounds.filter(request__project=project)
    found = list(rounds)
    for one in found:
        if one.closed_on is not None and one.closed_on > last:
            one.closed_on, one.closed = None, ""
    return found


def asked_in(
    rounds: Iterable[Round], *, first: date, last: date, country: str
) -> list[facts.Asked]:
    """Those asked from `first` on, numbered, each round for itself."""
    asked = []
    for number, one in enumerate((r for r in rounds if r.asked_on >= first), start=1):
        withdrawn = one.closed == Round.Closed.WITHDRAWN
        late = working_days_between(one.answer_by, min(one.closed_on or last, last), country)
        asked.append(
            facts.Asked(
                number=number,
                title=one.request.title,
                asked_on=one.asked_on,
                answer_by=one.answer_by,
                answered_on=None if withdrawn else one.closed_on,
                withdrawn=withdrawn,
                late_days=0 if withdrawn else late,
                round_number=one.number,
                rounds_agreed=one.request.rounds_agreed,
            )
        )
    return asked


def _asked(one: Round) -> rules.Asked:
    return rules.Asked(one.request_id, one.asked_on, one.answer_by, one.closed_on)


def clients_days(
    client: Client, rounds: Iterable[Round], *, first: date, last: date, project: Project | None
) -> tuple[tuple[date, facts.Court], ...]:
    """Every working day of the period and whose it was: all the client's work, or a project's."""
    stops = Stop.objects.filter(client=client)
    if project is not None:
        stops = stops.filter(Q(project=None) | Q(project=project))
    told = rules.clock(
        first=first,
        last=last,
        country=client.country,
        asked=[_asked(one) for one in rounds if one.request.blocking],
        rests=[
            rest(s.pk, s.begun_on, s.ended_on, clients=s.reason in Stop.CLIENTS_REASONS)
            for s in stops.order_by("begun_on", "pk")
        ],
    )
    return tuple(
        (day, COURTS[span.court])
        for span in told.spans
        for day in working_days(span.first, span.last, client.country)
    )


def project_times(
    projects: Collection[Project], rounds: Iterable[Round], *, country: str, first: date, last: date
) -> tuple[facts.ProjectTime, ...]:
    """The clock and the delivery of each project, cut to the period.

    Of a period that covers a whole project they are the figures of its page on the last day.
    """
    asked: defaultdict[int, list[Round]] = defaultdict(list)
    for one in rounds:
        if one.request.blocking and one.request.project_id is not None:
            asked[one.request.project_id].append(one)
    rests = rests_of(projects)
    return tuple(
        _project_time(one, asked[one.pk], rests[one.pk], country=country, first=first, last=last)
        for one in projects
    )


def _project_time(
    project: Project,
    rounds: list[Round],
    rests: list[Delay],
    *,
    country: str,
    first: date,
    last: date,
) -> facts.ProjectTime:
    ends = min(last, project.delivered_on or last)
    asked = [_asked(one) for one in rounds]
    told = rules.clock(
        first=max(first, project.started_on), last=ends, country=country, asked=asked, rests=rests
    )
    moved = None
    if project.delivery_on:
        moved = delivery(
            [*rests, *(one.delay for one in asked if one.is_late_at_all)],
            start=project.started_on,
            agreed=project.delivery_on,
            today=ends,
            country=country,
        )
    titles = {one.request_id: one.request.title for one in rounds}
    return facts.ProjectTime(
        name=project.name,
        first=told.first,
        last=told.last,
        ours=told.ours,
        asked=told.waiting,
        late=told.late,
        stopped=told.stopped,
        agreed_on=project.delivery_on,
        expected_on=moved.expected if moved else None,
        moved_days=moved.days if moved else 0,
        causes=tuple(
            facts.Moved(titles[s.cause.id] if s.cause.kind == REQUEST else "", s.days)
            for s in (moved.shifts if moved else ())
        ),
    )


def chances_of(
    client: Client, *, first: date, last: date, project: Project | None
) -> tuple[facts.Missed, ...]:
    """Chances missed in the period, those struck out left out."""
    rows = MissedChance.objects.filter(
        project__client=client, missed_on__range=(first, last), struck_at=None
    ).select_related("request", "project")
    if project is not None:
        rows = rows.filter(project=project)
    return tuple(
        facts.Missed(
            title=one.title,
            evidence=one.evidence,
            on=one.missed_on,
            request=one.request.title if one.request else "",
        )
        for one in rows.order_by("missed_on", "pk")
    )
