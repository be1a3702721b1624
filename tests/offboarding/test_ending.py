"""An ending, task by task: what is refused, what is kept, what the client sees."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser

from billing.models import Hold
from billing.operations.payments import record_payment
from clientdesk import clock
from clientdesk.documents.models import Document
from clientdesk.outbox.models import Message, Part
from clientdesk.outbox.operations import cancel
from clientdesk.record.models import Entry
from clientdesk.record.verify import verify_record
from clients.models import Client, ManagedAccount
from clients.operations.clients import archive
from feedback.models import AnswerLink, Request
from offboarding.models import Ending, HandoverLink, HandoverTick, Override
from offboarding.operations import ending_letters, endings
from offboarding.operations.report import store_final_report
from offboarding.queries.endings import ending_page, overrides_of, supports_of
from offboarding.queries.letters import handover_address, letter_of
from offboarding.rules.gates import State, Task
from offboarding.rules.reasons import Reason
from tests.billing import desk
from tests.billing.desk import ACTOR, NOW, TODAY, days, invoice, send, sweep
from tests.feedback.clock_desk import asked, owner_of, project
from tests.outbox.mailserver import MailServer

pytestmark = pytest.mark.django_db
THINGS = [(thing, "given") for thing in HandoverTick.Thing.values]


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def url(more: str = "") -> str:
    return f"/w/jana/clients/lune/end/{more}"


def account(lune: Client, handle: str = "@lune") -> ManagedAccount:
    return ManagedAccount.objects.create(
        workspace=lune.workspace,
        client=lune,
        platform="Instagram",
        handle=handle,
        access_needed="full",
        needed_on=date(2025, 3, 3),
        created_at=NOW,
    )


def begun(lune: Client, kind: str = "failure") -> Ending:
    return endings.begin_ending(
        client=lune, kind=kind, ends_on=TODAY + days(14), author=None, now=NOW, actor=ACTOR
    )


def reasoned(lune: Client, reason: str = "access", facts: str = "Access is missing.") -> Ending:
    return endings.choose_reason(
        client=lune,
        reason=reason,
        own_words="keep to what was agreed" if reason == "own" else "",
        facts=facts,
        ends_on=TODAY + days(14),
        language=lune.language,
        now=NOW,
        actor=ACTOR,
    )


def passed(lune: Client, *tasks: str) -> None:
    for task in tasks:
        endings.override(
            client=lune, task=Task(task), reason="as agreed", author=None, now=NOW, actor=ACTOR
        )


def reported(lune: Client) -> Document:
    return store_final_report(
        client=lune, data=b"%PDF-1.7 a report", language="en", now=NOW, actor=ACTOR
    )


def states(ending: Ending) -> dict[str, State]:
    return {str(gate.task): gate.state for gate in ending_page(ending).gates}


def told(lune: Client) -> Ending:
    ending = begun(lune)
    reasoned(lune)
    passed(lune, "report")
    return ending_letters.send_letter(client=lune, accepted=False, now=NOW, actor=ACTOR) or ending


def test_one_ending_at_a_time_also_of_two_at_once(lune: Client) -> None:
    begun(lune)
    with pytest.raises(endings.EndingRunning):
        begun(lune)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ending.objects.create(
            workspace=lune.workspace, client=lune, kind="failure", language="en",
            ends_on=TODAY, begun_on=TODAY, created_at=NOW,
        )  # fmt: skip


def test_the_tasks_follow_what_is_so(lune: Client) -> None:
    late = invoice(lune, due_on=TODAY - days(3))
    account(lune)
    ending = begun(lune)
    assert states(ending) == {
        "reason": State.READY, "payments": State.WAITING, "report": State.READY,
        "evidence": State.READY, "handover": State.LOCKED, "message": State.LOCKED,
        "archive": State.LOCKED,
    }  # fmt: skip
    record_payment(invoice=late, amount_minor=80_000, paid_on=TODAY, now=NOW, actor=ACTOR)
    reported(lune)
    reasoned(lune)
    ending.refresh_from_db()
    now = states(ending)
    assert (now["payments"], now["handover"], now["message"]) == (
        State.DONE, State.READY, State.READY,
    )  # fmt: skip


def test_nothing_goes_past_a_gate(lune: Client) -> None:
    invoice(lune)
    mine = account(lune)
    begun(lune)
    owner = owner_of(project(lune))
    with pytest.raises(endings.GateClosed, match="payments"):
        endings.tick(client=lune, account=mine, things=THINGS, author=None, now=NOW, actor=ACTOR)
    with pytest.raises(endings.GateClosed, match="reason, report"):
        ending_letters.send_letter(client=lune, accepted=True, now=NOW, actor=ACTOR)
    with pytest.raises(endings.GateClosed):
        endings.close_ending(client=lune, now=NOW, actor=ACTOR)
    for path in ("handover/send/", "message/send/", "archive/"):
        answer = owner.post(url(path), follow=True)
        assert "This cannot start yet. It waits for" in answer.content.decode()
    assert owner.get(url("handover/"), follow=True).redirect_chain
    assert not HandoverTick.objects.exists()
    assert not Message.objects.exists()
    lune.refresh_from_db()
    assert lune.archived_at is None


def test_a_gate_is_passed_by_only_with_a_typed_reason(lune: Client) -> None:
    invoice(lune)
    begun(lune)
    owner = owner_of(project(lune))
    owner.post(url("pass/payments/"), {"reason": "  "})
    assert not Override.objects.exists()
    for _ in range(2):
        owner.post(url("pass/payments/"), {"reason": "Paid in goods, agreed by mail."})
    assert [one.reason for one in overrides_of(lune)] == ["Paid in goods, agreed by mail."]
    owner.post(url("pass/reason/"), {"reason": "none of your business"})
    assert Override.objects.count() == 1
    assert owner.post(url("pass/nonsense/"), {"reason": "x"}).status_code == 404
    assert "Paid in goods" in owner.get(url()).content.decode()


def test_each_reason_shows_the_facts_that_support_it(lune: Client) -> None:
    account(lune)
    summer = project(lune)
    asked(summer, "Colours", date(2025, 4, 14), date(2025, 4, 17), date(2025, 4, 29))
    late = invoice(lune, due_on=TODAY - days(21))
    found = {one.reason: list(one.facts) for one in supports_of(lune, language="en", today=TODAY)}
    assert found[Reason.PAY] == [
        f"Invoice {late.number} is still unpaid, 21 days after it was due."
    ]
    assert found[Reason.ANSWERS] == [
        "The only answer came 7\N{NO-BREAK SPACE}working days after its day."
    ]
    assert found[Reason.ACCESS][0].startswith("Access to Instagram @lune has been missing since")
    assert found[Reason.ROUNDS] == []
    croatian = supports_of(lune, language="hr", today=TODAY)
    assert "još nije plaćen, kasni 21 dan." in croatian[3].facts[0]


def test_the_page_takes_only_recorded_facts(lune: Client) -> None:
    account(lune)
    begun(lune)
    owner = owner_of(project(lune))
    form = {"reason": "access", "ends_on": "2025-06-01", "language": "en"}
    owner.post(url("reason/"), {**form, "facts": "He is a liar."})
    assert Ending.objects.get().reason == ""
    fact = supports_of(lune, language="en", today=TODAY)[2].facts[0]
    owner.post(url("reason/"), {**form, "facts": fact})
    assert Ending.objects.get().fact_lines == [fact]
    shown = owner.get(url()).content.decode()
    assert "I cannot meet your needs because of your failure to give access" in shown
    owner.post(url("reason/"), form)
    assert "No recorded fact goes with it" in owner.get(url()).content.decode()


def test_the_letter_is_sent_word_for_word_with_its_link(lune: Client, server: MailServer) -> None:
    account(lune)
    begun(lune)
    reasoned(lune)
    reported(lune)
    owner = owner_of(project(lune))
    shown = owner.get(url("message/")).content.decode()
    assert "give access to the accounts the work needs: access is missing." in shown
    letter = letter_of(Ending.objects.get())
    body = letter.body.replace("every success", "a good summer")
    owner.post(url("message/"), {"subject": letter.subject, "body": body})
    for _ in range(2):
        owner.post(url("message/send/"))
    assert send(TODAY).sent == 1
    got = server.received()[0]
    assert "a good summer" in got.text
    assert "{" not in got.text
    address = handover_address(Ending.objects.get(), email="ana@example.com", now=NOW)
    assert address in got.text
    assert HandoverLink.objects.count() == 1


def test_insulting_words_are_pointed_out_before_sending(lune: Client) -> None:
    begun(lune)
    reasoned(lune)
    passed(lune, "report")
    ending_letters.keep_letter(
        client=lune, subject="The end", body="You are idiots.", now=NOW, actor=ACTOR
    )
    owner = owner_of(project(lune))
    assert "This would be held against you" in owner.get(url("message/")).content.decode()
    owner.post(url("message/send/"))
    assert not Message.objects.exists()
    owner.post(url("message/send/"), {"accepted": "1"})
    assert Message.objects.count() == 1


def test_taken_back_it_was_not_said_and_called_off_it_does_not_go(
    lune: Client, server: MailServer
) -> None:
    told(lune)
    cancel(message=Message.objects.get(), now=NOW, actor=ACTOR)
    assert Ending.objects.get().letter_sent_on is None
    ending_letters.send_letter(client=lune, accepted=False, now=NOW + days(1), actor=ACTOR)
    endings.call_off(client=lune, why="They gave access.", now=NOW + days(1), actor=ACTOR)
    send(TODAY + days(2))
    assert server.received() == []


@pytest.mark.parametrize(
    ("kind", "language", "says"),
    [
        ("contract_over", "en", "Our agreement ends on 28"),
        ("clients_choice", "en", "As you wished, our cooperation ends on 28"),
        ("contract_over", "hr", "Naš dogovor završava 28"),
        ("failure", "hr", "Vašim potrebama ne mogu udovoljiti zbog toga što"),
    ],
)
def test_each_path_has_its_own_letter(lune: Client, kind: str, language: str, says: str) -> None:
    lune.language = language
    lune.save()
    begun(lune, kind)
    if kind == "failure":
        reasoned(lune)
    letter = letter_of(Ending.objects.select_related("client", "workspace").get())
    assert says in letter.body
    assert ("failure" in letter.body) is (kind == "failure" and language == "en")


def test_accounts_are_ticked_and_the_account_is_handed_over(lune: Client) -> None:
    mine = account(lune)
    begun(lune)
    owner = owner_of(project(lune))
    prefix = f"account-{mine.pk}"
    data = {"account": str(mine.pk), f"{prefix}-role": "given", f"{prefix}-files": "not_needed"}
    owner.post(url("handover/"), data)
    assert sorted(HandoverTick.objects.values_list("thing", "state")) == [
        ("files", "not_needed"), ("role", "given"),
    ]  # fmt: skip
    endings.tick(client=lune, account=mine, things=THINGS, author=None, now=NOW, actor=ACTOR)
    mine.refresh_from_db()
    assert mine.handed_over_on == TODAY
    endings.tick(
        client=lune, account=mine, things=[("role", "")], author=None, now=NOW, actor=ACTOR
    )
    mine.refresh_from_db()
    assert mine.handed_over_on is None


def handed_over(lune: Client) -> str:
    mine = account(lune)
    ending = begun(lune)
    endings.tick(client=lune, account=mine, things=THINGS, author=None, now=NOW, actor=ACTOR)
    address = handover_address(ending, email="ana@example.com", now=NOW)
    return address[address.index("/h/") :]


def test_the_client_confirms_once_and_looking_changes_nothing(lune: Client) -> None:
    path, browser = handed_over(lune), Browser()
    before = Entry.objects.count()
    for _ in range(20):
        answer = browser.get(path)
        browser.head(path)
    assert "I can get into all of them" in answer.content.decode()
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]
    assert Entry.objects.count() == before
    empty = browser.post(path, {"name": " "})
    assert empty.status_code == 422
    assert "Error:" in empty.content.decode()
    for _ in range(2):
        browser.post(path, {"name": "Ana Kralj", "note": "All there."})
    ending = Ending.objects.get()
    assert (ending.confirmed_by, ending.confirmed_on) == ("Ana Kralj", TODAY)
    assert Entry.objects.filter(kind="ending.confirmed").count() == 1
    assert "Ana Kralj confirmed on 14" in browser.get(path).content.decode()


def test_two_confirmations_at_once_are_one(lune: Client) -> None:
    handed_over(lune)
    link = HandoverLink.objects.get()
    first = ending_letters.confirm_handover(link=link, name="Ana", note="", now=NOW)
    second = ending_letters.confirm_handover(link=link, name="Luc", note="", now=NOW)
    assert (first, second) == (True, False)
    assert Ending.objects.get().confirmed_by == "Ana"


def test_unknown_expired_revoked_and_called_off_look_the_same(
    lune: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, browser = handed_over(lune), Browser()
    unknown = browser.get(f"/h/{'0' * 64}/")
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=400))
    expired = browser.get(path)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    HandoverLink.objects.update(revoked_at=NOW)
    revoked = browser.get(path)
    HandoverLink.objects.update(revoked_at=None)
    endings.call_off(client=lune, why="", now=NOW, actor=ACTOR)
    called_off = browser.get(path)
    pages = [unknown, expired, revoked, called_off]
    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1


def test_before_payment_the_client_sees_no_list(lune: Client) -> None:
    path = handed_over(lune)
    invoice(lune)
    shown = Browser().get(path).content.decode()
    assert "once the open invoices are paid" in shown
    assert "Instagram" not in shown


def test_the_report_comes_as_a_file(lune: Client) -> None:
    path = handed_over(lune)
    assert Browser().get(f"{path}report/").status_code == 404
    reported(lune)
    answer = Browser().get(f"{path}report/")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer) == b"%PDF-1.7 a report"


def test_the_archive_ends_what_was_running_and_keeps_the_record(lune: Client) -> None:
    late = invoice(lune, due_on=TODAY - days(3))
    summer = project(lune)
    colours = asked(summer, "Colours", TODAY - days(9), TODAY - days(5))
    begun(lune)
    reasoned(lune, "own", "")
    passed(lune, "payments", "report", "handover")
    endings.check_evidence(client=lune, now=NOW, actor=ACTOR)
    ending_letters.send_letter(client=lune, accepted=False, now=NOW, actor=ACTOR)
    endings.close_ending(client=lune, now=NOW, actor=ACTOR)
    lune.refresh_from_db()
    assert lune.archived_at is not None
    assert Request.objects.get(pk=colours.pk).state == "withdrawn"
    assert not AnswerLink.objects.filter(revoked_at=None).exists()
    assert Hold.objects.filter(client=lune, until=None).exists()
    assert late.balance_minor == 80_000
    assert verify_record(lune.workspace_id).ok
    archive(client=lune, archived=False, now=NOW + days(90), actor=ACTOR)
    assert begun(lune).state == Ending.State.OPEN


def test_called_off_it_can_begin_again(lune: Client) -> None:
    begun(lune)
    endings.call_off(client=lune, why="They paid.", now=NOW, actor=ACTOR)
    begun(lune)
    assert sorted(Ending.objects.values_list("state", flat=True)) == ["called_off", "open"]
    with pytest.raises(endings.NoEnding):
        endings.call_off(client=Client(pk=0), why="", now=NOW, actor=ACTOR)


def test_the_archive_without_an_ending_closes_everything_and_gives_it_back(lune: Client) -> None:
    """What is open is taken back, reminders rest, and rest no longer once the client is back."""
    summer = project(lune)
    question = asked(summer, "Colours", TODAY - days(9), TODAY - days(5))
    desk.ladder(lune.workspace)
    late = invoice(lune, due_on=TODAY - days(3))
    endings.put_away(client=lune, now=NOW, actor=ACTOR)
    endings.put_away(client=lune, now=NOW, actor=ACTOR)
    question.refresh_from_db()
    assert question.state == "withdrawn"
    sweep(lune.workspace, TODAY)
    assert not Part.objects.filter(kind="billing.rung").exists()
    endings.take_back(client=lune, now=NOW, actor=ACTOR)
    endings.take_back(client=lune, now=NOW, actor=ACTOR)
    sweep(lune.workspace, TODAY)
    assert Part.objects.filter(kind="billing.rung").count() == 1
    assert late.client_id == lune.pk


def test_an_ending_under_way_has_its_own_archive(lune: Client) -> None:
    begun(lune)
    with pytest.raises(endings.EndingRunning):
        endings.put_away(client=lune, now=NOW, actor=ACTOR)
