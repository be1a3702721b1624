"""Numbers of businesses and accounts: a wrong digit is told before it is printed."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client as Browser

from clientdesk.workspaces.forms import ProfileForm
from clientdesk.workspaces.identifiers import checked_iban, checked_tax_id, checked_vat_id
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in
from tests.desk.world import make_client, make_workspace

IBAN, OIB = "HR1210010051863000160", "33392005961"


@pytest.mark.parametrize("text", [IBAN, IBAN.lower(), "HR12 1001 0051 8630 0016 0"])
def test_an_iban_is_kept_in_groups_of_four(text: str) -> None:
    assert checked_iban(text) == "HR12 1001 0051 8630 0016 0"


@pytest.mark.parametrize("position", range(2, len(IBAN)))
def test_any_wrong_digit_of_an_iban_is_refused(position: int) -> None:
    digit = str((int(IBAN[position]) + 1) % 10)
    wrong = IBAN[:position] + digit + IBAN[position + 1 :]
    with pytest.raises(ValidationError, match=f"{wrong} is no IBAN; expected"):
        checked_iban(wrong)


def test_a_tax_number_is_an_oib_in_croatia_only() -> None:
    assert checked_tax_id(f" {OIB} ", country="HR") == OIB
    assert checked_tax_id("151/815/08156", country="DE") == "151/815/08156"
    with pytest.raises(ValidationError, match="33392005962 is no OIB; expected eleven digits"):
        checked_tax_id("33392005962", country="HR")


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        (f"HR{OIB}", "HR", f"HR{OIB}"),
        (OIB, "HR", f"HR{OIB}"),
        ("de 136 695 976", "HR", "DE136695976"),
        ("136695976", "DE", "DE136695976"),
        ("EL 094259216", "GR", "EL094259216"),
        ("094259216", "GR", "EL094259216"),
        ("CHE-107.787.577 MWST", "CH", "CHE-107.787.577 MWST"),
        ("", "HR", ""),
    ],
)
def test_a_vat_number_is_kept_as_its_country_writes_it(typed: str, country: str, kept: str) -> None:
    assert checked_vat_id(typed, country=country) == kept


@pytest.mark.parametrize(
    ("typed", "country"), [("DE136695978", "DE"), ("HR33392005962", "DE"), ("x", "HR")]
)
def test_a_wrong_vat_number_names_itself_and_its_country(typed: str, country: str) -> None:
    with pytest.raises(ValidationError, match=f"{typed} is no VAT number of .*expected"):
        checked_vat_id(typed, country=country)


@pytest.mark.django_db
def test_the_forms_of_business_and_client_check_them(client: Browser) -> None:
    workspace, owner = make_workspace("own")
    with acting_in(workspace.pk):
        lune = make_client(workspace)
    client.force_login(owner)
    head = {"name": "Lune", "country": "HR", "language": "hr", "currency": "EUR"}
    page = client.post("/w/own/clients/bistro-lune/details/", {**head, "tax_id": "33392005962"})
    assert "33392005962 is no OIB" in page.content.decode()
    page = client.post("/w/own/clients/bistro-lune/details/", {**head, "vat_id": OIB})
    assert page.status_code == 302
    lune.refresh_from_db()
    assert lune.vat_id == f"HR{OIB}"
    whole = {
        "name": "Own", "country": "HR", "time_zone": "Europe/Zagreb", "currency": "EUR",
        "language": "en",
    }  # fmt: skip
    page = client.post("/w/own/settings/workspace/", {**whole, "iban": f"{IBAN[:-1]}1"})
    assert f"{IBAN[:-1]}1 is no IBAN" in page.content.decode()
    page = client.post("/w/own/settings/workspace/", {**whole, "iban": IBAN, "tax_id": OIB})
    assert page.status_code == 302
    row = Workspace.objects.get(pk=workspace.pk)
    assert (row.iban, row.tax_id) == ("HR12 1001 0051 8630 0016 0", OIB)


@pytest.mark.django_db
def test_what_came_from_a_file_stays_until_it_is_touched() -> None:
    workspace, _ = make_workspace("own")
    Workspace.objects.filter(pk=workspace.pk).update(tax_id="HR-old")
    workspace.refresh_from_db()
    data = {
        "name": "Own", "country": "HR", "time_zone": "Europe/Zagreb", "currency": "EUR",
        "language": "en", "tax_id": "HR-old",
    }  # fmt: skip
    assert ProfileForm(data, instance=workspace).is_valid()
    assert not ProfileForm({**data, "tax_id": "HR-new"}, instance=workspace).is_valid()
