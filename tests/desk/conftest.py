"""What leaves in a test of the desk goes to a real mail server."""

from tests.outbox.conftest import _one_server, server

__all__ = ["_one_server", "server"]
