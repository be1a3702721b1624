"""What the other tests rely on: an environment of their own, a flush that passes the record."""

import os

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from clientdesk import clock, guards
from clientdesk.record.models import Entry
from clientdesk.record.operations import append
from clientdesk.workspaces.models import User
from clientdesk.workspaces.operations import create_workspace
from tests import environment


def append_one() -> None:
    owner = User.objects.create_user(email="ana@studio.example")
    workspace = create_workspace(name="Studio", owner=owner, now=clock.now())
    with transaction.atomic():
        append(
            workspace_id=workspace.pk,
            kind="client.created",
            content={"name": "Bistro"},
            now=clock.now(),
            actor="system",
        )


# Twice the same: the second finds what the flush after the first has left, which must be nothing.
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_each_transactional_test_begins_empty_and_guarded(turn: int) -> None:
    assert Entry.unscoped.count() == 0
    assert [one.missing(connection) for one in guards.every()] == [set(), set(), set()]
    append_one()
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM record_entry")


def test_nothing_of_a_desk_on_this_machine_is_used() -> None:
    assert "clientdesk-test-" in str(settings.DATA_DIR)
    found = {name for name in os.environ if environment.FOREIGN.match(name)}
    # A worker inside a test leaves its log level behind.
    assert {name for name in found if not name.startswith("CELERY_LOG")} == {"CLIENTDESK_DATA"}
    assert not settings.MAIL_IS_SET_UP


def test_parallel_workers_have_redis_databases_of_their_own() -> None:
    assert environment.redis_database("redis://localhost:6379", 1) == "redis://localhost:6379/1"
    assert environment.redis_database("redis://:word@host/8", 2) == "redis://:word@host/10"
