"""One mail server for all tests of the outbox; each test starts with its log empty."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.outbox import mailserver
from tests.outbox.mailserver import MailServer


@pytest.fixture(scope="session")
def _one_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    with mailserver.running(tmp_path_factory.mktemp("mail") / "mail.log") as server:
        yield server


@pytest.fixture
def server(_one_server: MailServer, settings: Any) -> MailServer:
    _one_server.log.unlink(missing_ok=True)
    settings.MAIL_IS_SET_UP = True
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", _one_server.port
    settings.EMAIL_TIMEOUT = 2
    settings.DEFAULT_FROM_EMAIL = "desk@jana.example"
    settings.BASE_URL = "https://desk.jana.example"
    return _one_server
