"""Croatian is whole: every text is translated, every page opens in it, and dates are Croatian."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from clientdesk.desk.templatetags.desk import dayyear
from clientdesk.desk.templatetags.ledger import why
from clientdesk.workspaces.forms import ProfileForm
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.reference import countries, currencies, time_zones
from tests.desk.test_matrix import ROUTES, address
from tests.desk.world import World, make_world
from tools import translations

pytestmark = pytest.mark.sqlite
HR = settings.LOCALE_PATHS[0] / "hr" / "LC_MESSAGES"
# What a desk of the person who reads it never says in English: words that no name here holds.
ENGLISH = re.compile(
    r"\b(the|you|your|with|from|this|that|these|which|what|when|have|been|will|nothing|until)\b"
)
# Their words are the client's: letters, papers, notes, and what the sources of rates are called.
IN_OTHER_WORDS = {
    "billing:rates",
    "desk:letter",
    "desk:message",
    "desk:forecast",
    "feedback:edit",
    "feedback:request",
    "feedback:talk",
    "feedback:project_preview",
}

# What was logged, asked and named, in its own words.
TOLD = ("sked about the logo", "Which day for the photos", "the bank")


def pages_in_croatian(browser: Browser, world: World) -> Iterator[tuple[str, str]]:
    """Name and source of every page of the desk."""
    for name in sorted(ROUTES):
        answer = browser.get(address(name, "own", world.kwargs.get(name, {})))
        if answer.streaming:
            answer.getvalue()  # reads the file to its end, which closes it
        elif answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            assert int(answer["Content-Length"]) == len(answer.content), name
            yield name, answer.content.decode()


@pytest.fixture
def in_croatian() -> Iterator[None]:
    with translation.override("hr"):
        yield


def test_every_text_of_the_sources_is_translated_and_none_is_uncertain() -> None:
    assert translations.missing("hr") == []


def test_the_compiled_catalogue_is_that_of_the_words() -> None:
    assert (HR / "django.mo").read_bytes() == translations.compiled("hr")


def test_every_translation_names_what_the_text_names() -> None:
    wrong = []
    for message in translations.read("hr"):
        texts = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
        said = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        wanted = set(re.findall(r"%\(\w+\)s|<[^>]+>", texts[-1]))
        named = [set(re.findall(r"%\(\w+\)s|<[^>]+>", str(one))) for one in said]
        if message.id and any(names != wanted for names in named):
            wrong.append(texts[0])
    assert wrong == []


@pytest.mark.usefixtures("in_croatian")
def test_croatian_counts_in_three_forms() -> None:
    said = [ngettext("%(n)s day late", "%(n)s days late", n) % {"n": n} for n in (1, 2, 5, 11, 21)]
    assert said == ["kasni 1 dan", *(f"kasni {n} dana" for n in (2, 5, 11)), "kasni 21 dan"]
    asked = [ngettext("%(n)s step", "%(n)s steps", n) % {"n": n} for n in (1, 3, 12, 101)]
    assert asked == ["1 korak", "3 koraka", "12 koraka", "101 korak"]


@pytest.mark.usefixtures("in_croatian")
def test_days_and_names_of_countries_are_croatian() -> None:
    assert dayyear(date(2026, 11, 24)).replace("\N{NO-BREAK SPACE}", " ") == "24. stu 2026."
    assert dict(countries())["DE"] == "Njemačka"
    assert dict(currencies())["EUR"] == "EUR – euro"


def test_only_money_and_places_of_today_are_offered_and_what_stands_is_kept() -> None:
    assert not {"ADP", "DEM", "HRK", "XXX"} & dict(currencies()).keys()
    assert not {"Factory", "localtime", "EST"} & set(time_zones())
    standing = Workspace(currency="HRK", time_zone="EST")
    assert ("HRK", "HRK") in ProfileForm(instance=standing).fields["currency"].choices  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_every_page_opens_in_croatian_and_holds_no_english_sentence() -> None:
    world = make_world("own")
    browser = Browser(headers={"accept-language": "hr"})
    browser.force_login(world.owner)
    left = {}
    for name, page in pages_in_croatian(browser, world):
        if name not in {"desk:palette", "feedback:project_preview"}:
            assert '<html lang="hr"' in page, name
        words = re.sub(r"<(script|style|textarea|svg)\b.*?</\1>|<[^>]+>", " ", page, flags=re.S)
        for told in TOLD:
            words = words.replace(told, "")
        if name not in IN_OTHER_WORDS and (found := ENGLISH.findall(words)):
            left[name] = found
    assert left == {}


@pytest.mark.django_db
def test_the_language_is_chosen_on_any_page_of_an_account_and_kept() -> None:
    browser = Browser()
    login = reverse("account_login")
    assert "Sign in" in browser.get(login).content.decode()
    chosen = browser.post(reverse("workspaces:language"), {"language": "hr", "next": login})
    assert chosen["Location"] == login
    cookie = browser.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("hr", True, "Lax")
    page = browser.get(login).content.decode()
    assert "Prijava" in page
    assert "Lozinka" in page  # what the library of accounts says, too
    weak = {"email": "ana@desk.example", "password1": "12345678"}
    refused = browser.post(reverse("account_signup"), weak).content.decode()
    assert "Ova je lozinka previše uobičajena." in refused


@pytest.mark.django_db
def test_choosing_a_language_leads_nowhere_else() -> None:
    away = {"language": "hr", "next": "https://elsewhere.example/"}
    assert Browser().post(reverse("workspaces:language"), away)["Location"] == "/"


@pytest.mark.django_db
def test_numbers_in_drawings_keep_their_points_and_years_have_one() -> None:
    """A comma between the digits of a coordinate draws something else."""
    world = make_world("own")
    browser = Browser(headers={"accept-language": "hr"})
    browser.force_login(world.owner)
    number = re.compile(r'\b(?:x|y|width|height|cx|cy|r|x1|x2|y1|y2)="[0-9]+,[0-9]+"')
    for name, page in pages_in_croatian(browser, world):
        assert not number.search(page), name
        assert not re.search(r"[0-9]{4}\.\.(?!\.)", re.sub(r"</[a-z]+>", "", page)), name


def test_the_vendored_script_says_nothing_in_one_language_only() -> None:
    """Words of the script stand in the page, where they are translated."""
    script = (Path(settings.BASE_DIR) / "static/js/desk.js").read_text(encoding="utf-8")
    said = re.findall(r'textContent\s*=\s*"([^"]+)"', script)
    assert json.dumps(said) == "[]"


@pytest.mark.usefixtures("in_croatian")
def test_a_reason_of_ours_is_said_in_croatian_and_one_of_theirs_as_it_stands() -> None:
    assert why("nothing is open") == "ništa nije otvoreno"
    assert why("Luc asked for a week") == "Luc asked for a week"
    assert why("") == ""
