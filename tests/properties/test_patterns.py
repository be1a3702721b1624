"""Unresponsive and controlling: when they stand, what moves them, what they never say."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from clientdesk.calendars import is_working_day
from clientdesk.findings import State
from feedback.rules.control_sentences import proposal, sentences
from feedback.rules.controlling import (
    NEEDS,
    Approval,
    Control,
    Looked,
    Sign,
    Withheld,
    controlling,
    days_waiting,
)
from feedback.rules.unresponsive import Answering, Put, unresponsive

START, TODAY = date(2025, 1, 7), date(2025, 6, 30)
ONE_DAY = timedelta(days=1)
countries = st.sampled_from(["HR", "DE", "US", ""])
agreed_days = st.none() | st.integers(1, 10)


@st.composite
def puts(draw: st.DrawFn) -> list[Put]:
    made = []
    for number in range(draw(st.integers(0, 12))):
        asked = START + timedelta(days=draw(st.integers(0, 150)))
        by = asked + timedelta(days=draw(st.integers(0, 14)))
        took = draw(st.none() | st.integers(0, 20))
        answered = None if took is None else min(asked + timedelta(days=took), TODAY)
        made.append(Put(number, f"Question {number}", asked, by, answered))
    return made


def answering(rows: list[Put], agreed: int | None, country: str) -> Answering:
    return unresponsive(rows, client_id=1, agreed=agreed, country=country, today=TODAY)


@given(puts(), agreed_days, countries)
def test_it_stands_on_half_late_and_a_long_median_and_nothing_else(
    rows: list[Put], agreed: int | None, country: str
) -> None:
    said = answering(rows, agreed, country)
    if said.finding.seen < 3:
        assert said.finding.state == State.NOT_ENOUGH_HISTORY
        return
    expected = 2 * said.late >= said.finding.seen and (agreed is None or said.usual > agreed)
    assert said.finding.stands is expected


@given(puts(), agreed_days, countries, st.integers(0, 11))
def test_an_earlier_answer_never_makes_it_stand(
    rows: list[Put], agreed: int | None, country: str, which: int
) -> None:
    said = answering(rows, agreed, country)
    if said.finding.stands or which >= len(rows) or rows[which].answered_on is None:
        return
    earlier = replace(rows[which], answered_on=rows[which].asked_on)
    better = answering([*rows[:which], earlier, *rows[which + 1 :]], agreed, country)
    assert not better.finding.stands
    assert better.late <= said.late
    assert better.lost <= said.lost


@given(puts(), agreed_days, countries)
def test_every_late_answer_is_shown_with_its_days(
    rows: list[Put], agreed: int | None, country: str
) -> None:
    said = answering(rows, agreed, country)
    assert sum(fact.figure for fact in said.finding.facts) == said.lost
    assert len({fact.reference for fact in said.finding.facts}) == len(said.finding.facts)


def test_what_may_still_be_answered_in_time_says_nothing() -> None:
    rows = [Put(n, "Open", TODAY - ONE_DAY, TODAY, None) for n in range(9)]
    assert answering(rows, 3, "HR").finding.seen == 0


looked = st.builds(
    Looked,
    st.integers(1, 99),
    st.lists(st.sampled_from(["No.", "Make the blue warmer.", ""]), max_size=3).map(tuple),
)


@st.composite
def approvals(draw: st.DrawFn) -> list[Approval]:
    made = []
    for number in range(draw(st.integers(0, 5))):
        rounds = []
        for _ in range(draw(st.integers(1, 3))):
            asked = START + timedelta(days=draw(st.integers(0, 160)))
            took = draw(st.none() | st.integers(0, 20))
            rounds.append((asked, None if took is None else asked + timedelta(days=took)))
        made.append(
            Approval(
                number,
                f"Posts {number}",
                len(rounds),
                draw(st.integers(1, 3)),
                draw(st.lists(looked, max_size=4)),
                rounds,
            )
        )
    return made


withheld = st.lists(
    st.builds(Withheld, st.integers(1, 9), st.just("Instagram @lune"), st.just(START), st.just("")),
    max_size=2,
)


def control(rows: list[Approval], missing: list[Withheld], country: str = "HR") -> Control:
    return controlling(rows, missing, client_id=1, country=country, today=TODAY)


@given(approvals(), withheld, countries)
def test_two_signs_on_five_items_and_always_something_to_show(
    rows: list[Approval], missing: list[Withheld], country: str
) -> None:
    said = control(rows, missing, country)
    assert said.items == sum(len(one.items) for one in rows)
    if said.items < NEEDS:
        assert said.finding.state == State.NOT_ENOUGH_HISTORY
    elif said.finding.stands:
        assert len(said.signs) >= 2
        assert said.finding.facts
    assert said.bare <= said.tweaked <= said.changed <= said.items
    assert 0 <= said.waiting <= said.elapsed


@given(approvals(), withheld)
def test_giving_access_never_makes_it_stand(rows: list[Approval], missing: list[Withheld]) -> None:
    if not control(rows, missing).finding.stands:
        assert not control(rows, []).finding.stands


@given(approvals(), withheld)
def test_more_rounds_agreed_never_make_it_stand(
    rows: list[Approval], missing: list[Withheld]
) -> None:
    generous = [replace(one, rounds_agreed=one.rounds_agreed + 1) for one in rows]
    if not control(rows, missing).finding.stands:
        assert not control(generous, missing).finding.stands


@given(approvals(), countries)
def test_the_days_waited_are_those_of_a_walk_from_day_to_day(
    rows: list[Approval], country: str
) -> None:
    rounds = [one for row in rows for one in row.rounds]
    waited = elapsed = 0
    if rounds:
        day = min(asked for asked, _ in rounds)
        while day < TODAY:
            day += ONE_DAY
            if is_working_day(day, country):
                elapsed += 1
                waited += any(asked < day <= (closed or TODAY) for asked, closed in rounds)
    assert days_waiting(rounds, country=country, today=TODAY) == (waited, elapsed)


@given(approvals(), withheld, st.sampled_from(["en", "hr"]))
def test_the_letter_says_what_is_recorded_and_nothing_else(
    rows: list[Approval], missing: list[Withheld], language: str
) -> None:
    said = control(rows, missing)
    lines = list(sentences(said, language))
    assert len(lines) == len(set(lines)) or len(missing) > 1
    assert all(line.endswith(".") for line in lines)
    assert bool(lines) == bool(said.beyond or said.changed or missing or Sign.WAITING in said.signs)
    assert "!" not in "".join(lines)
    assert proposal(said, language).endswith(".")


def test_croatian_counts_as_croatian_does() -> None:
    def words(used: int, items: int) -> list[str]:
        changed = [Looked(n, ("Toplije, molim lijepo.",)) for n in range(items)]
        rounds = [(START, START + ONE_DAY)]
        rows = [Approval(1, "Objave", used, 2, changed, rounds)]
        return [
            line.replace("\N{NO-BREAK SPACE}", " ") for line in sentences(control(rows, []), "hr")
        ]

    assert words(3, 5)[0] == "„Objave”: 3 kruga, a dogovoreno je 2."
    assert words(5, 21) == [
        "„Objave”: 5 krugova, a dogovoreno je 2.",
        "Od 21 stavke s izmjenama se vratilo: 21.",
    ]
    assert words(21, 12)[0] == "„Objave”: 21 krug, a dogovoreno je 2."
