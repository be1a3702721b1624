"""What went wrong with reminders elsewhere, for answers: numbered as in test_peer_failures."""

import pytest

from clientdesk.calendars import add_working_days
from clientdesk.workspaces.models import Workspace
from clients.models import Client
from feedback.models import AnswerStep
from feedback.operations.nudging import nudge
from feedback.operations.sweeping import sweep_all
from tests.billing.desk import ACTOR, TODAY, at_once, days, morning, send
from tests.feedback.clock_desk import answered
from tests.feedback.ladder_desk import (
    RUNGS,
    asked,
    climbed,
    day_passes,
    ladder,
    pass_days,
    steps_of,
)
from tests.outbox.mailserver import MailServer

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_01_duplicates(server: MailServer, at: Workspace, lune: Client) -> None:
    """Swept again and again, and by two workers at once: one message for each rung of a round."""
    logo = asked(lune)
    now = morning(TODAY + days(1))
    for _ in range(50):
        sweep_all(now=now)
    at_once(2, lambda _: sweep_all(now=now))
    at_once(2, lambda _: send(TODAY + days(1)))
    assert steps_of(server) == [f"r{logo.pk}/kind"]
    assert AnswerStep.unscoped.filter(rung="kind").count() == 1


def test_02_missed_days(lune: Client, server: MailServer) -> None:
    """After days without a worker the next rung goes once; none counts as sent without a letter."""
    logo = asked(lune)
    day_passes(TODAY + days(20))
    assert steps_of(server) == [f"r{logo.pk}/kind"]
    assert list(climbed(logo)) == ["kind"]


def test_03_wrong_trigger(lune: Client, server: MailServer) -> None:
    """A reminder sent by hand brings no rung before its day."""
    logo = asked(lune, answer_by=TODAY + days(9))
    nudge(request=logo, on=TODAY, now=morning(TODAY), actor=ACTOR)
    pass_days(0, 1)
    assert len(server.received()) == 1
    assert steps_of(server) == []


def test_04_reminded_though_answered(lune: Client, server: MailServer) -> None:
    """An answer between queueing and sending stops the letter, and the reason is kept."""
    logo = asked(lune)
    sweep_all(now=morning(TODAY + days(1)))
    answered(logo, TODAY + days(1))
    send(TODAY + days(1))
    assert server.received() == []
    assert AnswerStep.objects.get(rung="kind").reason


@pytest.mark.parametrize("offset", [-5, -2, 1, 4, 9, 30])
def test_06_sign_error(at: Workspace, lune: Client, server: MailServer, offset: int) -> None:
    """A rung never goes before its working day, counted from the day of the answer."""
    ladder(at, f"note:{offset}")
    logo = asked(lune, asked_on=TODAY - days(30), answer_by=TODAY)
    pass_days(-20, 60)
    on = climbed(logo)["note"]
    assert on == add_working_days(TODAY, offset, "HR")


def test_all_rungs_keep_their_order(lune: Client, server: MailServer) -> None:
    logo = asked(lune)
    pass_days(-7, 30)
    assert list(climbed(logo)) == RUNGS
