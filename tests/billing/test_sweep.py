"""The sweep: each rung once, never early, whatever else fails or runs at the same time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest

from billing.models import Invoice, Step
from billing.operations.ladder import start_ladder
from billing.operations.letters import enqueue_steps
from billing.operations.sweep import climb_due
from billing.operations.sweeping import sweep_all
from billing.queries.settings import stale_since
from clientdesk.outbox.models import Message, Part
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client
from tests.billing import desk
from tests.billing.desk import ACTOR, MINUTE, NOW, TODAY, days, morning
from tests.outbox.mailserver import MailServer

SWEEP = "billing.operations.sweep"
OFFSETS = {"reminder": 3, "stop_work": 10, "final": 20}


def test_a_thousand_sweeps_are_one_message(at: Workspace, lune: Client, server: MailServer) -> None:
    invoice = desk.invoice(lune)
    start = morning(TODAY + days(3))
    for minute in range(500):
        climb_due(workspace=at, now=start + minute * MINUTE)
    desk.send(TODAY + days(3))
    for minute in range(500):
        climb_due(workspace=at, now=start + (500 + minute % 300) * MINUTE)
    desk.send(TODAY + days(3))
    assert [message.steps for message in server.received()] == [[f"{invoice.number}/reminder"]]
    assert Part.objects.count() == Message.objects.count() == Step.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("other_connections_closed")
def test_two_sweeps_at_once_climb_each_rung_once() -> None:
    workspace = desk.workspace()
    with acting_in(workspace.pk):
        desk.ladder(workspace)
        clients = [desk.client(workspace, f"C{n}", email=f"c{n}@x.example") for n in range(4)]
        invoices = [desk.invoice(client) for client in clients for _ in range(3)]

    def work(number: int) -> int:
        with acting_in(workspace.pk):
            result = desk.sweep(workspace, TODAY + days(3))
            assert not result.failed
            return result.queued

    queued = desk.at_once(2, work)
    with acting_in(workspace.pk):
        assert sum(queued) == len(invoices) == Step.objects.count() == Part.objects.count()
        assert Message.objects.count() == len(clients)


@pytest.mark.parametrize("rung", OFFSETS)
def test_no_rung_goes_out_before_its_day(
    at: Workspace, lune: Client, server: MailServer, rung: str
) -> None:
    invoice = desk.invoice(lune)
    earlier = 0
    for name, offset in OFFSETS.items():
        for day in range(earlier, offset):
            desk.day_passes(at, TODAY + days(day))
            assert not Step.objects.filter(invoice=invoice, rung=name).exists()
        desk.day_passes(at, TODAY + days(offset))
        assert desk.step(invoice, name).climbed_on == TODAY + days(offset)
        if name == rung:
            break
        earlier = offset
    assert server.received()[-1].steps == [f"{invoice.number}/{rung}"]


def test_one_failing_invoice_leaves_the_others_climbed(
    at: Workspace, lune: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoices = [desk.invoice(lune) for _ in range(5)]
    poison = invoices[2]

    def poisoned(*, steps: Sequence[Step], **rest: Any) -> int:
        if any(step.invoice_id == poison.pk for step in steps):
            raise ZeroDivisionError("a poison row")
        return enqueue_steps(steps=steps, **rest)

    monkeypatch.setattr(f"{SWEEP}.enqueue_steps", poisoned)
    result = desk.sweep(at, TODAY + days(3))
    assert (result.queued, result.failed) == (4, [poison.pk])
    assert set(Step.objects.values_list("invoice_id", flat=True)) == {
        invoice.pk for invoice in invoices if invoice != poison
    }
    monkeypatch.undo()
    assert desk.sweep(at, TODAY + days(3)).queued == 1


def test_one_failing_workspace_leaves_the_others_swept(
    at: Workspace, lune: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.invoice(lune)
    other = desk.workspace("other")
    with acting_in(other.pk):
        desk.invoice(desk.client(other))

    def broken(workspace: Workspace, *, now: datetime) -> object:
        if workspace == at:
            raise ZeroDivisionError
        return stale_since(workspace, now=now)

    monkeypatch.setattr(f"{SWEEP}.stale_since", broken)
    results = sweep_all(now=morning(TODAY + days(5)))
    assert list(results) == ["other"]


def test_without_a_due_day_nothing_is_climbed(at: Workspace, lune: Client) -> None:
    invoice = desk.imported(lune, "A-1", due_on=None)
    start_ladder(invoices=[invoice], on=TODAY, now=NOW, actor=ACTOR)
    for day in (0, 30, 300):
        desk.day_passes(at, TODAY + days(day))
    assert not Step.objects.exists()


def test_what_was_imported_stands_still_until_it_is_started(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    invoice = desk.imported(lune, "A-1", due_on=TODAY - days(40))
    desk.day_passes(at, TODAY)
    assert not Step.objects.exists()
    assert start_ladder(invoices=[invoice], on=TODAY, now=NOW, actor=ACTOR) == [invoice]
    assert start_ladder(invoices=[invoice], on=TODAY, now=NOW, actor=ACTOR) == []
    desk.day_passes(at, TODAY)
    assert [message.steps for message in server.received()] == [["A-1/reminder"]]
    for day in range(1, 7):
        desk.day_passes(at, TODAY + days(day))
    assert len(server.received()) == 1
    desk.day_passes(at, TODAY + days(7))
    assert server.received()[-1].steps == ["A-1/stop_work"]


def test_after_downtime_the_next_rung_goes_once_and_the_rest_follow_at_their_distance(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    invoice = desk.invoice(lune)
    for day in range(60, 90):
        desk.day_passes(at, TODAY + days(day))
    assert [message.steps for message in server.received()] == [
        [f"{invoice.number}/{rung}"] for rung in OFFSETS
    ]
    climbed = Step.objects.order_by("climbed_on").values_list("climbed_on", flat=True)
    assert list(climbed) == [TODAY + days(n) for n in (60, 67, 77)]


def test_a_client_gets_one_message_a_day_however_many_invoices(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    invoices = [desk.invoice(lune) for _ in range(3)]
    desk.day_passes(at, TODAY + days(3))
    (message,) = server.received()
    assert sorted(message.steps) == sorted(f"{invoice.number}/reminder" for invoice in invoices)


def test_a_settled_or_void_invoice_is_not_planned(at: Workspace, lune: Client) -> None:
    invoice = desk.invoice(lune)
    Invoice.objects.filter(pk=invoice.pk).update(state=Invoice.State.VOID)
    assert desk.sweep(at, TODAY + days(3)).queued == 0
    invoice.refresh_from_db()
    assert invoice.next_step_on is None
