"""Answer links: looking changes nothing, what opens nothing looks the same, tries are counted."""

import hashlib
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from clientdesk import clock
from clientdesk.outbox.delivery import deliver as deliver_mail
from clientdesk.outbox.models import Message, Part
from clientdesk.workspaces import limits
from clientdesk.workspaces.limits import Limit, try_once_more
from clientdesk.workspaces.models import Tally, Workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client
from feedback.models import AnswerLink
from feedback.operations.answer_links import revoke_link
from feedback.operations.asking import withdraw
from feedback.operations.drafting import NewItem
from feedback.queries.links import LIFETIME
from tests.billing import desk
from tests.feedback import page_desk
from tests.feedback.page_desk import address, answers, asked, everything, look, send, token_of
from tests.outbox.mailserver import MailServer

UNKNOWN = f"/a/{'0' * 64}/"


def of_path(path: str) -> AnswerLink:
    return AnswerLink.unscoped.get(token_hash=hashlib.sha256(token_of(path).encode()).hexdigest())


def test_looking_twenty_times_changes_nothing(at: Workspace, lune: Client) -> None:
    shown = [NewItem("A chair", picture=page_desk.picture(at))]
    path = address(asked(lune, items=shown))
    answered = asked(lune, title="May posts")
    done = address(answered)
    send(done, all="ok")
    pictures = re.findall(r'src="(/a/[^"]+)"', look(path))
    assert len(pictures) == 1
    before = everything()
    with CaptureQueriesContext(connection) as queries:
        for page in (path, done, *pictures):
            for _ in range(20):
                for method in ("get", "head"):
                    response = getattr(Browser(), method)(page)
                    assert response.status_code == 200
                    if response.streaming:
                        response.getvalue()
    assert everything() == before
    assert not Tally.objects.exclude(count__lte=1).exists()
    words = {query["sql"].split()[0] for query in queries.captured_queries}
    assert words <= {"SELECT", "SAVEPOINT", "RELEASE"}


def test_what_opens_nothing_looks_the_same_to_the_byte(at: Workspace, lune: Client) -> None:
    expired, revoked, earlier, good = (address(asked(lune, title=f"P{n}")) for n in range(4))
    AnswerLink.objects.filter(pk=of_path(expired).pk).update(expires_at=clock.now())
    revoke_link(link=of_path(revoked), now=clock.now(), actor="system")
    request = of_path(earlier).round.request
    request.round_number = 2
    request.save()
    pictures = [f"{UNKNOWN}picture/1/", f"{good}picture/1/"]
    paths = [UNKNOWN, expired, revoked, earlier, "/a/x/", *pictures]
    found = [Browser().get(path) for path in paths]
    assert [answer.status_code for answer in found] == [404] * len(paths)
    assert len({answer.content for answer in found}) == 1
    assert not any(answer.cookies for answer in found)
    assert "June" not in found[0].content.decode()


def test_search_engines_and_referrers_learn_nothing(lune: Client) -> None:
    for path in (address(asked(lune)), UNKNOWN):
        answer = Browser().get(path)
        assert "noindex" in answer["X-Robots-Tag"]
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]
        assert not answer.cookies


def test_the_database_alone_opens_nothing(lune: Client) -> None:
    path = address(asked(lune))
    stored = " ".join(str(value) for value in AnswerLink.objects.values_list().get())
    assert token_of(path) not in stored
    for known in (of_path(path).nonce, of_path(path).token_hash):
        assert Browser().get(f"/a/{known}/").status_code == 404


def test_a_link_opens_its_own_request_only(at: Workspace, lune: Client) -> None:
    mine, other = asked(lune, title="Mine"), asked(lune, title="Other")
    page = look(address(mine))
    assert "Mine" in page
    assert "Other" not in page
    of_other = page_desk.versions(other)
    response = Browser().post(
        address(mine), {"seen": ",".join(map(str, of_other)), f"v{of_other[0]}": "ok", "all": "ok"}
    )
    assert response.status_code == 409
    assert answers(other) == answers(mine) == []


def test_a_link_of_another_workspace_acts_in_that_one(at: Workspace, lune: Client) -> None:
    other = desk.workspace("other")
    with acting_in(other.pk):
        theirs = asked(desk.client(other, "Nordlys"), title="Theirs")
        path = address(theirs)
    send(path, all="ok")
    [answer] = answers(theirs)
    assert answer.workspace_id == other.pk


def test_the_address_comes_from_the_settings_and_not_from_the_caller(lune: Client) -> None:
    request = asked(lune)
    path = address(request)
    page = Browser(headers={"host": "localhost"}).get(path).content.decode()
    assert "localhost" not in page


def test_a_link_ends_after_half_a_year(lune: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    path = address(asked(lune))
    made = of_path(path).created_at
    monkeypatch.setattr(clock, "now", lambda: made + LIFETIME - timedelta(seconds=1))
    assert Browser().get(path).status_code == 200
    monkeypatch.setattr(clock, "now", lambda: made + LIFETIME)
    assert Browser().get(path).status_code == 404


# Asking for a new link.


def ask_anew(path: str) -> str:
    response = Browser().post(path, {"do": "new-link"})
    assert response.status_code == 200
    return str(response.content)


def expire(path: str) -> None:
    AnswerLink.objects.filter(pk=of_path(path).pk).update(expires_at=clock.now())


def test_an_expired_link_brings_a_new_one_by_mail_to_the_same_reader(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    request = asked(lune)
    path = address(request, email="marek@example.com")
    expire(path)
    told = ask_anew(path)
    assert told == ask_anew(path) == ask_anew(UNKNOWN)
    assert "marek" not in told
    deliver_mail(now=clock.now() + 2 * desk.MINUTE)
    [letter] = server.received()
    assert letter.to == "marek@example.com"
    [new] = set(re.findall(r"/a/\w+/", letter.text))
    assert new != path
    assert "June posts" in look(new)


@pytest.mark.parametrize("why", ["revoked", "answered", "withdrawn"])
def test_no_link_follows_where_there_is_nothing_to_answer(
    at: Workspace, lune: Client, why: str
) -> None:
    request = asked(lune)
    path = address(request)
    if why == "revoked":
        revoke_link(link=of_path(path), now=clock.now(), actor="system")
    elif why == "answered":
        send(path, all="ok")
    else:
        withdraw(request=request, on=desk.TODAY + LIFETIME * 9, now=clock.now(), actor="system")
    before = Part.objects.filter(kind="feedback.new_link").count()
    expire(path)
    assert ask_anew(path) == ask_anew(UNKNOWN)
    assert Part.objects.filter(kind="feedback.new_link").count() == before == 0


def test_a_letter_with_a_new_link_is_not_sent_once_it_is_answered(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    request = asked(lune)
    path = address(request)
    expire(path)
    ask_anew(path)
    send(address(request), all="ok")
    deliver_mail(now=clock.now() + 2 * desk.MINUTE)
    assert [m.state for m in Message.objects.filter(to_email="ana@example.com")] == ["suppressed"]


# How often.


def test_too_many_tries_are_refused_in_both_languages_and_change_nothing(
    lune: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    request = asked(lune, "question")
    path = address(request)
    for _ in range(40):
        assert Browser().post(path, {}).status_code == 200
    answer = Browser().post(path, {"comment": "the blue one", "seen": ""})
    assert answer.status_code == 429
    assert "Too many tries" in answer.content.decode()
    assert "Previše pokušaja" in answer.content.decode()
    assert answers(request) == []
    assert Browser().get(path).status_code == 200
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=10))
    assert Browser().post(path, {"comment": "the blue one", "seen": ""}).status_code == 302


def test_one_visitor_tries_many_links_only_so_often(db: None) -> None:
    codes = [Browser().post(f"/a/{n:064}/", {"do": "new-link"}).status_code for n in range(122)]
    assert codes == [200] * 120 + [429] * 2
    other = Browser(REMOTE_ADDR="203.0.113.9")
    assert other.post(UNKNOWN, {"do": "new-link"}).status_code == 200


def test_the_counts_name_nobody_and_go_after_a_day(db: None) -> None:
    limit, now = Limit(2, timedelta(minutes=10)), desk.NOW
    tried = [try_once_more(what="x", who="203.0.113.9", limit=limit, now=now) for _ in range(4)]
    assert tried == [True, True, False, False]
    [row] = Tally.objects.values()
    assert "203" not in row["key"]
    assert row["count"] == 2
    later = now + limits.KEPT + timedelta(hours=1)
    assert try_once_more(what="x", who="203.0.113.9", limit=limit, now=later)
    assert Tally.objects.count() == 1


@pytest.mark.parametrize(
    ("peer", "forwarded", "who"),
    [
        ("9.9.9.9", "", "9.9.9.9"),
        ("9.9.9.9", "8.8.8.8", "9.9.9.9"),
        ("127.0.0.1", "8.8.8.8, 1.1.1.1", "1.1.1.1"),
        ("10.0.0.3", "not an address", "10.0.0.3"),
        ("", "198.51.100.7", ""),
    ],
)
def test_a_forwarded_address_is_believed_from_our_proxy_only(
    peer: str, forwarded: str, who: str
) -> None:
    assert limits.address_of_visitor(_request(peer, forwarded)) == who


def _request(peer: str, forwarded: str) -> HttpRequest:
    request = HttpRequest()
    request.META = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}
    return request


# The owner takes a link back.


def test_the_owner_sees_who_got_a_link_and_takes_it_back(at: Workspace, lune: Client) -> None:
    request = asked(lune)
    path = address(request)
    owner = Browser()
    owner.force_login(
        at.members.get(), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    page = f"/w/{at.slug}/waiting/{request.pk}/"
    assert "ana@example.com" in owner.get(page).content.decode()
    where = f"/w/{at.slug}/waiting/links/{of_path(path).pk}/revoke/"
    assert owner.get(where).status_code == 405
    assert owner.post(where).status_code == 302
    assert Browser().get(path).status_code == 404
    assert Browser().post(path, {"seen": "", "all": "ok"}).status_code == 404
    assert answers(request) == []
    assert address(request) != path
