"""A protected request opens with a code from its recipient's mail."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client as Browser

from clientdesk import clock
from clientdesk.outbox.delivery import deliver as deliver_mail
from clientdesk.outbox.models import Message, Part
from clientdesk.workspaces.models import Workspace
from clients.models import Client
from feedback.models import AnswerCode, AnswerLink, Request
from feedback.operations.codes import TRIES, code_of
from feedback.operations.drafting import NewItem
from tests.billing import desk
from tests.feedback.page_desk import address, answers, asked, look, picture, send, versions
from tests.outbox.mailserver import MailServer

SECRET = "The salary of the chef"


class Clock:
    def __init__(self) -> None:
        self.now = desk.morning(desk.TODAY)

    def passes(self, time: timedelta) -> None:
        self.now += time

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    ticking = Clock()
    monkeypatch.setattr(clock, "now", ticking)
    return ticking


@pytest.fixture
def request_(at: Workspace, lune: Client) -> Request:
    item = NewItem(SECRET, picture=picture(at))
    return asked(lune, items=[item], needs_code=True, title="A matter")


def the_code() -> str:
    code = AnswerCode.objects.select_related("link").latest("pk")
    return code_of(code.link, code.created_at)


def enter(path: str, browser: Browser, code: str) -> int:
    return browser.post(path, {"do": "code", "code": code}).status_code


def test_without_the_code_nothing_is_seen_or_answered(request_: Request) -> None:
    path, browser = address(request_), Browser()
    page = look(path, browser)
    assert "A code, for safety" in page
    assert "a…@example.com" in page
    for hidden in (SECRET, "ana@example.com", "A matter"):
        assert hidden not in page.replace("jana@example.com", "")
    assert browser.get(f"{path}picture/{versions(request_)[0]}/").status_code == 404
    shown = ",".join(map(str, versions(request_)))
    assert SECRET not in browser.post(path, {"seen": shown, "all": "ok"}).content.decode()
    assert answers(request_) == []
    assert not AnswerCode.objects.exists(), "a look asks for no code"


def test_the_code_comes_by_mail_at_once_and_opens_it_for_this_browser(
    request_: Request, server: MailServer, time: Clock
) -> None:
    path, browser = address(request_), Browser()
    assert browser.post(path, {"do": "send-code"}).status_code == 302
    deliver_mail(now=time.now)
    [letter] = server.received()
    assert letter.to == "ana@example.com"
    [code] = re.findall(r"\b\d{6}\b", letter.text)
    assert "The code from the e-mail" in look(path, browser)
    response = browser.post(path, {"do": "code", "code": f" {code[:3]} {code[3:]} "})
    assert response.status_code == 302
    cookie = response.cookies["answer_code"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (path, True, "Lax")
    assert SECRET in look(path, browser)
    shown = browser.get(f"{path}picture/{versions(request_)[0]}/")
    assert shown.getvalue(), "the picture too"
    assert send(path, browser, all="ok").status_code == 302
    assert len(answers(request_)) == 1
    assert SECRET not in look(path, Browser())


def test_the_code_is_nowhere_in_the_database(request_: Request) -> None:
    Browser().post(address(request_), {"do": "send-code"})
    rows = [*AnswerCode.objects.values(), *Part.objects.values(), *Message.objects.values()]
    assert the_code() not in str([(r.get("code_hash"), r.get("facts_json")) for r in rows])
    assert len(AnswerCode.objects.get().code_hash) == 64


def test_a_code_is_used_once(request_: Request) -> None:
    path = address(request_)
    Browser().post(path, {"do": "send-code"})
    assert enter(path, Browser(), the_code()) == 302
    assert enter(path, Browser(), the_code()) == 200


def test_a_code_holds_a_quarter_of_an_hour(request_: Request, time: Clock) -> None:
    path = address(request_)
    Browser().post(path, {"do": "send-code"})
    time.passes(timedelta(minutes=15))
    assert enter(path, Browser(), the_code()) == 200
    assert "does not hold any more" in str(
        Browser().post(path, {"do": "code", "code": the_code()}).content
    )


def test_five_wrong_tries_and_the_right_one_is_too_late(request_: Request) -> None:
    path = address(request_)
    Browser().post(path, {"do": "send-code"})
    wrong = "000000" if the_code() != "000000" else "000001"
    pages = [str(Browser().post(path, {"do": "code", "code": wrong}).content) for _ in range(TRIES)]
    assert ["does not fit" in page for page in pages] == [True] * 4 + [False]
    assert enter(path, Browser(), the_code()) == 200


def test_another_code_takes_the_place_of_the_first(request_: Request, time: Clock) -> None:
    path = address(request_)
    Browser().post(path, {"do": "send-code"})
    first = the_code()
    Browser().post(path, {"do": "send-code"})
    assert AnswerCode.objects.count() == 1, "a double click is one"
    time.passes(timedelta(minutes=1))
    Browser().post(path, {"do": "send-code"})
    assert first != the_code()
    assert enter(path, Browser(), first) == 200
    assert enter(path, Browser(), the_code()) == 302


def test_codes_are_not_sent_without_end(request_: Request, time: Clock) -> None:
    path = address(request_)
    answered = []
    for _ in range(6):
        answered.append(Browser().post(path, {"do": "send-code"}).status_code)
        time.passes(timedelta(minutes=1))
    assert answered == [302] * 5 + [429]
    assert AnswerCode.objects.count() == 5


def test_the_door_closes_after_half_an_hour(request_: Request, time: Clock) -> None:
    path, browser = address(request_), Browser()
    browser.post(path, {"do": "send-code"})
    enter(path, browser, the_code())
    time.passes(timedelta(minutes=29))
    assert SECRET in look(path, browser)
    time.passes(timedelta(minutes=1))
    assert SECRET not in look(path, browser)


def test_the_cookie_of_one_link_opens_no_other(lune: Client, request_: Request) -> None:
    other = asked(lune, items=[NewItem("Another secret")], needs_code=True)
    path, browser = address(request_), Browser()
    browser.post(path, {"do": "send-code"})
    enter(path, browser, the_code())
    value = browser.cookies["answer_code"].value
    stranger = Browser()
    stranger.cookies["answer_code"] = value
    assert "Another secret" not in look(address(other), stranger)
    stranger.cookies["answer_code"] = value[:-2] + "xx"
    assert SECRET not in look(path, stranger)


def test_a_letter_with_a_dead_code_is_not_sent(
    request_: Request, server: MailServer, time: Clock
) -> None:
    path = address(request_)
    Browser().post(path, {"do": "send-code"})
    AnswerLink.objects.update(revoked_at=time.now)
    deliver_mail(now=time.now)
    assert server.received() == []


def test_croatian_at_the_door(at: Workspace) -> None:
    nordlys = desk.client(at, "Nordlys", language="hr")
    path = address(asked(nordlys, needs_code=True))
    assert "Pošalji mi kod" in look(path)
    Browser().post(path, {"do": "send-code"})
    page = Browser().post(path, {"do": "code", "code": "x"}).content.decode()
    assert "<title>Pogreška:" in page
    assert "Ovaj kod ne odgovara" in page
