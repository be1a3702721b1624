"""The ladder's page without scripts: rows are edited, tried and kept; errors stand at their row."""

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from billing.forms.ladders import Rows, name_in_ladder, name_on_page, rows_of
from billing.models import Invoice, LadderSetting, Step
from billing.queries import trying
from billing.queries.forecast import backtest, forecast
from billing.queries.ladders import ladders_for, money_ladder
from clientdesk import clock
from clientdesk.ladder import MONEY_DEFAULT, NAME, Calendar, Effect, Ladder, Rung, parse_ladder
from clientdesk.record.models import Entry
from clientdesk.workspaces.access import Role
from clientdesk.workspaces.models import Membership, User, Workspace
from clients.models import Client, Stop
from tests.billing import desk
from tests.billing.desk import TODAY, days
from tests.outbox.mailserver import MailServer

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PATH = "/w/jana/settings/ladder/"


def browser_of(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user, backend=BACKEND)
    return browser


@pytest.fixture
def browser(at: Workspace) -> Browser:
    return browser_of(User.objects.get())


def row(name: str, offset: str | int, effect: str = "mail", manner: str = "auto") -> dict[str, Any]:
    return {"name": name, "offset": offset, "effect": effect, "manner": manner}


def form(*rows: dict[str, Any], **more: str) -> dict[str, str]:
    """The form as a browser sends it."""
    sent = {
        f"rows-{i}-{key}": str(value) for i, one in enumerate(rows) for key, value in one.items()
    }
    head = {
        "rows-TOTAL_FORMS": str(len(rows)),
        "rows-INITIAL_FORMS": "0",
        "calendar": "none",
        "sample": "",
        "first": "2024-06-01",
        "last": "2025-06-01",
    }
    return {**head, **sent, **more}


def errors_of(answer: Any) -> list[str]:

    return [text for _, text in answer.context["errors"]]


def rungs(of: Workspace) -> list[Rung]:
    return list(money_ladder(of.pk).rungs)


def test_rows_are_kept_in_the_order_of_their_days(at: Workspace, browser: Browser) -> None:
    sent = form(
        row("Decide", 40, "task", "none"),
        row("Reminder", 4),
        row("Pause now", 12, "stop", "review"),
    )
    answer = browser.post(PATH, {**sent, "save": "1"})
    assert answer.status_code == 302
    assert rungs(at) == [
        Rung("reminder", 4, Effect.MAIL),
        Rung("pause_now", 12, Effect.STOP, automatic=False),
        Rung("decide", 40, Effect.TASK),
    ]
    assert money_ladder(at.pk).calendar == Calendar.NONE
    assert LadderSetting.objects.get().rungs == "reminder:4,pause_now:12:stop:review,decide:40"


def test_the_page_shows_the_rows_it_keeps(at: Workspace, browser: Browser) -> None:
    page = browser.get(PATH).content.decode()
    for name in ("Reminder", "Stop-work notice", "Final notice"):
        assert f'value="{name}"' in page


def test_kept_twice_is_kept_once(at: Workspace, browser: Browser) -> None:
    sent = {**form(row("Reminder", 5)), "save": "1"}
    browser.post(PATH, sent)
    browser.post(PATH, sent)
    assert Entry.objects.filter(kind="ladder.changed").count() == 2  # the fixture's, and this one


def test_trying_keeps_nothing(lune: Client, browser: Browser) -> None:
    desk.invoice(lune, due_on=TODAY)
    before = list(LadderSetting.objects.values()), Entry.objects.count()
    answer = browser.post(PATH, {**form(row("Reminder", 7)), "try": "1"})
    assert answer.status_code == 200
    assert answer.context["tried"]
    assert answer.context["replay"].counts == {"reminder": 1}
    assert [step.on for step in answer.context["replay"].steps] == [TODAY + days(7)]
    assert (list(LadderSetting.objects.values()), Entry.objects.count()) == before
    assert "nothing is kept yet" in answer.content.decode()


def test_a_row_is_added_and_taken_out_without_saving(at: Workspace, browser: Browser) -> None:
    typed = form(row("Reminder", "soon"), row("Final notice", 20))
    added = browser.post(PATH, {**typed, "add": "1"})
    values = [f["name"].value() for f in added.context["rows"].forms]
    assert values == ["Reminder", "Final notice", ""]
    assert 'value="soon"' in added.content.decode()
    fewer = browser.post(PATH, {**typed, "remove": "0"})
    assert [f["name"].value() for f in fewer.context["rows"].forms] == ["Final notice"]
    assert errors_of(fewer) == []
    assert LadderSetting.objects.get().rungs == "reminder:3,stop_work:10,final:20"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([row("", 3)], "Step 1: Expected a name, e.g. Reminder."),
        ([row("№ 5!", 3)], "Step 1: “№ 5!”: expected up to 39 letters and spaces"),
        ([row("x" * 45, 3)], "expected up to 39 letters"),
        ([row("Reminder", "")], "Step 1: Expected a whole number of days from 0 to 999."),
        ([row("Reminder", "three")], "Step 1: Expected a whole number of days from 0 to 999."),
        ([row("Reminder", "3.5")], "Step 1: Expected a whole number of days"),
        ([row("Reminder", -1)], "“-1”: expected a whole number of days from 0 to 999."),
        ([row("Reminder", 1000)], "“1000”: expected a whole number of days from 0 to 999."),
        (
            [row("Reminder", 3), row("reminder", 9)],
            "Step 2: Reminder is step 1 already: expected each name once.",
        ),
        (
            [row("Reminder", 3), row("Final notice", 3)],
            "Step 2: Step 1 comes on day 3 already: expected another day.",
        ),
        ([row("Reminder", 3, "stop")], "Step 1: Reminder is always a letter."),
        ([row("Decide", 3, "mail")], "Step 1: Decide is always a task for you."),
        ([row("Reminder", 3, "mail", "none")], "Step 1: A letter goes out by itself, or"),
        ([row("Reminder", 3, "bang")], "Step 1: Select a valid choice"),
        ([], "A ladder has at least one step."),
        ([row(f"note {'abcdefghijkl'[n]} {'x' * 30}", n) for n in range(12)], "expected 400"),
    ],
)
def test_what_cannot_be_is_said_at_its_row(
    at: Workspace, browser: Browser, rows: list[dict[str, Any]], said: str
) -> None:
    answer = browser.post(PATH, {**form(*rows), "save": "1"})
    assert answer.status_code == 200
    assert any(said in error for error in errors_of(answer)), errors_of(answer)
    page = answer.content.decode()
    assert "<title>Error:" in " ".join(page.split())
    assert LadderSetting.objects.get().rungs == "reminder:3,stop_work:10,final:20"


@pytest.mark.parametrize("sent", [{}, {"rows-TOTAL_FORMS": "x"}, {"rows-TOTAL_FORMS": "9" * 30}])
def test_a_tampered_form_keeps_nothing(
    at: Workspace, browser: Browser, sent: dict[str, str]
) -> None:
    for act in ("save", "try", "add", "remove"):
        assert browser.post(PATH, {**sent, act: "1"}).status_code == 200
    assert LadderSetting.objects.get().rungs == "reminder:3,stop_work:10,final:20"


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2025-06-01", "2025-05-01", "Expected a day not before"),
        ("2020-06-01", "2025-05-01", "at most three years"),
        ("soon", "2025-05-01", "valid date"),
    ],
)
def test_a_time_that_cannot_be_replayed_is_explained(
    at: Workspace, browser: Browser, first: str, last: str, said: str
) -> None:
    answer = browser.post(PATH, {**form(row("Reminder", 3), first=first, last=last), "try": "1"})
    assert any(said in error for error in errors_of(answer))
    assert not answer.context["tried"]


@given(st.text(max_size=60))
def test_a_typed_name_is_kept_as_a_name_or_not_at_all(typed: str) -> None:
    name = name_in_ladder(typed)
    assert name == "" or NAME.fullmatch(name)


@given(st.from_regex(NAME, fullmatch=True).filter(lambda n: "__" not in n and n[-1] != "_"))
def test_a_name_survives_being_shown_and_typed_again(name: str) -> None:
    assert name_in_ladder(name_on_page(name)) == name


def test_every_croatian_letter_finds_its_plain_one() -> None:
    assert name_in_ladder("Žurna obavijest čćšđ") == "zurna_obavijest_ccsd"


def test_the_rows_of_a_ladder_read_back_as_the_ladder() -> None:
    sent = form(*rows_of(MONEY_DEFAULT))
    rows = Rows(sent, prefix="rows")
    assert rows.is_valid()
    assert rows.ladder(Calendar.CLIENT) == MONEY_DEFAULT


def test_a_samples_days_say_why_they_moved() -> None:
    # Due Maundy Thursday 2025: +3 is Easter Sunday, and Monday is a holiday in Croatia.
    found = trying.sample_days(
        MONEY_DEFAULT, due_on=date(2025, 4, 17), country="HR", today=date(2025, 4, 29)
    )
    reminder, stop = found["reminder"], found["stop_work"]
    assert (reminder.on, reminder.missed, reminder.is_weekend) == (
        date(2025, 4, 22),
        date(2025, 4, 20),
        True,
    )
    assert (stop.on, stop.missed, stop.is_today) == (date(2025, 4, 29), None, True)


def test_a_client_gets_a_ladder_of_its_own_and_goes_back(
    lune: Client, browser: Browser, at: Workspace
) -> None:
    invoice = desk.invoice(lune)
    path = f"{PATH}client/{lune.slug}/"
    assert "goes by the workspace’s ladder" in browser.get(path).content.decode()
    browser.post(path, {**form(row("Reminder", 14)), "save": "1"})
    assert ladders_for([invoice])[invoice.pk] == parse_ladder("reminder:14", calendar=Calendar.NONE)
    invoice.refresh_from_db()
    assert invoice.next_step_on == TODAY + days(14)
    assert len(rungs(at)) == 3
    assert "for this client alone" in browser.get(path).content.decode()
    assert lune.name in browser.get(PATH).content.decode()
    browser.post(path, {"drop": "1"})
    invoice.refresh_from_db()
    assert ladders_for([invoice])[invoice.pk] == money_ladder(at.pk)
    assert invoice.next_step_on == TODAY + days(3)


def test_an_invoice_gets_a_ladder_of_its_own_before_its_clients(
    lune: Client, browser: Browser
) -> None:
    invoice, other = desk.invoice(lune), desk.invoice(lune)
    browser.post(f"{PATH}client/{lune.slug}/", {**form(row("Reminder", 14)), "save": "1"})
    path = f"{PATH}invoice/{invoice.pk}/"
    browser.post(path, {**form(row("Final notice", 30)), "save": "1"})
    found = ladders_for([invoice, other])
    assert [r.name for r in found[invoice.pk].rungs] == ["final"]
    assert [r.name for r in found[other.pk].rungs] == ["reminder"]
    browser.post(path, {"drop": "1"})
    assert [r.offset for r in ladders_for([invoice])[invoice.pk].rungs] == [14]


def test_the_workspaces_own_ladder_cannot_be_dropped(at: Workspace, browser: Browser) -> None:
    browser.post(PATH, {"drop": "1"})
    assert LadderSetting.objects.get().rungs == "reminder:3,stop_work:10,final:20"


@pytest.mark.parametrize("role", [Role.MEMBER, Role.BOOKKEEPER, Role.VIEWER])
def test_only_who_manages_changes_the_ladder(at: Workspace, role: Role) -> None:
    user = User.objects.create_user(f"{role}@example.com")
    Membership.objects.create(workspace=at, user=user, role=role, joined_at=desk.NOW)
    browser = browser_of(user)
    page = browser.get(f"{PATH}?first=2025-01-01&last=2025-03-01")
    assert page.status_code == 200
    assert page.context["first"] == date(2025, 1, 1)
    assert "Save the ladder" not in page.content.decode()
    assert browser.post(PATH, {**form(row("Reminder", 5)), "save": "1"}).status_code == 403


def test_a_replay_for_the_page_is_the_replay_of_the_command(lune: Client, at: Workspace) -> None:
    for late in range(0, 60, 7):
        desk.invoice(lune, due_on=TODAY - days(late))
    ladder = parse_ladder("reminder:3,call:8:task,stop_work:10,final:20")
    first, last = TODAY - days(40), TODAY + days(5)
    page = trying.replay(Invoice.objects.all(), ladder, first=first, last=last)
    assert page.steps == backtest(workspace_id=at.pk, first=first, last=last, ladder=ladder)
    assert "call" not in page.counts
    assert sum(lane.count for lane in page.lanes) == len(page.steps)


def test_a_big_workspace_is_replayed_by_its_newest_invoices(
    lune: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for late in range(6):
        desk.invoice(lune, due_on=TODAY - days(late))
    monkeypatch.setattr(trying, "MOST_REPLAYED", 4)
    ladder = parse_ladder("reminder:3")
    page = trying.replay(
        Invoice.objects.all(), ladder, first=TODAY - days(40), last=TODAY + days(40)
    )
    assert (page.invoices, page.left_out) == (4, 2)


def test_only_what_was_paid_counts_as_paid_before_the_first_step(lune: Client) -> None:
    paid, late, fresh = (desk.invoice(lune, due_on=TODAY - days(n)) for n in (30, 30, 5))
    Invoice.objects.filter(pk=paid.pk).update(settled_on=TODAY - days(29))
    ladder = parse_ladder("call:3:task,reminder:9", calendar=Calendar.NONE)
    page = trying.replay(Invoice.objects.all(), ladder, first=TODAY - days(60), last=TODAY)
    assert [step.invoice_id for step in page.steps] == [late.pk]
    assert (page.invoices, page.silent) == (3, 1)
    assert fresh.settled_on is None


def test_a_tried_ladder_gives_the_forecast_that_it_would_have_kept(
    lune: Client, at: Workspace, browser: Browser
) -> None:
    for late in range(0, 40, 3):
        desk.invoice(lune, due_on=TODAY - days(late))
    desk.day_passes(at, TODAY)
    tried = Ladder((Rung("reminder", 5, Effect.MAIL), Rung("final", 9, Effect.MAIL)), Calendar.NONE)
    before, left_out = trying.ahead(Invoice.objects.all(), today=TODAY, tried=tried)
    desk.ladder(at, "reminder:5,final:9")
    kept = forecast(workspace_id=at.pk, today=TODAY, days=trying.DAYS_AHEAD)
    assert (before, left_out) == (kept, 0)
    assert Step.objects.exists()


def test_the_page_asks_the_same_questions_however_many_invoices(
    lune: Client, browser: Browser
) -> None:
    today = clock.now().date()

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(PATH).status_code == 200
        return len(asked)

    for late in range(2):
        desk.invoice(lune, due_on=today - timedelta(days=late))
    few = queries()
    for late in range(8):
        desk.invoice(lune, due_on=today - timedelta(days=late))
    assert queries() == few


def test_the_command_knows_names_of_ones_own(at: Workspace) -> None:
    text = "reminder:3,pause_now:12:stop:review,decide:33"
    call_command("set_ladder", text, "--workspace", "jana", "--for", "money", stdout=StringIO())
    assert LadderSetting.objects.get().rungs == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("reminder:3:stop", "expected mail for reminder"),
        (",".join(f"{'abcdefghijkl'[n]}{'x' * 36}:{n}" for n in range(12)), "expected at most 400"),
    ],
)
def test_the_command_refuses_what_cannot_be(at: Workspace, text: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("set_ladder", text, "--workspace", "jana", "--for", "money")
    assert LadderSetting.objects.get().rungs == "reminder:3,stop_work:10,final:20"


def test_a_pause_of_ones_own_stops_work_when_its_letter_went(
    lune: Client, at: Workspace, server: MailServer
) -> None:
    desk.ladder(at, "reminder:3,pause_now:6:stop")
    desk.invoice(lune, due_on=TODAY)
    desk.day_passes(at, TODAY + days(3))
    assert not Stop.objects.exists()
    desk.day_passes(at, TODAY + days(6))
    assert Stop.objects.get().client == lune
    assert "paused" in server.received()[-1].subject
