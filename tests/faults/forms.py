"""What a person types into each form of the desk, and a reader for the form as the page shows it.

A route that changes something and is not in `TYPED` fails tests/faults/test_twice.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from clientdesk import clock
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
    # Where one submit rightly changes nothing that is stored.
    changes_nothing: str = ""

    def of(self, world: World) -> dict[str, Any]:
        return dict(self.values(world) if callable(self.values) else self.values)


def _a_file(world: World) -> Values:
    return {"file": SimpleUploadedFile("offer.txt", b"an offer", content_type="text/plain")}


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


INVOICE = "billing:invoice"
TYPED: dict[str, Typed] = {
    "desk:log": Typed({"line": "Bistro Lune called about the menu 20m"}),
    "desk:sending": Typed({"pause": "1"}, page="desk:outbox"),
    "desk:message_take_back": Typed(page="desk:message"),
    "desk:message_again": Typed(changes_nothing="the world's message is still to go"),
    "desk:message_arrived": Typed(changes_nothing="the world's message is still to go"),
    "desk:settings_profile": Typed({"name": "Jana's studio"}),
    "desk:members": Typed({"email": "new@guest.example", "role": "member"}),
    "desk:member": Typed({"role": "owner"}, page="desk:members", changes_nothing="the only owner"),
    "desk:invitation_revoke": Typed(page="desk:members"),
    "desk:import": Typed(_clients_csv, changes_nothing="a file is looked at, not taken in"),
    "desk:import_confirm": Typed(changes_nothing="no file was uploaded under this token"),
    "clients:new": Typed({"name": "Ona Design", "email": "ona@example.com"}),
    "clients:edit": Typed({"name": "Bistro Lune & Co"}),
    "clients:archive": Typed(page="desk:client"),
    "clients:contact_new": Typed({"name": "Mira", "email": "mira@lune.example"}),
    "clients:contact": Typed({"name": "Luc P."}),
    "clients:agreement": Typed({"valid_from": day(0), "payment_days": "30"}),
    "clients:agreement_change": Typed({"payment_days": "21"}),
    "clients:project_new": Typed({"name": "Web", "started_on": day(-3)}),
    "clients:project": Typed({"name": "Winter launch"}),
    "clients:deliver": Typed(page="desk:client_work"),
    "clients:account_new": Typed({"platform": "TikTok", "handle": "@lune", "access_needed": "full"}),
    "clients:account": Typed({"handle": "@bistro"}),
    "clients:result_new": Typed(
        {"name": "Followers", "before": "100", "after": "300", "measured_on": day(-1)}
    ),
    "clients:stop": Typed({"reason": "unpaid", "cause": "2025-001"}),
    "clients:resume": Typed({"reason": "they paid"}),
    "clients:entry_new": Typed({"kind": "call", "summary": "asked for a quote"}),
    "clients:entry": Typed({"summary": "asked about the sign"}),
    "clients:attach": Typed(_a_file, page="clients:history"),
    "clients:follow_up": Typed({"do": "snooze"}, page="desk:today"),
    "feedback:new": Typed(
        lambda w: {"client": w.client.pk, "title": "Which photo?", "answer_by": day(5)}
    ),
    "feedback:request": Typed({"answer": "the blue one", "answered_on": day(0)}),
    "feedback:nudge": Typed(page="feedback:request"),
    "feedback:withdraw": Typed(page="feedback:request"),
    "billing:new": Typed(_an_invoice),
    "billing:edit": Typed({"description": "Two reels"}),
    "billing:draft": Typed({"issued_on": day(0)}),
    "billing:discard": Typed(page="billing:draft"),
    "billing:start_ladder": Typed({"all": "1"}, changes_nothing="nothing imported waits"),
    "billing:ladder": Typed({"rungs": "reminder:5,final:25:review", "calendar": "client"}),
    "billing:invoice": Typed({"amount": "100.00", "paid_on": day(0)}),
    "billing:approve": Typed(),
    "billing:skip": Typed({"reason": "spoke on the phone"}),
    "billing:hold": Typed({"kind": "promise", "until": day(9), "reason": "next Friday"}),
    "billing:lift": Typed({"reason": "back again"}),
    "billing:plan": Typed(),
    "billing:end_plan": Typed({"reason": "not kept"}),
    "billing:write_off": Typed({"reason": "insolvent"}),
    "billing:end": Typed({"reason": "it is enough"}),
    "billing:send": Typed(page=INVOICE),
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
            if "selected" in said or self._select not in values:
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
