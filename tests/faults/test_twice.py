"""Every form of the desk sent twice: a double click, and back and sent again. One object.

The list comes from the URL resolver: a route that changes something and that nobody wrote down in
tests/faults/forms.py fails here.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver

from clientdesk import clock
from clientdesk.workspaces.access import Can, Role
from clientdesk.workspaces.models import Membership, User, Workspace
from clientdesk.workspaces.operations import invite
from clientdesk.workspaces.scoping import acting_in
from tests.billing.desk import at_once
from tests.desk.test_matrix import ROUTES, address, browser_of
from tests.desk.world import World, make_world
from tests.faults.forms import LOOKED_AT, LOOKS, PRESSED_ELSEWHERE, TYPED, Typed, forms_of

LOOKING = {Can.SEE_WORK, Can.SEE_MONEY}
# The record tells each time what was asked; sessions and messages to the reader are no objects.
NOT_COUNTED = {"record", "sessions", "contenttypes", "auth", "account"}
# When it was last touched may be told anew.
MOMENTS = {"changed_at", "books_checked_at", "updated_at", "last_login"}

Rows = dict[str, dict[Any, Mapping[str, Any]]]


def changing() -> list[str]:
    """The routes whose view asks for the right to change something."""
    # `needs` marks the function; its type does not say so.
    rights = {name: view.needs[1] for name, view in ROUTES.items()}  # type: ignore[attr-defined]
    return sorted(n for n, right in rights.items() if right not in LOOKING and n not in LOOKS)


def rows() -> Rows:
    """Everything that is stored, by model and key."""
    stored: Rows = {}
    for model in apps.get_models():
        # The tally is sums of what is counted here; rows of it come and go.
        if model._meta.app_label in NOT_COUNTED or model._meta.label == "billing.Tally":
            continue
        manager: models.Manager[Any] = getattr(model, "unscoped", model._default_manager)
        stored[model._meta.label] = {
            row["pk"]: {name: value for name, value in row.items() if name not in MOMENTS}
            for row in manager.values("pk", *(f.attname for f in model._meta.concrete_fields))
        }
    return stored


def counts(stored: Rows) -> dict[str, int]:
    return {label: len(found) for label, found in stored.items()}


def differences(before: Rows, after: Rows) -> dict[str, Any]:
    """What is new, gone or different, by model."""
    found: dict[str, Any] = {}
    for label, here in after.items():
        there = before[label]
        changed = {
            pk: sorted(k for k in row if row[k] != there[pk][k]) if pk in there else "new"
            for pk, row in here.items()
            if there.get(pk) != row
        }
        changed |= {pk: "gone" for pk in there if pk not in here}
        # Rows that were written anew with the same in them, e.g. a draft's lines, are the same.
        if changed and said(here) != said(there):
            found[label] = changed
    return found


def said(stored: dict[Any, Mapping[str, Any]]) -> Counter[str]:
    return Counter(
        repr({name: value for name, value in row.items() if name not in ("pk", "id")})
        for row in stored.values()
    )


def filled(world: World, browser: Browser, route: str, typed: Typed) -> tuple[str, dict[str, Any]]:
    """The address of a route and its form as a person sends it."""
    slug = world.workspace.slug
    with acting_in(world.workspace.pk):
        typed.prepare(world)
    url = address(route, slug, world.kwargs.get(route, {}))
    page, values_typed = typed.page or route, typed.of(world)
    found: dict[str, Any] = {}
    shown = browser.get(address(page, slug, world.kwargs.get(page, {})))
    if shown.status_code == 200 and not shown.streaming:
        own = ("", url) if page == route else (url,)
        of_route = [f for f in forms_of(shown.content.decode()) if f.action in own]
        # A page may have several: the one that asks for what is typed, else the largest.
        found = max(
            (form.values for form in of_route),
            key=lambda values: (len(values.keys() & values_typed.keys()), len(values)),
            default={},
        )
    return url, {**found, **values_typed}


def send(browser: Browser, url: str, data: dict[str, Any]) -> int:
    for value in data.values():
        if hasattr(value, "seek"):
            value.seek(0)
    return browser.post(url, data).status_code


def test_every_route_that_changes_something_is_sent_twice_here() -> None:
    unlisted = [name for name in changing() if name not in TYPED]
    assert unlisted == [], (
        f"{', '.join(unlisted)}: a route that creates, sends or changes. Write down in "
        "tests/faults/forms.py what a person types there, so that it is tried twice."
    )
    assert [name for name in TYPED if name not in ROUTES] == [], "no such routes"


@pytest.mark.django_db
@pytest.mark.parametrize("route", sorted(TYPED))
def test_sent_again_it_changes_nothing_more(route: str) -> None:
    """Back in the browser, and the same form once more."""
    typed, world = TYPED[route], make_world("own")
    browser = browser_of(world, Role.OWNER)
    url, data = filled(world, browser, route, typed)
    before = rows()
    assert send(browser, url, data) < 500
    once = rows()
    assert bool(differences(before, once)) != bool(typed.changes_nothing), "what was typed"
    assert send(browser, url, data) < 500
    assert differences(once, rows()) == {}


def outside() -> list[str]:
    """The routes outside of a workspace."""

    def walk(patterns: list[URLPattern | URLResolver], spaces: tuple[str, ...]) -> Iterator[str]:
        for entry in patterns:
            path = str(entry.pattern)
            if isinstance(entry, URLResolver):
                if not path.startswith(("w/", "accounts/")):
                    inner = (*spaces, entry.namespace) if entry.namespace else spaces
                    yield from walk(entry.url_patterns, inner)
            else:
                yield ":".join((*spaces, entry.name or ""))

    return sorted(walk(get_resolver().url_patterns, ()))


def test_every_route_outside_of_a_workspace_is_known_here() -> None:
    tried = ["workspaces:create", "workspaces:join", *PRESSED_ELSEWHERE]
    only_look = ["workspaces:choose", *(name for name in outside() if name in LOOKED_AT)]
    assert outside() == sorted(tried + only_look), "a new one: try it twice, or say that it looks"


BUSINESS = {
    "name": "Studio Ona",
    "country": "HR",
    "time_zone": "Europe/Zagreb",
    "currency": "EUR",
    "language": "en",
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("other_connections_closed")
@pytest.mark.parametrize("at_the_same_time", [True, False])
def test_a_business_begun_twice_is_one_workspace(at_the_same_time: bool) -> None:
    owner = User.objects.create_user("ona@example.com")

    def click(_: int) -> int:
        browser = Browser()
        browser.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
        return browser.post("/new/", BUSINESS).status_code

    codes = at_once(2, click) if at_the_same_time else [click(1), click(2)]
    assert codes == [302, 302]
    assert [workspace.name for workspace in Workspace.objects.all()] == ["Studio Ona"]
    assert Membership.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("other_connections_closed")
@pytest.mark.parametrize("at_the_same_time", [True, False])
def test_an_invitation_accepted_twice_is_one_place(at_the_same_time: bool) -> None:
    world = make_world("own")
    guest = User.objects.create_user("new@guest.example")
    with acting_in(world.workspace.pk):
        _, token = invite(
            workspace=world.workspace, email=guest.email, role=Role.MEMBER,
            invited_by=world.owner, now=clock.now(),
        )  # fmt: skip

    def click(_: int) -> int:
        browser = Browser()
        browser.force_login(guest, backend="allauth.account.auth_backends.AuthenticationBackend")
        return browser.post(f"/join/{token}/").status_code

    codes = at_once(2, click) if at_the_same_time else [click(1), click(2)]
    assert 302 in codes
    assert set(codes) <= {302, 404}
    assert Membership.objects.filter(user=guest).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("other_connections_closed")
@pytest.mark.parametrize("part", ["desk", "clients", "feedback", "billing", "offboarding"])
def test_a_double_click_makes_as_much_as_a_click(part: str) -> None:
    """Three clicks at the same time, in threads with a connection each."""
    wrong: dict[str, Any] = {}
    for number, route in enumerate(r for r in sorted(TYPED) if r.startswith(f"{part}:")):
        typed = TYPED[route]
        made: list[dict[str, int]] = []
        for clicks in (1, 3):
            world = make_world(f"w{number}-{clicks}")
            browser = browser_of(world, Role.OWNER)
            url, data = filled(world, browser, route, typed)
            before = counts(rows())

            def click(
                _: int, route: str = route, world: World = world, url: str = url,
                data: dict[str, Any] = data, typed: Typed = typed,
            ) -> int:  # fmt: skip
                # Files are read to their end: each click has its own.
                return send(browser_of(world, Role.OWNER), url, {**data, **typed.of(world)})

            codes = at_once(clicks, click)
            after = counts(rows())
            made.append(
                {label: after[label] - n for label, n in before.items() if after[label] != n}
            )
            if max(codes) >= 500:
                wrong[route] = f"answers {codes}"
        if made[0] != made[1]:
            wrong[route] = f"one click: {made[0]}, three: {made[1]}"
    assert wrong == {}
