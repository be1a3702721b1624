"""A mail server in a process of its own that takes everything at once and keeps nothing.

    python -m benchmarks.sink

prints its port. It offers PIPELINING, as Postfix and Exim do.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
END = b"\r\n.\r\n"
HELLO = b"250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 30000000\r\n"


class Sink(asyncio.Protocol):
    """One connection; `buffer` holds what has come and was not yet understood."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self.buffer = bytearray()
        self.in_content = False
        self.looked_at = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(b"220 sink.test ready\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        answers: list[bytes] = []
        while (answer := self._answer()) is not None:
            answers.append(answer)
        if answers:
            self.transport.write(b"".join(answers))

    def _answer(self) -> bytes | None:
        if self.in_content:
            end = self.buffer.find(END, self.looked_at)
            if end < 0:
                self.looked_at = max(0, len(self.buffer) - len(END))
                return None
            del self.buffer[: end + len(END)]
            self.in_content, self.looked_at = False, 0
            return b"250 taken\r\n"
        end = self.buffer.find(b"\n")
        if end < 0:
            return None
        line = bytes(self.buffer[:end]).upper()
        del self.buffer[: end + 1]
        if line.startswith(b"DATA"):
            self.in_content = True
            return b"354 go on\r\n"
        if line.startswith(b"EHLO"):
            return HELLO
        if line.startswith(b"QUIT"):
            self.transport.close()
            return b"221 bye\r\n"
        return b"250 fine\r\n"


async def serve() -> None:
    listener = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
    print(listener.sockets[0].getsockname()[1], flush=True)
    await listener.serve_forever()


@contextmanager
def running() -> Iterator[int]:
    """The port of a sink of one's own for the length of the block."""
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.sink"],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.kill()


if __name__ == "__main__":
    asyncio.run(serve())
