"""Numbers: unique and without gaps, however many issue at once and whatever is taken back."""

from datetime import date

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from billing.models import Counter, Invoice, Series
from billing.operations.drafts import NotADraft, discard_draft
from billing.operations.issuing import DueBeforeIssue, NothingToPay, issue_invoice
from billing.operations.numbering import next_number, reserve_imported
from billing.operations.series import save_series
from billing.rules import numbers
from billing.rules.numbers import PatternInvalid
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client
from tests.billing import desk
from tests.billing.desk import ACTOR, NOW, TODAY, days

ISSUERS, EACH = 5, 10


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("other_connections_closed")
def test_fifty_issued_at_once_with_roll_backs_and_discarded_drafts_leave_no_gap() -> None:
    workspace = desk.workspace()
    with acting_in(workspace.pk):
        client = desk.client(workspace)
        drafts = [[desk.draft(client) for _ in range(EACH)] for _ in range(ISSUERS)]

    def issue(issuer: int) -> None:
        with acting_in(workspace.pk):
            for position, draft in enumerate(drafts[issuer]):
                if position % 5 == 4:
                    discard_draft(invoice=draft)
                    continue
                with transaction.atomic():
                    issue_invoice(invoice=draft, issued_on=TODAY, now=NOW, actor=ACTOR)
                    if position % 3 == 2:
                        transaction.set_rollback(True)

    desk.at_once(ISSUERS, issue)
    with acting_in(workspace.pk):
        numbers = list(Invoice.objects.issued().order_by("number").values_list("number", flat=True))
    # Of ten drafts two are discarded (4, 9) and three rolled back (2, 5, 8).
    assert numbers == [f"2025-{n:03d}" for n in range(1, ISSUERS * 5 + 1)]


def test_a_draft_has_no_number_until_it_is_issued(lune: Client) -> None:
    first = desk.draft(lune)
    assert first.number is None
    discard_draft(invoice=first)
    assert desk.invoice(lune).number == "2025-001"
    assert Invoice.objects.count() == 1


def test_each_year_and_each_workspace_counts_for_itself(at: Workspace, lune: Client) -> None:
    desk.invoice(lune, due_on=date(2025, 1, 20))
    assert desk.invoice(lune, due_on=date(2025, 1, 5)).number == "2024-001"
    other = desk.workspace("other")
    with acting_in(other.pk):
        assert desk.invoice(desk.client(other)).number == "2025-001"


def test_an_invoice_is_issued_once(lune: Client) -> None:
    issued = desk.invoice(lune)
    with pytest.raises(NotADraft):
        issue_invoice(invoice=issued, issued_on=TODAY, now=NOW, actor=ACTOR)
    with pytest.raises(NotADraft):
        discard_draft(invoice=issued)
    assert Counter.objects.get().last == 1


def test_what_cannot_be_issued_takes_no_number(lune: Client) -> None:
    with pytest.raises(NothingToPay):
        issue_invoice(invoice=desk.draft(lune, 0), issued_on=TODAY, now=NOW, actor=ACTOR)
    with pytest.raises(DueBeforeIssue):
        issue_invoice(
            invoice=desk.draft(lune),
            issued_on=TODAY,
            due_on=TODAY - days(1),
            now=NOW,
            actor=ACTOR,
        )
    assert desk.invoice(lune).number == "2025-001"


def test_numbers_go_on_after_imported_ones(at: Workspace, lune: Client) -> None:
    with transaction.atomic():
        reserve_imported(
            workspace_id=at.pk,
            issued=[(number, TODAY) for number in ("2025-041", "2025-007", "31/1/1", "x")],
        )
    assert desk.invoice(lune).number == "2025-042"
    with transaction.atomic():
        reserve_imported(workspace_id=at.pk, issued=[("2025-003", TODAY)])
        assert next_number(workspace_id=at.pk, on=TODAY).text == "2025-043"


def test_later_changes_of_either_party_do_not_reach_an_issued_invoice(lune: Client) -> None:
    issued = desk.invoice(lune)
    before = issued.parties
    lune.name = "Another name"
    lune.save()
    issued.refresh_from_db()
    assert issued.parties == before
    assert '"name": "Lune"' in before


def series(at: Workspace, pattern: str, code: str = "A", *, kind: str = "invoice") -> Series:
    return save_series(
        workspace=at, kind=kind, code=code, pattern=pattern, is_default=True, now=NOW, actor=ACTOR
    )


def test_the_croatian_form_begins_anew_each_year_and_both_can_be_found(
    at: Workspace, lune: Client
) -> None:
    series(at, "{n}/1/1")
    before = desk.invoice(lune, due_on=date(2024, 6, 1))
    now = desk.invoice(lune)
    assert [(i.number, i.number_year) for i in (before, now)] == [("1/1/1", 2024), ("1/1/1", 2025)]
    assert desk.invoice(lune).number == "2/1/1"
    assert list(Invoice.objects.numbered("1/1/1")) == [now, before]
    assert list(Invoice.objects.numbered("1/1/1", year=2024)) == [before]


def test_each_series_counts_for_itself(at: Workspace, lune: Client) -> None:
    series(at, "WEB-{yy}-{n:4}", "web")
    series(at, "{year}/{n}", "shop")
    web = desk.draft(lune)
    Invoice.objects.filter(pk=web.pk).update(series="web")
    assert desk.invoice(lune).number == "2025/1"
    web.refresh_from_db()
    issued = issue_invoice(invoice=web, issued_on=TODAY, now=NOW, actor=ACTOR)
    assert issued.number == "WEB-25-0001"
    assert [s.code for s in Series.objects.filter(is_default=True)] == ["shop"]


def test_a_pattern_changed_to_one_in_use_gives_no_number_twice(at: Workspace, lune: Client) -> None:
    assert desk.invoice(lune).number == "2025-001"
    series(at, "{year}-{n:3}", "B")
    assert desk.invoice(lune).number == "2025-002"


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("", "expected e.g."),
        ("{year}", "counts 0 times"),
        ("{n}-{n}", "counts 2 times"),
        ("{month}-{n}", "{month} is not known"),
        ("<b>{n}", "letters, digits"),
        ("{n}" + "x" * 60, "at most"),
    ],
)
def test_a_pattern_that_is_none_says_what_was_expected(
    at: Workspace, pattern: str, words: str
) -> None:
    with pytest.raises(PatternInvalid, match=words):
        series(at, pattern)
    assert not Series.objects.exists()


@given(
    pattern=st.sampled_from(["{year}-{n:3}", "{n}/1/1", "R{yy}.{n}", "{n:5}", "{year}/{year}-{n}"]),
    year=st.integers(2000, 2099),
    count=st.integers(1, 10**6),
)
def test_a_number_is_read_back_as_it_was_written(pattern: str, year: int, count: int) -> None:
    text = numbers.number(pattern, year=year, count=count)
    assert numbers.read(pattern, text, year=year) == (year, count)
