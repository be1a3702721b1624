"""A worker killed at any point of making a document: it is made later, whole and once."""

import json
import signal
from pathlib import Path

from tests.processes import Desk

# Where the first worker dies: before the facts, before the pages, before the file, with the file
# written and no row, and with the row written and nothing committed.
POINTS = (
    "offboarding.operations.report.facts_of",
    "clientdesk.pdf.render_limited",
    "offboarding.tasks.store_final_report",
    "clientdesk.documents.operations.write_file",
    "clientdesk.record.operations.append",
)
BEGIN = """
import json
from clientdesk import clock
from clientdesk.documents.operations import request_job
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client
where = Workspace.objects.get()
client = Client.unscoped.create(
    workspace=where, slug="lune", reference="C-1", name="Bistro Lune", created_at=clock.now())
params = {"client": client.pk, "first": "2025-03-01", "last": "2025-06-01", "language": "hr"}
with acting_in(where.pk):
    jobs = [
        request_job(workspace_id=where.pk, kind="final_report", params=params, now=clock.now(),
                    created_by=None).pk
        for _ in range(%d)
    ]
print(json.dumps(jobs))
"""
DIE = """
import os, signal
from unittest.mock import patch
from clientdesk.documents.tasks import run_job
with patch({point!r}, side_effect=lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)):
    run_job({job})
"""
LATER = """
import json
from datetime import timedelta
from clientdesk import clock
from clientdesk.documents import jobs
from clientdesk.documents.models import Document, Job
from clientdesk.documents.operations import file_of
between = sorted(Job.unscoped.values_list("state", "attempts"))
before = Document.unscoped.count()
for _ in range(2):
    for job in {jobs}:
        jobs.run_job(job, lambda: clock.now() + timedelta(minutes=10))
documents = list(Document.unscoped.all())
print(json.dumps({{
    "between": between,
    "before": before,
    "states": sorted(Job.unscoped.values_list("state", "attempts")),
    "documents": len(documents),
    "of jobs": Job.unscoped.values("document").distinct().count(),
    "whole": [file_of(one).stat().st_size == one.size for one in documents],
}}))
"""


def last_line(output: str) -> object:
    return json.loads(output.strip().splitlines()[-1])


def test_a_killed_worker_costs_time_and_nothing_else(own_desk: Desk) -> None:
    own_desk.manage("create_workspace", "studio", "--owner", "jana@studio.example")
    begun = own_desk.manage("shell", "-c", BEGIN % len(POINTS))
    jobs = last_line(begun.stdout)
    assert isinstance(jobs, list)
    dying = [
        own_desk.start("manage.py", "shell", "-c", DIE.format(point=point, job=job))
        for job, point in zip(jobs, POINTS, strict=True)
    ]
    for process in dying:
        assert process.wait(timeout=120) == -signal.SIGKILL, own_desk.output(process)
    told = last_line(own_desk.manage("shell", "-c", LATER.format(jobs=jobs)).stdout)
    count = len(POINTS)
    assert told == {
        "between": [["running", 1]] * count,
        "before": 0,
        "states": [["done", 2]] * count,
        "documents": count,
        "of jobs": count,
        "whole": [True] * count,
    }
    own_desk.manage("verify_record", "--workspace", "studio")
    left = [path.name for path in Path(own_desk.data, "files").rglob(".new-*")]
    assert left == []
