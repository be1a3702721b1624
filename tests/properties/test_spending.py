"""What time went into, by its tags: in both languages, with and without marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.rules.spending import CHASING, REVISION, WORDS, spent_on

others = st.text("abcxyzčž", min_size=1, max_size=8).filter(lambda word: word not in WORDS)


@pytest.mark.parametrize(
    ("tags", "what"),
    [
        ("chasing", CHASING),
        ("#Podsjećanje", CHASING),
        ("požurivanje", CHASING),
        ("logo revision", REVISION),
        ("Ispravak", REVISION),
        ("izmjene chasing", REVISION),
        ("logo", ""),
        ("", ""),
    ],
)
def test_the_first_tag_that_names_it_decides(tags: str, what: str) -> None:
    assert spent_on(tags) == what


@given(st.lists(others), st.sampled_from(sorted(WORDS)), st.lists(others))
def test_other_tags_around_it_change_nothing(
    before: list[str], word: str, after: list[str]
) -> None:
    assert spent_on(" ".join([*before, word, *after])) == WORDS[word]
