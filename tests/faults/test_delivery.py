"""Delivery with real processes and a real SMTP server, killed, refused, cut off and raced.

What must hold after any of it: the server has no letter twice, and every letter is accounted for.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from clientdesk.outbox.models import Message
from clientdesk.outbox.states import State
from tests.outbox import desk, mailserver
from tests.outbox.mailserver import MailServer

pytestmark = pytest.mark.django_db(transaction=True)

NEXT_HOUR = desk.LATER + timedelta(hours=1)
# In the order in which a pass over two letters comes to them.
POINTS = [
    ("claim", 1),
    ("claimed", 1),
    ("put_together", 1),
    ("turn.written", 1),
    ("turn.committed", 1),
    ("envelope", 1),
    ("data", 1),
    ("content", 1),
    ("reply", 1),
    ("turn.written", 2),
    ("turn.committed", 2),
    ("reply", 2),
    ("turn.written", 3),
    ("turn.committed", 3),
]
# From the commit of "sending" to the commit of "sent" a letter's fate is not known.
UNKNOWN = {
    ("turn.committed", 1),
    ("envelope", 1),
    ("data", 1),
    ("content", 1),
    ("reply", 1),
    ("turn.written", 2),
    ("turn.committed", 2),
    ("reply", 2),
    ("turn.written", 3),
}


@pytest.fixture(params=[False, True], ids=["in-turns", "pipelining"])
def server(request: pytest.FixtureRequest, tmp_path: Path, settings: Any) -> Iterator[MailServer]:
    with mailserver.running(tmp_path / "mail.log", pipelining=request.param) as server:
        settings.MAIL_IS_SET_UP = True
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = 1
        yield server


@pytest.mark.parametrize("point", POINTS, ids=lambda point: f"{point[0]}-{point[1]}")
def test_killed_anywhere_nothing_goes_out_twice_and_nothing_is_lost(
    server: MailServer, point: tuple[str, int]
) -> None:
    jana = desk.workspace()
    letters = [desk.client(jana, name) for name in ("Bistro Lune", "Kafka Books")]
    for number, client in enumerate(letters):
        desk.put(client, to=f"client{number}@example.com")

    killed = desk.in_processes(desk.deliver_until(*point))
    desk.send(desk.LATER)
    desk.send(NEXT_HOUR)
    desk.send(NEXT_HOUR)

    assert killed == [-9]
    arrived = server.addresses()
    assert len(arrived) == len(set(arrived))
    uncertain = int(point in UNKNOWN)
    assert sorted(desk.states()) == sorted(["sent"] * (2 - uncertain) + ["uncertain"] * uncertain)
    sent = Message.unscoped.filter(state=State.SENT).values_list("to_email", flat=True)
    assert set(sent) <= set(arrived)
    words = sorted(line.split()[0] for client in letters for line in desk.diary(client))
    assert words == sorted(desk.states())


def test_two_deliveries_at_once_share_the_work(server: MailServer) -> None:
    jana = desk.workspace()
    for number in range(120):
        desk.put(desk.client(jana, f"Client {number}"), to=f"client{number}@example.com")

    codes = desk.in_processes(*[lambda: desk.send()] * 3)

    assert codes == [0, 0, 0]
    assert sorted(server.addresses()) == sorted(f"client{n}@example.com" for n in range(120))
    assert desk.states() == ["sent"] * 120


def test_a_payment_during_delivery_stops_what_has_not_begun(server: MailServer) -> None:
    """A payment committed before `sending` stops the mail; the other process pays meanwhile."""
    jana = desk.workspace()
    clients = [desk.client(jana, f"Client {number}") for number in range(30)]
    for number, client in enumerate(clients):
        desk.put(client, to=f"client{number}@example.com")

    def pay_all() -> None:
        for client in reversed(clients):
            type(client).unscoped.filter(pk=client.pk).update(archived_at=desk.MORNING)

    assert desk.in_processes(lambda: desk.send(), pay_all) == [0, 0]

    assert set(desk.states()) <= {"sent", "suppressed"}
    assert desk.states().count("sent") == len(server.received())
    sent = {c.name for c in clients if desk.diary(c) == ["sent invoice"]}
    suppressed = {c.name for c in clients if desk.diary(c) == ["suppressed invoice"]}
    assert len(sent) == len(server.received())
    assert sent | suppressed == {client.name for client in clients}


@pytest.mark.parametrize("manner", ["later", "later-data"])
def test_a_soft_refusal_is_tried_again_with_growing_pauses_and_then_given_up(
    server: MailServer, manner: str
) -> None:
    client = desk.client(desk.workspace())
    desk.put(client, to=f"{manner}@example.com")
    now, pauses = desk.LATER, []
    while desk.send(now).retry:
        due = desk.message().not_before
        assert not desk.send(due - timedelta(seconds=1)).as_dict()["retry"]
        pauses.append(int((due - now).total_seconds()) // 60)
        now = due
    message = desk.message()
    assert pauses == [1, 5, 15, 60, 60, 60, 60]
    assert (message.state, message.attempts) == ("failed", 8)
    assert message.reason.startswith("45")
    assert desk.diary(client) == ["failed invoice"]
    assert server.received() == []


def test_a_soft_refusal_that_passes_is_sent_once(server: MailServer) -> None:
    client = desk.client(desk.workspace())
    desk.put(client, to="once@example.com")
    assert desk.send().retry == 1
    assert desk.send(NEXT_HOUR).sent == 1
    assert server.addresses() == ["once@example.com"]
    assert desk.diary(client) == ["sent invoice"]


@pytest.mark.parametrize("manner", ["never", "never-data"])
def test_a_hard_refusal_is_final_visible_and_stops_nobody_else(
    server: MailServer, manner: str
) -> None:
    """PEER-FAILURES 9: a letter that was refused is not called sent."""
    jana = desk.workspace()
    refused, other = desk.client(jana, "Refused"), desk.client(jana, "Other")
    desk.put(refused, to=f"{manner}@example.com")
    desk.put(other, to="other@example.com")
    desk.send()
    desk.send(NEXT_HOUR)
    assert desk.states() == ["failed", "sent"]
    assert Message.unscoped.get(state="failed").reason.startswith("55")
    assert desk.diary(refused) == ["failed invoice"]
    assert server.addresses() == ["other@example.com"]


@pytest.mark.parametrize("manner", ["hang", "drip", "drop", "goodbye"])
def test_a_session_that_breaks_before_the_content_is_tried_again(
    server: MailServer, manner: str
) -> None:
    jana = desk.workspace()
    desk.put(desk.client(jana, "Broken"), to=f"{manner}@example.com")
    desk.put(desk.client(jana, "Other"), to="other@example.com")
    result = desk.send()
    assert (result.retry, result.sent) == (1, 1)
    assert desk.states() == ["retry", "sent"]
    assert server.addresses() == ["other@example.com"]


@pytest.mark.parametrize("manner", ["hang-data", "drip-data", "drop-data", "lose-data"])
def test_a_session_that_breaks_after_the_content_leaves_it_to_the_owner(
    server: MailServer, manner: str
) -> None:
    jana = desk.workspace()
    client = desk.client(jana, "Broken")
    desk.put(client, to=f"{manner}@example.com")
    desk.put(desk.client(jana, "Other"), to="other@example.com")
    result = desk.send()
    for hours in range(1, 30):
        desk.send(desk.LATER + timedelta(hours=hours))
    assert (result.uncertain, result.sent) == (1, 1)
    assert desk.states() == ["uncertain", "sent"]
    assert desk.diary(client) == ["uncertain invoice"]
    taken = [] if manner == "lose-data" else [f"{manner}@example.com"]
    assert server.addresses() == [*taken, "other@example.com"]


def test_an_unreachable_server_keeps_everything_for_later(
    server: MailServer, settings: Any
) -> None:
    settings.EMAIL_PORT = 9
    desk.put(desk.client(desk.workspace()))
    for days in range(12):
        assert desk.send(desk.LATER + timedelta(days=days)).retry == 1
    assert "cannot be reached" in desk.message().reason
    settings.EMAIL_PORT = server.port
    assert desk.send(desk.LATER + timedelta(days=12)).sent == 1


def test_a_poison_row_leaves_the_others_sent(server: MailServer) -> None:
    """PEER-FAILURES 6: one bad record does not stop the rest."""
    jana = desk.workspace()
    for number, note in enumerate(["fine", "explode", "fine", "line\nbreak", "fine"]):
        client = desk.client(jana, f"Client {number}", note=note)
        desk.put(client, to=f"client{number}@example.com")
    desk.send()
    assert desk.states() == ["sent", "retry", "sent", "failed", "sent"]
    assert "a poison row" in Message.unscoped.get(state="retry").reason
    assert "line break" in Message.unscoped.get(state="failed").reason


def test_a_thousand_deliveries_send_one_message(server: MailServer) -> None:
    """PEER-FAILURES 1: a frequent scheduler sends no second letter."""
    client = desk.client(desk.workspace())
    for minute in range(0, 1000, 10):
        now = desk.MORNING + timedelta(minutes=minute)
        desk.put(client, now=now)
        desk.send(now)
    assert server.addresses() == ["ana@example.com"]
    assert desk.diary(client) == ["sent invoice"]
