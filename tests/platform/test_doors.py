"""One door to the clock and one to SMTP, looked for in the syntax of the whole product.

Ruff bans the same names; this also sees what a file-wide exception there would let through.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("clientdesk", "clients", "feedback", "billing", "offboarding")
CLOCK = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today"}
CLOCK |= {"timezone.now", "timezone.localdate", "timezone.localtime", "time.time"}
CLOCK_DOORS = {
    "clientdesk/clock.py",
    "clientdesk/celery.py",  # the age of broker files, which no rule of the business sees
}
MAIL = ("smtplib", "django.core.mail")


def product() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())


def calls(tree: ast.Module) -> set[str]:
    """Calls of the form a.b(), as `a.b` with the last name of a."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found.add(".".join(ast.unparse(node.func).split(".")[-2:]))
    return found


def imports(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_only_the_clock_reads_the_clock() -> None:
    readers = {path: calls(tree) & CLOCK for path, tree in product()}
    assert {path for path, found in readers.items() if found} - CLOCK_DOORS == set()


def test_only_the_outbox_speaks_smtp() -> None:
    speakers = {
        path
        for path, tree in product()
        if any(
            name == mail or name.startswith(f"{mail}.") for name in imports(tree) for mail in MAIL
        )
    }
    assert {path for path in speakers if not path.startswith("clientdesk/outbox/")} == set()


@pytest.mark.parametrize("source", ["timezone.now()", "datetime.datetime.now(UTC)"])
def test_a_call_of_the_clock_is_seen(source: str) -> None:
    assert calls(ast.parse(source)) & CLOCK
