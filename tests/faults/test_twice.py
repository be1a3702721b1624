"""Every form of the desk sent twice: a double click, and back and sent again. One object.

The list comes from the URL resolver: a route that changes something and that nobody wrote down in
tests/faults/forms.py fails here.
"""

from collections.abc import Mapping
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client as Browser

from clientdesk.workspaces.access import Can, Role
from tests.billing.desk import at_once
from tests.desk.test_matrix import ROUTES, address, browser_of
from tests.desk.world import World, make_world
from tests.faults.forms import TYPED, Typed, forms_of

LOOKING = {Can.SEE_WORK, Can.SEE_MONEY}
# The record tells each time what was asked; sessions and messages to the reader are no objects.
NOT_COUNTED = {"record", "sessions", "contenttypes", "auth", "account"}
# When it was last touched may be told anew.
MOMENTS = {"changed_at", "updated_at", "last_login"}

Rows = dict[str, dict[Any, Mapping[str, Any]]]


def changing() -> list[str]:
    """The routes whose view asks for the right to change something."""
    # `needs` marks the function; its type does not say so.
    return sorted(n for n, view in ROUTES.items() if view.needs[1] not in LOOKING)  # type: ignore[attr-defined]


def rows() -> Rows:
    """Everything that is stored, by model and key."""
    stored: Rows = {}
    for model in apps.get_models():
        if model._meta.app_label in NOT_COUNTED:
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
        if changed:
            found[label] = changed
    return found


def filled(world: World, browser: Browser, route: str, typed: Typed) -> tuple[str, dict[str, Any]]:
    """The address of a route and its form as a person sends it."""
    slug = world.workspace.slug
    url = address(route, slug, world.kwargs.get(route, {}))
    page = typed.page or route
    found: dict[str, Any] = {}
    shown = browser.get(address(page, slug, world.kwargs.get(page, {})))
    if shown.status_code == 200 and not shown.streaming:
        own = ("", url) if page == route else (url,)
        of_route = [f for f in forms_of(shown.content.decode()) if f.action in own]
        # The largest: a page may have small ones beside it.
        found = max((form.values for form in of_route), key=len, default={})
    return url, {**found, **typed.of(world)}


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


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("other_connections_closed")
@pytest.mark.parametrize("part", ["desk", "clients", "feedback", "billing", "offboarding"])
def test_a_double_click_makes_as_much_as_a_click(part: str) -> None:
    """Both requests at the same time, in two threads with a connection each."""
    wrong: dict[str, Any] = {}
    for number, route in enumerate(r for r in sorted(TYPED) if r.startswith(f"{part}:")):
        typed = TYPED[route]
        made: list[dict[str, int]] = []
        for clicks in (1, 2):
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
            made.append({label: after[label] - n for label, n in before.items() if after[label] != n})
            if max(codes) >= 500:
                wrong[route] = f"answers {codes}"
        if made[0] != made[1]:
            wrong[route] = f"one click: {made[0]}, two: {made[1]}"
    assert wrong == {}
