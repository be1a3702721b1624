"""The forecast walks days ahead; daily sweeps arrive at the same."""

from datetime import date

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from billing.models import Invoice, Step
from billing.operations.ladder import start_ladder
from billing.operations.ladders import set_money_ladder
from billing.queries.forecast import backtest, forecast
from clientdesk.ladder import Calendar, Climbed, Ladder, Overdue, due_step, parse_ladder, walk
from clientdesk.workspaces.models import Workspace
from clients.models import Client
from tests.billing import desk
from tests.billing.desk import ACTOR, NOW, TODAY, days
from tests.outbox.mailserver import MailServer

LADDERS = ("reminder:3,stop_work:10,final:20", "reminder:-2,nudge:0,final:1", "reminder:3,decide:9")
SPAN = 50

overdue = st.builds(
    Overdue,
    due_on=st.integers(-40, 40).map(lambda n: TODAY + days(n)),
    country=st.sampled_from(["", "HR", "DE", "US"]),
    started_on=st.none() | st.integers(-5, 20).map(lambda n: TODAY + days(n)),
    settled_on=st.none() | st.integers(-5, 60).map(lambda n: TODAY + days(n)),
)
ladders = st.builds(parse_ladder, st.sampled_from(LADDERS), calendar=st.sampled_from(Calendar))


@given(ladder=ladders, facts=overdue)
def test_the_walk_is_what_daily_looks_find(ladder: Ladder, facts: Overdue) -> None:
    walked = [
        (s.rung.name, s.on) for s in walk(ladder, facts, first=TODAY, last=TODAY + days(SPAN))
    ]
    assert walked == day_by_day(ladder, facts)


def day_by_day(ladder: Ladder, facts: Overdue) -> list[tuple[str, date]]:
    climbed: list[Climbed] = []
    for number in range(SPAN + 1):
        today = TODAY + days(number)
        seen = Overdue(
            due_on=facts.due_on,
            country=facts.country,
            started_on=facts.started_on,
            climbed=tuple(climbed),
            settled_on=facts.settled_on,
        )
        if step := due_step(ladder, seen, today=today):
            climbed.append(Climbed(step.rung.name, today))
    return [(one.rung, one.on) for one in climbed]


@pytest.mark.django_db
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    due=st.lists(st.integers(-15, 15), min_size=1, max_size=3),
    calendar=st.sampled_from(Calendar),
    rungs=st.sampled_from(LADDERS[:2]),
)
def test_the_forecast_is_what_the_sweeps_then_do(
    at: Workspace, server: MailServer, due: list[int], calendar: Calendar, rungs: str
) -> None:
    Step.objects.all().delete()
    Invoice.objects.update(state=Invoice.State.VOID, next_step_on=None)
    set_money_ladder(workspace=at, rungs=rungs, calendar=calendar, now=NOW, actor=ACTOR)
    client = desk.client(at, f"Client{Client.objects.count()}")
    for number in due:
        desk.invoice(client, due_on=TODAY + days(number))
    planned = forecast(workspace_id=at.pk, today=TODAY, days=30)
    for number in range(31):
        desk.day_passes(at, TODAY + days(number))
    went = Step.objects.filter(state=Step.State.SENT)
    assert sorted((step.number, step.rung, step.on) for step in planned) == sorted(
        went.values_list("invoice__number", "rung", "climbed_on")
    )


def test_a_forecast_from_the_middle_of_the_climb_goes_on_from_there(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    invoice = desk.invoice(lune)
    desk.day_passes(at, TODAY + days(5))
    steps = forecast(workspace_id=at.pk, today=TODAY + days(6), days=30)
    assert [(step.rung, step.on) for step in steps] == [
        ("stop_work", TODAY + days(12)),
        ("final", TODAY + days(22)),
    ]
    assert steps[0].as_json() == {
        "date": (TODAY + days(12)).isoformat(),
        "invoice": invoice.number,
        "rung": "stop_work",
    }


def test_what_waits_for_its_owner_is_in_the_forecast_as_of_today(
    at: Workspace, lune: Client
) -> None:
    desk.ladder(at, "reminder:3:review,final:10")
    desk.invoice(lune)
    desk.sweep(at, TODAY + days(3))
    steps = forecast(workspace_id=at.pk, today=TODAY + days(5), days=30)
    assert [(step.rung, step.on, step.automatic) for step in steps] == [
        ("reminder", TODAY + days(5), False),
        ("final", TODAY + days(12), True),
    ]


def test_imported_invoices_are_forecast_once_they_are_started(at: Workspace, lune: Client) -> None:
    invoice = desk.imported(lune, "A-1", due_on=TODAY - days(30))
    assert forecast(workspace_id=at.pk, today=TODAY, days=30) == []
    start_ladder(invoices=[invoice], on=TODAY, now=NOW, actor=ACTOR)
    steps = forecast(workspace_id=at.pk, today=TODAY, days=30)
    assert [step.on for step in steps] == [TODAY, TODAY + days(7), TODAY + days(17)]


def test_the_back_test_leaves_out_what_was_paid_by_the_day(lune: Client) -> None:
    invoice = desk.imported(lune, "A-1", due_on=TODAY)
    Invoice.objects.filter(pk=invoice.pk).update(
        paid_minor=invoice.total_minor, settled_on=TODAY + days(10)
    )
    steps = backtest(workspace_id=lune.workspace_id, first=TODAY, last=TODAY + days(60))
    assert [step.rung for step in steps] == ["reminder"]
