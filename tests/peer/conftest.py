"""One workspace with one client, and a mail server of its own."""

from tests.billing.conftest import at, lune
from tests.faults.conftest import server

__all__ = ["at", "lune", "server"]
