"""Rounds, versions, days put right, and what the owner writes down of an answer."""

from datetime import date
from typing import Any

import pytest

from clientdesk import clock
from clientdesk.outbox.models import Part
from clientdesk.record.models import Entry
from clients.models import Client, Interaction, Project
from feedback.models import Answer, Request, RequestEntry, Round, Version
from feedback.operations.answering import Said, VersionOutdated, give_answer
from feedback.operations.by_hand import log_about
from feedback.operations.putting import TypedItem, put_items
from feedback.operations.redating import Dates, DatesRefused, redate_round
from feedback.queries.clock import clock_of, forecast_of
from feedback.queries.items import items_of, to_decide
from feedback.queries.request_page import request_page
from tests.feedback.clock_desk import (
    ACTOR,
    NOW,
    TODAY,
    asked,
    days,
    launch,
    morning,
    owner_of,
    project,
)
from tests.feedback.page_desk import asked as approval

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def url(request: Request, more: str = "") -> str:
    return f"/w/jana/waiting/{request.pk}/{more}"


def decide(request: Request, *decisions: str) -> Answer:
    said = [
        Said(one.version.pk, decision, "" if decision == "approved" else "Bluer, please.")
        for one, decision in zip(to_decide(request), decisions, strict=True)
    ]
    return give_answer(request=request, how="page", on=TODAY, said=said, now=NOW, actor="client")


def test_a_new_version_voids_the_approval_of_the_one_before(lune: Client) -> None:
    posts = approval(lune, rounds_agreed=2)
    decide(posts, "approved", "changes")
    first, second = items_of(posts)
    assert first.is_approved
    put_items(
        request=posts,
        items={second.item.pk: TypedItem("Cups, bluer")},
        answer_by=TODAY + days(2),
        letter=True,
        on=TODAY,
        now=NOW,
        actor=ACTOR,
    )
    posts.refresh_from_db()
    assert (posts.round_number, posts.state, posts.decision) == (2, "open", "")
    # What was approved is not asked about again.
    assert [one.version.title for one in to_decide(posts)] == ["Cups, bluer"]
    assert Part.objects.filter(kind="feedback.ask").count() == 1
    decide(posts, "approved")
    put_items(
        request=posts,
        items={first.item.pk: TypedItem("The chair, another photo")},
        answer_by=TODAY + days(2),
        letter=False,
        on=TODAY,
        now=NOW,
        actor=ACTOR,
    )
    shown = items_of(posts)
    assert [one.is_approved for one in shown] == [False, True]
    assert Version.objects.filter(item=first.item).count() == 2


def test_another_version_in_the_open_round_refuses_an_answer_begun_on_the_old(
    lune: Client,
) -> None:
    posts = approval(lune)
    old = to_decide(posts)
    put_items(
        request=posts,
        items={old[0].item.pk: TypedItem("The chair, sharper")},
        answer_by=None,
        letter=False,
        on=TODAY,
        now=NOW,
        actor=ACTOR,
    )
    with pytest.raises(VersionOutdated):
        give_answer(
            request=posts, how="page", on=TODAY, now=NOW, actor="client",
            said=[Said(one.version.pk, "approved") for one in old],
        )  # fmt: skip
    posts.refresh_from_db()
    assert (posts.round_number, posts.is_open) == (1, True)


def test_the_page_asks_again_with_what_was_changed_only(lune: Client) -> None:
    posts = approval(lune, rounds_agreed=2)
    decide(posts, "approved", "changes")
    browser = owner_of(project(lune))
    page = browser.get(url(posts, "anew/")).content.decode()
    assert "This is round 2, where 2 were agreed." in page
    assert "Bluer, please." in page
    first, second = (one.version for one in items_of(posts))
    data = {"answer_by": (TODAY + days(2)).isoformat(), "do": "send"}
    data |= {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2"}
    data |= _typed(0, first) | _typed(1, second, title="Cups in blue")
    assert browser.post(url(posts, "anew/"), data).status_code == 302
    assert [one.version.title for one in items_of(posts)] == [first.title, "Cups in blue"]
    assert [one.version.number for one in items_of(posts)] == [1, 2]
    assert Part.objects.filter(kind="feedback.ask").count() == 1


def _typed(row: int, version: Version, **more: Any) -> dict[str, Any]:
    said = {
        "title": version.title,
        "text": version.text,
        "channel": version.channel,
        "planned_on": version.planned_on.isoformat() if version.planned_on else "",
        **more,
    }
    return {f"form-{row}-{key}": value for key, value in said.items()}


def test_days_moved_there_and_back_leave_the_clock_as_it_was(lune: Client) -> None:
    made = launch(lune)
    posts = Request.objects.get(title="June posts")
    round_ = Round.objects.get(request=posts)
    was = Dates(round_.asked_on, round_.answer_by)
    before = clock_of(made, today=TODAY), forecast_of(made, today=TODAY)
    redate(round_, Dates(was.asked_on, date(2025, 5, 20)))
    moved = forecast_of(made, today=TODAY)
    assert moved is not None
    assert before[1] is not None
    assert moved.days < before[1].days
    redate(round_, was)
    assert (clock_of(made, today=TODAY), forecast_of(made, today=TODAY)) == before
    changes = [e.kind for e in Entry.objects.filter(kind="request.redated")]
    assert len(changes) == 2


def redate(round_: Round, dates: Dates, reason: str = "agreed on the phone") -> None:
    redate_round(round_=round_, dates=dates, reason=reason, now=NOW, actor=ACTOR)


def test_the_day_of_an_answer_put_right_moves_the_delivery_it_cost(lune: Client) -> None:
    made = project(lune)
    late = asked(made, "Brand book", date(2025, 4, 28), date(2025, 4, 30), date(2025, 5, 8))
    before = forecast_of(made, today=TODAY)
    round_ = Round.objects.get(request=late)
    redate(round_, Dates(round_.asked_on, round_.answer_by, date(2025, 5, 5)))
    late.refresh_from_db()
    assert late.answered_on == date(2025, 5, 5)
    assert Answer.objects.get().given_on == date(2025, 5, 5)
    after = forecast_of(made, today=TODAY)
    assert before is not None
    assert after is not None
    assert (before.days, after.days) == (5, 2)  # 1 May is a holiday in Croatia
    made.refresh_from_db()
    assert made.forecast_on == after.expected


@pytest.mark.parametrize(
    ("dates", "field"),
    [
        (Dates(TODAY + days(1), TODAY + days(3)), "asked_on"),
        (Dates(TODAY, TODAY - days(1)), "answer_by"),
        (Dates(TODAY - days(3), TODAY, TODAY), "closed_on"),
    ],
)
def test_days_that_cannot_be_are_refused_and_named(lune: Client, dates: Dates, field: str) -> None:
    request = asked(project(lune), "Logo", TODAY - days(2), TODAY + days(2))
    round_ = Round.objects.get(request=request)
    with pytest.raises(DatesRefused) as refused:
        redate(round_, dates)
    assert refused.value.field == field
    with pytest.raises(DatesRefused):
        redate(round_, Dates(TODAY - days(3), TODAY), reason=" ")
    assert Round.objects.get().answer_by == TODAY + days(2)


def test_a_round_cannot_begin_before_the_one_before_ended(lune: Client) -> None:
    posts = approval(lune, ago=2)
    decide(posts, "approved", "changes")
    put_items(
        request=posts, items={}, answer_by=TODAY + days(2), letter=False, on=TODAY, now=NOW,
        actor=ACTOR,
    )  # fmt: skip
    second = Round.objects.get(number=2)
    with pytest.raises(DatesRefused) as refused:
        redate(second, Dates(TODAY - days(1), TODAY + days(2)))
    assert refused.value.field == "asked_on"
    first = Round.objects.get(number=1)
    with pytest.raises(DatesRefused):
        redate(first, Dates(first.asked_on, first.answer_by, TODAY + days(1)))


def test_an_answer_by_phone_is_one_step_and_one_entry_of_the_log(lune: Client) -> None:
    made = project(lune)
    request = asked(made, "Which logo?", TODAY - days(5), TODAY - days(2))
    browser = owner_of(made)
    data = {"how": "phone", "on": TODAY.isoformat(), "comment": "The blue one.", "minutes": "10"}
    browser.post(url(request), data)
    request.refresh_from_db()
    assert (request.state, request.answer) == ("answered", "The blue one.")
    entry = Interaction.objects.get()
    assert (entry.kind, entry.minutes, entry.project) == ("call", 10, made)
    assert entry.summary == "Which logo?: The blue one."
    assert Answer.objects.get().interaction == entry
    assert RequestEntry.objects.get().request == request
    # The second of two clicks answers nothing more.
    page = browser.post(url(request), data, follow=True).content.decode()
    assert "answered or taken back already" in page
    assert Answer.objects.count() == Interaction.objects.count() == 1


def test_an_answer_item_by_item_may_differ(lune: Client) -> None:
    posts = approval(lune)
    browser = owner_of(project(lune))
    first, second = (one.version.pk for one in to_decide(posts))
    data = {"how": "email", "on": TODAY.isoformat(), "decision": "approved"}
    refused = browser.post(url(posts), {**data, f"v{second}": "changes"}).content.decode()
    assert "Write down what they said of" in refused
    assert not Interaction.objects.exists()
    browser.post(url(posts), {**data, f"v{second}": "changes", f"c{second}": "Bluer."})
    verdicts = {v.version_id: v.decision for v in Answer.objects.get().verdicts.all()}
    assert verdicts == {first: "approved", second: "changes"}
    posts.refresh_from_db()
    assert posts.decision == "changes"


@pytest.mark.parametrize(
    ("kind", "data", "decision"),
    [
        ("material", {"decision": "done"}, "done"),
        ("access", {"decision": "refused", "comment": "Not our habit."}, "refused"),
        ("choice", {"decision": "rejected", "comment": "Neither."}, "rejected"),
    ],
)
def test_every_kind_is_answered_on_its_page(
    lune: Client, kind: str, data: dict[str, str], decision: str
) -> None:
    request = approval(lune, kind)
    browser = owner_of(project(lune))
    said = {"how": "chat", "on": TODAY.isoformat(), **data}
    if decision != "done":
        assert browser.post(url(request), {**said, "comment": ""}).status_code == 200
    browser.post(url(request), said)
    request.refresh_from_db()
    assert request.decision == decision


def test_minutes_of_chasing_belong_to_their_request(lune: Client) -> None:
    made = project(lune)
    request = asked(made, "Which logo?", TODAY - days(5), TODAY - days(2))
    for minutes, spent_on in ((15, "chasing"), (20, "chasing"), (40, "revision")):
        log_about(
            request=request, kind="call", summary="Called about it", minutes=minutes,
            spent_on=spent_on, happened_at=morning(TODAY), now=NOW, actor=ACTOR,
        )  # fmt: skip
    shown = request_page(_loaded(request), today=TODAY)
    assert (shown.chased, shown.revised) == (35, 40)


def test_dealt_with_it_is_nobodys_move(lune: Client) -> None:
    request = asked(project(lune), "Logo", TODAY - days(5), TODAY, TODAY)
    browser = owner_of(Project.objects.get())
    browser.post(url(request, "handled/"), {"from": "waiting"})
    request.refresh_from_db()
    assert request.handled_on == TODAY
    assert not Request.objects.your_move().exists()


def _loaded(request: Request) -> Request:
    return Request.objects.select_related("client", "project", "workspace").get(pk=request.pk)
