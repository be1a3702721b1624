"""The ladder of a request on its page, on Today, in the settings and on the command line."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries

from clientdesk import clock
from clientdesk.ladder import Calendar
from clientdesk.workspaces.models import User, Workspace
from clients.models import Client
from feedback.models import AnswersLadder, AnswerStep, Pause, Request
from feedback.operations.ladders import set_answers_ladder
from feedback.operations.pausing import pause_reminders
from feedback.queries.forecast import answers_forecast
from feedback.queries.rungs import ladder_of
from tests.billing.desk import ACTOR, NOW, TODAY, days, invoice, morning
from tests.feedback.ladder_desk import (
    RUNGS,
    WEEK_BEFORE,
    asked,
    climbed,
    day_passes,
    ladder,
    pass_days,
    project,
    step,
    steps_of,
)
from tests.outbox.mailserver import MailServer

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
REVIEW = "kind:1:review,cannot_go_on:4,call_them:6:task"


@pytest.fixture
def owner(at: Workspace, monkeypatch: pytest.MonkeyPatch) -> Browser:
    monkeypatch.setattr(clock, "now", lambda: morning(TODAY + days(1)))
    browser = Browser()
    browser.force_login(User.objects.get(email="jana@example.com"), backend=BACKEND)
    return browser


def page(request: Request) -> str:
    return f"/w/jana/waiting/{request.pk}/"


def rungs(request: Request, today: date) -> list[tuple[str, date | None, bool]]:
    fresh = Request.objects.select_related("client", "project", "workspace").get(pk=request.pk)
    found = ladder_of(fresh, today=today).rungs
    return [(rung.name, rung.on, rung.step is not None) for rung in found]


def test_the_card_tells_what_was_and_what_comes(lune: Client, server: MailServer) -> None:
    logo = asked(lune)
    planned = rungs(logo, WEEK_BEFORE)
    assert [name for name, _, done in planned if not done] == RUNGS
    pass_days(-2, 1)
    now = rungs(logo, TODAY + days(1))
    assert [(name, done) for name, _, done in now] == [
        ("before", True), ("kind", True), ("cannot_go_on", False), ("date_moves", False),
    ]  # fmt: skip
    assert [on for _, on, _ in now] == [on for _, on, _ in planned]


def test_a_letter_for_review_is_read_on_the_page_and_sent_once(
    at: Workspace, lune: Client, owner: Browser, server: MailServer
) -> None:
    ladder(at, REVIEW)
    logo = asked(lune, project=project(lune, delivery_on=TODAY + days(30)))
    day_passes(TODAY + days(1))
    assert "Review and send" in owner.get("/w/jana/").content.decode()
    shown = owner.get(page(logo)).content.decode()
    assert "Kind reminder: read it, then send it" in shown
    assert "Hello Ana Kralj" in shown
    waiting = step(logo, "kind")
    for _ in range(2):
        owner.post(f"/w/jana/waiting/steps/{waiting.pk}/approve/")
    day_passes(TODAY + days(1))
    assert steps_of(server) == [f"r{logo.pk}/kind"]
    assert "Review and send" not in owner.get("/w/jana/").content.decode()


def test_reading_the_page_makes_no_link(at: Workspace, lune: Client, owner: Browser) -> None:
    ladder(at, REVIEW)
    logo = asked(lune)
    day_passes(TODAY + days(1))
    before = logo.rounds.get().links.count()
    owner.get(page(logo))
    assert logo.rounds.get().links.count() == before


def test_left_out_says_why_and_needs_a_reason(
    at: Workspace, lune: Client, owner: Browser, server: MailServer
) -> None:
    ladder(at, REVIEW)
    logo = asked(lune)
    day_passes(TODAY + days(1))
    waiting = step(logo, "kind")
    owner.post(f"/w/jana/waiting/steps/{waiting.pk}/skip/", {"reason": ""})
    assert step(logo, "kind").state == AnswerStep.State.REVIEW
    owner.post(f"/w/jana/waiting/steps/{waiting.pk}/skip/", {"reason": "She called at noon."})
    assert step(logo, "kind").state == AnswerStep.State.SKIPPED
    assert "She called at noon." in owner.get(page(logo)).content.decode()
    pass_days(2, 14)
    assert steps_of(server) == [f"r{logo.pk}/cannot_go_on"]


def test_paused_on_the_page_and_lifted_there(
    at: Workspace, lune: Client, owner: Browser, server: MailServer
) -> None:
    logo = asked(lune)
    until = TODAY + days(9)
    past = owner.post(f"{page(logo)}pause/", {"until": "2025-05-01", "reason": "On holiday"})
    assert past.status_code == 200
    assert "is past" in past.content.decode()
    owner.post(f"{page(logo)}pause/", {"until": until.isoformat(), "reason": "On holiday"})
    assert "Paused until 23 May 2025" in owner.get(page(logo)).content.decode()
    pass_days(1, 4)
    assert steps_of(server) == []
    owner.post(f"/w/jana/waiting/pauses/{Pause.objects.get().pk}/lift/")
    assert "Paused until" not in owner.get(page(logo)).content.decode()
    day_passes(TODAY + days(5))
    assert steps_of(server) == [f"r{logo.pk}/kind"]


def test_what_is_forecast_is_what_daily_sweeps_send(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    logo = asked(lune)
    later = asked(lune, "Photos", answer_by=TODAY + days(6))
    held = asked(lune, "Texts", answer_by=TODAY + days(2))
    pause_reminders(
        requests=[held], until=TODAY + days(8), reason="ill", now=morning(TODAY), actor=ACTOR
    )
    ahead = [
        (step.on, step.request_id, step.rung) for step in answers_forecast(today=TODAY, days=30)
    ]
    pass_days(0, 30)
    sent = [
        (on, request.pk, rung)
        for request in (logo, later, held)
        for rung, on in climbed(request).items()
    ]
    assert sorted(ahead) == sorted(sent)
    assert len(ahead) >= 9


def test_the_card_takes_the_same_queries_with_thirty_steps(
    lune: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    logo = asked(lune)
    fresh = Request.objects.select_related("client", "project", "workspace").get(pk=logo.pk)
    with django_assert_num_queries(6):
        ladder_of(fresh, today=TODAY)
    round_ = logo.rounds.get()
    AnswerStep.objects.bulk_create(
        AnswerStep(
            workspace=lune.workspace, request=logo, round=round_, rung=f"r{n}", effect="mail",
            due_on=TODAY, state="sent", climbed_on=TODAY, created_at=NOW,
        )
        for n in range(30)
    )  # fmt: skip
    with django_assert_num_queries(6):
        ladder_of(fresh, today=TODAY)


def typed(*rows: tuple[str, str, str], **more: str) -> dict[str, str]:
    data = {"rows-TOTAL_FORMS": str(len(rows)), "rows-INITIAL_FORMS": "0", "calendar": "client"}
    for number, (name, offset, manner) in enumerate(rows):
        data |= {
            f"rows-{number}-name": name,
            f"rows-{number}-offset": offset,
            f"rows-{number}-manner": manner,
        }
    return {**data, **more}


EDITOR = "/w/jana/settings/answers-ladder/"


def test_the_editor_keeps_the_steps_in_the_order_of_their_days(
    at: Workspace, lune: Client, owner: Browser
) -> None:
    logo = asked(lune)
    shown = owner.get(EDITOR).content.decode()
    assert "We cannot go on" in shown
    rows = (("Call them", "6", "task"), ("Kind reminder", "2", "auto"), ("", "", "auto"))
    tried = owner.post(EDITOR, typed(*rows, **{"try": "1"})).content.decode()
    assert "nothing is kept yet" in tried
    assert not AnswersLadder.objects.exists()
    owner.post(EDITOR, typed(*rows, save="1"))
    assert AnswersLadder.objects.get().rungs == "kind:2,call_them:6:task"
    logo.refresh_from_db()
    assert logo.next_step_on == date(2025, 5, 16)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (("Kind reminder", "soon", "auto"), "whole number of working days"),
        (("Kind reminder", "", "auto"), "whole number of working days"),
        (("Stop work", "3", "auto"), "Only the ladder for money stops work"),
        (("!!!", "3", "auto"), "up to 39 letters"),
        (("Kind reminder", "3", "task"), "This step is a letter"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_kept(
    at: Workspace, owner: Browser, row: tuple[str, str, str], says: str
) -> None:
    answer = owner.post(EDITOR, typed(row, ("Second", "9", "auto"), save="1"))
    assert says in answer.content.decode()
    assert "Step 1" in answer.content.decode()
    assert not AnswersLadder.objects.exists()


def test_a_client_has_its_own_and_goes_back(at: Workspace, lune: Client, owner: Browser) -> None:
    own = "/w/jana/clients/lune/answers-ladder/"
    owner.post(own, typed(("Kind reminder", "5", "review"), save="1"))
    assert AnswersLadder.objects.get(client=lune).rungs == "kind:5:review"
    assert "kind:5:review" in owner.get(EDITOR).content.decode()
    owner.post(own, typed(("Kind reminder", "5", "review"), drop="1"))
    assert not AnswersLadder.objects.exists()


def test_the_command_line_sets_it_and_tells_what_goes_out(at: Workspace, lune: Client) -> None:
    call_command(
        "set_ladder", "--workspace", "jana", "--for", "answers", "kind:2,date_moves:5",
        stdout=StringIO(),
    )  # fmt: skip
    assert AnswersLadder.objects.get().rungs == "kind:2,date_moves:5"
    with pytest.raises(CommandError, match="only a ladder for money stops work"):
        call_command("set_ladder", "--workspace", "jana", "--for", "answers", "stop_work:3")
    asked(lune)
    invoice(lune, due_on=TODAY)
    out = StringIO()
    call_command(
        "forecast", "--workspace", "jana", "--days", "10", "--now", NOW.isoformat(), "--json",
        stdout=out,
    )  # fmt: skip
    said = json.loads(out.getvalue().splitlines()[-1])
    assert said["counts"] == {"reminder": 1, "kind": 1, "date_moves": 1, "stop_work": 1}
    assert [row["date"] for row in said["steps"]] == sorted(row["date"] for row in said["steps"])


def test_setting_the_calendar_off_counts_every_day(at: Workspace) -> None:
    ladder_ = set_answers_ladder(
        workspace=at, rungs="kind:1", calendar=Calendar.NONE, now=NOW, actor=ACTOR
    )
    assert ladder_.calendar == Calendar.NONE
