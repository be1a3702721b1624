"""The frame around every page: the way around, messages, forms, days and money in words."""

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.template import engines
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import timezone, translation

from clientdesk.desk.context import shell
from clientdesk.desk.templatetags import desk
from clientdesk.workspaces.access import Role
from clientdesk.workspaces.models import Membership, Workspace

MAY = date(2025, 5, 14)


def rendered(source: str, **context: object) -> str:
    return engines["django"].from_string("{% load desk %}" + source).render(context)


def visiting(path: str, role: Role, **workspace: object) -> HttpRequest:
    request = RequestFactory().get(path)
    # What the middleware puts on a WorkspaceRequest; the factory makes a WSGIRequest.
    request.workspace = Workspace(slug="studio", name="Studio", **workspace)  # type: ignore[attr-defined]
    request.membership = Membership(role=role)  # type: ignore[attr-defined]
    request.shell_counts = {"waiting": 5, "late": 2}  # type: ignore[attr-defined]
    return request


class Payment(forms.Form):
    paid_on = forms.DateField(label="Paid on")
    method = forms.ChoiceField(
        label="How?", choices=[("bank", "Bank"), ("cash", "Cash")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="Note", required=False, help_text="For yourself.")


def test_days_read_as_people_say_them() -> None:
    assert desk.day(MAY) == "14 May"
    assert desk.day(MAY, date(2025, 1, 1)) == "14 May"
    assert desk.day(MAY, date(2026, 1, 1)) == "14 May 2025"
    assert desk.dayyear(MAY) == "14 May 2025"
    assert desk.weekday(MAY) == "Wed 14 May"
    assert desk.daylong(MAY) == "Wednesday 14 May"
    assert desk.monthyear(MAY) == "May 2025"


def test_days_in_croatian() -> None:
    with translation.override("hr"):
        assert desk.day(MAY) == "14. svi"
        assert desk.daylong(MAY) == "srijeda, 14. svibnja"


def test_moments_stand_in_the_time_zone_of_the_workspace() -> None:
    late = datetime(2025, 5, 14, 22, 30, tzinfo=UTC)
    with timezone.override("Europe/Zagreb"):
        assert desk.moment(late) == "15 May, 00:30"
        assert desk.clock(late) == "00:30"
        assert desk.local_day(late) == date(2025, 5, 15)
        assert desk.iso(late) == "2025-05-15T00:30+02:00"


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 min"), (15, "15 min"), (60, "1 h"), (75, "1 h 15 min")]
)
def test_hours(minutes: int, words: str) -> None:
    assert desk.hours(minutes).replace("\N{NO-BREAK SPACE}", " ") == words


def test_nothing_is_an_empty_word() -> None:
    assert rendered("[{{ x|money:'EUR' }}{{ x|day }}{{ x|moment }}{{ x|hours }}]", x=None) == "[]"


def test_crumbs_and_actions_leave_no_empty_frame() -> None:
    assert rendered("{% crumb_nav %} {% endcrumb_nav %}{% action_bar %}{% endaction_bar %}") == ""
    assert (
        rendered("{% action_bar %} <a>x</a> {% endaction_bar %}")
        == '<div class="acts"><a>x</a></div>'
    )


def test_a_message_can_carry_its_undo() -> None:
    plain = Message(constants.SUCCESS, "Saved.")
    undoable = Message(constants.SUCCESS, "Logged.", extra_tags="undo:/w/studio/undo/7/")
    refused = Message(constants.ERROR, "Refused.")
    assert desk.undo_url(plain) == ""
    assert desk.undo_url(undoable) == "/w/studio/undo/7/"
    assert desk.quiet_messages([plain, undoable, refused]) == [plain, undoable]


def test_tabs_follow_the_role() -> None:
    seen = {
        role: [entry.tab for entry in shell(visiting("/w/studio/", role))["shell"].main]
        for role in Role
    }
    everything = ["today", "waiting", "clients", "invoices", "reports"]
    assert seen == {
        Role.OWNER: everything,
        Role.MEMBER: everything,
        Role.BOOKKEEPER: ["today", "invoices", "reports"],
        Role.VIEWER: everything,
    }


def test_tabs_carry_their_counts() -> None:
    frame = shell(visiting("/w/studio/", Role.OWNER))["shell"]
    assert [entry.note for entry in frame.main] == ["", "5", "", "2 late", ""]


def test_a_paused_workspace_says_so_beside_the_outbox() -> None:
    frame = shell(visiting("/w/studio/", Role.OWNER, sending_paused=True))["shell"]
    assert [entry.note for entry in frame.foot if entry.tab == "outbox"] == ["paused"]


def test_outside_a_workspace_the_frame_is_empty() -> None:
    assert shell(RequestFactory().get("/")) == {}


def test_the_error_summary_leads_to_the_fields() -> None:
    page = render_to_string("_form.html", {"form": Payment(data={}), "submit": "Record"})
    assert '<div class="errors" role="alert" tabindex="-1" id="errors"' in page
    assert '<a href="#id_paid_on">Paid on: This field is required.</a>' in page
    assert '<a href="#id_method_0">How? This field is required.</a>' in page
    assert page.count('id="id_method_0"') == 1
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_paid_on_error"' in page


def test_a_form_says_what_need_not_be_filled() -> None:
    page = render_to_string("_form.html", {"form": Payment(), "submit": "Record"})
    assert 'id="errors"' not in page
    assert page.count("(you need not)") == 1
    assert '<div class="hint" id="id_note_helptext">For yourself.</div>' in page


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["login", "signup", "password/reset", "password/reset/done"])
def test_pages_before_signing_in(client: Client, path: str) -> None:
    response = client.get(f"/accounts/{path}/")
    text = response.content.decode()
    assert response.status_code == 200
    assert text.count("<h1>") == 1
    assert 'name="robots" content="noindex"' in text


@pytest.mark.django_db
def test_a_refused_sign_in_says_error_first(client: Client) -> None:
    response = client.post("/accounts/login/", {"login": "nobody@example.com", "password": "x"})
    text = response.content.decode()
    assert "<title>Error: Sign in · Clientdesk</title>" in text
    assert 'value="nobody@example.com"' in text


@pytest.mark.django_db
def test_a_page_that_is_not_there(client: Client) -> None:
    response = client.get("/nothing-here/")
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()
