"""`manage.py run_desk`, the whole of it, with real processes."""

import os
import re
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.processes import Desk, wait_for

pytestmark = pytest.mark.sqlite


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(desk: Desk, port: int) -> subprocess.Popen[str]:
    process = desk.start("manage.py", "run_desk", "--port", str(port))
    wait_for(
        lambda: "Ctrl-C stops it." in desk.output(process) or process.poll() is not None,
        seconds=90,
        what="the start",
    )
    return process


def stop(process: subprocess.Popen[str]) -> int:
    process.send_signal(signal.SIGINT)
    return process.wait(timeout=40)


def processes_of(desk: Desk) -> dict[int, str]:
    """Commands by process id of all that works on this desk's data directory."""
    found = {}
    for folder in Path("/proc").iterdir():
        try:
            environment = (folder / "environ").read_bytes()
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (OSError, ValueError):
            continue
        if f"CLIENTDESK_DATA={desk.data}\0".encode() in environment and command:
            found[int(folder.name)] = command
    return found


def test_it_serves_stops_as_one_and_keeps_its_data(own_desk: Desk) -> None:
    port = free_port()
    process = start(own_desk, port)
    first = own_desk.output(process)
    assert f"open at http://127.0.0.1:{port}/" in first
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/") as page:
        text = page.read().decode()
    for asset in re.findall(r'(?:src|href)="(/static/[^"#]+)', text):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{asset}") as answer:
            assert answer.status == 200
    assert stop(process) == 0
    assert processes_of(own_desk) == {}

    process = start(own_desk, port)
    second = own_desk.output(process)
    password = re.compile(r"password +(\S+)")
    assert password.findall(first) == password.findall(second) != []
    assert stop(process) == 0


def test_a_worker_that_is_killed_comes_back(own_desk: Desk) -> None:
    process = start(own_desk, free_port())

    def workers() -> set[int]:
        return {pid for pid, command in processes_of(own_desk).items() if "celery" in command}

    wait_for(lambda: bool(workers()))
    before = workers()
    os.kill(min(before), signal.SIGKILL)
    wait_for(lambda: bool(workers()) and not workers() & before, what="a new worker")
    assert stop(process) == 0
    assert processes_of(own_desk) == {}


def test_a_taken_port_is_said_in_one_line_before_anything_starts(own_desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = own_desk.manage("run_desk", "--port", str(port), check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"CommandError: Port {port} is taken by another program. "
        f"Choose another one: make run PORT={port + 1}"
    ]
    assert not (own_desk.data / "demo_password").exists()


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", ""])
def test_what_is_no_port_is_named(own_desk: Desk, port: str) -> None:
    done = own_desk.manage("run_desk", f"--port={port}", check=False)
    assert (done.returncode, done.stderr.strip()) == (
        1,
        f"CommandError: PORT: {port!r} is no port; expected a number from 1 to 65535.",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("EMAIL_URL", "mail.example.com"), ("REDIS_URL", "localhost"), ("DEBUG", "maybe")],
)
def test_a_wrong_environment_value_stops_the_start_by_name(
    own_desk: Desk, name: str, value: str
) -> None:
    own_desk.environment[name] = value
    done = own_desk.manage("run_desk", check=False)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith(f"Clientdesk cannot start. {name}: not usable, expected ")


def test_a_database_that_does_not_answer_is_said_in_one_line(own_desk: Desk) -> None:
    port = free_port()
    own_desk.environment["DATABASE_URL"] = f"postgres://desk:secret@127.0.0.1:{port}/desk"
    done = own_desk.manage("run_desk", "--port", str(free_port()), check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: DATABASE_URL: the database does not answer: ")
    assert "secret" not in done.stderr


def test_one_data_directory_is_run_once(own_desk: Desk) -> None:
    process = start(own_desk, free_port())
    done = own_desk.manage("run_desk", "--port", str(free_port()), check=False)
    assert done.returncode == 1
    assert f"Clientdesk runs already on {own_desk.data}." in done.stderr
    assert stop(process) == 0
