"""The owner's own words: kept, refused, restored, and in every letter from then on."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from clientdesk.outbox.letters import LANGUAGES, LetterText, delivered_text, letter_text
from clientdesk.outbox.models import Wording
from clientdesk.outbox.placeholders import PLACEHOLDER, PlaceholderUnknown, fill
from clientdesk.outbox.wording import (
    EditableLetter,
    LetterUnknown,
    WordsMissing,
    WordsTooLong,
    change_wording,
    check_words,
    editable_letters,
    letter_named,
    links_left_out,
    restore_default,
    tidy,
)
from clientdesk.record.models import Entry
from clientdesk.workspaces.models import User, Workspace
from clientdesk.workspaces.operations import create_workspace
from clientdesk.workspaces.scoping import acting_in
from tests.billing.desk import NOW

ACTOR = "user:1"
TODAY = date(2025, 5, 14)
MINE = LetterText("Invoice {invoice_number}", "Hello {contact_name},\n\nplease: {invoice_link}")
ATTACKS = [
    "{invoice_number}",
    "{{invoice_number}}",
    "{sender_name.__class__}",
    "{0}",
    "%(sender_name)s",
    "${sender_name}",
    "{% debug %}",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "&amp;",
    "{" * 200,
]


@pytest.fixture
def at(db: None) -> Iterator[Workspace]:
    owner = User.objects.create_user("jana@example.com", name="Jana Novak")
    workspace = create_workspace(name="Jana", slug="jana", owner=owner, now=NOW)
    with acting_in(workspace.pk):
        yield workspace


@pytest.fixture
def reminder() -> EditableLetter:
    return letter_named("billing", "reminder")


def change(
    at: Workspace, letter: EditableLetter, text: LetterText = MINE, language: str = "en"
) -> list[str]:
    return change_wording(workspace=at, letter=letter, texts={language: text}, now=NOW, actor=ACTOR)


def every_text() -> list[tuple[str, str, str]]:
    files = (settings.BASE_DIR / "templates" / "email").glob("*/*.txt")
    return [(f.parent.name, *f.name.removesuffix(".txt").rsplit(".", 1)) for f in sorted(files)]  # type: ignore[misc]  # always two


@pytest.mark.parametrize(("app", "name", "language"), every_text())
def test_every_letter_to_a_client_can_be_worded(app: str, name: str, language: str) -> None:
    if app == "desk":
        return  # invitations go to colleagues, not to clients
    letter = letter_named(app, name)
    text = delivered_text(app, name, language)
    check_words(letter, tidy(text))
    assert tidy(text) == text
    assert bool(text.subject) == letter.has_subject


@pytest.mark.parametrize("letter", editable_letters(), ids=lambda one: f"{one.app}-{one.name}")
def test_every_letter_has_its_files_and_a_sample(letter: EditableLetter, at: Workspace) -> None:
    for language in LANGUAGES:
        facts = letter.facts(at, language, TODAY)
        assert list(facts) == list(letter.placeholders)
        assert all(facts[name] for name in letter.placeholders)
        filled = delivered_text(letter.app, letter.name, language).filled(facts)
        assert not PLACEHOLDER.search(filled.body)


def test_without_words_of_its_own_a_workspace_asks_nothing(at: Workspace) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert letter_text("billing", "final", "hr", at) == delivered_text("billing", "final", "hr")
    assert len(asked) == 0


def test_own_words_go_before_the_delivered_ones(at: Workspace, reminder: EditableLetter) -> None:
    assert change(at, reminder) == ["en"]
    assert letter_text("billing", "reminder", "en", at) == MINE
    assert letter_text("billing", "reminder", "de", at) == MINE
    assert letter_text("billing", "reminder", "hr", at) == delivered_text(
        "billing", "reminder", "hr"
    )
    assert letter_text("billing", "reminder", "en") == delivered_text("billing", "reminder", "en")


def test_fifty_letters_ask_once_and_again_after_a_change(
    at: Workspace, reminder: EditableLetter
) -> None:
    change(at, reminder)
    with CaptureQueriesContext(connection) as asked:
        for _ in range(50):
            letter_text("billing", "reminder", "en", at)
            letter_text("outbox", "footer", "hr", at)
    assert len(asked) == 1
    change(at, reminder, LetterText("Another {invoice_number}", "Hello"))
    with CaptureQueriesContext(connection) as asked:
        assert letter_text("billing", "reminder", "en", at).body == "Hello"
    assert len(asked) == 1


def test_one_workspaces_words_are_not_anothers(at: Workspace, reminder: EditableLetter) -> None:
    change(at, reminder)
    owner = User.objects.create_user("other@example.com")
    other = create_workspace(name="Other", slug="other", owner=owner, now=NOW)
    other.letters_version = at.letters_version
    assert letter_text("billing", "reminder", "en", other) != MINE
    assert letter_text("billing", "reminder", "en", at) == MINE


def test_words_are_recorded_with_who_changed_them(at: Workspace, reminder: EditableLetter) -> None:
    change(at, reminder)
    change(at, reminder)  # the same again is no change
    restore_default(workspace=at, letter=reminder, language="en", now=NOW, actor=ACTOR)
    restore_default(workspace=at, letter=reminder, language="en", now=NOW, actor=ACTOR)
    entries = Entry.objects.filter(kind__startswith="letter.").order_by("pk")
    assert [(entry.kind, entry.actor) for entry in entries] == [
        ("letter.changed", ACTOR),
        ("letter.restored", ACTOR),
    ]
    assert at.letters_version == 2
    assert letter_text("billing", "reminder", "en", at) == delivered_text(
        "billing", "reminder", "en"
    )
    assert not Wording.objects.exists()


def test_the_delivered_words_typed_in_are_no_words_of_ones_own(
    at: Workspace, reminder: EditableLetter
) -> None:
    typed = delivered_text("billing", "reminder", "en")
    assert change(at, reminder, LetterText(typed.subject, typed.body.replace("\n", "\r\n"))) == []
    assert at.letters_version == 0


@pytest.mark.parametrize(
    ("text", "refused", "said"),
    [
        (LetterText("x", "{amount_du}"), PlaceholderUnknown, "unknown placeholder {amount_du}"),
        (LetterText("{amount_du}", "x"), PlaceholderUnknown, "possible are {amount_due}, {answer"),
        (LetterText("x", "{stopped_on}"), PlaceholderUnknown, "unknown placeholder {stopped_on}"),
        (LetterText("x", "{}"), PlaceholderUnknown, "unknown placeholder {}"),
        (LetterText("x", "{sender_name.pk}"), PlaceholderUnknown, "{sender_name.pk}"),
        (LetterText("", "x"), WordsMissing, "expected a text and its subject"),
        (LetterText("x", " \r\n "), WordsMissing, "expected a text and its subject"),
        (LetterText("x" * 301, "x"), WordsTooLong, "301"),
        (LetterText("x", "x" * 10_001), WordsTooLong, "10001"),
        (LetterText("x\nBcc: y@z.example", "x"), ValidationError, "Line breaks"),
    ],
)
def test_what_cannot_be_sent_is_not_kept(
    at: Workspace,
    reminder: EditableLetter,
    text: LetterText,
    refused: type[Exception],
    said: str,
) -> None:
    texts = {"hr": MINE, "en": text}
    with pytest.raises(refused) as error:
        change_wording(workspace=at, letter=reminder, texts=texts, now=NOW, actor=ACTOR)
    assert said in str(error.value)
    assert not Wording.objects.exists()
    assert at.letters_version == 0


def test_a_digest_cannot_be_without_its_points(at: Workspace) -> None:
    with pytest.raises(WordsMissing, match="{points}"):
        change(at, letter_named("outbox", "digest_firm"), LetterText("{count}", "{greeting}"))


def test_a_letter_without_its_link_is_possible_and_worth_a_word(
    at: Workspace, reminder: EditableLetter
) -> None:
    without = LetterText("Invoice {invoice_number}", "Hello")
    assert links_left_out(reminder, "en", without) == ["invoice_link"]
    assert links_left_out(reminder, "en", MINE) == []
    assert change(at, reminder, without) == ["en"]


def test_there_is_no_other_letter_and_no_other_language(
    at: Workspace, reminder: EditableLetter
) -> None:
    with pytest.raises(LetterUnknown):
        letter_named("desk", "invitation")
    with pytest.raises(LetterUnknown):
        change(at, reminder, language="de")
    with pytest.raises(LetterUnknown):
        restore_default(workspace=at, letter=reminder, language="..", now=NOW, actor=ACTOR)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_value_that_looks_like_a_placeholder_or_html_stays_as_it_is(
    reminder: EditableLetter, attack: str, at: Workspace
) -> None:
    facts = dict.fromkeys(reminder.placeholders, attack)
    filled = LetterText("{client_name}", "a {client_name} b {sender_name} c").filled(facts)
    assert (filled.subject, filled.body) == (attack, f"a {attack} b {attack} c")


@how(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.lists(
        st.tuples(
            st.text(alphabet=st.characters(exclude_characters="{}", codec="utf-8"), max_size=20),
            st.sampled_from(["contact_name", "client_name", "invoice_link", "amount_due"]),
        ),
        max_size=8,
    ),
    values=st.fixed_dictionaries(
        {
            name: st.text(max_size=30)
            for name in ("contact_name", "client_name", "invoice_link", "amount_due")
        }
    ),
)
def test_a_text_says_its_words_and_its_values_and_nothing_else(
    parts: list[tuple[str, str]], values: dict[str, str]
) -> None:
    text = "".join(f"{words}{{{name}}}" for words, name in parts)
    assert fill(text, values, values) == "".join(f"{words}{values[name]}" for words, name in parts)


@given(st.text(max_size=200))
def test_any_text_is_kept_or_refused_in_words(body: str) -> None:
    letter = letter_named("billing", "reminder")
    text = tidy(LetterText("x", body))
    assert tidy(text) == text
    try:
        check_words(letter, text)
    except (PlaceholderUnknown, WordsMissing):
        return
    facts = {name: name for name in letter.placeholders}
    assert "{" not in PLACEHOLDER.sub("", text.body) or text.filled(facts)
