"""Every route for the wrong tenant and the wrong role. The list comes from the URL resolver: a
route that nobody wrote down here fails."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from clientdesk.workspaces.access import CAPABILITIES, Can, Role
from tests.desk.world import World, make_world

pytestmark = pytest.mark.django_db

# What has another workspace's row in its path; all else shows the reader's own desk only.
ROWLESS = {"token", "kind"}


def routes(
    patterns: list[URLPattern | URLResolver], spaces: tuple[str, ...] = (), prefix: str = ""
) -> Iterator[tuple[str, Callable[..., object]]]:
    for entry in patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from routes(entry.url_patterns, inner, path)
        elif path.startswith("w/"):
            yield ":".join((*spaces, entry.name or "")), entry.callback


ROUTES = dict(routes(get_resolver().url_patterns))


@pytest.fixture
def own() -> World:
    return make_world("own")


@pytest.fixture
def foreign() -> World:
    return make_world("foreign")


def address(name: str, workspace: str, kwargs: dict[str, object]) -> str:
    return reverse(name, kwargs={"workspace": workspace, **kwargs})


def browser_of(world: World, role: Role) -> Browser:
    browser = Browser(raise_request_exception=True)
    user = world.owner if role == Role.OWNER else world.member(role)
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def test_every_route_is_marked_with_what_it_needs() -> None:
    unmarked = [name for name, view in ROUTES.items() if getattr(view, "needs", None) is None]
    assert unmarked == []


def test_every_route_of_another_workspace_is_missing(own: World, foreign: World) -> None:
    browser = browser_of(own, Role.OWNER)
    for name in ROUTES:
        url = address(name, "foreign", foreign.kwargs.get(name, {}))
        assert browser.get(url).status_code == 404, f"GET {name}"
        assert browser.post(url).status_code == 404, f"POST {name}"


def test_a_foreign_row_under_the_own_workspace_is_missing(own: World, foreign: World) -> None:
    """PEER 11: bulk, file and detail routes with a foreign identifier answer 404."""
    browser = browser_of(own, Role.OWNER)
    with_rows = {n: k for n, k in foreign.kwargs.items() if not ROWLESS & k.keys()}
    for name, kwargs in with_rows.items():
        if "pk" not in kwargs:
            # Slugs and numbers may be the same in two workspaces: ask for one that is not ours.
            kwargs = dict.fromkeys(kwargs, "nobody")
        url = address(name, "own", kwargs)
        assert browser.get(url).status_code in {404, 405}, f"GET {name}"
        assert browser.post(url).status_code == 404, f"POST {name}"


def test_nobody_without_a_login(own: World) -> None:
    for name in ROUTES:
        url = address(name, "own", own.kwargs.get(name, {}))
        response = Browser().get(url)
        assert response.status_code == 302, name
        assert response["Location"].startswith("/accounts/login/"), name


@pytest.mark.parametrize("role", list(Role))
def test_a_role_sees_what_it_may_and_nothing_else(own: World, role: Role) -> None:
    browser = browser_of(own, role)
    for name, view in ROUTES.items():
        # `needs` marks the function; its type does not say so.
        read: Can = view.needs[0]  # type: ignore[attr-defined]
        if name == "desk:import_confirm":
            continue
        response = browser.get(address(name, "own", own.kwargs.get(name, {})))
        if response.streaming:
            response.getvalue()  # reads the file to its end, which closes it
        may = read in CAPABILITIES[role]
        document_of_work = name in {"documents:download", "documents:job"}
        if may and document_of_work and role == Role.BOOKKEEPER:
            assert response.status_code == 403, name
        elif may:
            assert response.status_code in {200, 302, 405}, f"{name}: {response.status_code}"
        else:
            assert response.status_code == 403, name


@pytest.mark.parametrize("role", [Role.VIEWER, Role.BOOKKEEPER, Role.MEMBER])
def test_a_role_changes_nothing_it_may_not(own: World, role: Role) -> None:
    browser = browser_of(own, role)
    for name, view in ROUTES.items():
        # `needs` marks the function; its type does not say so.
        write: Can = view.needs[1]  # type: ignore[attr-defined]
        if write not in CAPABILITIES[role]:
            url = address(name, "own", own.kwargs.get(name, {}))
            assert browser.post(url).status_code == 403, name


def test_every_route_with_a_row_is_in_the_world(own: World) -> None:
    for name in ROUTES:
        address(name, "own", own.kwargs.get(name, {}))
