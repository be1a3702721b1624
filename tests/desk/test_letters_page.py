"""The letters' pages without scripts: words are shown, refused at their field, kept, restored."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from clientdesk.outbox.letters import LetterText, delivered_text, letter_text
from clientdesk.outbox.models import Message, Wording
from clientdesk.outbox.wording import change_wording, letter_named
from clientdesk.workspaces.access import Role
from clientdesk.workspaces.models import Membership, User, Workspace
from clientdesk.workspaces.scoping import acting_in
from tests.desk.world import NOW, make_workspace

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PATH = "/w/jana/settings/letters/billing/reminder/"
ATTACKS = ["<script>alert(1)</script>", "{{ x }}", "&lt;b&gt;", "{invoice_number}"]


@pytest.fixture
def at(db: None) -> Iterator[Workspace]:
    workspace, _ = make_workspace("jana")
    with acting_in(workspace.pk):
        yield workspace


@pytest.fixture
def browser(at: Workspace) -> Browser:
    browser = Browser()
    browser.force_login(User.objects.get(), backend=BACKEND)
    return browser


def typed(**changed: str) -> dict[str, str]:
    """The form as a browser sends it, lines ending in CR LF."""
    sent = {"once_key": "one form"}
    for language in ("en", "hr"):
        text = delivered_text("billing", "reminder", language)
        sent[f"{language}-subject"] = text.subject
        sent[f"{language}-body"] = text.body.replace("\n", "\r\n")
    return {**sent, **{key.replace("_", "-", 1): value for key, value in changed.items()}}


def now_says(at: Workspace, language: str = "en") -> LetterText:
    return letter_text("billing", "reminder", language, Workspace.objects.get(pk=at.pk))


def test_the_list_names_every_letter_and_whose_words_are_own(
    at: Workspace, browser: Browser
) -> None:
    change_wording(
        workspace=at,
        letter=letter_named("billing", "final_line"),
        texts={"hr": LetterText("", "Kratko")},
        now=NOW,
        actor="user:1",
    )
    page = browser.get("/w/jana/settings/letters/").content.decode()
    for path in ("billing/final/", "billing/final_line/", "feedback/kind/", "outbox/footer/"):
        assert f"/w/jana/settings/letters/{path}" in page
    assert page.count("Your own words: Hrvatski.") == 1


def test_both_texts_are_kept_and_shown(at: Workspace, browser: Browser) -> None:
    sent = typed(en_body="Hello,\r\n\r\n{amount_due}: {invoice_link}", hr_subject="Račun")
    answer = browser.post(PATH, {**sent, "save": "1"}, follow=True)
    assert now_says(at).body == "Hello,\n\n{amount_due}: {invoice_link}"
    assert now_says(at, "hr").subject == "Račun"
    page = answer.content.decode()
    assert "Letters that wait are worded anew" in page
    assert page.count("your own words") == 2
    assert "no {invoice_link} any more" not in page


def test_the_delivered_words_sent_back_change_nothing(at: Workspace, browser: Browser) -> None:
    answer = browser.post(PATH, {**typed(), "save": "1"}, follow=True)
    assert "Nothing was changed." in answer.content.decode()
    assert not Wording.objects.exists()


def test_an_unknown_placeholder_blocks_saving_at_its_field(at: Workspace, browser: Browser) -> None:
    sent = typed(en_body="Hello,\r\n\r\nplease {amount_du} now", hr_body="{nothing_near_it}")
    answer = browser.post(PATH, {**sent, "save": "1"})
    page = answer.content.decode()
    assert "<title>Error:" in " ".join(page.split())
    assert "Line 3: there is no {amount_du}. Did you mean {amount_due}?" in page
    assert "Line 1: there is no {nothing_near_it}. Possible are {contact_name}, " in page
    assert "<mark>{amount_du}</mark>" in page
    assert 'href="#id_en-body"' in page
    assert "please {amount_du} now" in page  # what was typed is still there
    assert not Wording.objects.exists()


@pytest.mark.parametrize("field", ["en_subject", "en_body"])
def test_nothing_is_no_letter(at: Workspace, browser: Browser, field: str) -> None:
    answer = browser.post(PATH, {**typed(**{field: " "}), "save": "1"})
    assert "Expected some words" in answer.content.decode()
    assert not Wording.objects.exists()


def test_showing_keeps_nothing(at: Workspace, browser: Browser) -> None:
    page = browser.post(PATH, {**typed(en_body="Owed: {amount_due}"), "preview": "1"})
    assert "<p>Owed: €1,540.00</p>" in page.content.decode()
    assert "changed, not kept yet" in page.content.decode()
    assert not Wording.objects.exists()


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_typed_and_what_is_filled_in_is_text_only(
    at: Workspace, browser: Browser, attack: str
) -> None:
    Workspace.objects.filter(pk=at.pk).update(sender_name=attack)
    sent = typed(en_body="<img src=x onerror=alert(1)> {sender_name}")
    page = browser.post(PATH, {**sent, "preview": "1"}).content.decode()
    assert "<img src=x" not in page
    assert "<script>alert" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    if attack == "{invoice_number}":
        assert "&gt; {invoice_number}</p>" in page


def test_a_letter_without_its_link_is_kept_with_a_warning(at: Workspace, browser: Browser) -> None:
    answer = browser.post(PATH, {**typed(en_body="Hello"), "save": "1"}, follow=True)
    assert "no {invoice_link} any more" in answer.content.decode()
    assert now_says(at).body == "Hello"


def test_the_delivered_words_come_back(at: Workspace, browser: Browser) -> None:
    browser.post(PATH, {**typed(en_body="Hello", hr_body="Dobar dan"), "save": "1"})
    answer = browser.post(PATH, {**typed(), "restore": "en"}, follow=True)
    assert "The delivered words hold again." in answer.content.decode()
    assert now_says(at) == delivered_text("billing", "reminder", "en")
    assert now_says(at, "hr").body == "Dobar dan"


def test_a_test_goes_to_the_member_once_with_the_words_as_typed(
    at: Workspace, browser: Browser
) -> None:
    sent = {**typed(en_subject="New {invoice_number}"), "test": "en"}
    for _ in range(2):
        page = browser.post(PATH, sent).content.decode()
        assert "waits in the outbox" in page
        assert 'value="New {invoice_number}"' in page
    message = Message.objects.get()
    assert message.to_email == User.objects.get().email
    assert not message.automatic
    assert not Wording.objects.exists()


def test_a_test_with_an_unknown_placeholder_does_not_leave(at: Workspace, browser: Browser) -> None:
    page = browser.post(PATH, {**typed(en_body="{amount_du}"), "test": "en"})
    assert "there is no {amount_du}" in page.content.decode()
    assert not Message.objects.exists()


def test_a_line_has_no_subject_and_a_digest_keeps_its_points(
    at: Workspace, browser: Browser
) -> None:
    line = "/w/jana/settings/letters/billing/reminder_line/"
    assert 'name="en-subject"' not in browser.get(line).content.decode()
    digest = "/w/jana/settings/letters/outbox/digest_firm/"
    sent = {"en-subject": "x", "en-body": "y", "save": "1"}
    page = browser.post(digest, sent).content.decode()
    assert "Expected {points} somewhere" in page


@pytest.mark.parametrize("path", ["desk/invitation/", "billing/nothing/", "nobody/reminder/"])
def test_there_are_no_other_letters(at: Workspace, browser: Browser, path: str) -> None:
    assert browser.get(f"/w/jana/settings/letters/{path}").status_code == 404


@pytest.mark.parametrize(
    "sent", [{}, {"save": "1"}, {"test": "de"}, {"restore": "de"}, {"test": "en"}]
)
def test_a_tampered_form_keeps_and_sends_nothing(
    at: Workspace, browser: Browser, sent: dict[str, str]
) -> None:
    assert browser.post(PATH, sent).status_code == 200
    assert not Wording.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.parametrize("role", [Role.MEMBER, Role.BOOKKEEPER, Role.VIEWER])
def test_others_read_the_letters_and_change_none(at: Workspace, role: Role) -> None:
    user = User.objects.create_user(f"{role}@example.com")
    Membership.objects.create(workspace=at, user=user, role=role, joined_at=NOW)
    browser = Browser()
    browser.force_login(user, backend=BACKEND)
    page = browser.get(PATH)
    assert page.status_code == 200
    assert "<textarea" not in page.content.decode()
    for act in ("save", "test", "restore"):
        assert browser.post(PATH, {**typed(en_body="x"), act: "en"}).status_code == 403
    assert not Wording.objects.exists()


def test_the_pages_ask_the_same_however_many_words_are_own(at: Workspace, browser: Browser) -> None:
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(path).status_code == 200
        return len(asked)

    def reword(name: str) -> None:
        change_wording(
            workspace=at,
            letter=letter_named("billing", name),
            texts={"en": LetterText("x", "y"), "hr": LetterText("x", "y")},
            now=NOW,
            actor="user:1",
        )

    reword("reminder")
    few = queries("/w/jana/settings/letters/"), queries(PATH)
    for name in ("stop_work", "final", "thanks", "invoice"):
        reword(name)
    assert (queries("/w/jana/settings/letters/"), queries(PATH)) == few
