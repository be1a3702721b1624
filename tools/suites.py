"""`make test`: every suite, each on the ground it needs.

    sqlite     everything but the browser, on SQLite and the file broker
    postgres   the same on PostgreSQL and Redis
    browser    tests/browser on headless chromium

A suite that cannot run is reported as not run; with --strict or CI=true that is a failure.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tools import services

ROOT = Path(__file__).resolve().parent.parent
NO_TESTS = 5
PARALLEL = ("-n", "2", "--dist", "worksteal")


@dataclass(frozen=True, slots=True)
class Suite:
    name: str
    pytest: Sequence[str]
    ground: Callable[[ExitStack], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Outcome:
    suite: str
    result: str
    seconds: float
    ok: bool
    ran: bool = True


def _embedded(stack: ExitStack) -> Mapping[str, str]:
    return {}


def _servers(stack: ExitStack) -> Mapping[str, str]:
    return {
        "DATABASE_URL": stack.enter_context(services.postgres()),
        "REDIS_URL": stack.enter_context(services.redis()),
    }


def _chromium(stack: ExitStack) -> Mapping[str, str]:
    names = ("chromium", "chromium-browser", "google-chrome")
    given = os.environ.get("CHROMIUM", "").strip()
    found = given or services.find(*names) or services.find_or_install("chromium", "chromium")
    if not found:
        raise services.NotToBeHad("no chromium (set CHROMIUM, or install chromium)")
    if not any((ROOT / "tests" / "browser").glob("test_*.py")):
        raise services.NotToBeHad("tests/browser holds no test")
    return {"CHROMIUM": found}


WHOLE = ("tests", "--ignore=tests/browser", "-m", "not soak", *PARALLEL)
SUITES = (
    Suite("sqlite", WHOLE, _embedded),
    Suite("postgres", WHOLE, _servers),
    Suite("browser", ("tests/browser", "-m", "not soak"), _chromium),
)


def run(suite: Suite, extra: Sequence[str]) -> Outcome:
    started = time.monotonic()
    environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
    print(f"\n== {suite.name} " + "=" * (76 - len(suite.name)), flush=True)
    with ExitStack() as stack:
        try:
            environment |= suite.ground(stack)
        except services.NotToBeHad as error:
            return Outcome(suite.name, f"not run: {error}", 0, ok=False, ran=False)
        code = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *suite.pytest, *extra],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            check=False,
        ).returncode
    seconds = time.monotonic() - started
    if code == NO_TESTS:
        return Outcome(suite.name, "not run: no test was selected", seconds, ok=False, ran=False)
    result = "passed" if code == 0 else f"FAILED (pytest exit code {code})"
    return Outcome(suite.name, result, seconds, ok=code == 0)


def passed(outcomes: Sequence[Outcome], *, strict: bool) -> bool:
    """Whether the whole run counts as passed; a run in which nothing ran never does."""
    acceptable = all(outcome.ok or not (outcome.ran or strict) for outcome in outcomes)
    return acceptable and any(outcome.ok for outcome in outcomes)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make test", description="Run every suite.")
    parser.add_argument("--strict", action="store_true", help="a suite that is not run fails")
    parser.add_argument("--only", choices=[suite.name for suite in SUITES], action="append")
    parser.add_argument("pytest", nargs="*", help="after --: more arguments for pytest")
    options = parser.parse_args(arguments)
    strict = options.strict or os.environ.get("CI", "").lower() in ("1", "true")
    chosen = [suite for suite in SUITES if not options.only or suite.name in options.only]
    if not services.find("pdftoppm"):
        services.debian("poppler-utils")  # tests look at PDFs with it
    if not services.find("openssl"):
        services.debian("openssl")  # a test's time-stamper signs with it
    outcomes = [run(suite, options.pytest) for suite in chosen]
    print("\n== result " + "=" * 70)
    for outcome in outcomes:
        print(f"{outcome.suite:10} {outcome.seconds:5.0f} s  {outcome.result}")
    return 0 if passed(outcomes, strict=strict) else 1


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    # However it is asked to stop, the servers it started are stopped first.
    signal.signal(signal.SIGTERM, _stop)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("make test was interrupted.")
