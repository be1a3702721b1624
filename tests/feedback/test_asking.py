"""The owner asks: the page, drafts, pictures, one message for several, and what is refused."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from clientdesk import clock
from clientdesk.documents.models import Document
from clientdesk.outbox.models import Message, Part
from clientdesk.workspaces.models import Workspace
from clients.models import Client, Contact
from clients.operations.work import create_agreement, save_account
from feedback.models import Item, Request, Round, Version
from feedback.operations.drafting import draft_request
from tests.billing import desk
from tests.billing.desk import send
from tests.feedback.clock_desk import ACTOR, NOW, TODAY, days, owner_of, project
from tests.feedback.page_desk import png
from tests.outbox.mailserver import MailServer

pytestmark = pytest.mark.django_db
NEW = "/w/jana/waiting/new/?client=lune"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def browser(lune: Client) -> Browser:
    return owner_of(project(lune))


def typed(lune: Client, **more: Any) -> dict[str, Any]:
    return {
        "client": lune.pk,
        "kind": "question",
        "title": "Which logo?",
        "answer_by": (TODAY + days(2)).isoformat(),
        "blocking": "on",
        "form-TOTAL_FORMS": "2",
        "form-INITIAL_FORMS": "0",
        "do": "send",
        **more,
    }


def picture(name: str = "chair.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, png(), content_type="image/png")


def errors(response: Any) -> str:
    found = re.search(r'<div class="errors".*?</div>', response.content.decode(), re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0])) if found else ""


def test_the_page_proposes_what_is_agreed(browser: Browser, lune: Client) -> None:
    create_agreement(
        client=lune,
        fields={"valid_from": TODAY - days(9), "answer_days": 5, "rounds": 3},
        now=NOW,
        actor=ACTOR,
    )
    page = browser.get(NEW).content.decode()
    assert 'value="2025-05-21"' in page  # five working days after Wednesday 14 May
    assert "5 working days are agreed." in page
    only = Request.objects.count(), lune.projects.get().pk
    assert f'<option value="{only[1]}" selected>' in page
    assert "2 working days before" in page


def test_asked_it_stands_open_and_one_message_waits(
    browser: Browser, lune: Client, server: MailServer
) -> None:
    made = lune.projects.get()
    answer = browser.post(NEW, typed(lune, project=made.pk, detail="The blue or the red one?"))
    asked = Request.objects.get()
    assert answer["Location"] == f"/w/jana/waiting/{asked.pk}/"
    assert (asked.state, asked.asked_on, asked.project) == ("open", TODAY, made)
    assert Round.objects.get().answer_by == TODAY + days(2)
    send(TODAY)
    [message] = server.received()
    assert "Which logo?" in message.subject
    assert "/a/" in message.text


def test_sent_twice_it_is_one_request_and_one_message(browser: Browser, lune: Client) -> None:
    data = typed(lune, once_key="k1")
    browser.post(NEW, data)
    browser.post(NEW, data)
    assert Request.objects.count() == 1
    assert Part.objects.filter(kind="feedback.ask").count() == 1


def test_without_a_message_nothing_is_mailed(browser: Browser, lune: Client) -> None:
    browser.post(NEW, typed(lune, do="quiet"))
    assert Request.objects.get().state == "open"
    assert not Message.objects.exists()


def test_nobody_to_write_to_leaves_nothing_behind(browser: Browser, lune: Client) -> None:
    Contact.objects.update(email="")
    answer = browser.post(NEW, typed(lune))
    assert "no e-mail address" in errors(answer)
    assert not Request.objects.exists()
    browser.post(NEW, typed(lune, do="quiet"))
    assert Request.objects.get().is_open


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("title", "", "In one line"),
        ("answer_by", "2025-05-10", "2025-05-10 is past; expected 2025-05-14"),
        ("kind", "wish", "wish"),
        ("title", "two\nlines", "In one line"),
    ],
)
def test_what_cannot_be_is_named_and_what_was_typed_stays(
    browser: Browser, lune: Client, field: str, value: str, said: str
) -> None:
    answer = browser.post(NEW, typed(lune, detail="Keep this.", **{field: value}))
    assert said in errors(answer)
    assert "Keep this." in answer.content.decode()
    assert not Request.objects.exists()


def test_a_project_of_another_client_is_refused(browser: Browser, at: Workspace) -> None:
    lune = Client.objects.get(slug="lune")
    other = project(desk.client(at, "Nord", email="n@example.com"), "Winter")
    answer = browser.post("/w/jana/waiting/new/", typed(lune, project=other.pk))
    assert "This project belongs to another client." in errors(answer)
    assert not Request.objects.exists()


def test_items_with_a_picture_are_kept_in_their_order(browser: Browser, lune: Client) -> None:
    data = typed(lune, kind="approval", title="June posts", rounds_agreed="2")
    data |= {
        "form-0-title": "The chair",
        "form-0-text": "“Sit down.”",
        "form-0-channel": "Instagram",
    }
    data |= {"form-0-picture": picture(), "form-1-text": "Three cups."}
    data |= {"form-0-planned_on": "2025-06-02"}
    browser.post(NEW, data)
    asked = Request.objects.get()
    first, second = Version.objects.order_by("item__position")
    assert (first.title, first.channel, first.text) == ("The chair", "Instagram", "“Sit down.”")
    assert first.picture is not None
    assert first.picture.content_type == "image/png"
    assert second.title == "Item 2"
    assert asked.rounds_agreed == 2
    page = browser.get(f"/w/jana/waiting/{asked.pk}/").content.decode()
    assert f"/documents/{first.picture_id}/" in page or f"{first.picture_id}" in page


def test_a_file_that_no_browser_shows_is_named_and_nothing_is_kept(
    browser: Browser, lune: Client
) -> None:
    heic = SimpleUploadedFile("june-plan.heic", b"\0\0\0\x18ftypheic", content_type="image/heic")
    data = typed(lune, kind="approval", **{"form-0-title": "Plan", "form-0-picture": heic})
    answer = browser.post(NEW, data)
    assert "Item 1: “june-plan.heic” cannot be shown in a browser" in errors(answer)
    assert not Request.objects.exists()
    assert not Document.objects.exists()


def test_a_choice_needs_two_to_choose_from(browser: Browser, lune: Client) -> None:
    answer = browser.post(NEW, typed(lune, kind="choice", **{"form-0-title": "Blue"}))
    assert "at least two items" in errors(answer)
    browser.post(NEW, typed(lune, kind="choice", **{"form-0-title": "Blue", "form-1-title": "Red"}))
    assert Item.objects.count() == 2


def test_more_items_keeps_a_draft_with_its_pictures(browser: Browser, lune: Client) -> None:
    data = typed(lune, kind="approval", title="Posts", add="1")
    data |= {"form-0-title": "One", "form-0-picture": picture()}
    answer = browser.post(NEW, data)
    draft = Request.objects.get()
    assert draft.state == "draft"
    assert answer["Location"] == f"/w/jana/waiting/{draft.pk}/edit/?more=2#items"
    page = browser.get(answer["Location"]).content.decode()
    assert page.count("form-2-title") > 0
    kept = Version.objects.get().picture_id
    assert f'name="form-0-kept" value="{kept}"' in page
    # Kept on when the draft is asked; taken out when that is wished.
    data = typed(lune, kind="approval", title="Posts")
    data |= {"form-0-title": "One", "form-0-kept": kept, "form-1-title": "Two"}
    browser.post(f"/w/jana/waiting/{draft.pk}/edit/", data)
    assert [v.picture_id for v in Version.objects.order_by("item__position")] == [kept, None]
    assert Request.objects.get().state == "open"


def test_more_items_of_a_page_with_a_mistake_keeps_what_was_typed(
    browser: Browser, lune: Client
) -> None:
    data = typed(lune, kind="approval", title="", add="1", **{"form-0-title": "One"})
    page = browser.post(NEW, data).content.decode()
    assert 'value="One"' in page
    assert "form-3-title" in page
    assert 'class="errors"' not in page
    assert not Request.objects.exists()


def test_a_draft_shows_the_message_in_the_clients_language(browser: Browser, lune: Client) -> None:
    Client.objects.update(language="hr")
    browser.post(NEW, typed(lune, do="draft", project=lune.projects.get().pk))
    draft = Request.objects.get()
    page = browser.get(f"/w/jana/waiting/{draft.pk}/edit/").content.decode()
    assert 'lang="hr"' in page
    assert "molim odgovor do" in page
    assert not Message.objects.exists()
    browser.post(f"/w/jana/waiting/{draft.pk}/discard/")
    assert not Request.objects.exists()


def test_drafts_of_one_client_go_out_as_one_message(
    browser: Browser, at: Workspace, lune: Client, server: MailServer
) -> None:
    drafts = [_draft(lune, title) for title in ("The logo", "The photos", "The login")]
    other = _draft(desk.client(at, "Nord", email="n@example.com"), "Something else")
    mixed = browser.post("/w/jana/waiting/ask/", {"draft": [drafts[0].pk, other.pk]}, follow=True)
    assert "One message is for one client" in mixed.content.decode()
    assert not Request.objects.open().exists()
    browser.post("/w/jana/waiting/ask/", {"draft": [one.pk for one in drafts]})
    assert Request.objects.open().count() == 3
    send(TODAY)
    [message] = server.received()
    assert [title in message.text for title in ("The logo", "The photos", "The login")] == [
        True
    ] * 3
    assert message.text.count("/a/") == 3
    assert "there are 3 things" in message.text


def test_a_draft_whose_day_is_past_is_not_asked(browser: Browser, lune: Client) -> None:
    late = _draft(lune, "The logo", by=-1)
    page = browser.post("/w/jana/waiting/ask/", {"draft": [late.pk]}, follow=True)
    assert "Give it a new one" in page.content.decode()
    assert Request.objects.get().state == "draft"


def test_access_to_an_account_is_asked_about_that_account(browser: Browser, lune: Client) -> None:
    account = save_account(
        client=lune,
        account=None,
        fields={"platform": "Instagram", "handle": "@lune", "access_needed": "full"},
        now=NOW,
        actor=ACTOR,
    )
    page = browser.get(f"{NEW}&kind=access&account={account.pk}").content.decode()
    assert f'<option value="{account.pk}" selected>' in page
    assert re.search(r'value="access"[^>]*checked', page)
    browser.post(NEW, typed(lune, kind="access", title="Instagram", account=account.pk))
    assert Request.objects.get().account == account


def _draft(of: Client, title: str, by: int = 4) -> Request:
    return draft_request(
        client=of,
        kind="question",
        title=title,
        on=TODAY - days(9),
        answer_by=TODAY + days(by),
        now=NOW,
    )
