"""What each operation keeps, and the kind of entry it appends to the record."""

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from clientdesk.record.models import Entry
from clientdesk.record.verify import verify_record
from clientdesk.workspaces.scoping import ForeignRow, acting_in
from clients.models import Client, Contact, Interaction, Project, Result
from clients.operations import clients, interactions, stops, work
from clients.queries import agreement_on, found_by, recipients_of
from tests.desk.world import NOW, TODAY, World, make_client, make_workspace

pytestmark = pytest.mark.django_db
BY: dict[str, Any] = {"now": NOW, "actor": "system"}
PROJECT = {"name": "Summer launch", "started_on": TODAY}
RESULT = {"metric": "Reach", "before": Decimal(4), "after": Decimal(12), "measured_on": TODAY}
ACCOUNT = {"platform": "Instagram", "handle": "@lune", "access_needed": "full access"}


@pytest.fixture
def world() -> Iterator[World]:
    workspace, owner = make_workspace("desk")
    with acting_in(workspace.pk):
        yield World(workspace, owner, make_client(workspace))


def log(client: Client, **more: Any) -> Interaction:
    fields: dict[str, Any] = {"kind": "call", "summary": "asked", "happened_at": NOW} | more
    return interactions.log_interaction(client=client, **fields, **BY)


def kinds() -> list[str]:
    return list(Entry.objects.order_by("seq").values_list("kind", flat=True))


def delivered(client: Client) -> None:
    project = work.save_project(client=client, project=None, fields=PROJECT, **BY)
    work.deliver_project(project=project, on=TODAY, **BY)


def handed_over(client: Client) -> None:
    account = work.save_account(client=client, account=None, fields=ACCOUNT, **BY)
    fields = {"access_given": "full access", "given_on": TODAY, "handed_over_on": TODAY}
    work.save_account(client=client, account=account, fields=fields, **BY)


@pytest.mark.parametrize(
    ("act", "appended"),
    [
        (
            lambda c: clients.change_client(client=c, fields={"name": "Lune"}, **BY),
            "client.changed",
        ),
        (lambda c: clients.archive(client=c, archived=True, **BY), "client.archived"),
        (
            lambda c: clients.save_contact(client=c, contact=None, fields={"name": "Ana"}, **BY),
            "contact.created",
        ),
        (
            lambda c: clients.save_contact(
                client=c, contact=c.contacts.get(), fields={"phone": "1"}, **BY
            ),
            "contact.changed",
        ),
        (
            lambda c: work.create_agreement(client=c, fields={"valid_from": TODAY}, **BY),
            "agreement.created",
        ),
        (
            lambda c: work.save_project(client=c, project=None, fields=PROJECT, **BY),
            "project.created",
        ),
        (delivered, "project.delivered"),
        (
            lambda c: work.save_account(client=c, account=None, fields=ACCOUNT, **BY),
            "account.created",
        ),
        (handed_over, "account.changed"),
        (lambda c: work.record_result(client=c, fields=RESULT, **BY), "result.recorded"),
        (log, "interaction.logged"),
        (
            lambda c: interactions.change_interaction(
                interaction=log(c), fields={"summary": "asked twice"}, **BY
            ),
            "interaction.changed",
        ),
        (
            lambda c: interactions.finish_follow_up(interaction=log(c, follow_up_on=TODAY), **BY),
            "followup.done",
        ),
        (
            lambda c: interactions.snooze_follow_up(
                interaction=log(c, follow_up_on=TODAY), until=TODAY, **BY
            ),
            "followup.moved",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_operation_appends_its_entry(
    world: World, act: Callable[[Client], object], appended: str
) -> None:
    act(world.client)
    last = Entry.objects.with_content().latest("seq")
    assert last.kind == appended
    assert last.client_ref == world.client.pk
    assert json.loads(last.content.content)["subject"] == last.subject
    assert verify_record(world.workspace.pk).ok


def test_what_another_workspace_owns_is_refused_and_nothing_is_written(world: World) -> None:
    workspace, _ = make_workspace("other")
    with acting_in(workspace.pk):
        theirs = make_client(workspace)
        project = work.save_project(client=theirs, project=None, fields=PROJECT, **BY)
    before = kinds()
    with pytest.raises(ForeignRow):
        log(world.client, project=project)
    with pytest.raises(ForeignRow):
        work.record_result(client=world.client, fields={**RESULT, "project": project}, **BY)
    with pytest.raises(ForeignRow):
        stops.begin_stop(client=world.client, reason="other", on=TODAY, project=project, **BY)
    assert kinds() == before
    assert not Interaction.objects.exists()


def test_the_same_form_twice_is_one_row(world: World) -> None:
    for _ in range(2):
        clients.save_contact(client=world.client, contact=None, fields={"name": "Ana"}, **BY)
        work.save_project(client=world.client, project=None, fields=PROJECT, **BY)
        work.record_result(client=world.client, fields=RESULT, **BY)
    assert Contact.objects.filter(name="Ana").count() == 1
    assert Project.objects.count() == 1
    assert Result.objects.count() == 1
    assert kinds()[-3:] == ["contact.created", "project.created", "result.recorded"]


def test_a_correction_that_corrects_nothing_leaves_no_trace(world: World) -> None:
    entry = log(world.client, tags="problem")
    before = kinds()
    same = {"summary": "asked", "tags": "#Problem", "happened_at": NOW}
    interactions.change_interaction(interaction=entry, fields=same, **BY)
    clients.change_client(client=world.client, fields={"name": world.client.name}, **BY)
    entry.refresh_from_db()
    assert entry.edits == 0
    assert kinds() == before


def test_a_follow_up_moved_by_a_correction_is_open_again(world: World) -> None:
    entry = log(world.client, follow_up_on=TODAY)
    interactions.finish_follow_up(interaction=entry, **BY)
    with pytest.raises(interactions.FollowUpClosed):
        interactions.finish_follow_up(interaction=entry, **BY)
    later = TODAY + timedelta(days=3)
    interactions.change_interaction(interaction=entry, fields={"follow_up_on": later}, **BY)
    assert list(Interaction.objects.follow_ups(until=later)) == [entry]


def test_what_is_still_to_come_is_not_logged(world: World) -> None:
    with pytest.raises(interactions.HappensLater):
        log(world.client, happened_at=NOW + timedelta(hours=1))


def test_the_terms_in_force_are_the_latest_that_began(world: World) -> None:
    for day, days in ((date(2025, 1, 1), 30), (date(2025, 4, 1), 14)):
        work.create_agreement(
            client=world.client, fields={"valid_from": day, "payment_days": days}, **BY
        )
    found = [agreement_on(world.client, date(2025, month, 15)) for month in (3, 4)]
    assert [terms and terms.payment_days for terms in found] == [30, 14]
    assert agreement_on(world.client, date(2024, 12, 31)) is None
    with pytest.raises(ValidationError):
        work.create_agreement(
            client=world.client, fields={"valid_from": date(2025, 1, 1), "payment_days": 7}, **BY
        )


def test_letters_go_to_the_chosen_person_and_to_one_only(world: World) -> None:
    chosen = {"name": "Ana", "email": "ana@bistrolune.example", "is_primary": True}
    clients.save_contact(client=world.client, contact=None, fields=chosen, **BY)
    assert recipients_of([world.client.pk])[world.client.pk].email == "ana@bistrolune.example"
    assert Contact.objects.filter(is_primary=True).count() == 1


@pytest.mark.parametrize("words", ["ćevap", "CEVAP", "đuro", "duro", "ana babić", "babic"])
def test_a_client_is_found_without_marks_and_capitals(world: World, words: str) -> None:
    wanted = make_client(world.workspace, "Ćevap Đuro")
    clients.save_contact(client=wanted, contact=None, fields={"name": "Ana Babić"}, **BY)
    assert found_by(words, Client.objects.all()) == [wanted.pk]
