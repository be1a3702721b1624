"""What goes into the outbox, and into which message."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from clientdesk.outbox.models import Message, Part
from clientdesk.outbox.operations import (
    Recipient,
    RecipientRefused,
    Wanted,
    enqueue_many,
)
from tests.outbox import desk

pytestmark = pytest.mark.django_db


def days() -> list[tuple[date, int]]:
    """Each message's day and how many parts it has."""
    return [(m.day, m.parts(manager="unscoped").count()) for m in Message.unscoped.order_by("pk")]


def test_a_key_is_enqueued_once_per_workspace() -> None:
    mine, other = desk.client(desk.workspace()), desk.client(desk.workspace("other"))
    part = desk.put(mine)
    assert part is not None
    assert desk.put(mine) is None
    assert desk.put(mine, now=desk.MORNING + timedelta(days=3)) is None
    other.pk, kept = mine.pk, other.pk
    assert desk.put(other) is not None
    assert kept != mine.pk
    assert part.facts == {"client": mine.pk, "about": "invoice", "tone": 1}
    assert part.facts_json == f'{{"about":"invoice","client":{mine.pk},"tone":1}}'


def test_automatic_parts_of_a_client_and_day_share_a_message() -> None:
    jana = desk.workspace()
    client, neighbour = desk.client(jana), desk.client(jana, "Kafka Books")
    for about in ("a", "b"):
        desk.put(client, about)
    desk.put(neighbour, "c")
    desk.put(client, "d", now=desk.MORNING + timedelta(days=1))
    today = date(2026, 5, 14)
    assert days() == [(today, 2), (today, 1), (today + timedelta(days=1), 1)]


def test_what_the_owner_sends_by_hand_goes_alone() -> None:
    client = desk.client(desk.workspace())
    for about in ("a", "b"):
        desk.put(client, about, automatic=False)
    assert days() == [(date(2026, 5, 14), 1)] * 2


@pytest.mark.parametrize("state", ["claimed", "sending", "sent", "failed", "uncertain"])
def test_a_message_in_hand_takes_no_more_parts_the_next_day_does(state: str) -> None:
    client = desk.client(desk.workspace())
    desk.put(client, "a")
    Message.unscoped.update(state=state)
    desk.put(client, "b")
    desk.put(client, "c")
    assert days() == [(date(2026, 5, 14), 1), (date(2026, 5, 15), 2)]
    tomorrow = Message.unscoped.latest("pk")
    # Seven in Zagreb, when the sending hours begin.
    assert tomorrow.not_before == datetime(2026, 5, 15, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize("state", ["suppressed", "cancelled"])
def test_a_message_that_never_went_leaves_the_day_free(state: str) -> None:
    client = desk.client(desk.workspace())
    desk.put(client, "a")
    Message.unscoped.update(state=state)
    desk.put(client, "b")
    assert days() == [(date(2026, 5, 14), 1)] * 2


def test_a_joining_part_has_its_minute_to_be_taken_back_and_its_address_holds() -> None:
    client = desk.client(desk.workspace())
    desk.put(client, "a", to="old@example.com")
    desk.put(client, "b", to="new@example.com", now=desk.MORNING + timedelta(seconds=40))
    message = desk.message()
    assert message.not_before == desk.MORNING + timedelta(seconds=100)
    assert message.to_email == "new@example.com"


@pytest.mark.parametrize(
    ("zone", "now", "day"),
    [
        ("Pacific/Auckland", datetime(2026, 5, 14, 12, 30, tzinfo=UTC), date(2026, 5, 15)),
        ("America/Los_Angeles", datetime(2026, 5, 14, 3, 30, tzinfo=UTC), date(2026, 5, 13)),
        # Nine in the evening is past the sending hours.
        ("America/Los_Angeles", datetime(2026, 5, 14, 4, 0, tzinfo=UTC), date(2026, 5, 14)),
        # Leaves a minute later, which is the next day.
        ("Europe/Zagreb", datetime(2026, 5, 14, 21, 59, 30, tzinfo=UTC), date(2026, 5, 15)),
    ],
)
def test_the_day_is_the_workspaces_own(zone: str, now: datetime, day: date) -> None:
    """PEER-FAILURES 7: time zones."""
    jana = desk.workspace()
    jana.time_zone = zone
    jana.save()
    desk.put(desk.client(jana), now=now)
    assert desk.message().day == day


@pytest.mark.parametrize(
    ("email", "name", "word"),
    [
        ("ana@example.com", "Ana\nBcc: all@example.com", "line breaks"),
        ("ana@example.com\r\n", "Ana", "line breaks"),
        ("ana", "Ana", "no e-mail address"),
        ("", "Ana", "no e-mail address"),
        ("ana@example.com", "A" * 201, "longer"),
    ],
)
def test_a_recipient_that_would_poison_a_header_is_refused(
    email: str, name: str, word: str
) -> None:
    client = desk.client(desk.workspace())
    with pytest.raises(RecipientRefused, match=word):
        desk.put(client, to=email, name=name)
    assert desk.states() == []


def test_many_at_once_one_bad_recipient_leaves_the_others() -> None:
    jana = desk.workspace()

    def wanted(number: int, email: str) -> Wanted:
        return Wanted(
            kind="test.about",
            dedupe_key=f"key:{number}",
            facts={"client": number},
            recipient=Recipient(email, "", "en"),
            client_ref=number % 5,
            automatic=True,
        )

    batch = [wanted(number, "a@example.com") for number in range(20)]
    batch += [wanted(7, "a@example.com"), wanted(99, "nobody")]
    first = enqueue_many(workspace=jana, wanted=batch, now=desk.MORNING)
    again = enqueue_many(workspace=jana, wanted=batch, now=desk.MORNING)
    assert [len(first.parts), first.known, list(first.refused)] == [20, ["key:7"], ["key:99"]]
    assert [len(again.parts), len(again.known)] == [0, 21]
    # Client number 0 is a client like any other.
    assert Message.unscoped.count() == 5
    assert Part.unscoped.count() == 20


def test_a_large_batch_takes_few_queries(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    jana = desk.workspace()
    batch = [
        Wanted("test.about", f"k{n}", {"client": n}, Recipient("a@example.com", "", "en"), n, True)
        for n in range(1, 901)
    ]
    # SQLite takes about forty rows a statement.
    with django_assert_max_num_queries(50):
        enqueue_many(workspace=jana, wanted=batch, now=desk.MORNING)
    assert Message.unscoped.count() == 900
