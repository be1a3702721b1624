"""What was done by hand is taken back: from the message right after it, and from Activity."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser

from billing.models import Hold
from clientdesk.desk.operations.undoing import UNDOS, NotUndoable, undo, undoable
from clientdesk.record.models import Entry
from clientdesk.workspaces.access import Role
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client, Dismissal, Interaction
from clients.operations.dismissals import dismiss
from tests.desk.world import NOW, World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world("own")


@pytest.fixture
def visitor(world: World) -> Browser:
    visitor = Browser()
    visitor.force_login(world.owner)
    return visitor


def newest(kind: str) -> Entry:
    entry = Entry.unscoped.filter(kind=kind).order_by("-seq").first()
    assert entry is not None
    return entry


def address(entry: Entry) -> str:
    return f"/w/own/activity/{entry.pk}/undo/"


@time_machine.travel(NOW, tick=False)
def test_the_message_after_an_archive_brings_the_client_back(
    world: World, visitor: Browser
) -> None:
    path = f"/w/own/clients/{world.client.slug}/archive/"
    page = visitor.post(path, {"do": "archive"}, follow=True).content.decode()
    entry = newest("client.archived")
    assert f'action="{address(entry)}"' in page
    answer = visitor.post(address(entry))
    assert answer["Location"] == f"/w/own/clients/{world.client.slug}/"
    assert Client.unscoped.get(pk=world.client.pk).archived_at is None
    assert newest("client.returned").seq > entry.seq
    page = visitor.post(address(entry), follow=True).content.decode()
    assert "This cannot be undone any more." in page


@time_machine.travel(NOW, tick=False)
def test_a_follow_up_is_open_again(world: World, visitor: Browser) -> None:
    followed = Interaction.unscoped.get(pk=world.kwargs["clients:follow_up"]["pk"])  # type: ignore[misc]
    visitor.post(f"/w/own/follow-ups/{followed.pk}/", {"do": "done"})
    page = visitor.get("/w/own/activity/").content.decode()
    assert address(newest("followup.done")) in page
    visitor.post(address(newest("followup.done")), {"activity": "1"})
    followed.refresh_from_db()
    assert followed.follow_up_done_at is None
    page = visitor.get("/w/own/activity/").content.decode()
    assert "To be followed up after all" in page
    assert address(newest("followup.done")) not in page


@time_machine.travel(NOW, tick=False)
def test_a_hold_is_lifted(world: World, visitor: Browser) -> None:
    entry = newest("hold.begun")
    visitor.post(address(entry))
    hold = Hold.unscoped.get()
    assert hold.lifted_at == NOW
    assert newest("hold.lifted").seq > entry.seq


@time_machine.travel(NOW, tick=False)
def test_a_pattern_stands_again(world: World, visitor: Browser) -> None:
    with acting_in(world.workspace.pk):
        dismiss(
            client=world.client,
            finding="unresponsive",
            facts="request:1",
            reason="on holiday",
            author=world.owner,
            now=NOW,
            actor="system",
        )
    visitor.post(address(newest("finding.dismissed")))
    assert Dismissal.unscoped.get().withdrawn_at == NOW


def test_after_thirty_days_it_stands_as_it_is(world: World) -> None:
    entry = newest("hold.begun")
    with acting_in(world.workspace.pk):
        assert undoable([entry], now=NOW + timedelta(days=30)) == {entry.seq}
        late = NOW + timedelta(days=30, seconds=1)
        with pytest.raises(NotUndoable):
            undo(entry=entry, now=late, actor="system")


def test_what_went_out_is_not_undone(world: World) -> None:
    with acting_in(world.workspace.pk):
        done = undoable(Entry.objects.with_content(), now=NOW)
        kinds = set(Entry.objects.filter(seq__in=done).values_list("kind", flat=True))
    assert kinds <= UNDOS.keys()
    assert not {"invoice.issued", "payment.recorded", "message.sent"} & UNDOS.keys()


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize("role", [Role.VIEWER, Role.BOOKKEEPER])
def test_who_may_not_change_may_not_undo(world: World, role: Role) -> None:
    visitor = Browser()
    visitor.force_login(world.member(role))
    assert visitor.post(address(newest("hold.begun"))).status_code == 403
    assert Hold.unscoped.get().lifted_at is None
