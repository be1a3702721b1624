"""A project's public page: what is shared, for whom the link is, and nothing by looking."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from clientdesk import clock
from clientdesk.outbox.models import Part
from clientdesk.record.models import Entry
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client, Interaction, Project
from clients.operations.interactions import log_interaction
from feedback.models import AnswerLink, MissedChance, ProjectLink, Request, Round
from feedback.operations.answering import record_answer
from feedback.operations.chances import note_chance
from feedback.operations.sharing import (
    AlreadySentToday,
    NobodyThere,
    choose_shown,
    make_link,
    revoke_link,
    send_link,
)
from feedback.queries.links import LIFETIME
from feedback.rules.project_words import COUNTED, PHRASES, ClientVoice
from tests.billing import desk
from tests.billing.conftest import at, lune
from tests.feedback.clock_desk import (
    ACTOR,
    EMAIL,
    NOW,
    TODAY,
    asked,
    days,
    launch,
    link_of,
    owner_of,
    page,
    path_to,
    project,
)

__all__ = ["at", "lune"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def shown(path: str) -> str:
    answer = Browser().get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def everything() -> dict[str, list[object]]:
    tables = (
        Project, Request, Round, ProjectLink, AnswerLink, MissedChance, Interaction, Entry, Part,
    )  # fmt: skip
    return {table.__name__: list(table.unscoped.order_by("pk").values()) for table in tables}


def test_looking_twenty_times_changes_nothing(lune: Client) -> None:
    path = path_to(launch(lune))
    before = everything()
    with CaptureQueriesContext(connection) as queries:
        for _ in range(20):
            assert Browser().get(path).status_code == 200
            assert Browser().head(path).status_code == 200
    assert everything() == before
    words = {query["sql"].split()[0] for query in queries.captured_queries}
    assert words <= {"SELECT", "SAVEPOINT", "RELEASE"}


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_the_page_is_for_looking_only(lune: Client, method: str) -> None:
    assert getattr(Browser(), method)(path_to(launch(lune))).status_code in (403, 405)


def test_unknown_expired_and_revoked_look_the_same(
    lune: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, other = launch(lune), project(lune, "Care")
    open_, revoked = path_to(made), path_to(other)
    revoke_link(link=link_of(other), now=NOW, actor=ACTOR)
    assert Browser().get(open_).status_code == 200
    pages = [Browser().get(path) for path in (f"/p/{'0' * 64}/", revoked)]
    monkeypatch.setattr(clock, "now", lambda: NOW + LIFETIME)
    pages.append(Browser().get(open_))
    assert [answer.status_code for answer in pages] == [404] * 3
    bodies = {_neutral(answer) for answer in pages}
    assert len(bodies) == 1
    assert "Summer launch" not in bodies.pop()


def _neutral(answer: Any) -> str:
    body: str = answer.content.decode()
    return body.replace(answer.wsgi_request.path, "/p/…/")


def test_nothing_of_it_is_kept_or_told_to_others(lune: Client) -> None:
    for path in (path_to(launch(lune)), f"/p/{'0' * 64}/"):
        answer = Browser().get(path)
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer["X-Robots-Tag"]
        assert "no-store" in answer["Cache-Control"]


def test_it_tells_the_client_where_the_project_stands(lune: Client) -> None:
    made = launch(lune)
    note_chance(
        project=made, title="Early price", evidence="It costs more now.", missed_on=TODAY,
        now=NOW, actor=ACTOR,
    )  # fmt: skip
    said = shown(path_to(made))
    for words in (
        "Hello Ana Kralj, it is your move: 3 answers are all I need to go on.",
        "June posts",
        "2 working days late",
        "in time",
        "Your move since 9\N{NO-BREAK SPACE}May, late since 13\N{NO-BREAK SPACE}May",
        "With your answer today it stays at 23\N{NO-BREAK SPACE}May",
        "Early price",
        "public holidays of Croatia",
        "Something not right?",
    ):
        assert words in said, words


def test_in_croatian_where_the_client_reads_it(at: Workspace) -> None:
    made = launch(desk.client(at, "Lipa", language="hr"))
    said = shown(path_to(made))
    for words in (
        "Dobar dan, na potezu ste: za nastavak su potrebna 3 odgovora.",
        "kasni 2 radna dana",
        "Na potezu ste od 9.\N{NO-BREAK SPACE}svibnja",
        "Ako odgovor stigne danas, ostaje 23.\N{NO-BREAK SPACE}svibnja",
        "Kalendar: Hrvatska.",
        "Odgovori",
    ):
        assert words in said, words
    assert "working day" not in said


def test_hours_are_never_on_it(lune: Client) -> None:
    made = launch(lune)
    log_interaction(
        client=lune, project=made, kind="call", summary="Chased them", minutes=754,
        tags="chasing", happened_at=NOW, now=NOW, actor=ACTOR,
    )  # fmt: skip
    said = shown(path_to(made))
    assert "chasing" not in said
    assert "12.6" not in said
    assert "Chased them" not in said


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("shows_requests", ["What I wait for", ">Answer<"]),
        ("shows_clock", ["Whose move", "Day by day"]),
        ("shows_forecast", ["23\N{NO-BREAK SPACE}May", "Why it moved"]),
        ("shows_chances", ["Early price"]),
    ],
)
def test_what_is_not_shared_is_not_there(lune: Client, field: str, words: list[str]) -> None:
    made = launch(lune)
    note_chance(project=made, title="Early price", missed_on=TODAY, now=NOW, actor=ACTOR)
    path = path_to(made)
    before = shown(path)
    assert all(word in before for word in words)
    choose_shown(project=made, shown={field: False}, now=NOW, actor=ACTOR)
    after = shown(path)
    assert not any(word in after for word in words)


def test_with_nothing_shared_not_even_a_title_is_told(lune: Client) -> None:
    made = launch(lune)
    nothing = dict.fromkeys(
        ("shows_requests", "shows_clock", "shows_forecast", "shows_chances"), False
    )
    choose_shown(project=made, shown=nothing, now=NOW, actor=ACTOR)
    said = shown(path_to(made))
    assert "this is how the project stands" in said
    assert not any(title in said for title in ("June posts", "Brand book", "Facebook login"))
    choose_shown(project=made, shown={"shows_clock": True}, now=NOW, actor=ACTOR)
    said = shown(path_to(made))
    assert "Day by day" in said
    assert "June posts" not in said


def test_each_link_opens_its_own_project_only(at: Workspace, lune: Client) -> None:
    mine, other = launch(lune), project(desk.client(at, "Zora"), "Other work")
    asked(other, "Another secret", TODAY, TODAY)
    theirs = Round.objects.get(request__title="Another secret")
    assert "Other work" not in shown(path_to(mine))
    # Another project's round with my link leads back to my page, and makes nothing.
    answer = Browser().post(f"{path_to(mine)}answer/{theirs.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, path_to(mine))
    assert AnswerLink.objects.count() == 0


def test_an_answer_is_one_press_away_and_twice_is_one_link(lune: Client) -> None:
    path = path_to(launch(lune))
    round_ = Round.objects.get(request__title="June posts")
    browser = Browser(enforce_csrf_checks=True)
    press = f"{path}answer/{round_.pk}/"
    # As browsers send it from a page that gives no referrer.
    first, second = (browser.post(press, headers={"origin": "null"}) for _ in range(2))
    assert first.status_code == 302
    assert first["Location"] == second["Location"]
    assert first["Location"].startswith("/a/")  # on the host the page was opened at
    assert [(link.round_id, link.email) for link in AnswerLink.objects.all()] == [
        (round_.pk, EMAIL)
    ]
    assert Browser().get(press).status_code == 405
    way = first["Location"]
    assert "June posts" in shown(way[way.index("/a/") :])


def test_what_was_answered_meanwhile_leads_back(lune: Client) -> None:
    path = path_to(launch(lune))
    round_ = Round.objects.select_related("request").get(request__title="June posts")
    record_answer(request=round_.request, answer="Yes", answered_on=TODAY, now=NOW, actor=ACTOR)
    answer = Browser().post(f"{path}answer/{round_.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, path)
    assert Browser().post(f"/p/{'0' * 64}/answer/{round_.pk}/").status_code == 404


def test_the_owner_sees_what_the_client_sees_and_answers_nothing(lune: Client) -> None:
    made = launch(lune)
    said = owner_of(made).get(page(made, "preview/")).content.decode()
    assert "This is the page as Ana Kralj sees it." in said
    assert "it is your move: 3 answers" in said
    assert "<form" not in said.partition("<main")[2]
    assert ProjectLink.objects.count() == 0


def test_a_link_is_for_one_of_the_clients_people(lune: Client) -> None:
    made = launch(lune)
    with pytest.raises(NobodyThere):
        make_link(project=made, email="stranger@example.com", now=NOW, actor=ACTOR)
    first = make_link(project=made, email=EMAIL, now=NOW, actor=ACTOR)
    assert make_link(project=made, email=EMAIL, now=NOW, actor=ACTOR) == first
    kinds = list(Entry.objects.filter(kind="project.shared").values_list("subject", flat=True))
    assert kinds == [f"project:{made.pk}"]
    revoke_link(link=link_of(made), now=NOW, actor=ACTOR)
    assert make_link(project=made, email=EMAIL, now=NOW, actor=ACTOR) != first


def test_the_link_goes_by_mail_once_a_day(lune: Client) -> None:
    made = launch(lune)
    send_link(project=made, email=EMAIL, now=NOW, actor=ACTOR)
    with pytest.raises(AlreadySentToday):
        send_link(project=made, email=EMAIL, now=NOW, actor=ACTOR)
    [part] = Part.objects.filter(kind="feedback.project")
    assert part.facts == {"project": made.pk, "email": EMAIL}


def test_no_other_workspace_can_share_it(lune: Client) -> None:
    made = launch(lune)
    other = desk.workspace("other")
    with acting_in(other.pk):
        theirs = project(desk.client(other, "Vera"))
    stranger = owner_of(theirs)
    for more in ("", "share/", "preview/", "chances/new/"):
        assert stranger.get(page(made, more)).status_code == 404
        foreign = page(theirs, more).replace(f"/{theirs.pk}/", f"/{made.pk}/")
        assert stranger.get(foreign).status_code == 404


def test_both_languages_say_everything() -> None:
    assert PHRASES["en"].keys() == PHRASES["hr"].keys()
    assert COUNTED["en"].keys() == COUNTED["hr"].keys()
    for phrase, forms in COUNTED["hr"].items():
        assert forms.keys() == {"one", "few", "other"}, phrase
    voice = ClientVoice("hr")
    counted = [voice.count("counted", n) for n in (1, 2, 5, 11, 21, 22, 25)]
    assert counted == [
        "1 radni dan", "2 radna dana", "5 radnih dana", "11 radnih dana", "21 radni dan",
        "22 radna dana", "25 radnih dana",
    ]  # fmt: skip


@pytest.mark.parametrize("count", [1, 30])
def test_it_takes_as_many_queries_for_thirty_requests_as_for_one(lune: Client, count: int) -> None:
    made = project(lune)
    for number in range(count):
        asked(made, f"R{number}", date(2025, 5, 5), date(2025, 5, 7))
    path = path_to(made)
    with CaptureQueriesContext(connection) as queries:
        assert Browser().get(path).status_code == 200
    assert len(queries) == 8


def test_today_is_the_owners_day(lune: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """At 23:30 in Zagreb it is still the day on which the answer is due."""
    made = project(lune, started_on=TODAY - days(2))
    asked(made, "Colours", TODAY - days(1), TODAY)
    path = path_to(made)
    monkeypatch.setattr(clock, "now", lambda: datetime(2025, 5, 14, 21, 30, tzinfo=UTC))
    assert "in time" in shown(path)
    monkeypatch.setattr(clock, "now", lambda: datetime(2025, 5, 14, 22, 30, tzinfo=UTC))
    assert "1 working day late" in shown(path)
