"""The page Waiting: whose move it is, how many queries that takes, and several at once."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from clientdesk import clock
from clientdesk.outbox.models import Part
from clientdesk.workspaces.models import Workspace
from clients.models import Client
from feedback.models import Pause, Request, Round
from feedback.operations.drafting import draft_request
from feedback.queries.waiting import SHOWS, board
from tests.billing import desk
from tests.billing.desk import send
from tests.feedback.clock_desk import NOW, TODAY, asked, launch, owner_of, project
from tests.outbox.mailserver import MailServer

pytestmark = pytest.mark.django_db
WAITING = "/w/jana/waiting/"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def text(browser: Browser, path: str = WAITING) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    body = re.sub(r"<[^>]+>", " ", answer.content.decode().replace("\N{NO-BREAK SPACE}", " "))
    return re.sub(r"\s+", " ", body)


def test_the_story_of_the_spring(at: Workspace, lune: Client) -> None:
    browser = owner_of(launch(lune))
    found = board(today=TODAY)
    assert [(row.request.title, row.late) for row in found.late] == [
        ("June posts", 2), ("Facebook login", 1),
    ]  # fmt: skip
    assert [(row.request.title, row.left) for row in found.in_time] == [("Six photos", 2)]
    assert (found.counts.days_lost, found.counts.yours) == (3, 2)
    # Overlapping days count once: the later one of the two costs the delivery nothing more.
    assert {row.request.title: row.moves for row in found.late} == {
        "June posts": 2, "Facebook login": 0,
    }  # fmt: skip
    page = text(browser)
    assert "2 answers are late , 1 is still in time , and 2 answers wait for you ." in page
    assert "Moves Summer launch by 2 days." in page
    assert "Their move, 1 day late" in page


@pytest.mark.parametrize("show", SHOWS)
def test_each_list_stands_alone(lune: Client, show: str) -> None:
    browser = owner_of(launch(lune))
    page = text(browser, f"{WAITING}?show={show}")
    titles = {
        "late": "June posts", "in_time": "Six photos", "yours": "Brand book",
        "drafts": "No draft.", "answered": "Colours",
    }  # fmt: skip
    assert titles[show] in page
    assert ("Six photos" in page.partition("Goes out next")[0]) == (show == "in_time")


@pytest.mark.parametrize("show", ["", *SHOWS])
def test_as_many_queries_for_thirty_as_for_one(at: Workspace, lune: Client, show: str) -> None:
    counts = []
    for number in range(30):
        client = desk.client(at, f"Client{number}", email=f"c{number}@example.com")
        made = project(client)
        asked(made, "Late", date(2025, 5, 5), date(2025, 5, 7))
        asked(made, "In time", date(2025, 5, 12), date(2025, 5, 20))
        asked(made, "Came", date(2025, 5, 5), date(2025, 5, 7), date(2025, 5, 9))
        draft_request(
            client=client, project=made, kind="question", title="Draft", on=TODAY,
            answer_by=TODAY, now=NOW,
        )  # fmt: skip
        if number in (0, 29):
            with CaptureQueriesContext(connection) as queries:
                board(today=TODAY, show=show)
            counts.append(len(queries))
    assert counts[0] == counts[1]


def test_long_lists_are_cut_and_lead_to_their_pages(lune: Client) -> None:
    made = project(lune)
    for number in range(60):
        asked(made, f"Question {number}", date(2025, 5, 5), date(2025, 5, 7))
    found = board(today=TODAY)
    assert (len(found.late), found.counts.late) == (12, 60)
    assert "All 60" in text(owner_of(made))
    second = board(today=TODAY, show="late", page_number="2")
    assert len(second.late) == 10


def test_the_chosen_are_reminded_of_in_one_message_for_each_client(
    at: Workspace, lune: Client, server: MailServer
) -> None:
    browser = owner_of(launch(lune))
    nord = project(desk.client(at, "Nord", email="n@example.com"), "Winter")
    asked(nord, "The colours", date(2025, 5, 5), date(2025, 5, 7))
    ids = [request.pk for request in Request.objects.open()]
    page = browser.post(f"{WAITING}several/", {"r": ids, "do": "nudge"}, follow=True)
    assert "2 messages wait in the outbox" in page.content.decode()
    send(TODAY)
    to_lune, to_nord = sorted(server.received(), key=lambda m: m.to)
    assert to_lune.text.count("/a/") == 3
    assert "a short reminder of 3 things" in to_lune.text
    assert to_nord.text.count("/a/") == 1
    assert {r.nudges for r in Request.objects.open()} == {1}
    again = browser.post(f"{WAITING}several/", {"r": ids, "do": "nudge"}, follow=True)
    assert "They were reminded of these today already." in again.content.decode()
    assert Part.objects.filter(kind="feedback.nudge").count() == 2


def test_what_was_answered_meanwhile_is_left_out_of_the_reminder(
    lune: Client, server: MailServer
) -> None:
    browser = owner_of(launch(lune))
    ids = [request.pk for request in Request.objects.open()]
    browser.post(f"{WAITING}several/", {"r": ids, "do": "nudge"})
    first = Request.objects.open().order_by("pk")[0]
    browser.post(
        f"{WAITING}{first.pk}/", {"how": "phone", "on": TODAY.isoformat(), "comment": "Yes."}
    )
    send(TODAY)
    [message] = server.received()
    assert first.title not in message.text
    assert "a short reminder of 2 things" in message.text


def test_several_get_a_new_day_or_none_does(lune: Client) -> None:
    browser = owner_of(launch(lune))
    ids = [request.pk for request in Request.objects.open()]
    asking = browser.post(f"{WAITING}several/", {"r": ids, "do": "date"}).content.decode()
    assert "Why" in asking
    assert asking.count('name="r"') == 3
    data = {"r": ids, "do": "date", "until": "2025-05-22", "reason": "We agreed on the phone."}
    browser.post(f"{WAITING}several/", {**data, "reason": ""})
    browser.post(f"{WAITING}several/", {**data, "until": "2025-05-13"})
    assert not Round.objects.filter(answer_by=date(2025, 5, 22)).exists()
    browser.post(f"{WAITING}several/", data)
    assert {r.answer_by for r in Request.objects.open()} == {date(2025, 5, 22)}
    assert board(today=TODAY).counts.late == 0


def test_several_rest_until_a_day(lune: Client) -> None:
    browser = owner_of(launch(lune))
    ids = [request.pk for request in Request.objects.open()]
    data = {"r": ids, "do": "pause", "until": "2025-05-20", "reason": "They are at a fair."}
    browser.post(f"{WAITING}several/", data)
    assert Pause.objects.count() == 3
    assert "for nothing" not in text(browser)


def test_nothing_chosen_says_so(lune: Client) -> None:
    browser = owner_of(launch(lune))
    page = browser.post(f"{WAITING}several/", {"do": "nudge"}, follow=True).content.decode()
    assert "Choose at least one that is open." in page


def test_a_desk_without_requests_says_so(at: Workspace, lune: Client) -> None:
    assert "You wait for nobody" in text(owner_of(project(lune)))


def test_who_only_looks_has_no_buttons(lune: Client) -> None:
    from clientdesk.workspaces.access import Role  # noqa: PLC0415 -- only this test needs it
    from clientdesk.workspaces.models import Membership, User  # noqa: PLC0415

    launch(lune)
    viewer = User.objects.create_user("viewer@example.com")
    Membership.objects.create(
        workspace=lune.workspace, user=viewer, role=Role.VIEWER, joined_at=NOW
    )
    browser = Browser()
    browser.force_login(viewer, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = browser.get(WAITING).content.decode()
    assert 'name="r"' not in page
    assert "formaction" not in page
