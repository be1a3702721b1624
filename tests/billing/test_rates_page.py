"""The table of reference rates as its owner keeps it."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client as Browser

from billing.models import ReferenceRate
from billing.queries.interest import rate_table
from clientdesk.workspaces.models import User, Workspace

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGE = "/w/jana/settings/rates/"


@pytest.fixture
def browser(at: Workspace) -> Browser:
    browser = Browser()
    browser.force_login(User.objects.get(), backend=BACKEND)
    return browser


def rate_from(day: date) -> Decimal:
    return next(rate.percent for rate in rate_table() if rate.since == day)


def test_an_own_rate_goes_before_the_bundled_one_and_can_be_taken_out(browser: Browser) -> None:
    form = {"since": "2025-07-01", "percent": "3.33", "source": "the bank"}
    for _ in range(2):
        assert browser.post(PAGE, form).status_code == 302
    assert rate_from(date(2025, 7, 1)) == Decimal("3.33")
    own = ReferenceRate.objects.get()
    assert "the bank" in browser.get(PAGE).content.decode()
    browser.post(f"{PAGE}{own.pk}/remove/")
    assert rate_from(date(2025, 7, 1)) == Decimal("2.15")


def test_a_rate_from_another_day_is_refused_with_what_was_expected(browser: Browser) -> None:
    page = browser.post(PAGE, {"since": "2025-07-02", "percent": "3", "source": "x"})
    assert "expected 1 January or 1 July" in page.content.decode()
    assert not ReferenceRate.objects.exists()
