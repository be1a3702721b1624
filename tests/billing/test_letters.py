"""The texts of the ladder, filled, in both languages."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from billing.models import Invoice, Step
from billing.queries.interest import Law
from billing.queries.letters import facts_for, text_name
from billing.rules.interest import MARGIN_BP, REFERENCE_RATES
from clientdesk.outbox.letters import letter_text
from clientdesk.workspaces.models import Workspace
from clients.models import Client
from tests.billing import desk
from tests.billing.desk import TODAY, days
from tests.outbox.mailserver import MailServer

FOLDER = Path(settings.BASE_DIR) / "templates" / "email" / "billing"
NAMES = sorted(path.name.removesuffix(".en.txt") for path in FOLDER.glob("*.en.txt"))
# Letters that a text in the wrong encoding, or one written without them, would not have.
CROATIAN = set("čćđšžČĆĐŠŽ")
STOPS = {"en": "paused", "hr": "obustavljen"}


def filled(of: Invoice, name: str, language: str) -> str:
    step = Step(invoice=of, rung="final", effect="mail", due_on=TODAY)
    facts = facts_for(
        step,
        today=TODAY + days(19),
        contact_name="Ana Kralj",
        link="https://desk.example/i/abc/",
        last_letter=TODAY + days(10),
        stopped_on=TODAY + days(10),
        law=Law(REFERENCE_RATES, MARGIN_BP),
        language=language,
    )
    # What only the letters about a payment or a project say.
    facts |= {
        "amount_paid": facts["amount_due"],
        "delivery_date": facts["due_date"],
        "project_name": "Web",
    }
    letter = letter_text("billing", name, language).filled(facts)
    return f"{letter.subject}\n{letter.body}"


@pytest.mark.parametrize("language", ["en", "hr"])
@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_whole_and_calm(lune: Client, name: str, language: str) -> None:
    text = filled(desk.invoice(lune), name, language)
    assert not re.search(r"[{}<>%]", text.replace("\N{NO-BREAK SPACE}%", "")), text
    assert "!" not in text
    assert "None" not in text
    assert "  " not in text
    assert "2025-001" in text
    figure = "€800.00" if language == "en" else "800,00\N{NO-BREAK SPACE}€"
    assert (figure in text) == (not name.startswith("resumed_settled"))


@pytest.mark.parametrize("name", NAMES)
def test_every_text_exists_in_both_languages_with_the_same_placeholders(name: str) -> None:
    english, croatian = (letter_text("billing", name, code) for code in ("en", "hr"))
    assert bool(english.subject) == bool(croatian.subject)
    assert set(english.placeholders) - {"contact_name"} == set(croatian.placeholders)
    amount = {"amount_due", "amount_paid"} & set(english.placeholders)
    assert "invoice_number" in english.placeholders
    assert amount or name.startswith("resumed_settled")


@pytest.mark.parametrize("name", [name for name in NAMES if not name.endswith("_line")])
def test_croatian_is_written_with_its_own_letters(lune: Client, name: str) -> None:
    raw = (FOLDER / f"{name}.hr.txt").read_bytes().decode("utf-8")
    assert CROATIAN & set(raw)
    assert not re.search(r"\b(racun|racuna|placanj\w*|placen\w*|zelim\w*|sto|vec)\b", raw)
    assert "\ufffd" not in raw


def test_a_letter_speaks_of_no_stop_and_no_letter_that_was_not(lune: Client) -> None:
    invoice = desk.invoice(lune)
    final = Step(invoice=invoice, rung="final", effect="mail", due_on=TODAY)
    stop = Step(invoice=invoice, rung="stop_work", effect="stop", due_on=TODAY)
    other = Step(invoice=invoice, rung="second", effect="mail", due_on=TODAY)
    assert text_name(final, last_letter=TODAY, stopped_on=None) == "final_working"
    assert text_name(final, last_letter=TODAY, stopped_on=TODAY) == "final"
    assert text_name(stop, last_letter=None, stopped_on=None) == "stop_work_alone"
    assert text_name(stop, last_letter=TODAY, stopped_on=None) == "stop_work"
    assert text_name(other, last_letter=TODAY, stopped_on=None) == "reminder"


@pytest.mark.parametrize("language", ["en", "hr"])
def test_the_final_letter_without_a_stop_names_none(lune: Client, language: str) -> None:
    working = letter_text("billing", "final_working", language)
    assert "stopped_on" not in working.placeholders
    assert "stopped_on" in letter_text("billing", "final", language).placeholders
    assert STOPS[language] not in working.body
    assert STOPS[language] in letter_text("billing", "final", language).body


@pytest.mark.parametrize("language", ["en", "hr"])
def test_what_leaves_is_in_the_clients_language(
    at: Workspace, server: MailServer, language: str
) -> None:
    invoice = desk.invoice(desk.client(at, language=language))
    desk.day_passes(at, TODAY + days(3))
    (message,) = server.received()
    for text in (message.subject, message.text, message.html):
        assert str(invoice.number) in text
        assert "{" not in text or text is message.html
    assert ("Dobar dan" in message.text) == (language == "hr")
    figure = "€800.00" if language == "en" else "800,00\N{NO-BREAK SPACE}€"
    assert figure in message.text
