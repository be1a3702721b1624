"""The mail server fails at each point of the conversation, in each manner, once.

Before its content has begun to leave a message is tried again, unless it was refused for good;
after the final dot only an answer tells. Nothing is at the server twice, and the others go on.
"""

from datetime import timedelta
from typing import Any

import pytest

from clientdesk.outbox.models import Message
from clientdesk.outbox.smtp import Lost, Session
from tests.faults import badserver
from tests.faults.badserver import BadServer, Fault
from tests.outbox import desk

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
BEFORE = ("mail", "rcpt", "data")
OPENING = ("greeting", "ehlo")
SILENT = ("hang", "drip", "drop", "nonsense")


def use(server: BadServer, settings: Any) -> None:
    settings.MAIL_IS_SET_UP = True
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_TIMEOUT = 1


def two_letters() -> None:
    jana = desk.workspace()
    for number, name in enumerate(("Bistro Lune", "Kafka Books")):
        desk.put(desk.client(jana, name), to=f"client{number}@example.com")


def passes(settings: Any, fault: Fault) -> tuple[BadServer, list[str], str]:
    """The first pass meets the fault, the later ones a good server; what it took, the states after
    the first pass, and the reason that the owner sees then."""
    two_letters()
    with badserver.running(fault) as server:
        use(server, settings)
        desk.send()
        states = desk.states()
        reason = next((m.reason for m in Message.unscoped.order_by("pk") if m.state != "sent"), "")
        for hours in range(1, 8):
            desk.send(desk.LATER + hours * HOUR)
    return server, states, reason


def each_once(server: BadServer) -> None:
    assert len(server.taken) == len(set(server.taken))


@pytest.mark.parametrize(
    "fault",
    [
        *(Fault(phase, manner) for phase in BEFORE for manner in ("421", "450", "452", *SILENT)),
        # The opening is about the session, not about a letter: even 5xx is tried again.
        *(Fault(phase, manner) for phase in OPENING for manner in ("421", "450", "554", *SILENT)),
        Fault("content", "450"),
        Fault("content", "451"),
        Fault("content", "421"),
    ],
    ids=str,
)
def test_what_the_server_does_not_have_is_tried_again(settings: Any, fault: Fault) -> None:
    server, states, reason = passes(settings, fault)
    if fault.phase == "ehlo" and fault.manner in ("450", "554", "nonsense"):
        assert states == ["sent", "sent"]  # it is greeted with HELO then, as older servers are
    else:
        assert "retry" in states
        assert set(states) <= {"retry", "sent"}
        assert reason
    assert desk.states() == ["sent", "sent"]
    each_once(server)
    assert len(server.taken) == 2


@pytest.mark.parametrize(
    "fault",
    [Fault(phase, "550") for phase in (*BEFORE, "content")] + [Fault("content", "554")],
    ids=str,
)
def test_what_is_refused_for_good_is_not_tried_again(settings: Any, fault: Fault) -> None:
    server, states, reason = passes(settings, fault)
    assert states == ["failed", "sent"]
    assert reason.startswith(fault.manner)
    assert desk.states() == ["failed", "sent"]
    assert len(server.taken) == 1


@pytest.mark.parametrize(
    "fault", [Fault("content", manner) for manner in SILENT] + [Fault("content", "354")], ids=str
)
def test_what_may_have_arrived_is_its_owners_to_decide(settings: Any, fault: Fault) -> None:
    server, states, reason = passes(settings, fault)
    assert states == ["uncertain", "sent"]
    assert reason
    assert desk.states() == ["uncertain", "sent"]
    each_once(server)
    assert len(server.taken) == 2


def test_a_server_that_does_not_read_on_leaves_it_unknown(settings: Any) -> None:
    """More than what the network between the two holds by itself: the time limit holds there."""
    content = b"Subject: long\r\n\r\n" + b"word " * 4_000_000
    with badserver.running(Fault("reading", "hang")) as server:
        use(server, settings)
        with Session() as session, pytest.raises(Lost, match="in time"):
            session.send(
                sender="jana@example.com",
                recipient="ana@example.com",
                content=content,
                reached=lambda point: None,
            )
    assert server.taken == []


@pytest.mark.parametrize("manner", ["421", "hang", "drop"])
def test_a_server_that_fails_for_hours_is_asked_a_few_times_only(
    settings: Any, manner: str
) -> None:
    """A pass over many letters does not wait out the time limit for each."""
    jana = desk.workspace()
    for number in range(40):
        desk.put(desk.client(jana, f"Client {number}"), to=f"client{number}@example.com")
    with badserver.running(Fault("mail", manner), times=1_000) as server:
        use(server, settings)
        assert desk.send().retry == 40
        assert 1_000 - server.times <= 8
        server.times = 0
        assert desk.send(desk.LATER + 2 * HOUR).sent == 40
    assert len(set(server.taken)) == len(server.taken) == 40
    assert set(desk.states()) == {"sent"}
