"""The answer to "is that all you did?": one project on one page. Pure.

What was delivered, in whose court each day was, what was asked and answered when, what was missed
meanwhile, and where the hours went.
"""

from dataclasses import dataclass

from offboarding.rules import waiting_sections, work_sections
from offboarding.rules.croatian_sentences import CroatianSentences
from offboarding.rules.english_sentences import EnglishSentences
from offboarding.rules.facts import Facts, ProjectTime
from offboarding.rules.page import Figure, Side, Table
from offboarding.rules.report import WORDS, grouped

Words = EnglishSentences | CroatianSentences


@dataclass(frozen=True, slots=True)
class Done:
    language: str
    title: str
    running: str
    sender: str
    sender_where: str
    client: str
    project: str
    heading: str
    sub: str
    fact_label: str
    fact: str
    fact_due: str
    sentence: str
    sides: tuple[Side, ...]
    lanes: Figure | None
    tables: tuple[Table, ...]
    hours: str
    note: str
    foot: str


def done_of(facts: Facts, language: str) -> Done:
    """`facts` are of one project (facts_of(…, project=…)). Raises KeyError for a language without
    words."""
    words = WORDS[language]
    [told] = facts.projects
    label, fact, due = _delivery(facts, told, words)
    return Done(
        language=language,
        title=f"{words.is_that_all} · {told.name}",
        running=f"{words.is_that_all} · {told.name}",
        sender=facts.sender,
        sender_where=facts.sender_where,
        client=facts.client,
        project=told.name,
        heading=words.is_that_all,
        sub=f"{told.name}, {facts.client}",
        fact_label=label,
        fact=fact,
        fact_due=due,
        sentence=words.done_sentence(facts, told),
        sides=waiting_sections.sides(facts, words),
        lanes=waiting_sections.lanes(facts, words) if facts.clock else None,
        tables=tuple(_tables(facts, words)),
        hours=_hours(facts, words),
        note=words.done_note,
        foot=words.foot(
            facts.sender, facts.made_on, facts.record_number, grouped(facts.record_head)
        ),
    )


def _delivery(facts: Facts, told: ProjectTime, words: Words) -> tuple[str, str, str]:
    """What stands large at the top right: the day it was delivered, or is to be expected."""
    [one] = facts.deliveries
    agreed = f"{words.agreed} {words.day(one.agreed_on)}" if one.agreed_on else ""
    if one.delivered_on:
        return words.done, words.day(one.delivered_on), agreed
    if told.expected_on:
        return words.expected, words.day(told.expected_on), agreed
    return "", "", ""


def _tables(facts: Facts, words: Words) -> list[Table]:
    tables = []
    kept = [one for one in facts.asked if not one.withdrawn]
    if kept:
        moved = _why_moved(facts, words)
        tables.append(waiting_sections.asked_table(facts, words, caption=words.asked, note=moved))
    if facts.missed:
        tables.append(waiting_sections.missed(facts, words))
    if facts.rests:
        tables.append(waiting_sections.rests(facts, words))
    if facts.achieved:
        tables.append(work_sections.achieved_table(facts, words, caption=words.results))
    return tables


def _why_moved(facts: Facts, words: Words) -> str:
    """The causes in one line: what is its own of each, in working days."""
    [told] = facts.projects
    causes = [f"{one.title or words.rested} +{one.days}" for one in told.causes if one.days]
    return f"{words.why_moved}: {', '.join(causes)}." if causes else ""


def _hours(facts: Facts, words: Words) -> str:
    spent = [f"{words.kinds.get(o.kind, o.kind)} {words.hours(o.minutes)}" for o in facts.spent]
    return f"{words.hours_by_kind}: {', '.join(spent)}." if spent else ""
