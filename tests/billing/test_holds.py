"""A dispute, a promise, a pause: nothing goes out, and the climb goes on where it was."""

import pytest

from billing.models import Hold, Invoice, Step
from billing.operations.holds import HoldOver, HoldRefused, hold_ladder, lift_hold
from billing.operations.ladder import StepHeld, approve_step
from clientdesk.outbox.models import Message
from clientdesk.workspaces.models import Workspace
from clients.models import Client
from tests.billing import desk
from tests.billing.desk import ACTOR, NOW, TODAY, days, morning
from tests.outbox.mailserver import MailServer


def hold(of: Invoice, first: int, until: int | None, *, kind: str = "pause") -> Hold:
    return hold_ladder(
        client=of.client,
        invoice=of,
        kind=kind,
        first=TODAY + days(first),
        until=None if until is None else TODAY + days(until),
        reason="they said so",
        now=morning(TODAY + days(first)),
        actor=ACTOR,
    )


def steps_on(server: MailServer) -> list[str]:
    return [step.partition("/")[2] for message in server.received() for step in message.steps]


def test_a_promise_suspends_until_its_day_and_the_climb_goes_on(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    invoice = desk.invoice(lune)
    hold(invoice, 1, 5, kind="promise")
    invoice.refresh_from_db()
    assert invoice.next_step_on == TODAY + days(6)
    for day in range(6):
        desk.day_passes(at, TODAY + days(day))
    assert server.received() == []
    desk.day_passes(at, TODAY + days(6))
    assert steps_on(server) == ["reminder"]
    # The next rung keeps its distance from the day the letter really went.
    invoice.refresh_from_db()
    assert invoice.next_step_on == TODAY + days(13)


def test_a_dispute_has_no_end_until_it_is_lifted(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    invoice = desk.invoice(lune)
    dispute = hold(invoice, 0, None, kind="dispute")
    for day in range(0, 60, 10):
        desk.day_passes(at, TODAY + days(day))
    assert not Step.objects.exists()
    later = TODAY + days(61)
    lift_hold(hold=dispute, reason="settled", now=morning(later), actor=ACTOR)
    desk.day_passes(at, later)
    assert steps_on(server) == ["reminder"]
    with pytest.raises(HoldOver):
        lift_hold(hold=dispute, reason="again", now=morning(later), actor=ACTOR)


def test_a_letter_in_the_outbox_is_stopped_and_goes_after_the_hold(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    """PEER-FAILURES 4: what changes between queueing and sending suppresses, and says why."""
    invoice = desk.invoice(lune)
    desk.sweep(at, TODAY + days(3))
    hold(invoice, 3, 4)
    desk.send(TODAY + days(3))
    assert server.received() == []
    assert desk.step(invoice).state == Step.State.SUPPRESSED
    assert "held since" in Message.objects.get().reason
    desk.day_passes(at, TODAY + days(4))
    assert server.received() == []
    desk.day_passes(at, TODAY + days(5))
    assert steps_on(server) == ["reminder"]
    assert desk.step(invoice).attempt == 2


def test_a_clients_hold_is_for_all_its_invoices_and_for_no_other_client(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    desk.invoice(lune)
    desk.invoice(lune)
    other = desk.invoice(desk.client(at, "Marek", email="marek@example.com"))
    hold_ladder(
        client=lune, kind="pause", first=TODAY, until=None, reason="ill", now=NOW, actor=ACTOR
    )
    desk.day_passes(at, TODAY + days(3))
    assert [message.steps for message in server.received()] == [[f"{other.number}/reminder"]]


def test_what_waits_for_review_cannot_go_out_while_held(at: Workspace, lune: Client) -> None:
    desk.ladder(at, "reminder:3:review")
    invoice = desk.invoice(lune)
    desk.sweep(at, TODAY + days(3))
    held = hold(invoice, 3, None)
    with pytest.raises(StepHeld):
        approve_step(step=desk.step(invoice), now=morning(TODAY + days(3)), actor=ACTOR)
    lift_hold(hold=held, reason="", now=morning(TODAY + days(3)), actor=ACTOR)
    approved = approve_step(step=desk.step(invoice), now=morning(TODAY + days(3)), actor=ACTOR)
    assert approved.state == Step.State.QUEUED


def test_the_same_hold_twice_is_one(lune: Client) -> None:
    invoice = desk.invoice(lune)
    assert hold(invoice, 0, 5) == hold(invoice, 0, 5)


@pytest.mark.parametrize(
    ("kind", "until", "words"),
    [("promise", None, "until: nothing"), ("pause", -1, "or later"), ("nap", 1, "why: 'nap'")],
)
def test_a_hold_that_cannot_be_names_what_was_expected(
    lune: Client, kind: str, until: int | None, words: str
) -> None:
    with pytest.raises(HoldRefused, match=words):
        hold(desk.invoice(lune), 0, until, kind=kind)
    assert not Hold.objects.exists()
