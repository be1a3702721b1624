"""The tally of invoices agrees with the invoices, whoever writes them and however."""

import random
import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from billing.models import Invoice, Tally
from billing.models.tally import NO_DAY
from billing.queries.lists import aging, late_count, show_counts, tally
from billing.tallying import TALLIES
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client
from tests.outbox import desk

TODAY = desk.MORNING.date()


def invoice(of: Client, nth: int, **changes: object) -> Invoice:
    values: dict[str, object] = {
        "workspace": of.workspace,
        "client": of,
        "state": "issued",
        "number": f"2026-{nth}",
        "issued_on": TODAY - timedelta(days=100),
        "due_on": TODAY - timedelta(days=nth % 90),
        "currency": ("EUR", "USD", "JPY")[nth % 3],
        "net_minor": 1000 + nth,
        "total_minor": 1000 + nth,
        "created_at": desk.MORNING,
    }
    return Invoice(**(values | changes))


def counted() -> dict[tuple[object, ...], tuple[int, int]]:
    """The same sums, by reading every invoice."""
    sums: Counter[tuple[object, ...]] = Counter()
    left: Counter[tuple[object, ...]] = Counter()
    for one in Invoice.unscoped.all():
        is_open = one.state == "issued" and one.settled_on is None
        waiting = is_open and one.imported and one.ladder_started_on is None
        due_on = (one.due_on or NO_DAY) if is_open else NO_DAY
        sort = (one.workspace_id, one.state, one.settled_on is not None, waiting)
        sums[(*sort, one.currency, due_on)] += 1
        left[(*sort, one.currency, due_on)] += one.balance_minor if is_open else 0
    return {sort: (number, left[sort]) for sort, number in sums.items()}


def tallied() -> dict[tuple[object, ...], tuple[int, int]]:
    numbers: Counter[tuple[object, ...]] = Counter()
    left: Counter[tuple[object, ...]] = Counter()
    for row in Tally.unscoped.all():
        sort = (row.workspace_id, row.state, row.settled, row.waiting, row.currency, row.due_on)
        numbers[sort] += row.invoices
        left[sort] += row.open_minor
    return {sort: (number, left[sort]) for sort, number in numbers.items() if number}


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_it_agrees_after_any_writing(seed: int) -> None:
    chance = random.Random(seed)
    clients = [desk.client(desk.workspace(slug)) for slug in ("jana", "petra")]
    known: list[int] = []
    for number in range(120):
        way = chance.randrange(7)
        one = chance.choice(known) if known else None
        of = chance.choice(clients)
        if way == 0 or one is None:
            fresh = invoice(of, number)
            fresh.save()
            known.append(fresh.pk)
        elif way == 1:
            many = [
                invoice(of, 1000 * number + n, imported=chance.random() < 0.5) for n in range(4)
            ]
            known += [made.pk for made in Invoice.unscoped.bulk_create(many)]
        elif way == 2:
            draft = invoice(of, number, state="draft", number=None, issued_on=None, due_on=None)
            draft.save()
            if chance.random() < 0.5:
                draft.delete()
        elif way == 3:
            Invoice.unscoped.filter(pk=one).update(paid_minor=chance.randrange(900))
        elif way == 4:
            settled = chance.choice([None, TODAY])
            Invoice.unscoped.filter(pk__in=chance.choices(known, k=3)).update(settled_on=settled)
        elif way == 5:
            Invoice.unscoped.filter(pk=one, state="issued").update(state="lost")
        else:
            Invoice.unscoped.filter(pk__in=known[::2]).update(
                next_step_on=TODAY, ladder_started_on=chance.choice([None, TODAY])
            )
        assert tallied() == counted()
    TALLIES.install(connection)
    assert tallied() == counted()


@pytest.mark.django_db
def test_the_lists_figures_come_from_it() -> None:
    jana, petra = (desk.client(desk.workspace(slug)) for slug in ("jana", "petra"))
    late, old, coming = (
        {"due_on": TODAY - timedelta(days=d), "currency": "EUR"} for d in (3, 61, -2)
    )
    invoice(jana, 1, **late).save()
    invoice(jana, 2, **old, imported=True).save()
    invoice(jana, 3, **coming).save()
    invoice(jana, 4, **late, settled_on=TODAY).save()
    invoice(jana, 5, due_on=TODAY, currency="JPY").save()
    invoice(jana, 6, state="draft", number=None, issued_on=None, due_on=None).save()
    invoice(petra, 1, **late).save()
    with acting_in(jana.workspace_id):
        sorts = tally()
        assert show_counts(sorts, on=TODAY) == {
            "open": 4, "late": 2, "not_due": 2, "drafts": 1, "paid": 1, "waiting": 1, "void": 0,
        }  # fmt: skip
        assert [
            (a.currency, a.over_60, a.to_60, a.to_30, a.to_14, a.not_due)
            for a in aging(sorts, on=TODAY)
        ] == [("EUR", 1002, 0, 0, 1001, 1003), ("JPY", 0, 0, 0, 0, 1005)]
        assert late_count(on=TODAY) == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_it_agrees_after_writing_at_once(other_connections_closed: None) -> None:
    """No transaction waits for another one's sums, and folding loses none of them."""
    of = desk.client(desk.workspace())
    made = Invoice.unscoped.bulk_create([invoice(of, number) for number in range(80)])

    def pay(numbers: list[int]) -> None:
        for first, second in zip(numbers, numbers[1:], strict=False):
            with transaction.atomic():
                for pk in sorted({made[first].pk, made[second].pk}):
                    Invoice.unscoped.filter(pk=pk).update(paid_minor=first + 1)
        connections.close_all()

    works = [threading.Thread(target=pay, args=(list(range(80))[::way],)) for way in (1, -1, 2, 3)]
    for work in works:
        work.start()
    for work in works:
        work.join()
    assert tallied() == counted()
    # Not one row for each statement: what gathered was folded on the way.
    assert Tally.unscoped.count() < 300
    assert Workspace.objects.count() == 1
