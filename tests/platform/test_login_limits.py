"""Guessing a password: few tries, counted in the database, and the right one does not count."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client as Browser
from django.urls import reverse

from clientdesk import clock
from clientdesk.workspaces.adapter import OF_BOTH
from clientdesk.workspaces.models import Tally, User

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 5, 14, 9, 0, tzinfo=UTC)
TOO_MANY = "Too many failed login attempts"


@pytest.fixture(autouse=True)
def jana(monkeypatch: pytest.MonkeyPatch) -> User:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return User.objects.create_user("jana@desk.example", "the right word")


def tries(password: str, count: int = 1, *, address: str = "203.0.113.7") -> str:
    """What the page says after the last of `count` tries, as many processes would count them."""
    said = ""
    for _ in range(count):
        # Each process has a cache of its own; none is shared without Redis.
        cache.clear()
        answer = Browser(REMOTE_ADDR=address).post(
            reverse("account_login"), {"login": "jana@desk.example", "password": password}
        )
        said = "in" if answer.status_code == 302 else answer.content.decode()
    return said


def test_after_a_few_wrong_ones_the_right_one_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    assert TOO_MANY not in tries("wrong", OF_BOTH.most)
    assert TOO_MANY in tries("the right word")
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=15))
    assert tries("the right word") == "in"


def test_from_elsewhere_the_owner_still_comes_in() -> None:
    tries("wrong", OF_BOTH.most + 1)
    assert tries("the right word", address="198.51.100.4") == "in"


def test_coming_in_often_is_no_guessing() -> None:
    assert tries("the right word", OF_BOTH.most + 5) == "in"
    assert set(Tally.objects.values_list("count", flat=True)) == {0}


def test_many_addresses_of_visitors_do_not_help() -> None:
    said = ""
    for number in range(61):
        said = tries("wrong", address=f"203.0.113.{number}")
    assert TOO_MANY in said


def test_nobodys_address_is_written_down() -> None:
    tries("wrong")
    assert "jana" not in str(list(Tally.objects.values()))
