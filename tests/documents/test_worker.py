"""A report asked for in one process is made by the worker in another, without waiting for beat."""

import json

from tests.processes import Desk

ASK_AND_WAIT = """
import json, time
from datetime import date
from clientdesk import clock
from clientdesk.documents.models import Document, Job
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client
from offboarding.operations.report import request_final_report
where = Workspace.objects.get()
client = Client.unscoped.create(
    workspace=where, slug="lune", reference="C-1", name="Bistro Lune", created_at=clock.now())
with acting_in(where.pk):
    for language in ("en", "hr", "hr"):
        request_final_report(client=client, first=date(2025, 3, 1), last=date(2025, 6, 1),
                             language=language, once_key=language, now=clock.now(), by=None)
until = time.monotonic() + 60
while time.monotonic() < until and Job.unscoped.filter(state__in=Job.OPEN).exists():
    time.sleep(0.1)
print(json.dumps([list(Job.unscoped.values_list("state", "attempts", "error")),
                  Document.unscoped.count()]))
"""


def test_the_worker_is_told_at_once(own_desk: Desk) -> None:
    own_desk.manage("create_workspace", "studio", "--owner", "jana@studio.example")
    worker = own_desk.worker()
    told = own_desk.manage("shell", "-c", ASK_AND_WAIT).stdout.strip().splitlines()[-1]
    assert json.loads(told) == [[["done", 1, ""]] * 2, 2], own_desk.output(worker)
