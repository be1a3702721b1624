"""The owner's page of a project: the clock in words and links, chances, chasing, sharing."""

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.test import Client as Browser

from clientdesk import clock
from clientdesk.outbox.models import Part
from clientdesk.record.models import Entry
from clientdesk.workspaces.models import Workspace
from clients.models import Client, Interaction, Project
from clients.operations import stops
from clients.operations.work import deliver_project
from feedback.models import MissedChance, ProjectLink, ProjectShare, Request, RequestEntry
from feedback.operations.chances import (
    MissedLater,
    RequestOfAnotherProject,
    note_chance,
    strike_chance,
)
from feedback.queries.project_page import chasing_of, page_of
from tests.billing.conftest import at, lune
from tests.feedback.clock_desk import (
    ACTOR,
    EMAIL,
    NOW,
    START,
    TODAY,
    asked,
    days,
    launch,
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


def shown(of: Project, more: str = "") -> str:
    answer = owner_of(of).get(page(of, more))
    assert answer.status_code == 200
    body: str = answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    return body


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_page_says_whose_move_it_is_and_what_it_cost(lune: Client) -> None:
    made = launch(lune)
    note_chance(project=made, title="Early price", missed_on=TODAY, now=NOW, actor=ACTOR)
    _chased(lune, made, minutes=150)
    said = text_of(shown(made))
    for words in (
        "It is Lune’s move since 9 May. 2 answers are late , 1 chance is gone , and you spent "
        "2 h 30 min chasing.",
        "21 working days since 14 April",
        "Their move since 9 May, late since 13 May",
        "resting, 2.5 h chasing",
        "20 May → 23 May . 3 working days were lost, because answers were late, and the delivery "
        "moved with them.",
        "Answered today: Friday 23 May. Answered tomorrow: Monday 26 May.",
        "open, 2 days late",
        "0, same day",
        "3 of 4 answers came late or are late.",
    ):
        assert words in said, words


def test_every_span_that_somebody_caused_leads_to_its_cause(lune: Client) -> None:
    made = launch(lune)
    html = shown(made)
    strip = html[html.index('<svg class="strip"') :].partition("</svg>")[0]
    links = re.findall(r'<a href="([^"]+)" aria-label="([^"]+)">', strip)
    posts = Request.objects.get(title="June posts")
    assert (
        f"/w/jana/waiting/{posts.pk}/",
        "13 May to 14 May, 2 working days: answer late, June posts",
    ) in links
    # Days of one's own have no cause, so no link; they still say what they are.
    assert "<title>22 April to 28 April, 5 working days: you</title>" in strip
    shares = [float(width) for width in re.findall(r'width="([\d.]+)%"', strip)]
    assert sum(shares) == pytest.approx(100, abs=0.01)


def test_a_stop_stands_on_the_clock_in_its_own_colour(lune: Client) -> None:
    made = project(lune)
    stops.begin_stop(
        client=lune, reason="unpaid", cause="2025-031", on=TODAY - days(2), now=NOW, actor=ACTOR
    )
    html = shown(made)
    assert 'class="f-stop"' in html
    assert "them stop on" in html
    assert "12 May to 14 May, 3 working days: work stopped, 2025-031" in html
    assert "3 working days were lost, because work rested," in text_of(html)


def test_causes_of_long_ago_are_folded_and_every_one_is_there(lune: Client) -> None:
    made = project(lune, started_on=date(2025, 1, 7), delivery_on=TODAY)
    for number in range(15):
        on = date(2025, 1, 7) + days(7 * number)
        asked(made, f"Post {number:02}", on, on + days(1), on + days(2))
    folded, said = shown(made), text_of(shown(made))
    assert "3 earlier causes" in said
    assert folded.index("Post 02</a></th>") < folded.index("Post 03</a></th>")
    assert "+15 days" in said
    there = Browser().get(path_to(made)).content.decode()
    assert "3 earlier causes" in there
    assert all(f"Post {number:02}" in there for number in range(15))


def test_a_stop_that_began_the_move_is_said_once(lune: Client) -> None:
    made = project(lune)
    stops.begin_stop(client=lune, reason="unpaid", on=TODAY - days(2), now=NOW, actor=ACTOR)
    said = text_of(shown(made))
    assert "3 stopped Stopped since 12 May" in said
    assert "0 waiting" not in said


def test_days_of_another_year_say_their_year(lune: Client) -> None:
    made = project(lune, started_on=date(2024, 11, 4))
    said = text_of(shown(made))
    assert "since 4 November 2024" in said
    assert "4 Nov 2024" in said


def test_work_that_waits_for_nobody_is_the_owners_move(lune: Client) -> None:
    made = project(lune)
    asked(made, "Colours", date(2025, 4, 28), date(2025, 5, 2), date(2025, 4, 30))
    said = text_of(shown(made))
    assert "It is your move since 30 Apr." in said
    assert "Tuesday 20 May , as agreed. No working day was lost." in said
    assert "Nothing is open: the client owes no answer." in said


def test_before_it_begins_and_after_it_is_delivered(lune: Client) -> None:
    later = project(lune, "Autumn", started_on=TODAY + days(5), delivery_on=None)
    said = text_of(shown(later))
    assert "The work begins on Monday 19 May." in said
    assert "No working day has passed yet." in said
    made = launch(lune)
    deliver_project(project=made, on=TODAY, now=NOW, actor=ACTOR)
    assert "Delivered on Wednesday 14 May." in text_of(shown(made))


def test_asked_today_it_is_their_move_already(lune: Client) -> None:
    made = project(lune)
    asked(made, "Colours", TODAY, TODAY + days(2))
    assert "It is Lune’s move since 14 May." in text_of(shown(made))


def _chased(client: Client, of: Project | None = None, *, minutes: int) -> Interaction:
    return Interaction.objects.create(
        workspace_id=client.workspace_id, client=client, project=of, kind="call",
        summary="Called about it", minutes=minutes, spent_on="chasing", happened_at=NOW,
        recorded_at=NOW,
    )  # fmt: skip


def test_chasing_belongs_to_the_project_and_to_the_request_that_caused_it(lune: Client) -> None:
    made, other = launch(lune), project(lune, "Care")
    posts = Request.objects.get(title="June posts")
    for spent in (_chased(lune, made, minutes=20), _chased(lune, None, minutes=25)):
        RequestEntry.objects.create(
            workspace_id=lune.workspace_id, request=posts, interaction=spent
        )
    _chased(lune, made, minutes=30)
    _chased(lune, other, minutes=500)
    revising = _chased(lune, made, minutes=60)
    Interaction.objects.filter(pk=revising.pk).update(spent_on="revision")
    assert chasing_of(made) == (75, {posts.pk: 45})
    assert "45 min went into chasing it." in text_of(shown(made))


def test_a_missed_chance_is_noted_with_its_evidence(lune: Client) -> None:
    made = launch(lune)
    login = Request.objects.get(title="Facebook login")
    form = {
        "title": "Early price of the fair’s ad",
        "missed_on": "2025-05-13",
        "request": login.pk,
        "evidence": "The same place costs €90.00 more.",
        "file": SimpleUploadedFile("offer.txt", b"an offer", content_type="text/plain"),
    }
    answer = owner_of(made).post(page(made, "chances/new/"), form)
    assert (answer.status_code, answer["Location"]) == (302, page(made))
    [chance] = MissedChance.objects.all()
    assert (chance.project_id, chance.request_id) == (made.pk, login.pk)
    assert chance.document is not None
    said = text_of(shown(made))
    assert "Early price of the fair’s ad" in said
    assert "For want of Facebook login ." in said
    assert "offer.txt" in said
    kinds = Entry.objects.of_subject(f"chance:{chance.pk}").values_list("kind", flat=True)
    assert "chance.noted" in kinds


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"missed_on": "2025-05-15"}, "missed_on", "expected 2025-05-14 or a day before it"),
        ({"title": ""}, "title", "This field is required."),
        ({"request": "999999"}, "request", "Select a valid choice."),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    lune: Client, changed: dict[str, str], field: str, words: str
) -> None:
    made = launch(lune)
    form = {"title": "Early price", "missed_on": "2025-05-13", **changed}
    answer = owner_of(made).post(page(made, "chances/new/"), form)
    assert answer.status_code == 200
    assert any(words in error for error in answer.context["form"].errors[field])
    assert not MissedChance.objects.exists()


def test_a_file_that_is_not_kept_keeps_nothing_else_either(lune: Client) -> None:
    made = launch(lune)
    form = {
        "title": "Early price",
        "missed_on": "2025-05-13",
        "file": SimpleUploadedFile("run.exe", b"MZ\x00\x01", content_type="application/pdf"),
    }
    answer = owner_of(made).post(page(made, "chances/new/"), form)
    assert list(answer.context["form"].errors) == ["file"]
    assert not MissedChance.objects.exists()


def test_a_chance_of_another_project_or_of_tomorrow_is_none(lune: Client) -> None:
    made = project(lune)
    elsewhere = asked(project(lune, "Care"), "Login", TODAY - days(3), TODAY)
    with pytest.raises(RequestOfAnotherProject):
        note_chance(
            project=made, title="x", request=elsewhere, missed_on=TODAY, now=NOW, actor=ACTOR
        )
    with pytest.raises(MissedLater):
        note_chance(project=made, title="x", missed_on=TODAY + days(1), now=NOW, actor=ACTOR)


def test_struck_out_it_is_counted_no_more_and_stays_in_the_record(
    at: Workspace, lune: Client
) -> None:
    made = launch(lune)
    chance = note_chance(project=made, title="Early price", missed_on=TODAY, now=NOW, actor=ACTOR)
    path = page(made, f"chances/{chance.pk}/strike/")
    assert owner_of(made).post(path).status_code == 302
    strike_chance(chance=chance, now=NOW + timedelta(hours=1), actor=ACTOR)
    chance.refresh_from_db()
    assert chance.struck_at == NOW
    told = page_of(made, at, today=TODAY)
    assert (list(told.chances), told.struck) == ([], 1)
    kinds = Entry.objects.of_subject(f"chance:{chance.pk}").order_by("seq")
    assert list(kinds.values_list("kind", flat=True)) == ["chance.noted", "chance.struck"]
    assert "Early price" not in shown(made)


def test_the_owner_chooses_what_it_shows_and_to_whom(lune: Client) -> None:
    made = launch(lune)
    browser, share = owner_of(made), page(made, "share/")
    assert "Not shared yet." in text_of(shown(made))
    browser.post(share, {"shows_requests": "on", "shows_clock": "on"})
    [chosen] = ProjectShare.objects.all()
    assert (chosen.shows_requests, chosen.shows_clock) == (True, True)
    assert (chosen.shows_forecast, chosen.shows_chances) == (False, False)
    browser.post(f"{share}link/", {"email": EMAIL, "do": "send"})
    [link] = ProjectLink.objects.all()
    assert Part.objects.filter(kind="feedback.project").count() == 1
    assert path_to(made) in shown(made, "share/")
    assert "The client sees the clock, the open requests." in text_of(shown(made))
    browser.post(page(made, f"share/{link.pk}/revoke/"))
    link.refresh_from_db()
    assert link.revoked_at == NOW
    assert "No link is open." in text_of(shown(made, "share/"))


def test_a_link_for_a_stranger_is_refused(lune: Client) -> None:
    made = launch(lune)
    answer = owner_of(made).post(
        page(made, "share/link/"), {"email": "x@example.com", "do": "make"}, follow=True
    )
    assert "Choose one of the client’s people" in answer.content.decode().replace("&#x27;", "’")
    assert not ProjectLink.objects.exists()


def test_the_page_of_a_client_shows_the_clock_of_all_work(lune: Client) -> None:
    launch(lune)
    made = project(lune, "Care", started_on=START + days(7))
    said = owner_of(made).get("/w/jana/clients/lune/").content.decode()
    assert "Whose move" in said
    assert "June posts" in said
    work = text_of(owner_of(made).get("/w/jana/clients/lune/work/").content.decode())
    assert "because work rested or answers were late." in work


def test_a_row_has_a_small_strip_of_its_own(lune: Client) -> None:
    made = project(lune)
    late = asked(made, "Login", date(2025, 5, 8), date(2025, 5, 12))
    fresh = asked(made, "Photos", date(2025, 5, 12), date(2025, 5, 16))
    drawn = Template("{% load feedback_clock %}{% small_strip asked today %}")

    def parts(request: Request) -> list[tuple[str, ...]]:
        html = drawn.render(Context({"asked": request, "today": TODAY}))
        found = re.finditer(r'class="(f-\w+|axis|mark-line)" x1?="([\d.]+%)"', html)
        return [one.groups() for one in found]

    # Of eight days: two in time and two late; two in time and two that are left.
    assert parts(late) == [("f-wait", "0.00%"), ("f-them", "25.00%")]
    assert parts(fresh) == [("f-wait", "0.00%"), ("axis", "25.00%"), ("mark-line", "50.00%")]
