"""Desks of their own for tests with real processes: a data directory, a database, a broker."""

import os
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Desk:
    """A migrated, empty Clientdesk outside this process; what it starts ends with the test."""

    data: Path
    environment: dict[str, str]
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def manage(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; `check=False` for one that is meant to fail."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start `python …` beside the test, in a process group of its own; output to a file."""
        log = (self.data / f"process-{len(self.started)}.log").open("w")
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        log.close()
        self.started.append(process)
        return process

    def worker(self, *, pool: str = "threads", beat: bool = False) -> subprocess.Popen[str]:
        command = ["-m", "celery", "-A", "clientdesk", "worker", "--pool", pool, "-c", "2"]
        return self.start(*command, "--loglevel", "WARNING", *(["-B"] if beat else []))

    def output(self, process: subprocess.Popen[str]) -> str:
        return (self.data / f"process-{self.started.index(process)}.log").read_text()

    def end(self) -> None:
        for process in self.started:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for(holds: Callable[[], bool], *, seconds: float = 30.0, what: str = "it") -> None:
    """Wait until `holds()`, looking often; fail naming `what` when it never does."""
    deadline = monotonic() + seconds
    while not holds():
        assert monotonic() < deadline, f"{what} did not happen within {seconds:.0f} seconds"
        sleep(0.05)


def _clean_environment(data: Path) -> dict[str, str]:
    environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "CI")}
    return environment | {"CLIENTDESK_DATA": str(data), "PYTHONUNBUFFERED": "1"}


@contextmanager
def sqlite_desk(data: Path, template: Path) -> Iterator[Desk]:
    """A desk whose database is a copy of `template`, which is made where it is missing."""
    data.mkdir(parents=True, exist_ok=True)
    if not template.exists():
        scratch = template.parent / f"template-{secrets.token_hex(4)}"
        scratch.mkdir()
        Desk(scratch, _clean_environment(scratch)).manage("migrate", "--verbosity", "0")
        # The last connection that closes puts the write-ahead log into the file.
        (scratch / "clientdesk.sqlite3").rename(template)
    shutil.copy(template, data / "clientdesk.sqlite3")
    desk = Desk(data, _clean_environment(data))
    try:
        yield desk
    finally:
        desk.end()


@contextmanager
def postgres_desk(data: Path, url: str, template: str) -> Iterator[Desk]:
    """A desk in a new database of the server in `url`, copied from the database `template`."""
    data.mkdir(parents=True, exist_ok=True)
    if redis_url := os.environ.get("REDIS_URL"):
        _forget_nudges(redis_url)
    name = f"desk_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as server:
        found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
        if found.fetchone() is None:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(template)))
            environment = _clean_environment(data) | {"DATABASE_URL": _named(url, template)}
            Desk(data, environment).manage("migrate", "--verbosity", "0")
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        desk = Desk(data, _clean_environment(data) | {"DATABASE_URL": _named(url, name)})
        try:
            yield desk
        finally:
            desk.end()
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def drop_database(url: str, name: str) -> None:
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def _named(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def _forget_nudges(url: str) -> None:
    """Messages that an earlier test left for workers; nothing else in that Redis is touched."""
    with redis.Redis.from_url(url) as server:
        left = [*server.scan_iter("celery*"), *server.scan_iter("unacked*")]
        if left:
            server.delete(*left)
