"""The facts of the chess clock, from the rounds of requests and the stops of work."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from clients.models import Client, Project
from clients.queries import deliveries, rests_of
from clients.rules.delivery import Delay, Delivery
from feedback.models import Round
from feedback.rules.clock import Asked, Clock, clock


def asked_of(projects: Collection[Project]) -> dict[int, list[Asked]]:
    """By project id, the rounds that its work needed; one query."""
    rows = (
        Round.objects.filter(request__project__in=projects, request__blocking=True)
        .order_by()
        .values_list("request__project_id", "request_id", "asked_on", "answer_by", "closed_on")
    )
    asked: defaultdict[int, list[Asked]] = defaultdict(list)
    for project_id, request_id, asked_on, answer_by, closed_on in rows:
        if project_id is not None:
            asked[project_id].append(Asked(request_id, asked_on, answer_by, closed_on))
    return asked


def late_answers(projects: Collection[Project]) -> dict[int, list[Delay]]:
    """By project id, the days lost to late answers: what feedback adds to clients' deliveries."""
    return {
        project_id: [one.delay for one in rounds if one.is_late_at_all]
        for project_id, rounds in asked_of(projects).items()
    }


def clock_of(project: Project, *, today: date) -> Clock:
    """Whose move each working day of the project was, until `today` or its delivery.

    Its client must be loaded. Two queries.
    """
    return clock(
        first=project.started_on,
        last=min(today, project.delivered_on or today),
        country=project.client.country,
        asked=asked_of([project]).get(project.pk, []),
        rests=rests_of([project])[project.pk],
    )


def forecast_of(project: Project, *, today: date) -> Delivery | None:
    """The agreed day, the one to expect and why; None where no day was agreed."""
    return deliveries([project], today=today).get(project.pk)


def clients_clock(client: Client, *, today: date) -> Clock | None:
    """The same of all work for a client that is under way, from its first project's beginning.

    None where no project is under way. A request of any of them holds up the client's work.
    """
    projects = list(Project.objects.filter(client=client, delivered_on=None, started_on__lte=today))
    if not projects:
        return None
    asked = asked_of(projects)
    rests = {delay for delays in rests_of(projects).values() for delay in delays}
    return clock(
        first=min(project.started_on for project in projects),
        last=today,
        country=client.country,
        asked=[one for rounds in asked.values() for one in rounds],
        rests=sorted(rests, key=lambda delay: delay.rank),
    )
