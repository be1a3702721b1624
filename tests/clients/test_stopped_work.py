"""Work that rests: a reason for what is done all the same, and deliveries that move."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from clientdesk.record.models import Entry
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client, Interaction, Project, Stop
from clients.operations import interactions, stops, work
from clients.queries import deliveries
from tests.desk.world import make_client, make_workspace

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 5, 14, 9, 0, tzinfo=UTC)
TODAY = date(2025, 5, 14)


@pytest.fixture
def client() -> Iterator[Client]:
    workspace, _ = make_workspace("own")
    with acting_in(workspace.pk):
        yield make_client(workspace)


def project_of(client: Client, name: str = "Launch") -> Project:
    return work.save_project(
        client=client,
        project=None,
        fields={
            "name": name,
            "started_on": TODAY - timedelta(days=30),
            "delivery_on": TODAY + timedelta(days=30),
        },
        now=NOW,
        actor="system",
    )


def stop(client: Client, *, on: date, project: Project | None = None) -> Stop:
    return stops.begin_stop(
        client=client, project=project, reason="other", cause="x", on=on, now=NOW, actor="system"
    )


def log(client: Client, **more: Any) -> Interaction:
    said: dict[str, Any] = {"kind": "work", "happened_at": NOW, "summary": "cut the reel"}
    return interactions.log_interaction(client=client, now=NOW, actor="system", **{**said, **more})


def test_work_of_a_stopped_day_says_why(client: Client) -> None:
    stop(client, on=TODAY)
    with pytest.raises(interactions.WorkIsStopped):
        log(client, body="a long text is no reason")
    assert log(client, kind="call").despite_stop == ""
    assert log(client, happened_at=NOW - timedelta(days=1)).despite_stop == ""
    done = log(client, despite_stop=" the site was down ")
    assert done.despite_stop == "the site was down"
    content = Entry.objects.of_subject(f"interaction:{done.pk}").with_content().get().content
    assert "the site was down" in content.content


def test_a_stop_of_one_project_leaves_other_work_alone(client: Client) -> None:
    launch, other = project_of(client), project_of(client, "Care")
    stop(client, on=TODAY, project=launch)
    with pytest.raises(interactions.WorkIsStopped):
        log(client, project=launch)
    assert log(client, project=other).despite_stop == ""


def test_an_entry_that_becomes_work_of_a_stopped_day_says_why(client: Client) -> None:
    stop(client, on=TODAY)
    note = log(client, kind="note")
    change: dict[str, Any] = {"interaction": note, "now": NOW, "actor": "system"}
    with pytest.raises(interactions.WorkIsStopped):
        interactions.change_interaction(fields={"kind": "work"}, **change)
    interactions.change_interaction(fields={"kind": "work", "despite_stop": "urgent"}, **change)
    note.refresh_from_db()
    assert (note.kind, note.despite_stop) == ("work", "urgent")


def test_a_delivery_moves_by_the_working_days_that_rested(
    client: Client,
) -> None:
    """PEER-FAILURES 15: two stops over the same days move it once."""
    launch = project_of(client)
    begun_on = TODAY - timedelta(days=7)
    ended = [stop(client, on=begun_on), stop(client, on=begun_on, project=launch)]
    running = deliveries([launch], today=TODAY)[launch.pk]
    assert running.days == 6  # Wednesday to Wednesday, today included
    for one in ended:
        stops.end_stop(stop=one, on=TODAY, reason="paid", now=NOW, actor="system")
    launch.refresh_from_db()
    after = deliveries([launch], today=TODAY + timedelta(days=20))[launch.pk]
    assert (after.days, after.expected) == (5, launch.forecast_on)
    assert Entry.objects.filter(kind="project.moved").count() == 2  # it had moved by 6, then by 5
