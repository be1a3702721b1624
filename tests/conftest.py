"""The ground every test stands on: databases, triggers, files. One suite, both databases."""

import os
import secrets
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import TransactionTestCase
from django.utils import translation

from tests import processes

# Time limits per example say something about the machine, not about the code.
hypothesis.settings.register_profile("suite", deadline=None, print_blob=True)
hypothesis.settings.load_profile("suite")

# Pages are tested without collected and renamed static files.
settings.STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
settings.STATIC_ROOT.mkdir(exist_ok=True)

ON_SQLITE = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    absent = "postgres" if ON_SQLITE else "sqlite"
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
        if absent in item.keywords:
            item.add_marker(pytest.mark.skip(reason=f"runs on {absent} only"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """SQLite in a file: threads and the live server get connections of their own, as they do in
    real life; in memory they would share one. Without fsync, which only costs time here."""
    if ON_SQLITE:
        database = settings.DATABASES["default"]
        database["TEST"]["NAME"] = str(settings.DATA_DIR / "test.sqlite3")
        options = database.setdefault("OPTIONS", {})
        options["init_command"] = options.get("init_command", "") + "PRAGMA synchronous=OFF;"


def _guards() -> Any:
    return import_module("clientdesk.guards").every()


@pytest.fixture(scope="session", autouse=True)
def _flush_past_the_record() -> Iterator[None]:
    """Let the flush between transactional tests empty the record, which refuses that to all else.

    The triggers are taken off for the flush and put back after it, here and not in the product.
    """
    # By name: Django's own method, which its types do not show.
    method = "_fixture_teardown"
    flush: Callable[[TransactionTestCase], None] = getattr(TransactionTestCase, method)

    def flush_without_triggers(case: TransactionTestCase) -> None:
        for guards in _guards():
            guards.remove(connection)
        try:
            flush(case)
        finally:
            for guards in _guards():
                guards.install(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, method, flush_without_triggers)
        yield


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """A request leaves its reader's language behind in the thread: the next test begins anew."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Any, settings: Any) -> None:
    """Stored files of a test go where pytest clears them away."""
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture(autouse=True)
def _own_words_unread() -> None:
    """A workspace of a test before, rolled back, had the same number and version."""
    from clientdesk.outbox.letters import forget_own_words  # noqa: PLC0415 -- needs the models

    forget_own_words()


@pytest.fixture
def other_connections_closed() -> Iterator[None]:
    """For tests that open connections in threads they end: none is left to block the flush."""
    yield
    connections.close_all()


@pytest.fixture(scope="session")
def _desk_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path | str]:
    if ON_SQLITE:
        yield tmp_path_factory.mktemp("template") / "migrated.sqlite3"
        return
    name = f"desk_template_{secrets.token_hex(6)}"
    yield name
    processes.drop_database(os.environ["DATABASE_URL"], name)


@pytest.fixture
def own_desk(tmp_path: Path, _desk_template: Path | str) -> Iterator[processes.Desk]:
    """A migrated desk for real processes (`manage`, `start`, `worker`), on either database."""
    data = tmp_path / "data"
    if isinstance(_desk_template, Path):
        ground = processes.sqlite_desk(data, _desk_template)
    else:
        ground = processes.postgres_desk(data, os.environ["DATABASE_URL"], _desk_template)
    with ground as desk:
        yield desk
