"""The final report and the page of a project tell the same figures, whatever happened."""

import random
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from clientdesk.calendars import add_working_days
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client, Project, Stop
from clients.operations.stops import begin_stop, end_stop
from clients.operations.work import deliver_project, save_project
from feedback.models import Request
from feedback.operations.answering import record_answer
from feedback.operations.asking import next_round, open_request, withdraw
from feedback.queries.clock import clock_of, forecast_of
from offboarding.queries.facts import facts_of
from tests.desk.world import make_client, make_workspace

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2025, 3, 3), date(2025, 6, 6)
ZAGREB = ZoneInfo("Europe/Zagreb")


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZAGREB)


def history(client: Client, rng: random.Random) -> list[Project]:
    """Some projects with requests in rounds, and stops, of which some are over."""
    projects = [
        save_project(
            client=client,
            project=None,
            fields={
                "name": f"Campaign {number}",
                "started_on": FIRST + timedelta(days=rng.randint(0, 20)),
                "delivery_on": FIRST + timedelta(days=rng.randint(40, 120)),
            },
            now=at(FIRST),
            actor="system",
        )
        for number in range(rng.randint(1, 3))
    ]
    for number in range(rng.randint(0, 8)):
        _ask(client, rng, rng.choice(projects), number)
    day = FIRST + timedelta(days=rng.randint(5, 60))
    for reason in rng.sample([Stop.Reason.UNPAID, Stop.Reason.OTHER], rng.randint(0, 2)):
        stop = begin_stop(client=client, reason=reason, on=day, now=at(day), actor="system")
        day += timedelta(days=rng.randint(0, 12))
        end_stop(stop=stop, on=day, reason="paid", now=at(day), actor="system")
    if rng.random() < 0.3:
        done_on = LAST - timedelta(days=rng.randint(0, 15))
        deliver_project(project=projects[0], on=done_on, now=at(done_on), actor="system")
    return list(Project.objects.filter(client=client).select_related("client"))


def _ask(client: Client, rng: random.Random, project: Project, number: int) -> None:
    asked_on = project.started_on + timedelta(days=rng.randint(0, 50))
    request = open_request(
        client=client,
        project=project,
        kind=Request.Kind.QUESTION,
        title=f"Question {number}",
        asked_on=asked_on,
        answer_by=add_working_days(asked_on, rng.randint(0, 4), "HR"),
        blocking=rng.random() < 0.8,
        now=at(asked_on),
        actor="system",
    )
    if rng.random() < 0.2:
        withdraw(request=request, on=asked_on, now=at(asked_on), actor="system")
        return
    for _ in range(rng.randint(0, 2)):
        on = min(LAST, request.asked_on + timedelta(days=rng.randint(0, 15)))
        if request.asked_on > on:
            return
        request = record_answer(
            request=request, answer="So.", answered_on=on, now=at(LAST), actor="system"
        )
        if rng.random() < 0.5:
            request = next_round(
                request=request,
                items={},
                answer_by=add_working_days(on, 2, "HR"),
                on=on,
                now=at(LAST),
                actor="system",
            )
        else:
            return


@pytest.mark.parametrize("seed", range(12))
def test_the_report_says_what_the_pages_say(seed: int) -> None:
    workspace, _ = make_workspace("studio")
    with acting_in(workspace.pk):
        client = make_client(workspace)
        projects = history(client, random.Random(seed))
        told = facts_of(client, first=FIRST, last=LAST, made_on=LAST)
        for project in projects:
            shown, moved = clock_of(project, today=LAST), forecast_of(project, today=LAST)
            [one] = [p for p in told.projects if p.name == project.name]
            assert (one.ours, one.asked, one.late, one.stopped, one.elapsed) == (
                shown.ours, shown.waiting, shown.late, shown.stopped, shown.elapsed,
            )  # fmt: skip
            assert moved is not None
            assert (one.agreed_on, one.expected_on, one.moved_days) == (
                moved.agreed, moved.expected, moved.days,
            )  # fmt: skip
            assert [cause.days for cause in one.causes] == [s.days for s in moved.shifts]
            alone = facts_of(client, first=FIRST, last=LAST, made_on=LAST, project=project)
            assert alone.projects == (one,)


def test_a_report_of_an_earlier_day_does_not_know_what_came_later() -> None:
    workspace, _ = make_workspace("studio")
    with acting_in(workspace.pk):
        client = make_client(workspace)
        project = save_project(
            client=client,
            project=None,
            fields={"name": "Launch", "started_on": FIRST, "delivery_on": LAST},
            now=at(FIRST),
            actor="system",
        )
        request = open_request(
            client=client,
            project=project,
            kind=Request.Kind.QUESTION,
            title="Colour",
            asked_on=FIRST,
            answer_by=FIRST + timedelta(days=1),
            now=at(FIRST),
            actor="system",
        )
        record_answer(
            request=request,
            answer="Red.",
            answered_on=FIRST + timedelta(days=10),
            now=at(LAST),
            actor="system",
        )
        seen_on = FIRST + timedelta(days=3)
        then = facts_of(client, first=FIRST, last=seen_on, made_on=LAST)
        [one] = then.projects
        assert (one.ours, one.asked, one.late) == (1, 1, 2)
        assert then.asked[0].is_open
        later = facts_of(client, first=FIRST, last=LAST, made_on=LAST)
        assert later.projects[0].late == 7
        assert not later.asked[0].is_open
