"""The page behind an answer link: what it says, and what becomes of what is sent."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from clientdesk import clock
from clientdesk.record.models import Entry
from clientdesk.workspaces.models import Workspace
from clients.models import Client, ManagedAccount
from feedback.models import Request, Verdict
from feedback.operations.answering import handle_answer
from feedback.operations.asking import change_items, next_round, withdraw
from feedback.operations.drafting import NewItem
from tests.billing import desk
from tests.feedback.page_desk import (
    POSTS,
    address,
    answers,
    asked,
    form,
    look,
    project,
    send,
    versions,
)

NOON = desk.morning(desk.TODAY, hour=12)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch)


def set_clock(monkeypatch: pytest.MonkeyPatch, later: timedelta = timedelta()) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON + later)


def verdicts(request: Request, number: int) -> list[tuple[str, str, str]]:
    rows = Verdict.objects.filter(answer__round__request=request, answer__number=number)
    return [(v.version.title, v.decision, v.comment) for v in rows.order_by("version__item")]


def test_it_says_who_asks_what_by_when_and_what_depends_on_it(lune: Client) -> None:
    launch = project(lune, delivery_on=date(2025, 5, 20))
    request = asked(lune, project=launch, rounds_agreed=2, blocks="the summer campaign")
    page = look(address(request))
    assert "Jana Novak" in page
    assert "Hello Ana Kralj, two posts need your word." in page
    assert "<b>Saturday 17\N{NO-BREAK SPACE}May</b>" in page
    assert "so that Summer launch stays on 20\N{NO-BREAK SPACE}May." in page
    assert "What waits for it: the summer campaign." in page
    assert "Round 1 of the 2 we agreed." in page
    assert "Approve both posts" in page
    for title in POSTS:
        assert title in page
    assert "Instagram, Wed 14\N{NO-BREAK SPACE}May" in page


def test_where_the_answer_is_late_it_says_where_the_delivery_stands(lune: Client) -> None:
    launch = project(lune, delivery_on=date(2025, 5, 20))
    request = asked(lune, project=launch, ago=7, within=4)
    page = look(address(request))
    # Due on Saturday 10 May; Monday to Wednesday are lost.
    assert "I had hoped for it by" in page
    assert "Summer launch now moves from 20 to" in page
    assert '<b class="moves">23\N{NO-BREAK SPACE}May</b>' in page


def test_a_croatian_client_reads_croatian(at: Workspace) -> None:
    nordlys = desk.client(at, "Nordlys", language="hr")
    page = look(address(asked(nordlys)))
    assert '<html lang="hr">' in page
    assert "Dobar dan, dvije objave čekaju vašu riječ." in page
    assert "Odobri obje objave" in page
    for english in ("Skip to content", "Approve", "Send my", "Changes"):
        assert english not in page


def test_one_press_approves_all(lune: Client) -> None:
    request = asked(lune)
    path = address(request)
    response = send(path, all="ok")
    assert (response.status_code, response["Location"]) == (302, path)
    request.refresh_from_db()
    assert (request.state, request.decision, request.answered_on) == (
        "answered",
        "approved",
        desk.TODAY,
    )
    assert verdicts(request, 1) == [(title, "approved", "") for title in POSTS]
    [answer] = answers(request)
    assert (answer.how, answer.given_by, answer.link_id is not None) == ("page", "Ana Kralj", True)


def test_one_by_one_with_a_comment_to_each(lune: Client) -> None:
    request = asked(lune)
    chair, cups = versions(request)
    more = {f"v{chair}": "ok", f"v{cups}": "ch", f"c{cups}": "Saturday, not Friday.\r\nPlease."}
    assert send(address(request), comment="Lovely.", **more).status_code == 302
    request.refresh_from_db()
    assert (request.decision, request.answer) == ("changes", "Lovely.")
    said = [
        ("The oak chair", "approved", ""),
        (POSTS[1], "changes", "Saturday, not Friday.\r\nPlease."),
    ]
    assert verdicts(request, 1) == said
    page = look(address(request))
    for words in ("Thank you", "1 approved · 1 with changes", "Saturday, not Friday.", "Lovely."):
        assert words in page


@pytest.mark.parametrize("verdict", ["ch", "no"])
def test_a_change_or_a_no_needs_a_word_and_nothing_typed_is_lost(
    lune: Client, verdict: str
) -> None:
    request = asked(lune)
    chair, cups = versions(request)
    more = {f"v{chair}": "ok", f"v{cups}": verdict, "comment": "<b>Thanks</b>"}
    page = send(address(request), **more).content.decode()
    assert "<title>Error: June posts" in page
    assert f'<a href="#c{cups}">2 · {POSTS[1]}: please say in a few words' in page
    assert 'aria-invalid="true"' in page
    assert "&lt;b&gt;Thanks&lt;/b&gt;" in page
    assert page.count(" checked") == 2
    assert answers(request) == []


def test_every_item_needs_a_verdict(lune: Client) -> None:
    request = asked(lune)
    chair, cups = versions(request)
    page = send(address(request), **{f"v{chair}": "ok"}).content.decode()
    assert f'<a href="#v{cups}">' in page
    assert f'<a href="#v{chair}">' not in page
    assert answers(request) == []


def test_a_question_takes_words_and_only_words(lune: Client) -> None:
    request = asked(lune, "question", title="Which colour?", detail="Of the two on the sheet.")
    assert "Of the two on the sheet." in look(address(request))
    assert "Please write a few words." in send(address(request), comment=" ").content.decode()
    assert send(address(request), comment="The blue one.").status_code == 302
    request.refresh_from_db()
    assert (request.decision, request.answer) == ("answered", "The blue one.")


def test_a_choice_takes_one_or_none_with_a_word(lune: Client) -> None:
    request = asked(lune, "choice")
    chair, cups = versions(request)
    page = send(address(request)).content.decode()
    assert "Please choose one, or none of these." in page
    page = send(address(request), pick="none").content.decode()
    assert "please say below what is missing" in page
    assert send(address(request), pick=str(cups)).status_code == 302
    assert verdicts(request, 1) == [(POSTS[1], "chosen", "")]
    assert send(address(request), pick="none", comment="A third one?").status_code == 302
    assert [a.decision for a in answers(request)] == ["chosen", "rejected"]


def test_access_is_given_or_not_with_a_word(lune: Client) -> None:
    account = ManagedAccount.objects.create(
        workspace=lune.workspace, client=lune, platform="Facebook", handle="@lune",
        access_needed="page admin", needed_on=desk.TODAY, created_at=NOON,
    )  # fmt: skip
    request = asked(lune, "access", account=account, title="Facebook")
    page = look(address(request))
    assert "page admin" in page
    assert "never send a password" in page
    page = send(address(request), outcome="no").content.decode()
    assert "please say in a few words why not" in page.lower()
    assert send(address(request), outcome="yes").status_code == 302
    account.refresh_from_db()
    assert (account.given_on, account.access_given) == (desk.TODAY, "page admin")


def test_within_a_day_it_can_be_changed_and_every_version_is_kept(
    lune: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = asked(lune)
    path = address(request)
    send(path, all="ok")
    set_clock(monkeypatch, DAY)
    page = look(path)
    assert "until Thursday 15\N{NO-BREAK SPACE}May, 12:00" in page
    chair, cups = versions(request)
    send(path, **{f"v{chair}": "no", f"c{chair}": "Sold.", f"v{cups}": "ok"})
    assert [a.decision for a in answers(request)] == ["approved", "approved"]
    assert verdicts(request, 2)[0] == (POSTS[0], "rejected", "Sold.")
    assert verdicts(request, 1)[0] == (POSTS[0], "approved", "")


def test_after_a_day_it_is_read_only(lune: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    request = asked(lune)
    path = address(request)
    before = form(look(path))
    send(path, all="ok")
    set_clock(monkeypatch, DAY + timedelta(seconds=1))
    page = look(path)
    assert "can no longer be changed" in page
    assert "<form" not in page
    assert Browser().post(path, {**before, "all": "ok", "comment": "late"}).status_code == 302
    assert [a.comment for a in answers(request)] == [""]


def test_once_the_owner_went_on_it_is_read_only(lune: Client) -> None:
    request = asked(lune)
    path = address(request)
    send(path, all="ok")
    handle_answer(request=request, on=desk.TODAY, now=NOON, actor="system")
    page = look(path)
    assert "<form" not in page
    assert "What you answered" in page


def test_what_was_taken_back_says_so(lune: Client) -> None:
    request = asked(lune)
    path = address(request)
    before = form(look(path))
    withdraw(request=request, on=desk.TODAY, now=NOON, actor="system")
    page = look(path)
    assert "This is not needed any more" in page
    assert "<form" not in page
    assert Browser().post(path, {**before, "all": "ok"}).status_code == 200
    assert answers(request) == []


def test_an_item_changed_meanwhile_is_shown_anew_and_nothing_is_kept(lune: Client) -> None:
    request = asked(lune)
    path = address(request)
    opened = form(look(path))
    item = request.items.order_by("position")[0]
    change_items(request=request, items={item.pk: NewItem("The ash chair")}, now=NOON, actor="x")
    response = Browser().post(path, {**opened, "all": "ok"})
    assert response.status_code == 409
    page = response.content.decode()
    assert "Something was changed meanwhile" in page
    assert "The ash chair" in page
    assert answers(request) == []
    assert send(path, all="ok").status_code == 302
    assert verdicts(request, 1)[0] == ("The ash chair", "approved", "")


def test_the_link_of_an_earlier_round_opens_nothing_and_the_new_one_shows_what_is_open(
    lune: Client,
) -> None:
    request = asked(lune)
    first = address(request)
    chair, cups = versions(request)
    send(first, **{f"v{chair}": "ok", f"v{cups}": "ch", f"c{cups}": "Saturday."})
    item = request.items.order_by("position")[1]
    next_round(
        request=request, items={item.pk: NewItem("Cups, on Saturday")}, now=NOON, actor="x",
        on=desk.TODAY, answer_by=desk.TODAY + 2 * DAY,
    )  # fmt: skip
    assert Browser().get(first).status_code == 404
    second = address(request)
    page = look(second)
    assert "June posts, round 2" in page
    assert "Cups, on Saturday" in page
    assert POSTS[0] not in page
    assert Browser().post(first, {"seen": "", "all": "ok"}).status_code == 404
    assert send(second, all="ok").status_code == 302


def test_the_record_tells_each_item_and_comment(lune: Client) -> None:
    request = asked(lune)
    chair, cups = versions(request)
    send(address(request), **{f"v{chair}": "ok", f"v{cups}": "ch", f"c{cups}": "Saturday."})
    entry = Entry.objects.get(kind="request.answered")
    assert "Saturday." in entry.content.content
    assert '"how":"page"' in entry.content.content


def test_as_many_queries_for_thirty_items_as_for_one(lune: Client) -> None:
    def count(titles: tuple[str, ...]) -> int:
        path = address(asked(lune, titles=titles, title=f"{len(titles)} posts"))
        with CaptureQueriesContext(connection) as queries:
            look(path)
        return len(queries)

    assert count(tuple(f"Post {n}" for n in range(30))) == count(("Post",))


@pytest.mark.parametrize("comment", ["a\0b", "x" * 5_001])
def test_what_cannot_be_kept_is_said_in_words(lune: Client, comment: str) -> None:
    request = asked(lune, "question")
    response = send(address(request), comment=comment)
    assert response.status_code == 200
    assert "<title>Error:" in response.content.decode()
    assert answers(request) == []
