"""Every test acts in one workspace with one client; what leaves goes to a real mail server."""

from collections.abc import Iterator

import pytest

from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client
from tests.billing import desk
from tests.outbox.conftest import _one_server, server

__all__ = ["_one_server", "server"]


@pytest.fixture
def at(db: None) -> Iterator[Workspace]:
    workspace = desk.workspace()
    with acting_in(workspace.pk):
        desk.ladder(workspace)
        yield workspace


@pytest.fixture
def lune(at: Workspace) -> Client:
    return desk.client(at)
