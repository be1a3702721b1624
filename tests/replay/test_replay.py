"""What the mail server gets, lived day by day, is what the back-test says, one by one."""

from collections import defaultdict
from datetime import date, timedelta

import pytest

from billing.queries.forecast import backtest
from clientdesk.ladder import Calendar
from clientdesk.money import format_money
from clientdesk.outbox.models import Message
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in
from tests.outbox.mailserver import MailServer
from tests.replay import days
from tests.replay.days import Arrived
from tests.replay.receivables import FIRST, LAST, Bill, bills, desk

pytestmark = pytest.mark.django_db

RUNGS = ("reminder", "stop_work", "final")


def replayed(workspace: Workspace) -> list[Arrived]:
    with acting_in(workspace.pk):
        steps = backtest(workspace_id=workspace.pk, first=FIRST, last=LAST)
    return sorted(Arrived(step.on, step.number, step.rung) for step in steps)


def live(workspace: Workspace, made: list[Bill], asleep: frozenset[date] = frozenset()) -> None:
    payments = [payment for bill in made for payment in bill.payments]
    days.live(workspace, payments, first=FIRST, last=LAST, asleep=asleep)


@pytest.mark.parametrize("calendar", [Calendar.NONE, Calendar.CLIENT])
def test_what_arrives_is_what_the_back_test_says(server: MailServer, calendar: Calendar) -> None:
    made = bills()
    workspace = desk(made, calendar=calendar)
    live(workspace, made)
    messages = server.received()
    steps = days.arrived(messages, workspace.time_zone)
    assert steps == replayed(workspace)
    assert {step.rung for step in steps} == set(RUNGS)
    assert days.most_in_a_day(messages, workspace.time_zone) == 1
    assert any(len(message.steps) > 1 for message in messages), "no digest came about"
    assert set(days.states(workspace)) <= {"sent"}


@pytest.mark.parametrize("seed", [1, 2])
def test_other_receivables_agree_as_well(server: MailServer, seed: int) -> None:
    made = bills(seed)
    workspace = desk(made, calendar=Calendar.CLIENT)
    live(workspace, made)
    assert days.arrived(server.received(), workspace.time_zone) == replayed(workspace)


def test_every_letter_names_the_balance_of_its_day(server: MailServer) -> None:
    made = bills()
    workspace = desk(made, calendar=Calendar.NONE)
    live(workspace, made)
    by_number = {bill.number: bill for bill in made}
    for message in server.received():
        on = days.sent_on(message, workspace.time_zone)
        for step in message.steps:
            bill = by_number[step.split("/")[0]]
            figures = [format_money(bill.open_on(on), "EUR", code) for code in ("en", "hr")]
            assert any(figure in message.text for figure in figures), (step, figures, message.text)
            assert bill.number in message.text


def test_after_downtime_each_client_gets_one_message_and_no_rung_comes_early(
    server: MailServer,
) -> None:
    made = bills()
    workspace = desk(made, calendar=Calendar.NONE)
    down = frozenset(date(2024, 4, 20) + timedelta(days=n) for n in range(45))
    awake = max(down) + timedelta(days=1)
    live(workspace, made, asleep=down)
    messages = server.received()
    assert not [m for m in messages if days.sent_on(m, workspace.time_zone) in down]
    assert [m for m in messages if days.sent_on(m, workspace.time_zone) == awake]
    assert days.most_in_a_day(messages, workspace.time_zone) == 1
    assert_in_order(days.arrived(messages, workspace.time_zone), made)
    with acting_in(workspace.pk):
        assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


def assert_in_order(steps: list[Arrived], made: list[Bill]) -> None:
    """Each rung once, in order, at its distance, after its day and before the money."""
    offsets = {"reminder": 3, "stop_work": 10, "final": 20}
    climbed: defaultdict[str, list[Arrived]] = defaultdict(list)
    for step in steps:
        climbed[step.number].append(step)
    for bill in made:
        mine = climbed[bill.number]
        assert [step.rung for step in mine] == list(RUNGS[: len(mine)])
        for step in mine:
            assert step.on >= bill.due_on + timedelta(days=offsets[step.rung])
            assert bill.open_on(step.on) > 0
        for before, after in zip(mine, mine[1:], strict=False):
            distance = offsets[after.rung] - offsets[before.rung]
            assert after.on - before.on >= timedelta(days=distance)
