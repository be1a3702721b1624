"""The claim on its page."""

import pytest
from django.test import Client as Browser

from billing.queries.lateness import lateness_of
from clientdesk.workspaces.scoping import acting_in
from tests.desk.world import TODAY, make_world


@pytest.mark.django_db
def test_the_claim_is_explained_and_nothing_is_charged() -> None:
    world = make_world("own")
    browser = Browser()
    browser.force_login(world.owner)
    number = world.kwargs["billing:interest"]["number"]
    page = browser.get(f"/w/own/invoices/{number}/interest/").content.decode()
    assert "Nothing is charged by itself" in page
    assert "10.15 %" in page
    assert "€40.00" in page
    with acting_in(world.workspace.pk):
        finding, usual = lateness_of(world.client.pk, today=TODAY)
    assert (finding.state, usual) == ("not_enough_history", None)
