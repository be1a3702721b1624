"""`make run`: prepare the data directory, then web server and worker under one supervisor."""

import fcntl
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import OperationalError, connection

from clientdesk import clock, supervisor
from clientdesk.desk.sample import LOGIN, ensure_sample
from clientdesk.desk.staticfiles import collect_if_changed

HOST = "127.0.0.1"


class Command(BaseCommand):
    help = "Start Clientdesk for one machine: web server, worker and beat, on sample data."
    # The tables that the checks look at may not be there yet; migrate runs them.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", default="8000", help="where it listens on 127.0.0.1")
        parser.add_argument(
            "--without-sample", action="store_true", help="do not make the sample workspace"
        )

    def handle(self, *args: Any, port: str, without_sample: bool, **options: Any) -> None:
        number = _free_port(port)
        with _only_one(settings.DATA_DIR / "run.lock"):
            _require_database()
            call_command("migrate", verbosity=0, interactive=False)
            collect_if_changed()
            password = "" if without_sample else ensure_sample(now=clock.now())
            address = f"http://{HOST}:{number}/"

            def greet() -> None:
                self.stdout.write(f"\nClientdesk is open at {address}")
                if password:
                    self.stdout.write(f"  log in with   {LOGIN}\n  password      {password}")
                self.stdout.write(f"  data in       {settings.DATA_DIR}\nCtrl-C stops it.\n")
                self.stdout.flush()

            code = supervisor.Supervisor(
                programs=_programs(number),
                environment=_environment(address),
                ready=lambda: supervisor.answers(HOST, number),
                on_ready=greet,
                say=lambda line: self.stderr.write(line),
            ).run()
        if code:
            raise CommandError("Clientdesk did not start; the lines above say why.")
        self.stdout.write("Clientdesk has stopped.")


def _free_port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise CommandError(f"PORT: {text!r} is no port; expected a number from 1 to 65535.")
    try:
        supervisor.require_free_port(HOST, int(text))
    except supervisor.PortUnusable as error:
        raise CommandError(f"{error} Choose another one: make run PORT={_other(text)}") from error
    return int(text)


def _require_database() -> None:
    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise CommandError(f"DATABASE_URL: the database does not answer: {error}") from error


def _other(port: str) -> int:
    return int(port) + 1 if int(port) < 65535 else 8000


def _only_one(path: Path) -> TextIO:
    """Hold the lock of this data directory; the kernel gives it back however the process ends."""
    lock = path.open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise CommandError(
            f"Clientdesk runs already on {path.parent}. Stop it first, or name another directory "
            "in CLIENTDESK_DATA."
        ) from error
    return lock


def _environment(address: str) -> dict[str, str]:
    environment = {"PYTHONUNBUFFERED": "1", **os.environ}
    if not environment.get("CLIENTDESK_BASE_URL", "").strip():
        environment["CLIENTDESK_BASE_URL"] = address.rstrip("/")
    return environment


def _programs(port: int) -> list[supervisor.Program]:
    python = sys.executable
    web = [python, "-m", "gunicorn", "clientdesk.wsgi", "--bind", f"{HOST}:{port}"]
    web += ["--worker-class", "gthread", "--workers", "1", "--threads", "8"]
    web += ["--log-level", "warning", "--graceful-timeout", "10", "--no-control-socket"]
    worker = [python, "-m", "celery", "--quiet", "-A", "clientdesk", "worker", "-B"]
    worker += ["--pool", "threads", "--concurrency", "4", "--loglevel", "WARNING"]
    worker += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return [
        supervisor.Program("the web server", web, essential=True),
        supervisor.Program("the worker", worker),
    ]
