"""The final report from facts to pages: what each section says, in both languages."""

import inspect
import re
import subprocess
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string

from clientdesk.pdf import render
from offboarding.rules.facts import Achieved, Facts
from offboarding.rules.page import Figure, Page, Section, Table
from offboarding.rules.report import WORDS, page_of
from tests.offboarding.story import rich_facts

LANGUAGES = sorted(WORDS)
SECTIONS = ["results", "work", "clock", "asked", "money", "handover", "record"]


def nothing() -> Facts:
    rich = rich_facts()
    return Facts(
        client=rich.client,
        sender=rich.sender,
        sender_where="",
        first=rich.first,
        last=rich.last,
        made_on=rich.made_on,
        record_number=1,
        record_head="0" * 64,
    )


def section(page: Page, anchor: str) -> Section:
    return next(one for one in page.sections if one.anchor == anchor)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def words_of(page: Page) -> list[str]:
    """Everything the reader sees, without what came with the facts."""
    texts = [page.title, page.running, page.foot, page.subtitle, page.sentence, page.closing]
    texts += [text for row in page.figures for text in row]
    for one in page.sections:
        texts += [one.title, one.lead, one.note, *one.head]
        texts += [text for label, amount, _ in one.sums for text in (label, amount)]
        texts += [text for side in one.sides for text in (side.figure, side.who, side.what)]
        for part in one.parts:
            texts.append(part.caption)
            if isinstance(part, Figure):
                texts.append(part.small)
            else:
                texts += [column.label for column in part.columns] + [part.note]
    return texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rich_story_has_every_section(language: str) -> None:
    page = page_of(rich_facts(), language)
    assert [one.anchor for one in page.sections] == SECTIONS
    assert all(one.lead for one in page.sections)


@pytest.mark.parametrize(("language", "name"), [("en", "Interim report"), ("hr", "Međuizvješće")])
def test_an_interim_report_speaks_of_no_end(language: str, name: str) -> None:
    page = page_of(rich_facts(), language, interim=True)
    assert page.title.startswith(name)
    assert [one.anchor for one in page.sections] == [s for s in SECTIONS if s != "handover"]
    final = WORDS[language].report
    assert not [text for text in words_of(page) if final in text]
    assert "handover" not in page.closing


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_there_is_nothing_of_is_left_out_and_named(language: str) -> None:
    page = page_of(nothing(), language)
    assert [one.anchor for one in page.sections] == ["record"]
    assert page.figures == ()
    assert page.sentence.endswith(".")
    assert plain(page.closing).count(":" if language == "hr" else "nothing is on record") == 1


@pytest.mark.parametrize("left_out", ["achieved", "accounts", "billed"])
def test_one_missing_section_is_named_alone(left_out: str) -> None:
    without: dict[str, Any] = {left_out: ()}
    facts = replace(rich_facts(), **without)
    name = {"achieved": "results", "accounts": "handover", "billed": "money"}[left_out]
    page = page_of(facts, "en")
    assert name not in [one.anchor for one in page.sections]
    assert page.closing.endswith(f"nothing is on record about {name}.")


def test_both_languages_have_the_same_words() -> None:
    names = {
        language: {name for name, _ in inspect.getmembers(words) if not name.startswith("_")}
        for language, words in WORDS.items()
    }
    assert names["en"] == names["hr"]
    for name in ("kinds", "reasons"):
        assert getattr(WORDS["en"], name).keys() == getattr(WORDS["hr"], name).keys()


def test_croatian_says_nothing_in_english() -> None:
    texts = plain(" ".join(words_of(page_of(rich_facts(), "hr"))))
    for fact in ("Online bookings", "Reach of a week on Instagram"):
        texts = texts.replace(fact, "")
    english = re.findall(r"\b(the|and|of|from|late|days|open|paid|not|to|with|were)\b", texts)
    assert english == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sums_of_each_currency_stand_alone(language: str) -> None:
    facts = rich_facts()
    sums = [amount for _, amount, _ in section(page_of(facts, language), "money").sums]
    words = WORDS[language]
    expected = []
    for one in facts.sums:
        assert one.invoiced_minor - one.paid_minor == one.open_minor
        expected += [
            words.money_of(minor, one.currency)
            for minor in (one.invoiced_minor, one.paid_minor, one.open_minor)
        ]
    assert sums == expected


def test_amounts_and_days_in_croatian() -> None:
    page = page_of(rich_facts(), "hr")
    table = next(part for part in section(page, "money").parts if isinstance(part, Table))
    row = next(row for row in table.rows if row[0].text == "2025-031")
    assert [plain(cell.text) for cell in row] == [
        "2025-031",
        "9. 4. 2025.",
        "23. 4. 2025.",
        "1.540,00 €",
        "20. 5. 2025.",
        "27",
    ]


def test_days_and_amounts_never_break_apart() -> None:
    page = page_of(rich_facts(), "hr")
    table = next(part for part in section(page, "money").parts if isinstance(part, Table))
    for row in table.rows:
        for cell in row[1:4]:
            assert " " not in cell.text


@pytest.mark.parametrize(
    ("count", "words"), [(1, "1 zahtjev,"), (2, "2 zahtjeva,"), (5, "5 zahtjeva,")]
)
def test_croatian_counts(count: int, words: str) -> None:
    facts = rich_facts()
    page = page_of(replace(facts, asked=facts.asked[:count]), "hr")
    assert plain(section(page, "asked").lead).startswith(words)


def test_the_cover_tells_the_result_that_changed_most() -> None:
    page = page_of(rich_facts(), "en")
    assert "rose from 4,600 to 14,800" in page.sentence


def test_a_figure_that_fell_is_told_as_it_is() -> None:
    fell = Achieved("Hours to answer", "h", Decimal("9.5"), Decimal(2), date(2025, 6, 6), "")
    page = page_of(replace(rich_facts(), achieved=(fell,)), "en")
    assert "Hours to answer fell from 9.5 to 2" in page.sentence


def test_only_the_first_of_much_work_is_left_out_and_counted() -> None:
    facts = rich_facts()
    many = facts.work * 5
    parts = section(page_of(replace(facts, work=many), "en"), "work").parts
    table = parts[-1]
    assert isinstance(table, Table)
    assert len(table.rows) == 40
    assert f"{len(many) - 40}" in table.note


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_is_set_without_a_complaint(
    language: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("WARNING")
    html = render_to_string("pdf/final_report.html", {"page": page_of(rich_facts(), language)})
    file = tmp_path / "report.pdf"
    file.write_bytes(render(html, language))
    text = plain(
        subprocess.run(
            ["pdftotext", "-layout", file, "-"], capture_output=True, check=True
        ).stdout.decode()
    )
    assert caplog.messages == []
    assert "Bistro Čarobnjak đ.o.o." in text
    assert "882ccf32 fd425281" in text
    pages = text.count("\f")
    for number in range(1, pages + 1):
        of = f"Stranica {number} od {pages}" if language == "hr" else f"Page {number} of {pages}"
        assert of in text


@pytest.mark.parametrize("count", [1, 7, 8, 9, 20, 33, 34, 35, 41])
def test_no_invoice_is_lost_where_the_page_ends(count: int, tmp_path: Path) -> None:
    facts = rich_facts()
    billed = tuple(
        replace(facts.billed[0], number=f"2025-{number:03}", description="")
        for number in range(count)
    )
    page = page_of(replace(facts, billed=billed, received=()), "en")
    file = tmp_path / "report.pdf"
    only = replace(page, sections=(section(page, "money"),))
    file.write_bytes(render(render_to_string("pdf/final_report.html", {"page": only}), "en"))
    text = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True)
    rows = re.findall(r"^ *(2025-\d{3}) .*€", text.stdout.decode(), re.M)
    assert rows == [one.number for one in billed]
    assert "Open" in text.stdout.decode().split("Invoiced")[-1]
