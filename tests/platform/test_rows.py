"""Writing many rows at once stays inside the workspace."""

import pytest

from clientdesk.workspaces.rows import write_rows
from clientdesk.workspaces.scoping import OutsideWorkspace, acting_in
from clients.models import Client
from tests.outbox import desk

pytestmark = pytest.mark.django_db


def test_each_row_gets_its_own_values() -> None:
    jana = desk.workspace()
    clients = [desk.client(jana, name) for name in ("One", "Two", "Three")]
    for client in clients[:2]:
        client.note, client.archived_at = f"note of {client.name}", desk.LATER
        client.name = "not written"
    with acting_in(jana.pk):
        write_rows(clients[:2], ("note", "archived_at"))
    rows = Client.unscoped.order_by("pk").values_list("name", "note", "archived_at")
    assert list(rows) == [
        ("One", "note of One", desk.LATER),
        ("Two", "note of Two", desk.LATER),
        ("Three", "800 EUR", None),
    ]


def test_nothing_to_write_asks_for_no_workspace() -> None:
    write_rows([], ("note",))


def test_outside_a_workspace_nothing_is_written() -> None:
    client = desk.client(desk.workspace())
    with pytest.raises(OutsideWorkspace):
        write_rows([client], ("note",))


def test_another_workspaces_row_is_left_alone() -> None:
    jana, petra = desk.workspace(), desk.workspace("petra")
    foreign = desk.client(petra)
    foreign.note = "mine now"
    with acting_in(jana.pk):
        write_rows([foreign], ("note",))
    assert Client.unscoped.get(pk=foreign.pk).note == "800 EUR"
