"""What a person types into each form of the desk, and a reader for the form as the page shows it.

A route that changes something and is not in `TYPED` fails tests/faults/test_twice.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from billing.models import Hold, Invoice
from clientdesk import clock
from clientdesk.desk.operations.imports import keep_upload
from clientdesk.outbox.models import Message
from clientdesk.record.models import Entry
from clientdesk.workspaces.models import Membership
from clients.models import Stop
from clients.operations.clients import archive
from clients.operations.dismissals import dismiss
from clients.operations.stops import end_stop
from feedback.models import Pause, Request
from feedback.operations.answering import record_answer
from feedback.operations.asking import open_request
from feedback.operations.talks import Words, draft_talk, send_talk
from offboarding.operations.ending_letters import send_letter
from offboarding.operations.endings import begin_ending, choose_reason, override
from offboarding.rules.gates import Task
from tests.desk.world import World

Values = Mapping[str, Any]


def today() -> date:
    return clock.now().date()


def day(offset: int) -> str:
    return (today() + timedelta(days=offset)).isoformat()


@dataclass(frozen=True, slots=True)
class Typed:
    """`values` over what the form holds by itself; `page` where the form stands elsewhere."""

    values: Values | Callable[[World], Values] = field(default_factory=dict)
    page: str = ""
    # What must have happened before; it may also give the route its row in `world.kwargs`.
    prepare: Callable[[World], None] = lambda world: None
    # Where one submit rightly changes nothing that is stored.
    changes_nothing: str = ""

    def of(self, world: World) -> dict[str, Any]:
        return dict(self.values(world) if callable(self.values) else self.values)


def _a_file(world: World) -> Values:
    return {"file": SimpleUploadedFile("offer.txt", b"an offer", content_type="text/plain")}


def _no_daily_mail(world: World) -> None:
    Membership.objects.update(daily_mail=False)


def _all_settled(world: World) -> None:
    Invoice.objects.filter(state=Invoice.State.ISSUED).update(
        state=Invoice.State.WRITTEN_OFF, closed_on=today(), close_reason="never paid"
    )
    archive(client=world.client, archived=True, now=clock.now(), actor="system")


def _put_away(world: World) -> None:
    archive(client=world.client, archived=True, now=clock.now(), actor="system")
    newest = Entry.objects.order_by("-seq").first()
    assert newest is not None
    world.kwargs["desk:undo"] = {"pk": newest.pk}


def _chosen_invoices(world: World) -> Values:
    issued = Invoice.unscoped.filter(workspace=world.workspace, state=Invoice.State.ISSUED)
    chosen = issued.filter(settled_on=None).values_list("pk", flat=True)
    return {"do": "pause", "i": list(chosen), "until": day(9), "reason": "the fair"}


def _resume_is_asked(world: World) -> None:
    Stop.unscoped.update(ask_resume="full")


def _clients_csv(world: World) -> Values:
    content = b"reference,name,email,country,language,currency\nC-9,Ona,o@x.example,HR,en,EUR\n"
    return {"kind": "clients", "file": SimpleUploadedFile("clients.csv", content)}


def _an_invoice(world: World) -> Values:
    return {
        "client": world.client.pk,
        "form-0-description": "Reel",
        "form-0-quantity": "1",
        "form-0-price": "120.00",
        "form-0-vat_rate": "0",
    }


def _message_is(state: str) -> Callable[[World], None]:
    def prepare(world: World) -> None:
        first = Message.objects.earliest("pk")
        Message.objects.filter(pk=first.pk).update(state=state)

    return prepare


def _work_goes_on(world: World) -> None:
    for running in Stop.objects.running().filter(client=world.client):
        end_stop(stop=running, on=today(), reason="paid", now=clock.now(), actor="system")


def _hold_without_end(world: World) -> None:
    Hold.objects.update(until=None)


def _imported(world: World) -> None:
    Invoice.objects.create(
        workspace=world.workspace,
        client=world.client,
        state=Invoice.State.ISSUED,
        number="OLD-1",
        issued_on=date(2025, 1, 1),
        due_on=date(2025, 1, 15),
        currency="EUR",
        net_minor=5_000,
        total_minor=5_000,
        imported=True,
        created_at=clock.now(),
    )


def _uploaded(world: World) -> None:
    token = keep_upload(
        file=_clients_csv(world)["file"],
        kind="clients",
        workspace=world.workspace,
        user=world.owner,
        now=clock.now(),
    )
    world.kwargs["desk:import_confirm"] = {"token": token}


def _draft_in_time(world: World) -> None:
    Request.objects.drafts().update(answer_by=today() + timedelta(days=9))


def _the_draft(world: World) -> Values:
    return {"draft": world.kwargs["feedback:edit"]["pk"]}


def _the_request(world: World) -> Values:
    return {"r": world.kwargs["feedback:request"]["pk"], "do": "nudge"}


def _answered(world: World) -> None:
    asked = Request.objects.get(title="Which logo?")
    record_answer(
        request=asked, answer="the blue one", answered_on=today(), now=clock.now(), actor="system"
    )


def _answers_late(world: World) -> None:
    for number in range(3):
        open_request(
            client=world.client,
            kind="question",
            title=f"Which song, number {number}?",
            asked_on=today() - timedelta(days=40),
            answer_by=today() - timedelta(days=30),
            now=clock.now(),
            actor="system",
        )


def _set_aside(world: World) -> None:
    dismiss(
        client=world.client,
        finding="unresponsive",
        facts="request:1",
        reason="on holiday",
        author=None,
        now=clock.now(),
        actor="system",
    )


def _ending(world: World) -> None:
    begin_ending(
        client=world.client,
        kind="failure",
        ends_on=today() + timedelta(days=9),
        author=None,
        now=clock.now(),
        actor="system",
    )


def _all_passed(world: World) -> None:
    """Every gate open, the reason given: what is last can be done."""
    _ending(world)
    choose_reason(
        client=world.client,
        reason="own",
        own_words="keep to what was agreed",
        facts="",
        ends_on=today() + timedelta(days=9),
        language="en",
        now=clock.now(),
        actor="system",
    )
    for task in ("payments", "report", "evidence", "handover"):
        override(
            client=world.client,
            task=Task(task),
            reason="agreed on the phone",
            author=None,
            now=clock.now(),
            actor="system",
        )


def _told(world: World) -> None:
    _all_passed(world)
    send_letter(client=world.client, accepted=True, now=clock.now(), actor="system")


def _an_account(world: World) -> Values:
    pk = world.kwargs["clients:account"]["pk"]
    return {"account": pk, f"account-{pk}-role": "given"}


def _nothing_rests(world: World) -> None:
    _work_goes_on(world)
    Pause.objects.all().delete()


def _letter_written(world: World) -> None:
    words = Words(None, "en", "Access is missing.", "A call.", today() + timedelta(days=5))
    draft_talk(client=world.client, words=words, author=None, now=clock.now(), actor="system")


def _letter_out(world: World) -> None:
    _letter_written(world)
    send_talk(client=world.client, now=clock.now(), actor="system")


INVOICE = "billing:invoice"
# Outside of a workspace, and changing nothing: POST is not taken there.
LOOKED_AT = {
    "public:invoice",
    "public:invoice_pdf",
    "public:answer_picture",
    "public:project",
    "public:handover_report",
    "public:calendar",
    "public:report",
    "public:report_file",
}
# Outside too, and sent twice in tests of their own.
PRESSED_ELSEWHERE = {
    "public:answer": "tests/feedback/test_public_answer_twice.py",
    "public:handover": "tests/offboarding/test_ending.py",
    "public:project_answer": "tests/feedback/test_public_project.py",
    # Kept on the device, in a cookie: a second time says the same.
    "workspaces:language": "tests/platform/test_translations.py",
}
LOOKS = {
    "desk:today": "looks",
    "desk:start_log": "looks; its line goes to desk:log",
    "desk:search": "looks",
    "desk:palette": "looks",
    "desk:reports": "looks",
    "desk:reports_csv": "gives a file",
    "desk:theme": "is kept on the device, in a cookie",
    "desk:settings": "looks",
    "desk:import_columns": "gives a file and takes no POST",
    "feedback:project": "looks",
    "feedback:project_preview": "looks",
    "documents:job": "looks",
    "documents:download": "gives a file",
}
TYPED: dict[str, Typed] = {
    "desk:start_ladder": Typed({"manner": "patient"}),
    "desk:start_client": Typed({"name": "Ona Design", "email": "ona@example.com"}),
    "billing:several": Typed(_chosen_invoices, page="billing:list"),
    "desk:undo": Typed(page="desk:activity", prepare=_put_away),
    "desk:sample_remove": Typed(page="desk:data", changes_nothing="this is no sample"),
    "desk:log": Typed({"line": "call bistro lune about the menu 20m"}),
    "desk:sending": Typed({"pause": "1"}, page="desk:outbox"),
    "desk:message_take_back": Typed(page="desk:message"),
    "desk:message_again": Typed(page="desk:message", prepare=_message_is("failed")),
    "desk:message_arrived": Typed(page="desk:message", prepare=_message_is("uncertain")),
    "desk:settings_profile": Typed({"name": "Jana's studio"}),
    "desk:members": Typed({"email": "new@guest.example", "role": "member"}),
    "desk:member": Typed({"role": "owner"}, page="desk:members", changes_nothing="the only owner"),
    "desk:invitation_revoke": Typed(page="desk:members"),
    "desk:import": Typed(_clients_csv, changes_nothing="a file is looked at, not taken in"),
    "desk:import_confirm": Typed(prepare=_uploaded),
    "clients:new": Typed({"name": "Ona Design", "email": "ona@example.com"}),
    "clients:edit": Typed({"name": "Bistro Lune & Co"}),
    "offboarding:archive": Typed(page="desk:client"),
    "clients:contact_new": Typed({"name": "Mira", "email": "mira@lune.example"}),
    "clients:contact": Typed({"name": "Luc P."}),
    "clients:agreement": Typed({"valid_from": day(0), "payment_days": "30"}),
    "clients:agreement_change": Typed({"payment_days": "21"}),
    "clients:project_new": Typed({"name": "Web", "started_on": day(-3)}),
    "clients:project": Typed({"name": "Winter launch"}),
    "clients:deliver": Typed(page="desk:client_work"),
    "clients:account_new": Typed(
        {"platform": "TikTok", "handle": "@lune", "access_needed": "full"}
    ),
    "clients:account": Typed({"handle": "@bistro"}),
    "clients:result_new": Typed(
        {"metric": "Followers", "before": "100", "after": "300", "measured_on": day(-1)}
    ),
    "clients:stop": Typed({"reason": "unpaid", "cause": "2025-001"}, prepare=_work_goes_on),
    "clients:resume": Typed({"reason": "they paid"}),
    "clients:keep_stopped": Typed(page="desk:today", prepare=_resume_is_asked),
    "clients:entry_new": Typed({"kind": "call", "summary": "asked for a quote"}),
    "clients:entry": Typed({"summary": "asked about the sign"}),
    "clients:attach": Typed(_a_file, page="clients:history"),
    "clients:follow_up": Typed({"do": "snooze"}, page="desk:today"),
    "feedback:new": Typed(
        lambda w: {"client": w.client.pk, "title": "Which photo?", "answer_by": day(5)}
    ),
    "feedback:chance": Typed({"title": "The fair's early price", "missed_on": day(0)}),
    "feedback:chance_strike": Typed(page="feedback:project"),
    "feedback:project_share": Typed({"shows_clock": ""}),
    "feedback:project_link": Typed({"do": "make"}, page="feedback:project_share"),
    "feedback:project_unlink": Typed(page="feedback:project_share"),
    "feedback:edit": Typed({"title": "Which day?", "answer_by": day(6)}),
    "feedback:discard": Typed(page="feedback:edit"),
    "feedback:ask_drafts": Typed(_the_draft, page="feedback:waiting", prepare=_draft_in_time),
    "feedback:several": Typed(_the_request, page="feedback:waiting"),
    "feedback:request": Typed({"how": "phone", "comment": "the blue one", "on": day(0)}),
    "feedback:anew": Typed({"answer_by": day(5)}, prepare=_answered),
    "feedback:dates": Typed({"answer_by": day(7), "reason": "agreed on the phone"}),
    "feedback:about": Typed(
        {"kind": "call", "spent_on": "chasing", "minutes": "15", "summary": "asked again"},
        page="feedback:request",
    ),
    "feedback:handled": Typed(page="feedback:request", prepare=_answered),
    "feedback:nudge": Typed(page="feedback:request"),
    "feedback:withdraw": Typed(page="feedback:request"),
    "feedback:link_revoke": Typed(page="feedback:request"),
    "feedback:pause": Typed({"until": day(9), "reason": "on holiday"}),
    "feedback:lift": Typed(page="feedback:request"),
    "feedback:approve": Typed(page="feedback:request", prepare=_nothing_rests),
    "feedback:skip": Typed({"reason": "spoke on the phone"}, page="feedback:request"),
    "feedback:ladder": Typed({"rows-0-name": "First note"}),
    "feedback:ladder_client": Typed({"rows-0-name": "First note"}),
    "feedback:talk": Typed({"facts": "Access is missing.", "proposal": "A call this week."}),
    "feedback:talk_send": Typed(page="feedback:talk", prepare=_letter_written),
    "feedback:talk_settle": Typed(
        {"outcome": "two rounds", "do": "agreed"}, page="feedback:talk", prepare=_letter_out
    ),
    "feedback:talk_drop": Typed(page="feedback:talk", prepare=_letter_written),
    "desk:pattern_dismiss": Typed({"reason": "on holiday"}, prepare=_answers_late),
    "desk:pattern_restore": Typed(prepare=_set_aside),
    "billing:new": Typed(_an_invoice),
    "billing:edit": Typed({"description": "Two reels"}),
    "billing:draft": Typed({"issued_on": day(0)}),
    "billing:discard": Typed(page="billing:draft"),
    "billing:start_ladder": Typed({"all": "1"}, prepare=_imported),
    "billing:ladder": Typed({"rungs": "reminder:5,final:25:review", "calendar": "client"}),
    "billing:invoice": Typed({"amount": "100.00", "paid_on": day(0)}),
    "billing:approve": Typed(),
    "billing:skip": Typed({"reason": "spoke on the phone"}),
    "billing:credit": Typed({"reason": "agreed on the phone", "issued_on": day(0)}),
    "billing:void": Typed({"reason": "written by mistake"}),
    "billing:invoicing": Typed({"legal_note": "Registered in Zagreb."}),
    "billing:series_new": Typed(
        {"kind": "invoice", "code": "EXPORT", "pattern": "EX-{year}-{n:4}"}
    ),
    "billing:series": Typed({"pattern": "A-{year}-{n:5}"}),
    "billing:books_checked": Typed(),
    "billing:client_ladder": Typed({"rungs": "reminder:6,final:30:review"}),
    "billing:invoice_ladder": Typed({"rungs": "reminder:6,final:30:review"}),
    "billing:money_settings": Typed({"stale_after_days": "9"}),
    "billing:credit_pdf": Typed(changes_nothing="it answers the file, or the job that makes it"),
    "billing:invoice_pdf": Typed(changes_nothing="it answers the file, or the job that makes it"),
    "desk:letter": Typed({"en-body": "Hello {contact_name}, {invoice_number} is open."}),
    "billing:hold": Typed({"kind": "promise", "until": day(9), "reason": "next Friday"}),
    "billing:lift": Typed({"reason": "back again"}, prepare=_hold_without_end),
    "billing:plan": Typed(),
    "billing:end_plan": Typed({"reason": "not kept"}),
    "billing:write_off": Typed({"reason": "insolvent"}),
    "billing:end": Typed({"reason": "it is enough"}),
    "billing:send": Typed(page=INVOICE),
    "billing:resume": Typed(page="desk:today", prepare=_resume_is_asked),
    "billing:rates": Typed({"since": "2027-01-01", "percent": "2.40", "source": "the bank"}),
    "billing:rate_remove": Typed(page="billing:rates"),
    "offboarding:end": Typed({"kind": "failure", "ends_on": day(14)}),
    "offboarding:end_reason": Typed(
        {"reason": "own", "own_words": "keep to what was agreed", "ends_on": day(14)},
        page="offboarding:end",
        prepare=_ending,
    ),
    "offboarding:end_override": Typed(
        {"reason": "agreed on the phone"}, page="offboarding:end", prepare=_ending
    ),
    "offboarding:end_evidence": Typed(page="offboarding:end", prepare=_ending),
    "offboarding:end_handover": Typed(_an_account, prepare=_all_passed),
    "offboarding:end_send_handover": Typed(page="offboarding:end_handover", prepare=_all_passed),
    "offboarding:end_message": Typed({"subject": "The end of our work"}, prepare=_all_passed),
    "offboarding:end_send": Typed(page="offboarding:end_message", prepare=_all_passed),
    "offboarding:end_archive": Typed(page="offboarding:end", prepare=_told),
    "offboarding:end_call_off": Typed(
        {"why": "they paid"}, page="offboarding:end", prepare=_ending
    ),
    "offboarding:dossier": Typed({"language": "hr"}),
    "desk:data": Typed(),
    "desk:look": Typed({"accent": "#123456"}),
    "desk:calendar": Typed({"give": "1"}),
    "desk:mail": Typed({"daily_mail": "on"}, prepare=_no_daily_mail),
    "desk:client_erase": Typed(
        {"reason": "asked by mail", "name": "Bistro Lune"}, prepare=_all_settled
    ),
    "offboarding:done": Typed({"language": "hr"}),
    "offboarding:report_send": Typed(page="offboarding:report"),
    "offboarding:report": Typed({"first": "2025-01-01", "last": day(0)}),
}


@dataclass(slots=True)
class Form:
    action: str
    values: dict[str, Any] = field(default_factory=dict)


class _Reader(HTMLParser):
    """The POST forms of a page, filled as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._select = self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value if value is not None else "" for name, value in attrs}
        if tag == "form":
            self._open = Form(said.get("action", ""))
            if said.get("method", "").lower() == "post":
                self.forms.append(self._open)
            return
        name = said.get("name", "")
        if self._open is None or "disabled" in said:
            return
        values = self._open.values
        kind = said.get("type", "text")
        if tag == "input" and name and kind not in ("submit", "button", "file"):
            if kind not in ("checkbox", "radio") or "checked" in said:
                values[name] = said.get("value", "on" if kind == "checkbox" else "")
        elif tag == "textarea":
            self._textarea = name
            values[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            values.setdefault(self._select, said.get("value", ""))
            if "selected" in said:
                values[self._select] = said.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea and self._open is not None:
            self._open.values[self._textarea] += data


def forms_of(html: str) -> list[Form]:
    reader = _Reader()
    reader.feed(html)
    return reader.forms
