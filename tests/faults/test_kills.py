"""Workers killed with SIGKILL in the middle of a sweep and a delivery, again and again.

What must hold: the mail server has each message and each rung at most once, and in the end every
invoice that was due is accounted for.
"""

import random
from collections import Counter
from datetime import timedelta

import pytest

from billing.models import Invoice, Step
from billing.operations.payments import record_payment
from clientdesk.outbox import pace
from clientdesk.outbox.models import Message, Part
from clientdesk.outbox.states import State
from clientdesk.record.verify import verify_record
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in
from tests.billing import desk
from tests.billing.desk import ACTOR, TODAY, days, morning
from tests.faults.crowd import KILLED, in_workers, kill_points, owing, work
from tests.outbox.mailserver import MailServer

pytestmark = pytest.mark.django_db(transaction=True)

DAY = TODAY + days(3)
ROUND = timedelta(minutes=11)  # longer than a worker may hold a message


def _pay_some(at: Workspace, chance: random.Random, count: int) -> None:
    """Money comes in for letters that wait."""
    with acting_in(at.pk):
        waiting = list(
            Invoice.objects.unpaid().filter(steps__state=Step.State.QUEUED).order_by("pk")
        )
        for invoice in chance.sample(waiting, min(count, len(waiting))):
            record_payment(
                invoice=invoice,
                paid_on=DAY,
                amount_minor=invoice.balance_minor,
                now=morning(DAY),
                actor=ACTOR,
            )


def _kill_again_and_again(
    server: MailServer, *, invoices: int, kills: int, most: int, seed: int
) -> None:
    at = desk.workspace()
    with acting_in(at.pk):
        desk.ladder(at)
    owing(at, invoices, due_on=TODAY)
    chance = random.Random(seed)
    now = morning(DAY)
    killed = 0
    for position, (event, before) in enumerate(kill_points(seed, kills, most=most)):
        works = [work(now, kill_at=event, before=before)]
        if position % 3 == 2:
            works.append(work(now, kill_at=event + 7, before=not before))
        codes = in_workers(works)
        assert set(codes) <= {0, KILLED}, f"kill {position} at {event}: {codes}"
        killed += codes.count(KILLED)
        _pay_some(at, chance, invoices // 100)
        now += ROUND
    assert killed >= kills
    assert in_workers([work(now), work(now)]) == [0, 0]
    assert in_workers([work(now + ROUND)]) == [0]
    _accounted(at, server, invoices=invoices, kills=kills * 2)


def _accounted(at: Workspace, server: MailServer, *, invoices: int, kills: int) -> None:
    received = server.received()
    ids = Counter(message.headers["Message-ID"] for message in received)
    steps = Counter(step for message in received for step in message.steps)
    assert [one for one, times in ids.items() if times > 1] == []
    assert [step for step, times in steps.items() if times > 1] == []

    with acting_in(at.pk):
        states = Counter(Message.objects.values_list("state", flat=True))
        assert set(states) <= {State.SENT, State.SUPPRESSED, State.UNCERTAIN}
        assert sum(states.values()) == invoices
        assert states[State.UNCERTAIN] <= kills * pace.MOST
        sent = set(Message.objects.in_state(State.SENT).values_list("message_id", flat=True))
        unsure = set(Message.objects.in_state(State.UNCERTAIN).values_list("message_id", flat=True))
        # What is called sent arrived, and what arrived is called sent or not sure.
        assert sent <= set(ids)
        assert set(ids) <= sent | unsure

        rungs = Counter(Step.objects.values_list("state", flat=True))
        assert sum(rungs.values()) == invoices == Part.objects.count()
        assert rungs[Step.State.SENT] == states[State.SENT]
        assert rungs[Step.State.STUCK] == states[State.UNCERTAIN]
        assert rungs[Step.State.SUPPRESSED] == states[State.SUPPRESSED]
        paid = Invoice.objects.exclude(settled_on=None).count()
        assert states[State.SUPPRESSED] <= paid
        assert not Invoice.objects.due_a_step(on=DAY).exists()
    assert verify_record(at.pk).ok


def test_four_kills_among_a_hundred_and_fifty_letters(server: MailServer) -> None:
    """PEER-FAILURES 1: killed anywhere, nothing goes out twice."""
    _kill_again_and_again(server, invoices=150, kills=4, most=300, seed=3)


@pytest.mark.soak
@pytest.mark.parametrize("seed", [1])
def test_twenty_kills_among_ten_thousand_letters(server: MailServer, seed: int) -> None:
    """PEER-FAILURES 1: killed anywhere, nothing goes out twice."""
    _kill_again_and_again(server, invoices=10_000, kills=20, most=20_000, seed=seed)
