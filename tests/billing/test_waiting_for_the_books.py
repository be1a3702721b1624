"""Automatic steps wait while nobody has looked at the bank, and say so."""

from billing.models import MoneySettings, Step
from billing.operations.payments import record_payment
from billing.queries.settings import stale_since
from clientdesk.workspaces.models import Workspace
from clients.models import Client
from tests.billing import desk
from tests.billing.desk import ACTOR, NOW, TODAY, days, morning


def test_while_the_books_are_stale_automatic_steps_wait(at: Workspace, lune: Client) -> None:
    MoneySettings.objects.create(workspace=at, stale_after_days=5)
    desk.ladder(at, "reminder:9,final:20")
    desk.invoice(lune)
    late = TODAY + days(9)
    assert stale_since(at, now=morning(late)) == TODAY
    result = desk.sweep(at, late)
    assert (result.queued, result.waiting) == (0, 1)
    MoneySettings.objects.update(books_checked_at=morning(late))
    result = desk.sweep(at, late)
    assert (result.queued, result.waiting) == (1, 0)


def test_what_the_owner_reads_first_comes_up_all_the_same(at: Workspace, lune: Client) -> None:
    MoneySettings.objects.create(workspace=at, stale_after_days=5)
    desk.ladder(at, "reminder:9:review")
    desk.invoice(lune)
    result = desk.sweep(at, TODAY + days(9))
    assert (result.review, result.waiting) == (1, 0)
    assert Step.objects.get().state == Step.State.REVIEW


def test_an_entered_payment_is_a_look_at_the_bank(at: Workspace, lune: Client) -> None:
    MoneySettings.objects.create(workspace=at, stale_after_days=5)
    record_payment(
        invoice=desk.invoice(lune),
        paid_on=TODAY,
        amount_minor=100,
        now=morning(TODAY + days(4)),
        actor=ACTOR,
    )
    assert stale_since(at, now=morning(TODAY + days(9))) is None
    assert stale_since(at, now=morning(TODAY + days(10))) == TODAY + days(4)


def test_without_a_limit_nothing_waits(at: Workspace) -> None:
    assert stale_since(at, now=NOW + days(1000)) is None
