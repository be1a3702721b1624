"""What a client costs: from rows, on its page and beside the others."""

from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from billing.operations.payments import record_payment
from clientdesk import clock
from clients.models import Client, Interaction
from clients.operations.interactions import log_interaction
from clients.operations.work import create_agreement
from offboarding.queries.worth import worth_page, worths_of
from tests.billing import desk
from tests.billing.desk import ACTOR, NOW, TODAY, days, invoice
from tests.feedback.clock_desk import asked, owner_of, project

pytestmark = pytest.mark.django_db
FIRST, BEFORE = TODAY - days(90), NOW - days(2)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def spent(of: Client, minutes: int, tags: str = "", *, at: datetime = BEFORE) -> Interaction:
    return log_interaction(
        client=of,
        kind="work",
        summary=f"{minutes} minutes",
        happened_at=at,
        minutes=minutes,
        tags=tags,
        now=NOW,
        actor=ACTOR,
    )


def story(lune: Client) -> None:
    """400 euros over ten hours, where 45 are agreed; a question answered nine days late."""
    create_agreement(
        client=lune,
        fields={"valid_from": FIRST, "hourly_rate_minor": 4_500, "currency": "EUR"},
        now=NOW,
        actor=ACTOR,
    )
    paid = invoice(lune, due_on=TODAY - days(1), total=40_000)
    record_payment(invoice=paid, amount_minor=40_000, paid_on=TODAY, now=NOW, actor=ACTOR)
    spent(lune, 300)
    spent(lune, 180, "ispravak")
    spent(lune, 120, "chasing")
    summer = project(lune)
    asked(summer, "Colours", TODAY - days(20), TODAY - days(14), TODAY - days(1))


def test_money_hours_and_days_of_the_period(lune: Client) -> None:
    story(lune)
    spent(lune, 999, at=NOW - days(200))
    found = worths_of([lune], first=FIRST, last=TODAY)[lune.pk]
    assert dict(found.received) == {"EUR": 40_000}
    assert (found.work, found.revision, found.chasing) == (300, 180, 120)
    assert (found.per_hour, found.agreed_rate) == (4_000, 4_500)
    assert found.less == 5_000
    assert found.days_lost == 8


def test_splitting_a_period_splits_its_sums(lune: Client) -> None:
    story(lune)
    middle = TODAY - days(8)
    whole = worths_of([lune], first=FIRST, last=TODAY)[lune.pk]
    halves = [
        worths_of([lune], first=FIRST, last=middle)[lune.pk],
        worths_of([lune], first=middle + days(1), last=TODAY)[lune.pk],
    ]
    assert sum(one.minutes for one in halves) == whole.minutes
    assert sum(one.received.get("EUR", 0) for one in halves) == 40_000
    assert sum(one.days_lost for one in halves) == whole.days_lost


def test_the_page_says_it_in_sentences_with_links(lune: Client) -> None:
    story(lune)
    owner = owner_of(lune.projects.get())
    shown = owner.get("/w/jana/clients/lune/worth/").content.decode().replace("\xa0", " ")
    assert "Of 10.0 h, 5.0 h were revisions and chasing." in shown
    assert "An hour brings €40.00 where €45.00 is agreed" in shown
    assert "10.0 h at €45.00 would bring €450.00." in shown
    assert "staying brings €400.00" in shown
    assert "what others take of them brings €225.00" in shown
    tried = owner.get("/w/jana/clients/lune/worth/", {"filled": "100", "elsewhere": "60"})
    assert "brings €600.00" in tried.content.decode().replace("\xa0", " ")


def test_bad_assumptions_are_named(lune: Client) -> None:
    story(lune)
    owner = owner_of(lune.projects.get())
    shown = owner.get("/w/jana/clients/lune/worth/", {"filled": "400"}).content.decode()
    assert "less than or equal to 100" in shown
    swapped = {"first": "2025-05-01", "last": "2025-04-01"}
    assert "ends before it begins" in owner.get("/w/jana/worth/", swapped).content.decode()


def test_too_little_says_so(lune: Client) -> None:
    project(lune)
    spent(lune, 60)
    owner = owner_of(lune.projects.get())
    shown = owner.get("/w/jana/clients/lune/worth/").content.decode()
    assert "five hours are needed before a rate says anything" in shown
    assert "hold too little to say anything about the next" in shown


def test_two_currencies_are_never_added(lune: Client) -> None:
    story(lune)
    other = desk.imported(lune, "USD-1", due_on=TODAY, total=10_000, currency="USD")
    record_payment(invoice=other, amount_minor=10_000, paid_on=TODAY, now=NOW, actor=ACTOR)
    found = worths_of([lune], first=FIRST, last=TODAY)[lune.pk]
    assert found.per_hour is None
    shown = owner_of(lune.projects.get()).get("/w/jana/clients/lune/worth/").content.decode()
    assert "several currencies came in, which are not added" in shown


def test_thirty_clients_take_as_many_queries_as_one(
    lune: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    story(lune)
    clients = [lune]
    with django_assert_num_queries(5):
        worths_of(clients, first=FIRST, last=TODAY)
    for number in range(29):
        more = desk.client(lune.workspace, f"Client {number}", email=f"c{number}@example.com")
        more.slug = f"client-{number}"
        spent(more, 400)
        clients.append(more)
    with django_assert_num_queries(5):
        worths_of(clients, first=FIRST, last=TODAY)
    with django_assert_num_queries(14):
        worth_page(lune, first=FIRST, last=TODAY, today=TODAY)


def test_the_comparison_orders_as_it_is_asked(lune: Client) -> None:
    story(lune)
    other = desk.client(lune.workspace, "Adria", email="b@example.com")
    spent(other, 900)
    owner = owner_of(lune.projects.get())
    by_rate = owner.get("/w/jana/worth/").context["rows"]
    by_hours = owner.get("/w/jana/worth/", {"by": "hours"}).context["rows"]
    assert [client.name for client, _ in by_rate] == ["Lune", "Adria"]
    assert [client.name for client, _ in by_hours] == ["Adria", "Lune"]
    assert timedelta(days=90) == TODAY - FIRST


def test_what_is_open_and_late_stands_beside_the_time_before(lune: Client) -> None:
    invoice(lune, due_on=TODAY - days(3))
    invoice(lune, due_on=TODAY + days(3))
    page = owner_of(project(lune)).get("/w/jana/clients/lune/worth/").content.decode()
    assert "Not paid yet" in page
    assert "of it is late" in page
    assert "The time before, and now" in page
