"""Several processes run as one: started, watched, restarted, stopped together.

Standard library only, and no import from the project: it must hold when the rest does not.
Seconds everywhere; the monotonic clock only.
"""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

POLL = 0.1
LONG_ENOUGH = 60.0
PR_SET_PDEATHSIG = 1


class PortUnusable(Exception):
    """Nothing can listen there; the text says why, in one line."""


def require_free_port(host: str, port: int) -> None:
    """Raise PortUnusable unless a server could listen on `host:port` now."""
    with socket.socket() as probe:
        # As servers do: a port that is only waiting out its last connections counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            # A server on all addresses lets bind() pass but not listen().
            probe.listen()
        except PermissionError as error:
            raise PortUnusable(f"Port {port} may not be used by this user.") from error
        except OSError as error:
            raise PortUnusable(f"Port {port} is taken by another program.") from error
        except OverflowError as error:
            raise PortUnusable(f"{port} is no port; expected 1 to 65535.") from error


def answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class Program:
    """A process to keep alive.

    `essential`: when it ends before everything is ready, the start as a whole has failed.
    """

    name: str
    command: Sequence[str]
    essential: bool = False


@dataclass(slots=True)
class _Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    restart_at: float = 0.0
    failures: int = 0


@dataclass(slots=True)
class Supervisor:
    """Keeps programs running until SIGINT or SIGTERM, which stop them all.

    A program that ends is started again after 1, 2, 4 … `longest_pause` seconds; one that ran for a
    minute starts over at 1. A second signal, or `patience` seconds, turns stopping into killing.
    """

    programs: Sequence[Program]
    environment: Mapping[str, str]
    ready: Callable[[], bool]
    on_ready: Callable[[], None]
    say: Callable[[str], None] = print
    patience: float = 15.0
    longest_pause: float = 30.0
    start_limit: float = 60.0
    _children: list[_Child] = field(default_factory=list)
    _signals: int = 0

    def run(self) -> int:
        """Block until stopped. 0: stopped by a signal. 1: it could not be started."""
        previous = {
            number: signal.signal(number, self._note)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        }
        try:
            return self._watch()
        finally:
            self._stop()
            for number, handler in previous.items():
                signal.signal(number, handler)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._signals += 1

    def _watch(self) -> int:
        self._children = [_Child(program) for program in self.programs]
        deadline = time.monotonic() + self.start_limit
        is_ready = False
        while not self._signals:
            for child in self._children:
                if (code := self._tend(child)) is None:
                    continue
                if child.program.essential and not is_ready:
                    self.say(f"{child.program.name} could not be started ({_ending(code)}).")
                    return 1
                self._restart_later(child, code)
            if not is_ready and self.ready():
                is_ready = True
                self.on_ready()
            if not is_ready and time.monotonic() > deadline:
                self.say(f"No answer within {self.start_limit:.0f} seconds; giving up.")
                return 1
            time.sleep(POLL)
        return 0

    def _tend(self, child: _Child) -> int | None:
        """Start what is due to start; the exit code where the process has just ended."""
        now = time.monotonic()
        if child.process is None:
            if now >= child.restart_at:
                child.process = self._start(child.program)
                child.started = now
            return None
        code = child.process.poll()
        if code is None:
            return None
        # Its own children (workers, beat) must not outlive it beside those of the next start.
        _signal_group(child.process, signal.SIGKILL)
        child.process = None
        return code

    def _restart_later(self, child: _Child, code: int) -> None:
        now = time.monotonic()
        child.failures = 1 if now - child.started >= LONG_ENOUGH else child.failures + 1
        pause = min(self.longest_pause, 2.0 ** min(child.failures - 1, 10))
        child.restart_at = now + pause
        self.say(f"{child.program.name} ended ({_ending(code)}); starting again in {pause:.0f} s.")

    def _start(self, program: Program) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C reaches the supervisor only, which then stops them in order.
        return subprocess.Popen(
            program.command,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )

    def _stop(self) -> None:
        running = [child.process for child in self._children if child.process is not None]
        for process in running:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + self.patience
        asked = self._signals
        while any(process.poll() is None for process in running):
            if time.monotonic() > deadline or self._signals > max(asked, 1):
                break
            time.sleep(POLL)
        for process in running:
            _signal_group(process, signal.SIGKILL)
            process.wait()


def _end_with_parent() -> None:
    """In the new process: be told to stop when the supervisor dies, even by SIGKILL."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
