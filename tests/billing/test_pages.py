"""The pages of invoices, as a browser without scripts uses them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from billing.models import Invoice, Payment, Step
from billing.operations.ladder import start_ladder
from billing.operations.payments import record_payment
from clientdesk import clock
from clientdesk.workspaces.models import User, Workspace
from clients.models import Client
from tests.billing import desk
from tests.billing.desk import ACTOR, TODAY, days

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LINE = {
    "form-0-description": "Monthly care",
    "form-0-quantity": "1",
    "form-0-price": "800.00",
    "form-0-vat_rate": "25",
}


@pytest.fixture
def browser(at: Workspace) -> Browser:
    browser = Browser()
    browser.force_login(User.objects.get(), backend=BACKEND)
    return browser


def draft_form(of: Client, /, **changed: str) -> dict[str, str]:
    head = {
        "client": str(of.pk),
        "currency": "EUR",
        "description": "May",
        "once_key": "one form",
        "form-TOTAL_FORMS": "4",
        "form-INITIAL_FORMS": "0",
    }
    return {**head, **LINE, **changed}


def queries_of(browser: Browser, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(path).status_code == 200
    return len(queries)


def late_and_reviewed(client: Client) -> Invoice:
    invoice = desk.invoice(client, due_on=TODAY - days(20))
    Step.objects.create(
        workspace=client.workspace,
        invoice=invoice,
        rung="reminder",
        effect="mail",
        due_on=TODAY,
        state=Step.State.REVIEW,
        created_at=desk.NOW,
    )
    return invoice


def waiting(client: Client) -> Invoice:
    number = f"A-{Invoice.objects.count()}"
    return desk.imported(client, number, due_on=TODAY - days(20))


MAKERS: dict[str, Callable[[Client], Invoice]] = {
    "invoices/": late_and_reviewed,
    "invoices/?show=late": late_and_reviewed,
    "invoices/?show=drafts": desk.draft,
    "invoices/?show=waiting": waiting,
    "invoices/start/": waiting,
    "forecast/": lambda client: desk.invoice(client, due_on=clock.now().date()),
    "settings/ladder/": late_and_reviewed,
}


@pytest.mark.parametrize("page", MAKERS)
def test_a_list_takes_as_many_queries_for_thirty_rows_as_for_one(
    at: Workspace, browser: Browser, page: str
) -> None:
    make = MAKERS[page]
    make(desk.client(at, "C0"))
    browser.get(f"/w/jana/{page}")
    one = queries_of(browser, f"/w/jana/{page}")
    for number in range(1, 30):
        make(desk.client(at, f"C{number}"))
    assert queries_of(browser, f"/w/jana/{page}") == one


def test_an_invoices_page_takes_as_many_queries_for_thirty_payments_as_for_one(
    lune: Client, browser: Browser
) -> None:
    def pay(invoice: Invoice) -> None:
        record_payment(invoice=invoice, paid_on=TODAY, amount_minor=100, now=desk.NOW, actor=ACTOR)

    invoice = desk.invoice(lune)
    pay(invoice)
    browser.get(f"/w/jana/invoices/{invoice.number}/")
    one = queries_of(browser, f"/w/jana/invoices/{invoice.number}/")
    for _ in range(29):
        pay(invoice)
    assert queries_of(browser, f"/w/jana/invoices/{invoice.number}/") == one


def test_a_draft_becomes_an_invoice_with_its_vat(lune: Client, browser: Browser) -> None:
    answer = browser.post("/w/jana/invoices/new/", draft_form(lune))
    draft = Invoice.objects.get()
    assert answer["Location"] == f"/w/jana/invoices/draft/{draft.pk}/"
    assert (draft.net_minor, draft.vat_minor, draft.total_minor) == (80_000, 20_000, 100_000)
    issue = {"issued_on": "2025-05-14", "due_on": "2025-05-28"}
    answer = browser.post(answer["Location"], issue)
    assert answer["Location"] == "/w/jana/invoices/2025-001/"
    page = browser.get(answer["Location"]).content.decode()
    assert "2025-001" in page
    assert "€1,000.00" in page


def test_a_draft_sent_twice_is_one_draft(lune: Client, browser: Browser) -> None:
    first = browser.post("/w/jana/invoices/new/", draft_form(lune))
    second = browser.post("/w/jana/invoices/new/", draft_form(lune))
    assert first["Location"] == second["Location"]
    assert Invoice.objects.count() == 1


def test_issued_twice_it_has_one_number(lune: Client, browser: Browser) -> None:
    draft = desk.draft(lune)
    issue = {"issued_on": "2025-05-14", "due_on": ""}
    for _ in range(2):
        answer = browser.post(f"/w/jana/invoices/draft/{draft.pk}/", issue)
        assert answer["Location"] == "/w/jana/invoices/2025-001/"
    assert Invoice.objects.get().number == "2025-001"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("form-0-price", "much"),
        ("form-0-price", "1.005"),
        ("form-0-price", ""),
        ("form-0-price", "9" * 29),
        ("form-0-quantity", "0"),
        ("form-0-quantity", "x"),
        ("form-0-vat_rate", "101"),
        ("form-0-description", ""),
        ("currency", "QQQ"),
        ("client", "0"),
        ("description", "two\nlines"),
    ],
)
def test_bad_input_is_named_at_its_field_and_nothing_is_kept(
    lune: Client, browser: Browser, field: str, value: str
) -> None:
    answer = browser.post("/w/jana/invoices/new/", draft_form(lune, **{field: value}))
    assert answer.status_code == 200
    errors = dict(answer.context["form"].errors)
    for number, form in enumerate(answer.context["formset"].forms):
        errors |= {f"form-{number}-{name}": text for name, text in form.errors.items()}
    assert set(errors) == {field}
    page = answer.content.decode()
    assert f'id="id_{field}_error"' in page or f'id="error_1_id_{field}"' in page
    assert "Monthly care" in page or field == "form-0-description"
    assert not Invoice.objects.exists()


def test_without_a_line_there_is_nothing_to_invoice(lune: Client, browser: Browser) -> None:
    blank = dict.fromkeys(LINE, "")
    answer = browser.post("/w/jana/invoices/new/", draft_form(lune, **blank))
    assert "at least one line" in answer.content.decode()
    assert not Invoice.objects.exists()


def test_more_lines_keep_what_was_typed(lune: Client, browser: Browser) -> None:
    answer = browser.post("/w/jana/invoices/new/", draft_form(lune, add="1"))
    page = answer.content.decode()
    assert 'name="form-5-price"' in page
    assert "Monthly care" in page
    assert not Invoice.objects.exists()


@pytest.mark.parametrize("total", ["", "x", "-1", "99999999"])
def test_a_tampered_count_of_lines_is_no_crash(lune: Client, browser: Browser, total: str) -> None:
    for more in ({}, {"add": "1"}):
        form = draft_form(lune, **{"form-TOTAL_FORMS": total, **more})
        assert browser.post("/w/jana/invoices/new/", form).status_code in (200, 302)


def payment(amount: str, **changed: str) -> dict[str, str]:
    return {"paid_on": "2025-05-14", "amount": amount, "once_key": "one form", **changed}


def test_a_payment_sent_twice_is_booked_once(lune: Client, browser: Browser) -> None:
    invoice = desk.invoice(lune)
    path = f"/w/jana/invoices/{invoice.number}/"
    for _ in range(2):
        browser.post(path, payment("300,00"))
    assert [booked.amount_minor for booked in Payment.objects.all()] == [30_000]
    assert "€500.00" in browser.get(path).content.decode()


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (payment("800.01"), "€800.01 is more than what is open; expected at most €800.00"),
        (payment("0"), "more than nothing"),
        (payment("-5"), ""),
        (payment("much"), "much"),
        (payment("9" * 29), "too large"),
        (payment("9" * 12), "more than what is open"),
        (payment("5", paid_on="2999-01-01"), "still to come"),
        (payment("5", paid_on="yesterday"), ""),
    ],
)
def test_a_payment_that_cannot_be_is_refused_in_words(
    lune: Client, browser: Browser, form: dict[str, str], words: str
) -> None:
    invoice = desk.invoice(lune)
    answer = browser.post(f"/w/jana/invoices/{invoice.number}/", form)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert words in answer.content.decode()
    assert not Payment.objects.exists()


def test_a_step_left_out_needs_a_reason(lune: Client, browser: Browser) -> None:
    step = late_and_reviewed(lune).steps.get()
    browser.post(f"/w/jana/invoices/step/{step.pk}/skip/", {"reason": ""})
    step.refresh_from_db()
    assert step.state == Step.State.REVIEW
    browser.post(f"/w/jana/invoices/step/{step.pk}/skip/", {"reason": "they called"})
    step.refresh_from_db()
    assert (step.state, step.reason) == (Step.State.SKIPPED, "they called")


def test_a_letter_is_shown_before_it_is_sent(lune: Client, browser: Browser) -> None:
    invoice = late_and_reviewed(lune)
    page = browser.get(f"/w/jana/invoices/{invoice.number}/").content.decode()
    assert f"/w/jana/invoices/step/{invoice.steps.get().pk}/send/" in page
    assert "Ana Kralj" in page
    browser.post(f"/w/jana/invoices/step/{invoice.steps.get().pk}/send/")
    assert invoice.steps.get().state == Step.State.QUEUED


def test_a_number_with_slashes_has_its_page(lune: Client, browser: Browser) -> None:
    desk.imported(lune, "31/1/1", due_on=TODAY)
    assert "31/1/1" in browser.get("/w/jana/invoices/31/1/1/").content.decode()


def test_an_imported_invoice_without_a_due_day_has_its_page(lune: Client, browser: Browser) -> None:
    invoice = desk.imported(lune, "A-1", due_on=None)
    start_ladder(invoices=[invoice], on=TODAY, now=desk.NOW, actor=ACTOR)
    assert browser.get("/w/jana/invoices/A-1/").status_code == 200
    assert browser.get("/w/jana/invoices/").status_code == 200


def test_looking_at_pages_changes_nothing(lune: Client, browser: Browser) -> None:
    invoice = late_and_reviewed(lune)
    browser.get("/w/jana/")
    before = list(Invoice.objects.values()), list(Step.objects.values())
    for path in ("", f"{invoice.number}/", "forecast/", "new/", "start/"):
        browser.get(f"/w/jana/invoices/{path}")
    assert (list(Invoice.objects.values()), list(Step.objects.values())) == before


def test_each_currency_is_summed_for_itself(lune: Client, browser: Browser) -> None:
    desk.invoice(lune, due_on=clock.now().date() - timedelta(days=5))
    desk.imported(lune, "A-1", due_on=TODAY, currency="USD")
    page = browser.get("/w/jana/invoices/").content.decode()
    assert "€800.00" in page
    assert "$800.00" in page
    assert "1,600" not in page


@pytest.mark.parametrize("pk", ["²", "x", "-1", "9" * 40])
def test_a_tampered_choice_starts_nothing(lune: Client, browser: Browser, pk: str) -> None:
    waiting(lune)
    assert browser.post("/w/jana/invoices/start/", {"id": pk}).status_code == 302
    assert not Invoice.objects.exclude(ladder_started_on=None).exists()


@pytest.mark.parametrize(
    "path",
    ["invoices/%00/", "invoices/new/?client=%00", "invoices/draft/99999999999999999999/"],
)
def test_an_address_that_names_nothing_is_not_found(browser: Browser, path: str) -> None:
    assert browser.get(f"/w/jana/{path}").status_code == 404


@pytest.mark.parametrize("more", [{}, {"form-1-description": "More"}])
def test_more_money_than_there_is_is_refused_in_words(
    lune: Client, browser: Browser, more: dict[str, str]
) -> None:
    much = {"form-0-price": "900000000000.00", "form-0-quantity": "999999999"}
    form = draft_form(lune, **much, **more)
    answer = browser.post("/w/jana/invoices/new/", form)
    assert answer.status_code == 200
    assert not Invoice.objects.exists()
