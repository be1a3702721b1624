"""Locks that wait for each other in a circle: PostgreSQL ends one of the two with an error.

A foreign key is checked when its transaction commits, under a lock (KEY SHARE) on the row that it
points at. By then the transaction has the head of the record, for which others wait who have that
very row: a circle, unless they locked it with `no_key=True`, which lets such checks pass.
"""

import re
from pathlib import Path

import pytest
from django.conf import settings

from clientdesk.workspaces.scoping import acting_in
from clients.models import Interaction
from clients.operations.clients import save_contact
from clients.operations.interactions import log_interaction
from clients.operations.stops import begin_stop, end_stop
from tests.billing import desk
from tests.billing.desk import ACTOR, NOW, TODAY, at_once

# Rows that nothing points at: counters, heads. The outbox locks messages, whose parts go with them.
FREE = ("clientdesk/record/", "clientdesk/outbox/", "billing/operations/numbering.py")
APPS = ("billing", "clients", "feedback", "offboarding", "clientdesk")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("other_connections_closed")
def test_two_at_one_client_do_not_wait_in_a_circle() -> None:
    at = desk.workspace()
    with acting_in(at.pk):
        client = desk.client(at)

    def work(number: int) -> None:
        with acting_in(at.pk):
            for n in range(40):
                if number == 0:
                    person = {"name": f"Person {n}", "email": f"p{n}@example.com"}
                    save_contact(client=client, contact=None, fields=person, now=NOW, actor=ACTOR)
                elif number == 1:
                    log_interaction(
                        client=client,
                        kind="call",
                        summary=f"call {n}",
                        happened_at=NOW,
                        now=NOW,
                        actor=ACTOR,
                    )
                else:
                    stop = begin_stop(
                        client=client, reason="other", cause="", on=TODAY, now=NOW, actor=ACTOR
                    )
                    end_stop(stop=stop, on=TODAY, reason="fine", now=NOW, actor=ACTOR)

    at_once(3, work)
    with acting_in(at.pk):
        assert Interaction.objects.count() == 40
        assert client.contacts.count() == 41


def test_rows_that_others_point_at_are_locked_without_their_key() -> None:
    found = []
    for app in APPS:
        for path in sorted(Path(settings.BASE_DIR, app).rglob("*.py")):
            name = path.relative_to(settings.BASE_DIR).as_posix()
            if not name.startswith(FREE):
                text = path.read_text()
                calls = re.findall(r"\.select_for_update\([^()]*(?:\([^()]*\)[^()]*)*\)", text)
                found += [f"{name}: {call}" for call in calls if "no_key=True" not in call]
    assert found == [], "add no_key=True: a deferred foreign key would wait for it in a circle"
