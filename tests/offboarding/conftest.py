"""Every test acts in one workspace with one client; what leaves goes to a real mail server."""

from tests.billing.conftest import at, lune
from tests.outbox.conftest import _one_server, server

__all__ = ["_one_server", "at", "lune", "server"]
