"""PEER-FAILURES 15, the waiting clock: working days, edits lose nothing, moved exactly once."""

from datetime import date

import pytest

from clientdesk.record.models import Entry
from clientdesk.workspaces.models import Workspace
from clients.models import Client, Project, Stop
from clients.operations.stops import begin_stop, end_stop
from clients.operations.work import save_project
from feedback.models import AnswerStep, Request, Round
from feedback.operations.answering import record_answer
from feedback.operations.asking import open_request
from feedback.operations.forecasting import forecast_anew
from feedback.queries.clock import clock_of, forecast_of
from tests.billing.desk import ACTOR, NOW, days, morning
from tests.feedback.ladder_desk import day_passes
from tests.outbox.mailserver import MailServer

FRIDAY, MONDAY = date(2025, 5, 9), date(2025, 5, 12)
AGREED = date(2025, 6, 2)


def project_of(client: Client) -> Project:
    fields = {"name": "Launch", "started_on": date(2025, 5, 5), "delivery_on": AGREED}
    return save_project(client=client, project=None, fields=fields, now=NOW, actor=ACTOR)


def asked(project: Project, title: str, *, answer_by: date = FRIDAY) -> Request:
    return open_request(
        client=project.client,
        project=project,
        kind="question",
        title=title,
        asked_on=date(2025, 5, 6),
        answer_by=answer_by,
        now=morning(date(2025, 5, 6)),
        actor=ACTOR,
    )


def answered(request: Request, on: date) -> None:
    record_answer(request=request, answer="Fine.", answered_on=on, now=morning(on), actor=ACTOR)


def moves(project: Project) -> int:
    return Entry.objects.of_subject(f"project:{project.pk}").filter(kind="project.moved").count()


@pytest.mark.django_db
def test_15_the_clock_rests_for_us_while_they_have_the_ball(lune: Client) -> None:
    """No pause while waiting on the customer: here waiting is never our time."""
    launch = project_of(lune)
    request = asked(launch, "Colours")
    answered(request, date(2025, 5, 14))
    counted = clock_of(launch, today=date(2025, 5, 16))
    assert (counted.ours, counted.waiting, counted.late) == (4, 3, 3)


@pytest.mark.django_db
def test_15_a_weekend_burns_no_escalation(at: Workspace, lune: Client, server: MailServer) -> None:
    """Due on Friday: nothing is late, and nothing goes out, before Monday."""
    launch = project_of(lune)
    request = asked(launch, "Colours")
    for day in (FRIDAY + days(n) for n in range(-2, 3)):
        day_passes(day)
        counted, expected = clock_of(launch, today=day), forecast_of(launch, today=day)
        assert counted.late == 0
        assert expected is not None
        assert expected.days == 0
    kind = AnswerStep.objects.filter(request=request, rung="kind")
    assert not kind.exists()
    assert len(server.received()) == 1  # the one of two days before
    day_passes(MONDAY)
    assert [step.due_on for step in kind] == [MONDAY]
    assert clock_of(launch, today=MONDAY).late == 1


@pytest.mark.django_db
def test_15_waiting_time_survives_an_edited_deadline(lune: Client) -> None:
    """There and back, and by way of a day long past: what was waited is read, never kept."""
    launch, today = project_of(lune), date(2025, 5, 16)
    request = asked(launch, "Colours")
    before = clock_of(launch, today=today), forecast_of(launch, today=today)
    for answer_by in (date(2025, 6, 30), date(2025, 5, 6), FRIDAY):
        Round.objects.filter(request=request).update(answer_by=answer_by)
        Request.objects.filter(pk=request.pk).update(answer_by=answer_by)
        waited = clock_of(launch, today=today)
        # From the day after the asking on it was theirs, whatever day was agreed.
        assert waited.waiting + waited.late == 8
    assert (clock_of(launch, today=today), forecast_of(launch, today=today)) == before


@pytest.mark.django_db
def test_15_dependants_move_exactly_once(lune: Client) -> None:
    """Two late answers and a stop over the same days, each closing in its turn, then again."""
    launch = project_of(lune)
    first, second = asked(launch, "Colours"), asked(launch, "Login")
    stop = begin_stop(client=lune, reason="unpaid", on=MONDAY, now=morning(MONDAY), actor=ACTOR)
    end = date(2025, 5, 14)
    answered(first, end)
    answered(second, end)
    end_stop(stop=stop, on=end + days(1), reason="paid", now=morning(end), actor=ACTOR)
    launch.refresh_from_db()
    # Monday to Wednesday: three working days, however many causes they had.
    assert launch.forecast_on == date(2025, 6, 5)
    assert moves(launch) == 1
    for _ in range(3):
        forecast_anew(requests=[first, second], now=morning(end + days(9)), actor=ACTOR)
    launch.refresh_from_db()
    assert (launch.forecast_on, moves(launch)) == (date(2025, 6, 5), 1)
    assert Stop.objects.running().count() == 0
