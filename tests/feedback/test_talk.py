"""Patterns from rows, setting one aside, and the letter about working together."""

from datetime import date

import pytest
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries

from clientdesk import clock
from clientdesk.desk.queries.patterns import client_patterns
from clientdesk.outbox.models import Message, Part
from clientdesk.outbox.operations import cancel
from clientdesk.record.models import Entry
from clients.models import Client, Dismissal, ManagedAccount
from clients.operations.dismissals import DismissedAlready, dismiss, restore
from clients.operations.work import create_agreement
from feedback.models import Request, Talk
from feedback.operations import talks
from feedback.operations.answering import Said, give_answer
from feedback.operations.asking import next_round, open_request
from feedback.operations.drafting import NewItem
from feedback.queries.items import items_of, to_decide
from feedback.queries.patterns import answering_of, control_of
from feedback.queries.talks import beginning_of
from feedback.rules.controlling import Sign
from tests.billing.desk import send
from tests.feedback.clock_desk import ACTOR, NOW, TODAY, asked, days, morning, owner_of, project
from tests.outbox.mailserver import MailServer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def url(more: str = "") -> str:
    return f"/w/jana/clients/lune/{more}"


def late_three_times(lune: Client) -> None:
    create_agreement(client=lune, fields={"valid_from": date(2025, 1, 1)}, now=NOW, actor=ACTOR)
    summer = project(lune)
    day = date(2025, 4, 14)
    asked(summer, "Colours", day, date(2025, 4, 17), date(2025, 4, 29))
    asked(summer, "Photos", day, date(2025, 4, 17), date(2025, 4, 30))
    asked(summer, "Texts", day, date(2025, 4, 17))


def posts(lune: Client, title: str, *, rounds: int, items: int = 5) -> Request:
    """An approval that comes back until its last round, with two words each time."""
    day = date(2025, 4, 14)
    request = open_request(
        client=lune,
        kind="approval",
        title=title,
        asked_on=day,
        answer_by=day + days(3),
        rounds_agreed=2,
        items=[NewItem(f"Post {n}") for n in range(items)],
        now=morning(day),
        actor=ACTOR,
    )
    for turn in range(rounds - 1):
        on = day + days(turn + 1)
        said = [Said(one.version.pk, "changes", "Warmer, please.") for one in to_decide(request)]
        give_answer(request=request, how="page", on=on, said=said, now=morning(on), actor="client")
        request.refresh_from_db()
        request = next_round(
            request=request,
            items={one.item.pk: NewItem(one.version.title) for one in items_of(request)},
            answer_by=on + days(3),
            on=on,
            now=morning(on, hour=12),
            actor=ACTOR,
        )
    return request


def withheld(lune: Client) -> ManagedAccount:
    return ManagedAccount.objects.create(
        workspace=lune.workspace,
        client=lune,
        platform="Instagram",
        handle="@lune",
        access_needed="full",
        needed_on=date(2025, 3, 3),
        blocks="posts on the same evening",
        created_at=NOW,
    )


def test_late_answers_are_a_pattern_with_their_requests(lune: Client) -> None:
    late_three_times(lune)
    said = answering_of(lune, today=TODAY)
    assert said.finding.stands
    assert [fact.label for fact in said.finding.facts] == ["Texts", "Photos", "Colours"]
    assert [fact.so_far for fact in said.finding.facts] == [True, False, False]
    assert (said.late, said.agreed) == (3, 3)


def test_what_was_taken_back_or_lies_a_year_behind_is_no_fact(lune: Client) -> None:
    late_three_times(lune)
    assert answering_of(lune, today=TODAY + days(400)).finding.seen == 0


def test_control_counts_rounds_items_waiting_and_access(lune: Client) -> None:
    posts(lune, "May posts", rounds=4)
    withheld(lune)
    said = control_of(lune, today=TODAY)
    assert said.finding.stands
    assert said.signs == {Sign.ROUNDS, Sign.CHANGES, Sign.WAITING, Sign.ACCESS}
    assert (said.rounds_used, said.rounds_agreed, said.items, said.bare) == (4, 2, 5, 5)


def test_a_changed_mind_within_a_round_counts_once(lune: Client) -> None:
    request = posts(lune, "May posts", rounds=1)
    for decision in ("changes", "approved"):
        said = [Said(one.version.pk, decision, "Bluer.") for one in items_of(request)]
        give_answer(request=request, how="page", on=TODAY, said=said, now=NOW, actor="client")
    assert control_of(lune, today=TODAY).changed == 0


def test_a_client_page_takes_the_same_queries_with_thirty_times_as_much(
    lune: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    posts(lune, "May posts", rounds=2)
    with django_assert_num_queries(10):
        client_patterns(lune, today=TODAY)
    for number in range(29):
        posts(lune, f"Posts {number}", rounds=2, items=1)
    with django_assert_num_queries(10):
        client_patterns(lune, today=TODAY)


def test_set_aside_it_stays_aside_until_there_are_other_facts(lune: Client) -> None:
    late_three_times(lune)
    browser = owner_of(lune.projects.get())
    shown = browser.get(url()).content.decode()
    assert "Answers late:" in shown
    assert url("pattern/unresponsive/dismiss/") in shown
    empty = browser.post(url("pattern/unresponsive/dismiss/"), {"reason": ""})
    assert empty.status_code == 200
    assert not Dismissal.objects.exists()
    browser.post(url("pattern/unresponsive/dismiss/"), {"reason": "The owner was in hospital."})
    shown = browser.get(url("pattern/")).content.decode()
    assert "The owner was in hospital." in shown
    assert url("pattern/unresponsive/dismiss/") not in shown
    asked(lune.projects.get(), "Song", date(2025, 4, 22), date(2025, 4, 24))
    assert url("pattern/unresponsive/dismiss/") in browser.get(url("pattern/")).content.decode()


def test_the_same_finding_is_set_aside_once_and_can_stand_again(lune: Client) -> None:
    def aside(reason: str) -> Dismissal:
        return dismiss(
            client=lune,
            finding="controlling",
            facts="request:1",
            reason=reason,
            author=None,
            now=NOW,
            actor=ACTOR,
        )

    aside("a new manager")
    with pytest.raises(DismissedAlready):
        aside("again")
    assert restore(client=lune, finding="controlling", now=NOW, actor=ACTOR)
    assert not restore(client=lune, finding="controlling", now=NOW, actor=ACTOR)
    kinds = Entry.objects.order_by("seq").values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["finding.dismissed", "finding.restored"]


def written(lune: Client, language: str = "en") -> Talk:
    posts(lune, "May posts", rounds=4)
    withheld(lune)
    begin = beginning_of(lune, control_of(lune, today=TODAY), today=TODAY)
    words = talks.Words(begin.project, language, begin.facts, begin.proposal, begin.answer_by)
    return talks.draft_talk(client=lune, words=words, author=None, now=NOW, actor=ACTOR)


def test_the_letter_is_written_read_sent_and_answered(lune: Client, server: MailServer) -> None:
    project(lune)
    posts(lune, "May posts", rounds=4)
    withheld(lune)
    browser = owner_of(lune.projects.get())
    form = browser.get(url("talk/")).context["form"]
    typed = {name: form[name].value() for name in form.fields if form[name].value()}
    assert "“May posts” took 4\N{NO-BREAK SPACE}rounds where 2 had been agreed." in typed["facts"]
    browser.post(url("talk/"), {**typed, "proposal": "a call every Monday."})
    shown = browser.get(url("talk/")).content.decode()
    assert "I suggest: a call every Monday." in shown
    assert "Send it to Ana Kralj" in shown
    assert not Part.objects.exists()
    browser.post(url("talk/send/"))
    assert send(TODAY + days(1)).sent == 1
    assert server.received()[0].subject == "How we can get Summer launch moving"
    assert browser.post(url("talk/"), typed).status_code == 302
    assert Talk.objects.count() == 1
    browser.post(url("talk/settle/"), {"do": "agreed", "outcome": "Two rounds, all at once."})
    talk = Talk.objects.get()
    assert (talk.state, talk.settled_on) == (Talk.State.AGREED, TODAY)
    assert "Two rounds, all at once." in browser.get(url("pattern/")).content.decode()


def test_taken_back_from_the_outbox_it_is_a_draft_again(lune: Client) -> None:
    written(lune)
    talks.send_talk(client=lune, now=NOW, actor=ACTOR)
    cancel(message=Message.objects.get(), now=NOW, actor=ACTOR)
    talk = Talk.objects.get()
    assert (talk.state, talk.sent_on) == (Talk.State.DRAFT, None)
    talks.send_talk(client=lune, now=NOW + days(1), actor=ACTOR)
    assert Part.objects.count() == 2


def test_one_letter_at_a_time_and_none_for_a_day_that_is_past(lune: Client) -> None:
    talk = written(lune)
    with pytest.raises(talks.TalkNotSent):
        talks.settle_talk(client=lune, agreed=True, outcome="?", on=TODAY, now=NOW, actor=ACTOR)
    with pytest.raises(talks.TalkOverBefore):
        talks.send_talk(client=lune, now=NOW + days(60), actor=ACTOR)
    talks.send_talk(client=lune, now=NOW, actor=ACTOR)
    with pytest.raises(talks.TalkSent):
        talks.send_talk(client=lune, now=NOW, actor=ACTOR)
    assert not talks.drop_talk(client=lune, now=NOW, actor=ACTOR)
    words = talks.Words(None, "en", "A fact.", "A call.", talk.answer_by)
    with pytest.raises(talks.TalkSent):
        talks.draft_talk(client=lune, words=words, author=None, now=NOW, actor=ACTOR)


def test_the_croatian_letter(lune: Client, server: MailServer) -> None:
    lune.language = "hr"
    lune.save()
    written(lune, "hr")
    talks.send_talk(client=lune, now=NOW, actor=ACTOR)
    assert send(TODAY + days(1)).sent == 1
    body = server.received()[0].text.replace("\N{NO-BREAK SPACE}", " ")
    assert "„May posts”: 4 kruga, a dogovoreno je 2." in body
    assert "Pristup za Instagram @lune nedostaje od 3. ožujka 2025." in body


def test_no_answer_by_its_day_stands_on_today(
    lune: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(lune)
    written(lune)
    talks.send_talk(client=lune, now=NOW, actor=ACTOR)
    browser: Browser = owner_of(lune.projects.get())
    assert "was to answer your letter" not in browser.get("/w/jana/").content.decode()
    monkeypatch.setattr(clock, "now", lambda: NOW + days(14))
    assert "was to answer your letter" in browser.get("/w/jana/").content.decode()
