"""Every query of tenant data is filtered, or raises."""

from collections.abc import Callable

import pytest
from django.db.models import Count, Exists, OuterRef, QuerySet

from clientdesk.workspaces.scoping import (
    ForeignRow,
    OutsideWorkspace,
    acting_in,
    check_same_workspace,
)
from clients.models import Client, Stop
from tests.desk.world import make_client, make_workspace

pytestmark = pytest.mark.django_db
AT_IMPORT: QuerySet[Client] = Client.objects.filter(name__startswith="Bistro")

QUERIES: dict[str, Callable[[], object]] = {
    "list": lambda: list(Client.objects.all()),
    "made at import": lambda: list(AT_IMPORT.all()),
    "count": lambda: Client.objects.count(),
    "exists": lambda: Client.objects.exists(),
    "first": lambda: Client.objects.first(),
    "get": lambda: Client.objects.get(pk=1),
    "in_bulk": lambda: Client.objects.in_bulk([1]),
    "update": lambda: Client.objects.update(note="x"),
    "delete": lambda: Client.objects.all().delete(),
    "aggregate": lambda: Client.objects.aggregate(n=Count("pk")),
    "values": lambda: list(Client.objects.values("name")),
    "iterator": lambda: list(Client.objects.iterator()),
    "union": lambda: list(Client.objects.all().union(Client.objects.all())),
    "subquery": lambda: list(
        Client.unscoped.filter(Exists(Stop.objects.filter(client=OuterRef("pk"))))
    ),
    "get_or_create": lambda: Client.objects.get_or_create(slug="x"),
}


@pytest.mark.parametrize("name", QUERIES)
def test_outside_a_workspace_it_raises(name: str) -> None:
    with pytest.raises(OutsideWorkspace):
        QUERIES[name]()


def test_inside_it_sees_its_own_rows_only() -> None:
    own, _ = make_workspace("own")
    other, _ = make_workspace("other")
    for workspace in (own, other):
        with acting_in(workspace.pk):
            make_client(workspace)
    with acting_in(own.pk):
        assert [client.workspace_id for client in AT_IMPORT.all()] == [own.pk]
        assert Client.objects.update(note="seen") == 1
    assert Client.unscoped.count() == 2


def test_rows_of_two_workspaces_do_not_meet_in_an_operation() -> None:
    own, _ = make_workspace("own")
    other, _ = make_workspace("other")
    with acting_in(other.pk):
        foreign = make_client(other)
    with pytest.raises(ForeignRow):
        check_same_workspace(own.pk, None, foreign)


def test_an_error_inside_leaves_no_workspace_behind() -> None:
    with pytest.raises(KeyError), acting_in(1):
        raise KeyError
    with pytest.raises(OutsideWorkspace):
        Client.objects.count()
