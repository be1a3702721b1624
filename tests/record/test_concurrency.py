"""Many write at once, and one reads all the while: one chain, no fork, no false alarm."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connections, transaction

from clientdesk.record.models import Entry
from clientdesk.record.operations import NewEntry, append_many, erase, head_of
from clientdesk.record.verify import Verdict, verify_record
from tests.record.conftest import MORNING, new_workspace

T = TypeVar("T")
WRITERS, TIMES = 4, 15


def in_thread(work: Callable[[], T]) -> T:
    try:
        return work()
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_four_write_while_one_verifies() -> None:
    workspace_id = new_workspace("studio").pk
    start = Barrier(WRITERS + 1)

    def write(writer: int) -> None:
        start.wait()
        for time in range(TIMES):
            note = NewEntry("interaction.logged", {"writer": writer, "time": time}, "user:1")
            # Batches of several sizes, and every third one taken back.
            with transaction.atomic():
                rows = append_many(
                    workspace_id=workspace_id, entries=[note] * (1 + writer), now=MORNING
                )
                if time % 3 == 2:
                    transaction.set_rollback(True)
            if time % 3 == 0:
                erase(entry=rows[0], reason="asked", now=MORNING, actor="user:1")

    def read() -> list[Verdict]:
        start.wait()
        return [verify_record(workspace_id) for _ in range(TIMES)]

    with ThreadPoolExecutor(WRITERS + 1) as pool:
        writing = [pool.submit(in_thread, lambda n=n: write(n)) for n in range(WRITERS)]
        reading = pool.submit(in_thread, read)
        for future in writing:
            future.result()
        verdicts = reading.result()

    assert [verdict.first_break for verdict in verdicts] == [None] * TIMES
    kept, erased = (TIMES - TIMES // 3), TIMES // 3
    expected = sum(kept * (1 + writer) + erased for writer in range(WRITERS))
    assert verify_record(workspace_id).as_json() == {
        "ok": True,
        "entries": expected,
        "head": head_of(workspace_id)[1],
        "first_break": None,
    }
    seqs = Entry.unscoped.order_by("seq").values_list("seq", flat=True)
    assert list(seqs) == list(range(1, expected + 1))
