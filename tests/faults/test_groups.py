"""Messages begin in groups (docs/adr/0005): what holds for one holds for each of many."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from clientdesk.outbox.models import Message
from clients.models import Client
from tests.outbox import desk, mailserver
from tests.outbox.mailserver import MailServer

pytestmark = pytest.mark.django_db(transaction=True)

NEXT_HOUR = desk.LATER + timedelta(hours=1)
LETTERS = 12
# The groups are 1, 4 and 7 letters. Point, how often it was reached, how many were on their way.
KILLS = [
    ("put_together", 2, 1),
    ("turn.written", 2, 1),
    ("turn.committed", 2, 4),
    ("envelope", 2, 4),
    ("data", 3, 4),
    ("content", 4, 4),
    ("reply", 5, 4),
    ("turn.written", 3, 4),
    ("turn.committed", 3, 7),
    ("content", 12, 7),
    ("turn.written", 4, 7),
    ("turn.committed", 4, 0),
]


@pytest.fixture
def server(tmp_path: Path, settings: Any) -> Iterator[MailServer]:
    with mailserver.running(tmp_path / "mail.log", pipelining=True) as server:
        settings.MAIL_IS_SET_UP = True
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = 2
        yield server


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups grow as with a fast server, however busy this machine is."""
    monkeypatch.setattr("clientdesk.outbox.pace.SPAN", 1_000)


def put(*addresses: str) -> list[Client]:
    jana = desk.workspace()
    clients = [desk.client(jana, f"Client {number}") for number in range(len(addresses))]
    for client, address in zip(clients, addresses, strict=True):
        desk.put(client, to=address)
    return clients


def on_point(point: str, occurrence: int, act: Callable[[], object]) -> Callable[[str], None]:
    reached = 0

    def checkpoint(name: str) -> None:
        nonlocal reached
        reached += name == point
        if name == point and reached == occurrence:
            act()

    return checkpoint


@pytest.mark.parametrize(("point", "occurrence", "unknown"), KILLS)
def test_killed_in_a_group_only_what_had_begun_is_uncertain(
    server: MailServer, fast: None, point: str, occurrence: int, unknown: int
) -> None:
    clients = put(*[f"client{number}@example.com" for number in range(LETTERS)])

    killed = desk.in_processes(desk.deliver_until(point, occurrence))
    desk.send(NEXT_HOUR)
    desk.send(NEXT_HOUR)

    assert killed == [-9]
    arrived = server.addresses()
    assert len(arrived) == len(set(arrived))
    assert desk.states().count("uncertain") == unknown
    assert desk.states().count("sent") == LETTERS - unknown
    sent = Message.unscoped.filter(state="sent").values_list("to_email", flat=True)
    assert set(sent) <= set(arrived)
    words = sorted(line.split()[0] for client in clients for line in desk.diary(client))
    assert words == sorted(desk.states())


def test_what_a_slow_server_leaves_of_a_group_can_still_be_stopped(
    server: MailServer, fast: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = put("a@example.com", "slow-data@example.com", "c@example.com", "d@example.com")

    def pay() -> None:
        assert desk.states() == ["sent", "sending", "sending", "sending"]
        Client.unscoped.filter(pk=clients[3].pk).update(archived_at=desk.MORNING)

    monkeypatch.setattr("clientdesk.outbox.delivery.checkpoint", on_point("reply", 2, pay))
    result = desk.send()

    assert (result.sent, result.suppressed) == (3, 1)
    assert desk.states() == ["sent", "sent", "sent", "suppressed"]
    assert server.addresses() == ["a@example.com", "slow-data@example.com", "c@example.com"]
    assert set(Message.unscoped.values_list("attempts", flat=True)) == {0, 1}


@pytest.mark.parametrize(
    ("address", "state"),
    [
        ("drop@example.com", "retry"),
        ("drop-data@example.com", "uncertain"),
        ("lose-data@example.com", "uncertain"),
        ("goodbye@example.com", "retry"),
        ("later@example.com", "retry"),
        ("never@example.com", "failed"),
        ("never-data@example.com", "failed"),
    ],
)
def test_one_that_fails_in_a_group_takes_no_other_along(
    server: MailServer, fast: None, address: str, state: str
) -> None:
    put("a@example.com", "b@example.com", address, "d@example.com", "e@example.com")

    result = desk.send()

    assert result.sent == 4
    assert desk.states() == ["sent", "sent", state, "sent", "sent"]
    assert list(Message.unscoped.values_list("attempts", flat=True)) == [1] * 5
    others = [one for one in server.addresses() if one != address]
    assert others == ["a@example.com", "b@example.com", "d@example.com", "e@example.com"]


def test_poison_in_a_group_is_told_apart(server: MailServer, fast: None) -> None:
    """PEER-FAILURES 6: one bad record does not stop the rest."""
    clients = put(*[f"client{number}@example.com" for number in range(LETTERS)])
    for number, note in {3: "explode", 7: "line\nbreak"}.items():
        Client.unscoped.filter(pk=clients[number].pk).update(note=note)
    result = desk.send()
    assert (result.sent, result.retry, result.failed) == (LETTERS - 2, 1, 1)
    assert len(server.addresses()) == LETTERS - 2


def test_an_outcome_that_cannot_be_noted_is_uncertain_alone(
    server: MailServer, fast: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = put(*[f"client{number}@example.com" for number in range(5)])
    told = desk.AboutClients.sent

    def sent(self: desk.AboutClients, parts: Any, *, now: Any) -> None:
        if any(part.facts["client"] == clients[2].pk for part in parts):
            raise ZeroDivisionError("its kind cannot be told")
        told(self, parts, now=now)

    monkeypatch.setattr(desk.AboutClients, "sent", sent)
    result = desk.send()
    assert (result.sent, result.uncertain) == (4, 1)
    assert desk.states() == ["sent", "sent", "uncertain", "sent", "sent"]
    assert [desk.diary(client) for client in clients].count(["sent invoice"]) == 4


def test_a_workspace_paused_in_a_group_sends_no_further_group(
    server: MailServer, fast: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = put(*[f"client{number}@example.com" for number in range(LETTERS)])
    jana = clients[0].workspace

    def pause() -> None:
        type(jana).objects.filter(pk=jana.pk).update(sending_paused=True)

    monkeypatch.setattr("clientdesk.outbox.delivery.checkpoint", on_point("reply", 2, pause))
    desk.send()
    assert desk.states() == ["sent"] * 5 + ["queued"] * 7
    assert len(server.addresses()) == 5
