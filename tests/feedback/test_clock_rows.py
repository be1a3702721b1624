"""From rows to the clock: the database reads as the rules say, before an edit and after it."""

import random
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clientdesk.record.models import Entry
from clientdesk.workspaces.models import Workspace
from clients.models import Client, Project, Stop
from clients.operations import stops, work
from clients.queries import deliveries
from clients.rules.delivery import rest
from feedback.models import Request, Round
from feedback.operations.asking import next_round, withdraw
from feedback.operations.forecasting import forecast_anew
from feedback.queries.clock import clock_of, forecast_of
from feedback.queries.faces import clients_facts, facts_of
from feedback.queries.project_page import delivery_of, outlook_of, page_of
from feedback.rules.clock import Asked, Court, clock
from tests.billing.conftest import at, lune
from tests.feedback.clock_desk import (
    ACTOR,
    AGREED,
    NOW,
    START,
    TODAY,
    answered,
    asked,
    days,
    launch,
    morning,
    project,
)

__all__ = ["at", "lune"]
pytestmark = pytest.mark.django_db


def moves(of: Project) -> list[str]:
    """What the record says of its delivery, oldest first."""
    entries = Entry.objects.of_subject(f"project:{of.pk}").filter(kind="project.moved")
    return [
        entry.content.content.partition('"until":"')[2][:10]
        for entry in entries.with_content().order_by("seq")
    ]


@pytest.mark.parametrize("seed", range(12))
def test_rows_read_as_the_rules_say_of_the_same_facts(lune: Client, seed: int) -> None:
    chance = random.Random(seed)
    made = project(lune)
    facts, rests = [], []
    for number in range(chance.randrange(1, 9)):
        asked_on = START + days(chance.randrange(30))
        answer_by = asked_on + days(chance.randrange(8))
        closed_on = chance.choice([None, asked_on + days(chance.randrange(15))])
        if closed_on and closed_on > TODAY:
            closed_on = None
        blocking = chance.random() < 0.8
        request = asked(made, f"R{number}", asked_on, answer_by, closed_on, blocking=blocking)
        if blocking:
            facts.append(Asked(request.pk, asked_on, answer_by, closed_on))
    if chance.random() < 0.7:
        begun_on = START + days(chance.randrange(25))
        stop = stops.begin_stop(
            client=lune, reason="unpaid", on=begun_on, now=morning(begun_on), actor=ACTOR
        )
        ended_on = begun_on + days(chance.randrange(6))
        stops.end_stop(stop=stop, on=ended_on, reason="paid", now=morning(ended_on), actor=ACTOR)
        rests.append(rest(stop.pk, begun_on, ended_on))
    got = clock_of(Project.objects.select_related("client").get(pk=made.pk), today=TODAY)
    assert got == clock(first=START, last=TODAY, country="HR", asked=facts, rests=rests)


def test_the_page_and_the_letters_expect_the_same_day(lune: Client) -> None:
    """The page works it out from its own facts, letters through clients' deliveries."""
    made = launch(lune)
    stops.begin_stop(client=lune, reason="unpaid", on=TODAY, now=NOW, actor=ACTOR)
    facts = facts_of(made, today=TODAY)
    assert delivery_of(made, facts) == forecast_of(made, today=TODAY)
    assert delivery_of(made, facts) == deliveries([made], today=TODAY)[made.pk]


def test_the_story_of_the_spring(at: Workspace, lune: Client) -> None:
    page = page_of(launch(lune), at, today=TODAY)
    # 14 April to 14 May without Easter Monday and the first of May: 21 working days in Croatia.
    counted = page.facts.clock
    assert counted.elapsed == counted.ours + counted.waiting + counted.late == 21
    assert counted.late == 3
    assert page.delivery is not None
    assert (page.delivery.agreed, page.delivery.expected) == (AGREED, date(2025, 5, 23))
    told = [(m.named.title, m.shift.days, m.shift.lasted, m.days_late) for m in page.moved]
    assert told == [("Brand book", 1, 1, 1), ("June posts", 2, 2, 2), ("Facebook login", 0, 1, 1)]
    move = page.facts.move
    assert move is not None
    assert (move.court, move.since) == (Court.LATE, date(2025, 5, 9))
    assert move.hard_since == date(2025, 5, 13)
    outlook = page.outlook
    assert outlook is not None
    assert (outlook.today, outlook.next) == (date(2025, 5, 23), date(2025, 5, 26))
    assert outlook.is_tomorrow
    assert (page.late, page.answers.asked, page.answers.late) == (2, 4, 3)


def test_what_an_answer_on_a_day_would_make_of_it_is_what_it_makes(lune: Client) -> None:
    made = launch(lune)
    outlook = outlook_of(made, facts_of(made, today=TODAY))
    assert outlook is not None
    for request in Request.objects.open().filter(project=made):
        answered(request, outlook.next_on)
    seen_a_week_later = deliveries([made], today=outlook.next_on + days(7))
    assert seen_a_week_later[made.pk].expected == outlook.next


def test_a_day_moved_there_and_back_leaves_every_figure_as_it_was(lune: Client) -> None:
    """PEER-FAILURES 15: waiting time is not lost when a deadline is edited."""
    made = launch(lune)
    before = clock_of(made, today=TODAY), forecast_of(made, today=TODAY)
    late = Round.objects.get(request__title="June posts")
    Round.objects.filter(pk=late.pk).update(answer_by=late.answer_by + days(7))
    between = clock_of(made, today=TODAY), forecast_of(made, today=TODAY)
    assert between != before
    Round.objects.filter(pk=late.pk).update(answer_by=late.answer_by)
    assert (clock_of(made, today=TODAY), forecast_of(made, today=TODAY)) == before


def test_the_forecast_is_written_when_an_answer_comes_and_once(lune: Client) -> None:
    made = launch(lune)
    made.refresh_from_db()
    # Written with the answer to the brand book; nothing has closed since.
    assert (made.forecast_on, moves(made)) == (date(2025, 5, 21), ["2025-05-21"])
    open_ = list(Request.objects.open().filter(project=made).order_by("answer_by"))
    for request in open_:
        answered(request, TODAY)
    made.refresh_from_db()
    assert (made.forecast_on, moves(made)) == (date(2025, 5, 23), ["2025-05-21", "2025-05-23"])
    forecast_anew(requests=open_, now=NOW, actor=ACTOR)
    assert moves(made) == ["2025-05-21", "2025-05-23"]


def test_what_is_taken_back_keeps_the_days_it_cost(lune: Client) -> None:
    made = project(lune)
    request = asked(made, "Login", date(2025, 5, 8), date(2025, 5, 12))
    withdraw(request=request, on=TODAY, now=NOW, actor=ACTOR)
    made.refresh_from_db()
    assert made.forecast_on == date(2025, 5, 22)
    later = clock_of(made, today=TODAY + days(7))
    assert (later.late, later.waiting) == (2, 2)


def test_a_new_agreed_day_moves_the_expected_one_with_it(lune: Client) -> None:
    made = launch(lune)
    fields = {"name": made.name, "started_on": START, "delivery_on": AGREED + days(7)}
    later = work.save_project(client=lune, project=made, fields=fields, now=NOW, actor=ACTOR)
    assert later.forecast_on == date(2025, 6, 2)  # 27 May and three days; 30 May is free in HR
    back = work.save_project(
        client=lune, project=later, fields={**fields, "delivery_on": AGREED}, now=NOW, actor=ACTOR
    )
    assert back.forecast_on == date(2025, 5, 23)
    none = work.save_project(
        client=lune, project=back, fields={**fields, "delivery_on": None}, now=NOW, actor=ACTOR
    )
    assert none.forecast_on is None


def test_a_start_moved_past_a_late_answer_gives_its_days_back(lune: Client) -> None:
    made = launch(lune)
    fields = {"name": made.name, "started_on": date(2025, 5, 14), "delivery_on": AGREED}
    work.save_project(client=lune, project=made, fields=fields, now=NOW, actor=ACTOR)
    made.refresh_from_db()
    assert made.forecast_on == date(2025, 5, 21)


def test_a_request_that_holds_nothing_up_is_on_no_clock(lune: Client) -> None:
    made = project(lune)
    asked(made, "A photo, some day", date(2025, 4, 14), date(2025, 4, 15), blocking=False)
    got = clock_of(made, today=TODAY)
    assert (got.ours, got.elapsed) == (21, 21)


def test_rounds_count_each_on_its_own_and_the_time_between_is_ours(lune: Client) -> None:
    made = project(lune, started_on=date(2025, 5, 5))
    request = asked(made, "Posts", date(2025, 5, 5), date(2025, 5, 7), date(2025, 5, 8))
    next_round(
        request=request, items={}, answer_by=date(2025, 5, 13), on=date(2025, 5, 12),
        now=morning(date(2025, 5, 12)), actor=ACTOR,
    )  # fmt: skip
    got = clock_of(made, today=TODAY)
    assert [(span.court, span.first.day, span.days) for span in got.spans] == [
        (Court.OURS, 5, 1),
        (Court.WAITING, 6, 2),
        (Court.LATE, 8, 1),
        (Court.OURS, 9, 2),
        (Court.WAITING, 13, 1),
        (Court.LATE, 14, 1),
    ]


def test_what_was_delivered_is_moved_by_nothing_later(lune: Client) -> None:
    made = launch(lune)
    work.deliver_project(project=made, on=TODAY, now=NOW, actor=ACTOR)
    made.refresh_from_db()
    there = facts_of(made, today=TODAY + days(30))
    assert there.clock == facts_of(made, today=TODAY).clock
    assert there.move is None
    assert outlook_of(made, there) is None


def test_the_clock_of_a_client_is_of_all_that_is_under_way(lune: Client) -> None:
    assert clients_facts(lune, today=TODAY) is None
    first = project(lune, started_on=date(2025, 5, 5))
    project(lune, "Care", started_on=date(2025, 5, 7))
    asked(first, "Colours", date(2025, 5, 8), date(2025, 5, 12))
    Stop.objects.create(
        workspace_id=lune.workspace_id, client=lune, reason="unpaid",
        begun_on=TODAY, created_at=NOW,
    )  # fmt: skip
    facts = clients_facts(lune, today=TODAY)
    assert facts is not None
    counted = facts.clock
    assert (counted.ours, counted.waiting, counted.late, counted.stopped) == (4, 2, 1, 1)
    assert facts.move is not None
    assert (facts.move.court, facts.move.since) == (Court.STOPPED, date(2025, 5, 9))


@pytest.mark.parametrize("count", [1, 30])
def test_a_page_takes_as_many_queries_for_thirty_requests_as_for_one(
    at: Workspace, lune: Client, count: int
) -> None:
    made = project(lune)
    for number in range(count):
        asked(made, f"R{number}", date(2025, 5, 5), date(2025, 5, 7))
        asked(made, f"A{number}", date(2025, 5, 5), date(2025, 5, 7), date(2025, 5, 9))
    with CaptureQueriesContext(connection) as queries:
        page_of(made, at, today=TODAY)
    assert len(queries) == 10
