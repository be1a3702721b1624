"""Servers of one's own that a test may break: a PostgreSQL cluster and a Redis, in a folder."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.processes import wait_for
from tools import services


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Postgres:
    """A cluster that syncs like a real one: what was committed survives `-m immediate`."""

    folder: Path
    port: int
    tools: Path
    run: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def make(self) -> None:
        initdb = [*self.run, str(self.tools / "initdb"), "-D", f"{self.folder}/data"]
        self._do([*initdb, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8"])
        self.start()

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder}"
        self._control("-l", f"{self.folder}/log", "-o", options, "start")

    def stop_immediately(self) -> None:
        """As by a power cut: every connection is dropped, nothing is written down."""
        self._control("-m", "immediate", "stop")

    def restart_immediately(self) -> None:
        self.stop_immediately()
        self.start()

    def _control(self, *arguments: str) -> None:
        command = [*self.run, str(self.tools / "pg_ctl"), "-D", f"{self.folder}/data"]
        self._do([*command, "-w", "-t", "60", *arguments])

    def _do(self, command: list[str]) -> None:
        # To a file, not a pipe: the server inherits it and would hold a pipe open.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
            output.seek(0)
            assert done.returncode == 0, output.read()


@contextmanager
def postgres() -> Iterator[Postgres]:
    initdb = services.find("initdb")
    if initdb is None:
        pytest.skip("no initdb to make a PostgreSQL cluster with")
    # Not below pytest's folder, which only its own user may enter.
    folder = Path(tempfile.mkdtemp(prefix="clientdesk-faults-"))
    run: list[str] = []
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        run = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    cluster = Postgres(folder, _free_port(), Path(initdb).resolve().parent, run)
    try:
        cluster.make()
        yield cluster
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            cluster.stop_immediately()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def redis() -> Iterator[str]:
    """The URL of a Redis that nobody else uses."""
    server = services.find("redis-server")
    if server is None:
        pytest.skip("no redis-server")
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="clientdesk-faults-") as folder:
        process = subprocess.Popen(
            [server, "--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(port)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()
            process.wait()


def _wait_for(port: int) -> None:
    def answers() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    wait_for(answers, what="an answer of redis-server")
