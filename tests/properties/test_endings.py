"""Gates, tone and the sentence: what never closes, what is found, what is said."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offboarding.rules.gates import (
    NEEDS,
    OVERRIDABLE,
    EndingFacts,
    State,
    Task,
    gate,
    gates,
)
from offboarding.rules.reasons import FAILURES, Reason, pay_fact, sentence
from offboarding.rules.tone import Why, slips

facts = st.builds(
    EndingFacts,
    has_reason=st.booleans(),
    open_invoices=st.integers(0, 3),
    has_report=st.booleans(),
    evidence_checked=st.booleans(),
    left_to_tick=st.integers(0, 3),
    letter_sent=st.booleans(),
    archived=st.just(value=False),
    overridden=st.frozensets(st.sampled_from(sorted(OVERRIDABLE)), max_size=3),
)
BETTER = (
    {"has_reason": True},
    {"open_invoices": 0},
    {"has_report": True},
    {"evidence_checked": True},
    {"left_to_tick": 0},
    {"letter_sent": True},
)


@given(facts, st.sampled_from(BETTER))
def test_satisfying_one_gate_never_closes_another(
    before: EndingFacts, better: dict[str, object]
) -> None:
    after = {one.task: one for one in gates(replace(before, **better))}  # type: ignore[arg-type]  # fields of the facts
    for was in gates(before):
        assert not (was.may_begin and not after[was.task].may_begin)
        assert not (was.is_met and not after[was.task].is_met)


@given(facts, st.sampled_from(sorted(OVERRIDABLE)))
def test_an_override_meets_its_gate_and_closes_none(before: EndingFacts, task: Task) -> None:
    after = replace(before, overridden=before.overridden | {task})
    assert gate(task, after).state == State.OVERRIDDEN
    for was, now in zip(gates(before), gates(after), strict=True):
        assert now.may_begin or not was.may_begin


@given(facts)
def test_what_cannot_start_says_what_it_waits_for(found: EndingFacts) -> None:
    by_task = {one.task: one for one in gates(found)}
    for one in by_task.values():
        unmet = [need for need in NEEDS[one.task] if not by_task[need].is_met]
        if one.state == State.OVERRIDDEN:
            continue
        assert list(one.missing) == unmet
        assert (one.state == State.LOCKED) is bool(unmet)


@given(facts)
def test_accounts_go_back_only_when_paid_or_passed_by(found: EndingFacts) -> None:
    if gate(Task.HANDOVER, found).may_begin:
        passed = {Task.PAYMENTS, Task.HANDOVER} & found.overridden
        assert found.open_invoices == 0 or passed


@pytest.mark.parametrize("language", ["en", "hr"])
@pytest.mark.parametrize("reason", [r for r in Reason if r != Reason.OWN])
def test_each_reason_is_a_whole_sentence_without_a_slip(language: str, reason: Reason) -> None:
    said = sentence(reason, "", ["Invoice 2025-031 was paid late."], language)
    assert FAILURES[language][reason] in said
    assert said.endswith("late.")
    assert slips(said) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("You are a liar.", Why.INSULT),
        ("Ovo je glupost.", Why.INSULT),
        ("Lagali ste kao lopovi.", Why.INSULT),
        ("Pay, or else.", Why.THREAT),
        ("Zažalit ćete.", Why.THREAT),
        ("You never answer.", Why.BLAME),
        ("Pay now!!", Why.SHOUT),
        ("PLATITE ODMAH", Why.SHOUT),
    ],
)
def test_what_would_be_held_against_one_is_found(text: str, why: Why) -> None:
    assert [slip.why for slip in slips(text)] == [why]


@pytest.mark.parametrize(
    "text",
    [
        "The classic assignment was passed to Mr Dumont.",
        "Račun 2025-031 plaćen je sa zakašnjenjem od 21 dana.",
        "Vaš OIB i IBAN stoje na računu.",
        "I wish you and Bistro Lune every success!",
    ],
)
def test_plain_words_are_let_be(text: str) -> None:
    assert slips(text) == []


@given(st.integers(1, 400))
def test_days_are_counted_as_croatian_does(days: int) -> None:
    said = pay_fact("1/1/1", days, is_open=False, language="hr")
    one = days % 10 == 1 and days % 100 != 11
    assert said.endswith(f"{days} {'dan' if one else 'dana'}.")
