"""The final report: from facts to sections, in one language. Pure.

A section without facts is left out; each of the others opens with a sentence that carries its
figures.
"""

from offboarding.rules import money_section, waiting_sections, work_sections
from offboarding.rules.croatian_sentences import CroatianSentences
from offboarding.rules.english_sentences import EnglishSentences
from offboarding.rules.facts import Achieved, Facts
from offboarding.rules.page import Page, Section

Words = EnglishSentences | CroatianSentences
WORDS: dict[str, Words] = {"en": EnglishSentences(), "hr": CroatianSentences()}


def page_of(facts: Facts, language: str, *, interim: bool = False) -> Page:
    """An `interim` one speaks of no end. Raises KeyError for a language without words."""
    words = WORDS[language]
    name = words.interim_report if interim else words.report
    best = best_of(facts)
    head = grouped(facts.record_head)
    made = (facts.made_on, facts.record_number, head)
    return Page(
        language=language,
        title=f"{name} · {facts.client}",
        sender=facts.sender,
        sender_where=facts.sender_where,
        running=f"{name} · {words.period(facts.first, facts.last)}",
        client=facts.client,
        foot=words.foot(facts.sender, *made),
        subtitle=f"{name}, {words.period(facts.first, facts.last)}",
        sentence=words.summary(facts, best),
        figures=tuple(words.cover_figures(facts, best)),
        closing=f"{words.closing(*made)} {_nothing_about(facts, words, interim=interim)}".strip(),
        sections=tuple(_sections(facts, words, best, interim=interim)),
    )


def best_of(facts: Facts) -> Achieved | None:
    """The result that changed most; one that began at nothing counts least, for want of a per cent.

    None where nothing was measured.
    """
    return max(
        facts.achieved,
        key=lambda one: abs(one.change_percent) if one.change_percent is not None else 0,
        default=None,
    )


def grouped(digest: str) -> str:
    """The first 16 digits of a fingerprint, in two groups."""
    return f"{digest[:8]} {digest[8:16]}"


def _sections(facts: Facts, words: Words, best: Achieved | None, *, interim: bool) -> list[Section]:
    sections = []
    if best:
        sections.append(work_sections.results(facts, words, best))
    if facts.deliveries or facts.spent:
        sections.append(work_sections.delivered(facts, words))
    if facts.clock and (facts.asked or facts.rests):
        sections.append(waiting_sections.clock(facts, words))
    if [one for one in facts.asked if not one.withdrawn]:
        sections.append(waiting_sections.asked(facts, words))
    if facts.billed:
        sections.append(money_section.section(facts, words))
    # Nothing is handed over while the work goes on.
    if facts.accounts and not interim:
        sections.append(work_sections.handover(facts, words))
    sections.append(_record(facts, words))
    return sections


def _nothing_about(facts: Facts, words: Words, *, interim: bool) -> str:
    """A section that is left out is named, so that nobody looks for it."""
    there = (
        (facts.achieved, words.results),
        (facts.deliveries or facts.spent, words.delivered),
        (facts.asked, words.asked),
        (facts.billed, words.money),
        (facts.accounts or interim, words.handover),
    )
    names = [f"{name[0].lower()}{name[1:]}" for rows, name in there if not rows]
    return words.nothing(names) if names else ""


def _record(facts: Facts, words: Words) -> Section:
    digest = facts.record_head
    return Section(
        "record",
        words.record,
        words.record_lead,
        head=(
            words.record_line(facts.record_number, facts.made_on),
            " ".join(digest[at : at + 8] for at in range(0, 32, 8)),
            " ".join(digest[at : at + 8] for at in range(32, 64, 8)),
            words.record_entries(facts.record_entries),
        ),
        note=words.record_note,
        page=False,
    )
