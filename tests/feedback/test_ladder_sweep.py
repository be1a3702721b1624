"""The ladder for answers: each rung once, in order, in working days, and only while it is true."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from billing.operations.sweeping import sweep_all as sweep_money
from clientdesk.ladder import Calendar
from clientdesk.outbox.models import Message, Part
from clientdesk.record.models import Entry
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client
from clients.operations.stops import begin_stop, end_stop
from feedback.models import AnswerStep, Pause, Request
from feedback.operations.answering import record_answer
from feedback.operations.asking import next_round, withdraw
from feedback.operations.ladder import StepHeld, StepNotOpen, approve_step, skip_step
from feedback.operations.letters import enqueue_steps
from feedback.operations.pausing import PauseOver, PauseRefused, lift_pause, pause_reminders
from feedback.operations.sweep import climb_due
from feedback.operations.sweeping import sweep_all
from tests.billing import desk
from tests.billing.conftest import at, lune
from tests.billing.desk import ACTOR, MINUTE, TODAY, days, morning
from tests.faults.conftest import server
from tests.feedback.ladder_desk import (
    RUNGS,
    asked,
    climbed,
    day_passes,
    ladder,
    message_states,
    pass_days,
    project,
    step,
    steps_of,
)
from tests.outbox.mailserver import MailServer

__all__ = ["at", "lune", "server"]
pytestmark = pytest.mark.django_db
# TODAY is Wednesday 14 May 2025; HR has no holiday in the three weeks after it but 30 May.
KIND, CANNOT, MOVES = date(2025, 5, 15), date(2025, 5, 20), date(2025, 5, 27)


def answer(request: Request, on: date) -> None:
    record_answer(request=request, answer="Fine.", answered_on=on, now=morning(on), actor=ACTOR)


def test_each_rung_on_its_working_day_and_then_silence(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    request = asked(lune)
    pass_days(-7, 60)
    assert climbed(request) == dict(
        zip(RUNGS, [date(2025, 5, 12), KIND, CANNOT, MOVES], strict=True)
    )
    assert steps_of(server) == [f"r{request.pk}/{rung}" for rung in RUNGS]
    assert [step.state for step in AnswerStep.objects.all()] == ["sent"] * 4


def test_asked_too_late_for_the_first_reminder_it_lapses(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    request = asked(lune, asked_on=TODAY - days(1), answer_by=TODAY)
    pass_days(-1, 1)
    assert list(climbed(request)) == ["kind"]


def test_many_passes_in_a_day_send_one_message(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    requests = [asked(desk.client(at, f"C{n}", email=f"c{n}@x.example")) for n in range(5)]
    for n in range(1_000):
        sweep_all(now=morning(KIND) + n * timedelta(seconds=20))
    desk.send(KIND)
    assert sorted(steps_of(server)) == sorted(f"r{one.pk}/kind" for one in requests)
    assert Message.objects.count() == Part.objects.count() == AnswerStep.objects.count() == 5


def test_after_an_outage_the_next_rung_goes_once_and_the_rest_keep_their_distance(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    request = asked(lune)
    back = TODAY + days(30)  # Friday 13 June
    pass_days(30, 60)
    # 19 June is a holiday; three working days after the 13th is the 18th, five more the 26th.
    assert climbed(request) == {
        "kind": back,
        "cannot_go_on": date(2025, 6, 18),
        "date_moves": date(2025, 6, 26),
    }


@pytest.mark.parametrize("how", ["answered", "withdrawn"])
def test_what_was_settled_after_the_letter_was_queued_stops_it(
    at: Workspace, lune: Client, server: MailServer, how: str
) -> None:
    request = asked(lune)
    sweep_all(now=morning(KIND))
    assert message_states() == ["queued"]
    if how == "answered":
        answer(request, KIND)
    else:
        withdraw(request=request, on=KIND, now=morning(KIND), actor=ACTOR)
    desk.send(KIND)
    assert server.received() == []
    assert (Part.objects.get().state, bool(Part.objects.get().reason)) == ("suppressed", True)
    assert step(request, "kind").state == AnswerStep.State.SUPPRESSED
    pass_days(2, 60)
    assert server.received() == []


def test_a_next_round_begins_its_own_ladder_and_stops_letters_of_the_last(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    request = asked(lune)
    sweep_all(now=morning(KIND))
    answer(request, KIND)
    next_round(
        request=request, items={}, answer_by=KIND + days(5), on=KIND, now=morning(KIND), actor=ACTOR
    )
    desk.send(KIND)
    assert server.received() == []
    pass_days(1, 15)
    second = ("before", "kind", "cannot_go_on")
    assert steps_of(server) == [f"r{request.pk}.2/{rung}" for rung in second]
    assert AnswerStep.objects.filter(rung="kind").count() == 2


def test_a_pause_holds_the_letters_and_not_the_clock(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    request = asked(lune)
    sweep_all(now=morning(KIND))
    until = TODAY + days(12)  # Monday 26 May
    again = [
        pause_reminders(
            requests=[request], until=until, reason="on holiday", now=morning(KIND), actor=ACTOR
        )
        for _ in range(2)
    ]
    assert again[0] == again[1]
    assert Entry.objects.filter(kind="request.paused").count() == 1
    desk.send(KIND)
    assert step(request, "kind").reason == f"reminders are paused until {until}"
    pass_days(2, 14)
    assert climbed(request) == {"kind": until + days(1)}
    assert AnswerStep.objects.get(rung="kind").attempt == 2


def test_a_lifted_pause_lets_the_ladder_go_on_today(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    request = asked(lune)
    (pause,) = pause_reminders(
        requests=[request], until=TODAY + days(20), reason="ill", now=morning(TODAY), actor=ACTOR
    )
    pass_days(1, 3)
    lift_pause(pause=pause, now=morning(TODAY + days(5)), actor=ACTOR)
    with pytest.raises(PauseOver):
        lift_pause(pause=pause, now=morning(TODAY + days(5)), actor=ACTOR)
    pass_days(5, 5)
    assert climbed(request) == {"kind": TODAY + days(5)}


def test_a_pause_says_why_and_does_not_end_before_today(at: Workspace, lune: Client) -> None:
    one, other = asked(lune), asked(lune, "The other")
    for until, reason in ((TODAY + days(1), " "), (TODAY - days(1), "because")):
        with pytest.raises(PauseRefused, match="expected"):
            pause_reminders(
                requests=[one, other], until=until, reason=reason, now=morning(TODAY), actor=ACTOR
            )
    assert not Pause.objects.exists()


@pytest.mark.parametrize("whole", [True, False])
def test_while_work_is_stopped_nothing_is_chased_and_then_it_goes_on(
    at: Workspace, lune: Client, server: MailServer, whole: bool
) -> None:
    launch = project(lune, delivery_on=None)
    request, elsewhere = asked(lune, project=launch), asked(lune, "Elsewhere")
    sweep_all(now=morning(KIND))
    stop = begin_stop(
        client=lune, project=None if whole else launch, reason="unpaid", cause="2025-001",
        on=KIND, now=morning(KIND), actor=ACTOR,
    )  # fmt: skip
    desk.send(KIND)
    assert step(request, "kind").state == AnswerStep.State.SUPPRESSED
    assert step(request, "kind").reason == f"work has been stopped since {KIND}"
    assert (step(elsewhere, "kind").state == "sent") is not whole
    pass_days(2, 8)
    assert climbed(request) == {}
    resumed = TODAY + days(9)  # Friday 23 May
    end_stop(stop=stop, on=resumed, reason="paid", now=morning(resumed), actor=ACTOR)
    pass_days(9, 40)
    went = climbed(request)
    assert list(went) == RUNGS[1:]
    assert went["kind"] == resumed
    assert went["cannot_go_on"] == date(2025, 5, 28)


def test_a_stop_for_a_missing_answer_does_not_silence_the_reminders(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    request = asked(lune)
    begin_stop(client=lune, reason="unanswered", on=TODAY, now=morning(TODAY), actor=ACTOR)
    pass_days(1, 1)
    assert climbed(request) == {"kind": KIND}


def test_a_rung_for_review_waits_for_its_owner_and_goes_once(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    ladder(at, "kind:1:review,cannot_go_on:4")
    request = asked(lune)
    pass_days(1, 10)
    waits = step(request, "kind")
    assert (waits.state, server.received()) == (AnswerStep.State.REVIEW, [])
    assert Entry.objects.filter(kind="request.step_due").count() == 1
    on = TODAY + days(12)
    approve_step(step=waits, now=morning(on), actor=ACTOR)
    with pytest.raises(StepNotOpen):
        approve_step(step=waits, now=morning(on), actor=ACTOR)
    desk.send(on)
    assert climbed(request) == {"kind": on}
    assert steps_of(server) == [f"r{request.pk}/kind"]


def test_a_skipped_rung_makes_way_for_the_next_at_its_distance(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    ladder(at, "kind:1:review,cannot_go_on:4")
    request = asked(lune)
    pass_days(1, 1)
    skip_step(step=step(request, "kind"), reason="called", now=morning(KIND), actor=ACTOR)
    pass_days(2, 10)
    assert climbed(request) == {"cannot_go_on": CANNOT}
    assert step(request, "kind").reason == "called"


def test_while_paused_a_reviewed_letter_does_not_go(at: Workspace, lune: Client) -> None:
    ladder(at, "kind:1:review")
    request = asked(lune)
    sweep_all(now=morning(KIND))
    pause_reminders(
        requests=[request], until=KIND, reason="a call is set", now=morning(KIND), actor=ACTOR
    )
    with pytest.raises(StepHeld):
        approve_step(step=step(request, "kind"), now=morning(KIND), actor=ACTOR)
    answer(request, KIND)
    with pytest.raises(StepNotOpen):
        skip_step(step=step(request, "kind"), reason="", now=morning(KIND), actor=ACTOR)


def test_one_failing_request_leaves_the_others_climbed(
    at: Workspace, lune: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests = [asked(lune, f"No. {n}") for n in range(5)]
    poison = requests[2]

    def poisoned(*, steps: Sequence[AnswerStep], **rest: Any) -> int:
        if any(one.request_id == poison.pk for one in steps):
            raise ZeroDivisionError("a poison row")
        return enqueue_steps(steps=steps, **rest)

    monkeypatch.setattr("feedback.operations.sweep.enqueue_steps", poisoned)
    result = climb_due(workspace=at, now=morning(KIND))
    assert (result.queued, result.failed) == (4, [poison.pk])
    assert not AnswerStep.objects.filter(request=poison).exists()
    monkeypatch.undo()
    assert climb_due(workspace=at, now=morning(KIND)).queued == 1


def test_who_cannot_be_written_to_stands_before_the_owner(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    lune.contacts.update(email="")
    request = asked(lune)
    pass_days(1, 5)
    waits = step(request, "kind")
    assert (waits.state, waits.reason) == ("review", "no e-mail address for letters")


def test_an_invoice_and_an_answer_of_one_day_are_one_message(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    """Money and work in one note; the firmer of the two sets its tone."""
    request = asked(lune)
    invoice = desk.invoice(lune, due_on=CANNOT - days(3))
    pass_days(1, 5)
    sweep_money(now=morning(CANNOT))
    sweep_all(now=morning(CANNOT))
    desk.send(CANNOT)
    _, message = server.received()
    assert sorted(message.steps) == sorted(
        [f"{invoice.number}/reminder", f"r{request.pk}/cannot_go_on"]
    )
    assert "work depends on them" in message.subject
    assert request.title in message.text
    assert str(invoice.number) in message.text


def test_the_calendar_can_be_switched_off(at: Workspace, lune: Client, server: MailServer) -> None:
    ladder(at, "kind:3", Calendar.NONE)
    request = asked(lune)
    pass_days(1, 5)
    assert climbed(request) == {"kind": TODAY + days(3)}  # a Saturday


def test_the_local_day_counts(server: MailServer) -> None:
    far = desk.workspace("far", time_zone="Pacific/Auckland")
    with acting_in(far.pk):
        ladder(far, "kind:1")
        request = asked(desk.client(far))
        midnight = morning(KIND, "Pacific/Auckland", hour=0)
        sweep_all(now=midnight - MINUTE)
        assert not AnswerStep.objects.exists()
        sweep_all(now=midnight)
        assert step(request, "kind").due_on == KIND


def test_queries_do_not_grow_with_the_requests(
    at: Workspace, django_assert_max_num_queries: Any
) -> None:
    def sweep_of(count: int) -> int:
        AnswerStep.objects.all().delete()
        for n in range(count):
            asked(desk.client(at, f"C{count}-{n}", email=f"c{count}{n}@x.example"))
        with django_assert_max_num_queries(100) as found:
            climb_due(workspace=at, now=morning(KIND))
        return len(found)

    assert sweep_of(1) == sweep_of(30)


def test_a_day_that_passes_leaves_nothing_behind(at: Workspace, lune: Client) -> None:
    """`day_passes` with nothing due is nothing."""
    day_passes(TODAY)
    assert not Message.objects.exists()
