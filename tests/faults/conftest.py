"""A mail server of its own for each test: these tests log much, and kill what talks to it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.outbox import mailserver
from tests.outbox.mailserver import MailServer


@pytest.fixture
def server(tmp_path: Path, settings: Any) -> Iterator[MailServer]:
    with mailserver.running(tmp_path / "mail.log") as server:
        settings.MAIL_IS_SET_UP = True
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = 1
        yield server
