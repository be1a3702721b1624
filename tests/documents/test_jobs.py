"""A job ends in one document, whoever dies on the way and however often it is told to run."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from unittest.mock import patch

import pytest

from clientdesk.documents import jobs, tasks
from clientdesk.documents.jobs import LEASE, MAX_ATTEMPTS, ClaimLost, Report, run_job
from clientdesk.documents.models import Document, Job
from clientdesk.documents.operations import UnknownJob, file_of, request_job
from clientdesk.workspaces.scoping import acting_in
from tests.documents import desk

pytestmark = pytest.mark.django_db


def at(minutes: float = 0) -> Callable[[], datetime]:
    return lambda: desk.clock(minutes)


def again(job: Job) -> Job:
    return Job.unscoped.get(pk=job.pk)


def test_a_job_makes_its_document() -> None:
    job = desk.ask(desk.workspace(), text="a note")
    run_job(job.pk, at())
    done = again(job)
    assert (done.state, done.progress, done.attempts) == ("done", 100, 1)
    assert done.document is not None
    assert file_of(done.document).read_text() == "a note"


def test_a_job_told_twice_is_done_once() -> None:
    job = desk.ask(desk.workspace())
    for _ in range(3):
        run_job(job.pk, at())
    assert Document.unscoped.count() == 1
    assert again(job).attempts == 1


def test_two_workers_at_once_make_one_document() -> None:
    job = desk.ask(desk.workspace())
    seen: list[Job | None] = []

    def meanwhile(asked: Job, report: Report) -> object:
        seen.append(run_job(asked.pk, at()))
        return desk.write_note(asked, report)

    with patch.dict(jobs._handlers, {desk.KIND: meanwhile}):
        run_job(job.pk, at())
    assert seen == [None]
    assert Document.unscoped.count() == 1


def test_a_worker_that_lost_its_claim_stores_nothing() -> None:
    """It slept past its lease; another one took the job up and finished it."""
    job = desk.ask(desk.workspace())

    def slow(asked: Job, report: Report) -> object:
        made = desk.write_note(asked, report)
        with patch.dict(jobs._handlers, {desk.KIND: desk.write_note}):
            run_job(asked.pk, at(10))
        return made

    with patch.dict(jobs._handlers, {desk.KIND: slow}):
        run_job(job.pk, at())
    assert Document.unscoped.count() == 1
    assert (again(job).state, again(job).attempts) == ("done", 2)


def test_progress_renews_the_lease_and_is_seen() -> None:
    job = desk.ask(desk.workspace())
    seen: list[tuple[int, str, datetime | None]] = []

    def looked_at(asked: Job, report: Report) -> object:
        made = desk.write_note(asked, report)
        row = again(asked)
        seen.append((row.progress, row.message, row.lease_until))
        return made

    with patch.dict(jobs._handlers, {desk.KIND: looked_at}):
        run_job(job.pk, at())
    assert seen == [(50, "half of it is written", desk.NOON + LEASE)]


def test_a_report_of_a_lost_claim_raises() -> None:
    job = desk.ask(desk.workspace())
    with pytest.raises(ClaimLost):
        Report(job.pk, 1, at())(10)


def test_a_dead_workers_job_is_taken_up_when_its_lease_ran_out() -> None:
    job = desk.ask(desk.workspace())
    jobs._claim(job.pk, desk.NOON)  # and then it was killed
    assert jobs.waiting(now=desk.clock(1)) == []
    assert jobs.waiting(now=desk.clock(3)) == [job.pk]
    run_job(job.pk, at(3))
    assert (again(job).state, again(job).attempts) == ("done", 2)


def test_a_worker_that_died_each_time_fails_in_the_open() -> None:
    job = desk.ask(desk.workspace())
    for attempt in range(MAX_ATTEMPTS):
        assert jobs._claim(job.pk, desk.clock(10 * attempt)) is not None
    assert jobs.waiting(now=desk.clock(60)) == []
    jobs.give_up_exhausted(now=desk.clock(60))
    assert again(job).state == "failed"


def test_an_error_is_tried_again_and_then_said() -> None:
    job = desk.ask(desk.workspace(), fail=9)
    states = []
    for attempt in range(4):
        run_job(job.pk, at(attempt))
        states.append(again(job).state)
    assert states == ["queued", "queued", "failed", "failed"]
    assert Document.unscoped.count() == 0


def test_an_error_that_passes_leaves_one_document() -> None:
    job = desk.ask(desk.workspace(), fail=1)
    for attempt in range(3):
        run_job(job.pk, at(attempt))
    assert (again(job).state, again(job).attempts) == ("done", 2)
    assert Document.unscoped.count() == 1


def test_a_refusal_is_final_and_says_why() -> None:
    job = desk.ask(desk.workspace(), refuse=True)
    run_job(job.pk, at())
    assert (again(job).state, again(job).error) == ("failed", "There is nothing to write.")


def test_the_rescue_runs_what_no_message_came_for() -> None:
    where = desk.workspace()
    waiting, broken = desk.ask(where), desk.ask(where, refuse=True)
    assert tasks.rescue() == 2
    assert [again(waiting).state, again(broken).state] == ["done", "failed"]
    assert tasks.rescue() == 0


def test_the_same_key_is_one_job() -> None:
    where = desk.workspace()
    first, second = desk.ask(where, once_key="form-1"), desk.ask(where, once_key="form-1")
    other = desk.ask(where, once_key="form-2")
    assert first.pk == second.pk != other.pk


def test_a_key_belongs_to_its_workspace() -> None:
    first = desk.ask(desk.workspace("first"), once_key="form-1")
    second = desk.ask(desk.workspace("second"), once_key="form-1")
    assert first.pk != second.pk


def test_an_unknown_kind_is_refused_at_once() -> None:
    where = desk.workspace()
    with acting_in(where.pk), pytest.raises(UnknownJob, match="test.unknown"):
        request_job(
            workspace_id=where.pk,
            kind="test.unknown",
            params={},
            now=desk.NOON,
            created_by=None,
        )


def test_the_worker_is_told_after_the_commit(
    django_capture_on_commit_callbacks: Any,
) -> None:
    where = desk.workspace()
    with (
        patch.object(tasks.run_job, "delay") as told,
        django_capture_on_commit_callbacks(execute=True),
    ):
        job = desk.ask(where)
        assert told.call_count == 0
    told.assert_called_once_with(job.pk)


def test_a_broker_that_is_down_costs_no_job(
    django_capture_on_commit_callbacks: Any,
) -> None:
    where = desk.workspace()
    with (
        patch.object(tasks.run_job, "delay", side_effect=ConnectionRefusedError),
        django_capture_on_commit_callbacks(execute=True),
    ):
        job = desk.ask(where)
    assert tasks.rescue() == 1
    assert again(job).state == "done"


def test_a_job_acts_in_its_own_workspace_only() -> None:
    job = desk.ask(desk.workspace("first"))
    other = desk.workspace("second")
    run_job(job.pk, at())
    with acting_in(other.pk):
        assert not Document.objects.exists()
        assert not Job.objects.exists()
