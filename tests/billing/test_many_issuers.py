"""PEER-FAILURES 10: processes of their own issue at once; no number is missing and none twice."""

import json

import pytest

from tests.processes import Desk

BEGIN = """
from clientdesk import clock
from clientdesk.workspaces.models import User
from clientdesk.workspaces.operations import create_workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client
owner = User.objects.create_user("jana@example.com")
where = create_workspace(name="Jana", slug="jana", owner=owner, now=clock.now())
with acting_in(where.pk):
    Client.objects.create(
        workspace=where, slug="lune", reference="C-1", name="Lune", created_at=clock.now())
"""
COUNT = """
import json
from billing.models import Counter, Invoice
rows = Invoice.unscoped.exclude(state="draft").order_by("pk").values_list("number", flat=True)
print("\\n" + json.dumps([list(rows), Counter.unscoped.get().last, Invoice.unscoped.count()]))
"""


@pytest.mark.parametrize(
    ("processes", "each"), [(3, 10), pytest.param(8, 500, marks=pytest.mark.soak)]
)
def test_processes_that_issue_at_once_leave_no_gap_and_no_number_twice(
    own_desk: Desk, processes: int, each: int
) -> None:
    own_desk.manage("shell", "-c", BEGIN)
    own_desk.environment["DJANGO_SETTINGS_MODULE"] = "clientdesk.settings"
    issuers = [
        own_desk.start("-m", "tests.billing.issuers", str(each), str(seed))
        for seed in range(processes)
    ]
    for issuer in issuers:
        assert issuer.wait(timeout=1800) == 0, own_desk.output(issuer)
    kept = [
        number
        for issuer in issuers
        for number in json.loads(own_desk.output(issuer).splitlines()[-1])
    ]
    counted = own_desk.manage("shell", "-c", COUNT).stdout
    stored, last, rows = json.loads(counted.strip().splitlines()[-1])
    expected = [f"2025-{n:03d}" for n in range(1, processes * (each - each // 5) + 1)]
    assert sorted(stored, key=lambda text: int(text[5:])) == expected
    assert sorted(kept) == sorted(stored)
    assert last == rows == len(expected)
