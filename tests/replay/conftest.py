from tests.outbox.conftest import _one_server, server

__all__ = ["_one_server", "server"]
