"""PostgreSQL and Redis for the tests: named by the environment, started here, or already there.

A server of our own comes before one that happens to run on this machine: it starts empty, it is
fast (nothing is synced to disk), two test runs do not meet in it, and nobody's data is near.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 60.0


class NotToBeHad(Exception):
    """There is no such server and none can be started; the text says why."""


def debian(*packages: str) -> bool:
    """Install Debian packages where this user may; tools/packages.sh says what to do where not."""
    script = Path(__file__).with_name("packages.sh")
    command = ["bash", "-c", f'. "{script}"; debian "$@"', "debian", *packages]
    return subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode == 0


def find(*names: str) -> str | None:
    places = [os.environ.get("PATH", ""), "/usr/bin", "/usr/local/bin", "/usr/sbin"]
    places += sorted(
        (str(path) for path in Path("/usr/lib/postgresql").glob("*/bin")), reverse=True
    )
    return next(
        (path for name in names if (path := shutil.which(name, path=":".join(places)))), None
    )


def find_or_install(name: str, *packages: str) -> str | None:
    return find(name) or (find(name) if debian(*packages) else None)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def _someone_else() -> str:
    """A user to run PostgreSQL as where we are root, which it refuses."""
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise NotToBeHad("PostgreSQL does not run as root and there is no other user")


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[str]:
    """The URL of a PostgreSQL in which databases can be made. Raises NotToBeHad.

    `durable`: one of our own syncs to disk as it does by default, for what measures it.
    """
    if given := os.environ.get("TEST_DATABASE_URL", "").strip():
        yield given
    elif (initdb := find("initdb")) or (not _answers(5432) and _installed_initdb()):
        with _own_postgres(Path(initdb or find("initdb") or "initdb"), durable) as url:
            yield url
    elif _answers(5432):
        yield f"postgres://{os.environ.get('PGUSER', 'postgres')}@127.0.0.1:5432/postgres"
    else:
        raise NotToBeHad("no PostgreSQL (set TEST_DATABASE_URL, or install postgresql)")


def _installed_initdb() -> bool:
    return find_or_install("initdb", "postgresql") is not None


@contextmanager
def _own_postgres(initdb: Path, durable: bool) -> Iterator[str]:
    tools = initdb.resolve().parent
    with tempfile.TemporaryDirectory(prefix="clientdesk-pg-") as folder:
        run = []
        if os.geteuid() == 0:
            user = _someone_else()
            shutil.chown(folder, user)
            run = ["setpriv", f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}"]
            run += ["--clear-groups"]
        data, port = f"{folder}/data", _free_port()
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c max_connections=100"
        if not durable:
            options += " -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
        control = [*run, str(tools / "pg_ctl"), "-D", data, "-w", "-t", str(int(PATIENCE))]
        make = [*run, str(initdb), "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8"]
        _quietly([*make, "--locale=C.UTF-8", "--no-sync"], cwd=folder)
        _quietly([*control, "-l", f"{folder}/log", "-o", options, "start"], cwd=folder)
        try:
            yield f"postgres://postgres@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run(
                [*control, "-m", "immediate", "stop"],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                check=False,
            )


def _quietly(command: list[str], *, cwd: str) -> None:
    # Output to a file, not a pipe: the server inherits it and would hold a pipe open.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            command,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if done.returncode:
            output.seek(0)
            last = (output.read().strip().splitlines() or [""])[-1]
            raise NotToBeHad(f"{Path(command[0]).name} failed: {last}")


@contextmanager
def redis() -> Iterator[str]:
    """The URL of a Redis whose databases from the named one upward are ours. Raises NotToBeHad."""
    if given := os.environ.get("TEST_REDIS_URL", "").strip():
        yield given
    elif (server := find("redis-server")) or (
        not _answers(6379) and (server := find_or_install("redis-server", "redis-server"))
    ):
        with _own_redis(server) as url:
            yield url
    elif _answers(6379):
        # Database 0 is what everybody uses.
        yield "redis://127.0.0.1:6379/8"
    else:
        raise NotToBeHad("no Redis (set TEST_REDIS_URL, or install redis-server)")


@contextmanager
def _own_redis(server: str) -> Iterator[str]:
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="clientdesk-redis-") as folder:
        command = [server, "--port", str(port), "--bind", "127.0.0.1", "--dir", folder]
        command += ["--save", "", "--appendonly", "no", "--databases", "64"]
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            deadline = time.monotonic() + PATIENCE
            while not _answers(port):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise NotToBeHad("redis-server did not start")
                time.sleep(0.05)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()
            process.wait()
