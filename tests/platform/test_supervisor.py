"""The supervisor with real processes: start, watch, restart, stop."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clientdesk import supervisor
from tests.processes import wait_for

DRIVER = """
import os, sys
from clientdesk.supervisor import Program, Supervisor
from pathlib import Path

folder, *bodies = sys.argv[1:]
programs = [
    Program(f"program {n}", [sys.executable, "-c", body, folder], essential=n == 0)
    for n, body in enumerate(bodies)
]
sys.exit(Supervisor(
    programs=programs,
    environment=os.environ,
    ready=lambda: (Path(folder) / "ready").exists(),
    on_ready=lambda: print("open", flush=True),
    say=lambda line: print(line, flush=True),
    patience=2.0,
    start_limit=5.0,
).run())
"""
# Each start leaves a file named for its process; then it waits.
STAYS = """
import os, pathlib, sys, time
folder = pathlib.Path(sys.argv[1])
(folder / f"%s-{os.getpid()}").touch()
(folder / "ready").touch()
time.sleep(60)
"""
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + STAYS
ENDS = "import sys; sys.exit(3)"


def started(folder: Path, name: str) -> list[int]:
    return [int(path.name.split("-")[1]) for path in folder.glob(f"{name}-*")]


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.fixture
def run(tmp_path: Path) -> Iterator["type[Run]"]:
    Run.folder, Run.all = tmp_path, []
    yield Run
    for process in Run.all:
        process.kill()
        process.communicate()


class Run:
    folder: Path
    all: list[subprocess.Popen[str]]

    def __init__(self, *bodies: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", DRIVER, str(self.folder), *bodies],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.all.append(self.process)

    def wait_until_started(self, *names: str) -> list[int]:
        wait_for(lambda: all(started(self.folder, name) for name in names), what="the start")
        return [pid for name in names for pid in started(self.folder, name)]

    def ending(self) -> tuple[int, str]:
        output, _ = self.process.communicate(timeout=20)
        return self.process.returncode, output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_all_programs(run: type[Run], number: signal.Signals) -> None:
    one = run(STAYS % "web", STAYS % "worker")
    pids = one.wait_until_started("web", "worker")
    assert all(alive(pid) for pid in pids)
    one.process.send_signal(number)
    assert one.ending()[0] == 0
    assert [pid for pid in pids if alive(pid)] == []


def test_a_program_that_does_not_listen_is_killed(run: type[Run]) -> None:
    one = run(DEAF % "web")
    pids = one.wait_until_started("web")
    one.process.send_signal(signal.SIGINT)
    assert one.ending()[0] == 0
    assert [pid for pid in pids if alive(pid)] == []


def test_a_program_that_dies_is_started_again(run: type[Run]) -> None:
    one = run(STAYS % "web", STAYS % "worker")
    one.wait_until_started("web", "worker")
    (victim,) = started(run.folder, "worker")
    os.kill(victim, signal.SIGKILL)
    wait_for(lambda: len(started(run.folder, "worker")) == 2, what="the second start")
    one.process.send_signal(signal.SIGINT)
    code, output = one.ending()
    assert code == 0
    assert "program 1 ended (signal 9); starting again in 1 s." in output
    assert len(started(run.folder, "web")) == 1


def test_pauses_between_restarts_grow(run: type[Run]) -> None:
    one = run(STAYS % "web", ENDS)
    assert one.process.stdout is not None
    lines = iter(one.process.stdout.readline, "")
    pauses: list[str] = []
    while len(pauses) < 3:
        pauses += re.findall(r"starting again in (\d+) s", next(lines))
    assert pauses == ["1", "2", "4"]


def test_an_essential_program_that_ends_before_all_is_ready_fails_the_start(run: type[Run]) -> None:
    one = run(ENDS)
    code, output = one.ending()
    assert (code, output) == (1, "program 0 could not be started (exit code 3).\n")


def test_programs_stop_when_the_supervisor_is_killed(run: type[Run]) -> None:
    one = run(STAYS % "web")
    pids = one.wait_until_started("web")
    one.process.kill()
    wait_for(lambda: not any(alive(pid) for pid in pids), seconds=5, what="the end of the program")


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_taken_port_is_refused(host: str) -> None:
    with socket.create_server((host, 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(supervisor.PortUnusable, match=f"^Port {port} is taken"):
            supervisor.require_free_port("127.0.0.1", port)
    supervisor.require_free_port("127.0.0.1", port)


def test_a_port_out_of_range_is_refused() -> None:
    with pytest.raises(supervisor.PortUnusable, match="expected 1 to 65535"):
        supervisor.require_free_port("127.0.0.1", 70_000)
