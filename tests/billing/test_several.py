"""Several invoices at once: their ladders rest together, or none does; a table of the chosen."""

import csv
from io import StringIO

import pytest
import time_machine
from django.test import Client as Browser

from billing.models import Hold, Invoice
from tests.desk.world import NOW, World, make_world

pytestmark = pytest.mark.django_db
URL = "/w/own/invoices/several/"


@pytest.fixture
def world() -> World:
    return make_world("own")


@pytest.fixture
def visitor(world: World) -> Browser:
    visitor = Browser()
    visitor.force_login(world.owner)
    return visitor


def unpaid() -> list[Invoice]:
    return list(Invoice.unscoped.filter(state=Invoice.State.ISSUED, settled_on=None))


@time_machine.travel(NOW, tick=False)
def test_the_chosen_rest_until_a_day(visitor: Browser) -> None:
    chosen = [one.pk for one in unpaid()[:2]]
    Hold.unscoped.all().delete()
    page = visitor.post(URL, {"do": "pause", "i": chosen}).content.decode()
    assert 'id="errors"' not in page
    said = {"do": "pause", "i": chosen, "until": "2025-06-01", "reason": "the fair"}
    answer = visitor.post(URL, said)
    assert answer["Location"] == "/w/own/invoices/"
    assert sorted(Hold.unscoped.values_list("invoice", flat=True)) == sorted(chosen)


@time_machine.travel(NOW, tick=False)
def test_a_day_that_has_passed_holds_nothing(visitor: Browser) -> None:
    before = Hold.unscoped.count()
    said = {
        "do": "pause",
        "i": [one.pk for one in unpaid()],
        "until": "2025-05-01",
        "reason": "the fair",
    }
    page = visitor.post(URL, said).content.decode()
    assert "2025-05-01 has passed; expected 2025-05-14 or later." in page
    assert "<title>Error: " in page
    assert Hold.unscoped.count() == before


def test_the_chosen_as_a_table(visitor: Browser) -> None:
    chosen = unpaid()[:2]
    answer = visitor.post(URL, {"do": "export", "i": [one.pk for one in chosen]})
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["number"] for row in rows} == {one.number for one in chosen}


def test_nothing_chosen_is_said(visitor: Browser) -> None:
    page = visitor.post(URL, {"do": "pause"}, follow=True).content.decode()
    assert "Choose at least one invoice first." in page


def test_an_invoice_of_another_desk_is_no_choice(visitor: Browser, world: World) -> None:
    make_world("foreign")
    foreign = [one for one in unpaid() if one.workspace_id != world.workspace.pk]
    said = {"do": "pause", "i": [one.pk for one in foreign], "until": "", "reason": "theirs"}
    before = Hold.unscoped.count()
    page = visitor.post(URL, said, follow=True).content.decode()
    assert "Choose at least one invoice first." in page
    assert Hold.unscoped.count() == before
