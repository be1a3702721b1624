"""The placeholder language: a closed list, one pass, no way through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientdesk.outbox.placeholders import PlaceholderUnknown, fill, names_in

WORDS = {"contact_name": "Ana", "amount_due": "€800.00"}


def test_fills_each_placeholder() -> None:
    text = "Hello {contact_name}, { amount_due } is due, {contact_name}."
    assert fill(text, WORDS, WORDS) == "Hello Ana, €800.00 is due, Ana."


def test_values_are_not_looked_at_again() -> None:
    facts = {"contact_name": "{amount_due} {contact_name}", "amount_due": "1"}
    assert fill("{contact_name}", facts, facts) == "{amount_due} {contact_name}"


@pytest.mark.parametrize(
    "name",
    [
        "secret",
        "contact_name.__class__",
        "contact_name|upper",
        "0",
        "",
        "contact_name!r",
        "contact_name:>10",
        "contact_name[0]",
        "CONTACT_NAME",
    ],
)
def test_an_unknown_placeholder_is_named(name: str) -> None:
    with pytest.raises(PlaceholderUnknown) as caught:
        fill(f"Hello {{{name}}}", WORDS, WORDS)
    assert caught.value.name == name
    assert f"{{{name}}}" in str(caught.value)
    assert "{amount_due}, {contact_name}" in str(caught.value)


def test_a_known_name_that_is_not_allowed_here_is_unknown() -> None:
    with pytest.raises(PlaceholderUnknown):
        fill("{amount_due}", WORDS, {"contact_name"})


def test_the_languages_of_template_engines_mean_nothing() -> None:
    text = "{% load x %} ${contact} %(name)s {# no #} {\n}"
    assert names_in(text) == ["% load x %", "contact", "# no #"]
    assert fill("%(name)s $name <b> 100 %", WORDS, WORDS) == "%(name)s $name <b> 100 %"


@given(st.text(), st.text())
def test_any_value_comes_out_as_it_went_in(value: str, around: str) -> None:
    around = around.replace("{", "").replace("}", "")
    filled = fill(f"{around}{{contact_name}}{around}", {"contact_name": value}, {"contact_name"})
    assert filled == f"{around}{value}{around}"
