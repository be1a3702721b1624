"""Sending hours and what is chosen about money: kept, recorded, refused, and in force."""

import pytest
from django.test import Client as Browser

from billing.models import MoneySettings
from billing.operations.choices import (
    ChoiceInvalid,
    HoursInvalid,
    books_were_checked,
    change_choices,
)
from billing.queries.settings import money_settings, stale_since
from clientdesk.outbox import hours
from clientdesk.record.models import Entry
from clientdesk.workspaces.access import Role
from clientdesk.workspaces.models import Membership, User, Workspace
from tests.billing.desk import ACTOR, NOW, days, morning

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PATH = "/w/jana/settings/money/"
FORM = {"send_from": "8", "send_until": "17", "thanks": "on", "resume": "ask"}


@pytest.fixture
def browser(at: Workspace) -> Browser:
    browser = Browser()
    browser.force_login(User.objects.get(), backend=BACKEND)
    return browser


def change(at: Workspace, **other: object) -> list[str]:
    chosen: dict[str, object] = {
        "send_from": 8,
        "send_until": 17,
        "thanks": True,
        "resume": "ask",
        "stale_after_days": 5,
    }
    # The values are of several types on purpose: some are wrong.
    return change_choices(workspace=at, **{**chosen, **other}, now=NOW, actor=ACTOR)  # type: ignore[arg-type]


def test_what_is_chosen_is_kept_recorded_once_and_in_force(at: Workspace) -> None:
    assert change(at) == ["send_from", "send_until", "thanks", "resume", "stale_after_days"]
    assert change(at) == []
    chosen = money_settings(at.pk)
    assert (chosen.thanks, chosen.resume, chosen.stale_after_days) == (True, "ask", 5)
    kinds = Entry.objects.filter(kind__in=("workspace.changed", "money.changed"))
    assert list(kinds.order_by("pk").values_list("kind", flat=True)) == [
        "workspace.changed",
        "money.changed",
    ]
    day = NOW.date()
    opened = [hours.are_open(at, now=morning(day, hour=h)) for h in (7, 8, 16, 17)]
    assert opened == [False, True, True, False]


def test_nothing_chosen_writes_nothing(at: Workspace) -> None:
    before = Entry.objects.count()
    assert (
        change(at, send_from=7, send_until=21, thanks=False, resume="auto", stale_after_days=None)
        == []
    )
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    ("other", "refused", "said"),
    [
        ({"send_from": 17}, HoursInvalid, "from 17 until 17: expected a beginning before the end"),
        ({"send_until": 25}, HoursInvalid, "from 8 until 25"),
        ({"send_from": -1}, HoursInvalid, "from -1"),
        ({"resume": "never"}, ChoiceInvalid, "resume 'never': expected one of"),
        ({"stale_after_days": 0}, ChoiceInvalid, "stale_after_days 0: expected 1 to 365 or none"),
        ({"stale_after_days": 366}, ChoiceInvalid, "stale_after_days 366"),
    ],
)
def test_what_cannot_be_is_refused_whole(
    at: Workspace, other: dict[str, object], refused: type[Exception], said: str
) -> None:
    with pytest.raises(refused, match=said):
        change(at, **other)
    assert Workspace.objects.get(pk=at.pk).send_from == 7
    assert not MoneySettings.objects.exists()


def test_a_look_at_the_bank_lets_what_waited_go_on(at: Workspace) -> None:
    change(at, stale_after_days=3)
    later = NOW + days(10)
    assert stale_since(at, now=later) is not None
    books_were_checked(workspace=at, now=later, actor=ACTOR)
    assert stale_since(at, now=later) is None
    assert stale_since(at, now=later + days(4)) == at.local_today(later)
    assert Entry.objects.filter(kind="books.checked").count() == 1


def test_the_page_keeps_and_shows(at: Workspace, browser: Browser) -> None:
    answer = browser.post(PATH, {**FORM, "stale_after_days": "7"}, follow=True)
    assert "Kept." in answer.content.decode()
    assert money_settings(at.pk).stale_after_days == 7
    assert answer.context["form"]["send_until"].value() == 17
    browser.post(PATH, {**FORM, "stale_after_days": ""})
    assert money_settings(at.pk).stale_after_days is None


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"send_until": "8"}, "Expected an hour after 08:00."),
        ({"send_from": "99"}, "Select a valid choice"),
        ({"resume": "x"}, "Select a valid choice"),
        ({"stale_after_days": "0"}, "from 1 to 365, or nothing"),
        ({"stale_after_days": "some"}, "from 1 to 365, or nothing"),
    ],
)
def test_the_page_refuses_at_the_field(
    at: Workspace, browser: Browser, other: dict[str, str], said: str
) -> None:
    answer = browser.post(PATH, {**FORM, **other})
    assert said in answer.content.decode()
    assert not MoneySettings.objects.exists()


def test_the_button_says_the_bank_was_looked_at(at: Workspace, browser: Browser) -> None:
    assert browser.get(f"{PATH}books/").status_code == 302
    assert not MoneySettings.objects.exists()
    page = browser.post(f"{PATH}books/", follow=True).content.decode()
    assert "You looked at the bank on" in page
    assert money_settings(at.pk).books_checked_at is not None


def test_the_bookkeeper_may_say_so_but_not_choose(at: Workspace) -> None:
    user = User.objects.create_user("books@example.com")
    Membership.objects.create(workspace=at, user=user, role=Role.BOOKKEEPER, joined_at=NOW)
    browser = Browser()
    browser.force_login(user, backend=BACKEND)
    assert "I have looked at the bank" in browser.get(PATH).content.decode()
    assert browser.post(PATH, FORM).status_code == 403
    assert browser.post(f"{PATH}books/").status_code == 302
    assert money_settings(at.pk).books_checked_at is not None
