"""HTML to PDF: the only module that imports WeasyPrint.

`render` works here and now. `render_limited` has it done by a child process with a limit of time
and memory, and is what operations use: whatever a client's name or a picture does to the renderer,
it does it there.
"""

import contextlib
import functools
import logging
import os
import resource
import select
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any

BASE_DIR = Path(__file__).resolve().parent.parent
FONTS = BASE_DIR / "static" / "fonts" / "pdf"
STYLES = BASE_DIR / "templates" / "pdf" / "pdf.css"
BASE_URL = "asset:"
# All that a document may load, by the address it is called with.
ASSETS: dict[str, tuple[Path, str]] = {
    **{
        f"asset:{name}": (FONTS / f"{name}.ttf", "font/ttf")
        for name in ("Inter-400", "Inter-550", "Inter-650", "InterDisplay-400", "InterDisplay-600")
    },
    "asset:pdf.css": (STYLES, "text/css"),
}
STYLES_LINK = '<link rel="stylesheet" href="asset:pdf.css">'
LANGUAGES = ("en", "hr")
TIMEOUT_SECONDS = 60.0
MEMORY_BYTES = 1024 * 1024 * 1024
LENGTH = struct.Struct(">Q")
OK, REFUSED, BROKEN = b"o", b"r", b"b"

log = logging.getLogger(__name__)


class PdfRefused(Exception):
    """The HTML asks for something that is not ours: a file, an address, an attachment."""


class PdfFailed(Exception):
    """The renderer broke, ran out of memory or took too long."""


@functools.cache
def _tools() -> tuple[Any, Any, Any]:
    """WeasyPrint's HTML class, one warm font configuration and the fetcher that fetches nothing.

    Loaded at first use, because the libraries behind it cost half a second.
    """
    import weasyprint  # noqa: PLC0415
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
    from weasyprint.urls import (  # noqa: PLC0415
        FatalURLFetchingError,
        URLFetcher,
        URLFetcherResponse,
    )

    # WeasyPrint ships no types.
    class OurAssetsOnly(URLFetcher):  # type: ignore[misc]
        refused: list[str]

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            try:
                path, content_type = ASSETS[url]
            except KeyError:
                # An ordinary exception would be swallowed and the document set without it; in an
                # SVG picture even this one is, so what was refused is remembered too.
                self.refused.append(url)
                raise FatalURLFetchingError(url) from None
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": content_type})

    fetcher = OurAssetsOnly(allowed_protocols=("data",), allow_redirects=False)
    return weasyprint, FontConfiguration(), fetcher


@functools.cache
def _sheet() -> Any:
    """Our style sheet, parsed once: with its fonts that is a sixth of the work on an invoice."""
    weasyprint, fonts, fetcher = _tools()
    return weasyprint.CSS(
        filename=str(STYLES), base_url=BASE_URL, url_fetcher=fetcher, font_config=fonts
    )


class _Warnings(logging.Handler):
    """Collects what WeasyPrint only warns of: a font that failed to load, a relative address."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


def render(html: str, language: str) -> bytes:
    """A tagged PDF (PDF/UA-1) of a whole HTML page that names `asset:pdf.css` as its sheet.

    Raises PdfRefused, PdfFailed, ValueError for a language without words.
    """
    if language not in LANGUAGES:
        raise ValueError(f"{language!r} is none of {LANGUAGES}")
    weasyprint, fonts, fetcher = _tools()
    from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415

    fetcher.refused = []
    warnings = _Warnings()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(warnings)
    try:
        named, plain = STYLES_LINK in html, html.replace(STYLES_LINK, "")
        page = weasyprint.HTML(string=plain, base_url=BASE_URL, url_fetcher=fetcher)
        data: bytes = page.write_pdf(
            font_config=fonts, pdf_variant="pdf/ua-1", stylesheets=[_sheet()] if named else None
        )
    except FatalURLFetchingError as error:
        raise PdfRefused(f"not ours to load: {error}") from None
    finally:
        logger.removeHandler(warnings)
    refused = fetcher.refused + [text for text in warnings.texts if "elative URI" in text]
    if refused:
        raise PdfRefused(f"not ours to load: {refused[0]}")
    for text in warnings.texts:
        log.warning("pdf: %s", text)
    return data


class Renderer:
    """A child process that renders, one page at a time; killed when it takes too long.

    `calls` of several threads wait for each other. A process that died is replaced at the next
    call.
    """

    def __init__(self, *, memory: int = MEMORY_BYTES) -> None:
        self.memory = memory
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def render(self, html: str, language: str, timeout: float) -> bytes:
        """Raises PdfRefused, PdfFailed."""
        deadline = time.monotonic() + timeout
        with self._lock:
            child = self._running()
            try:
                return self._ask(child, html, language, deadline)
            except PdfRefused:
                raise
            except BaseException:
                self._kill()
                raise

    def close(self) -> None:
        with self._lock:
            self._kill()

    def _running(self) -> subprocess.Popen[bytes]:
        # After a fork the pipes are shared with the parent: the child of ours is not ours.
        if self._owner != os.getpid():
            self._child = None
        if self._child is None or self._child.poll() is not None:
            self._kill()
            self._child = subprocess.Popen(
                [sys.executable, "-m", "clientdesk.pdf", str(self.memory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=BASE_DIR,
                bufsize=0,
            )
            self._owner = os.getpid()
        return self._child

    def _kill(self) -> None:
        child, self._child = self._child, None
        if child is None or self._owner != os.getpid():
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _ask(
        self, child: subprocess.Popen[bytes], html: str, language: str, deadline: float
    ) -> bytes:
        assert child.stdin is not None
        assert child.stdout is not None
        request = f"{language}\n{html}".encode()
        try:
            _write_all(child.stdin.fileno(), LENGTH.pack(len(request)) + request, deadline)
            head = _read_all(child.stdout.fileno(), 1 + LENGTH.size, deadline)
            answer = _read_all(child.stdout.fileno(), LENGTH.unpack(head[1:])[0], deadline)
        except (BrokenPipeError, EOFError) as error:
            raise PdfFailed("the renderer died, perhaps for want of memory") from error
        if head[:1] == OK:
            return answer
        text = answer.decode()
        if head[:1] == REFUSED:
            raise PdfRefused(text)
        raise PdfFailed(text)


def _wait(file: int, deadline: float, *, writing: bool = False) -> None:
    # poll, because select cannot watch files numbered above 1023.
    poll = select.poll()
    poll.register(file, select.POLLOUT if writing else select.POLLIN)
    if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
        raise PdfFailed("it took too long")


def _write_all(file: int, data: bytes, deadline: float) -> None:
    view = memoryview(data)
    while view:
        _wait(file, deadline, writing=True)
        # No more than a pipe takes at once, or the write itself would wait without an end.
        view = view[os.write(file, view[: select.PIPE_BUF]) :]


def _read_all(file: int, size: int, deadline: float) -> bytes:
    data = bytearray()
    while len(data) < size:
        _wait(file, deadline)
        part = os.read(file, min(size - len(data), 1 << 20))
        if not part:
            raise EOFError
        data += part
    return bytes(data)


_renderer = Renderer()


def render_limited(
    html: str, language: str, timeout: float = TIMEOUT_SECONDS, memory: int = MEMORY_BYTES
) -> bytes:
    """As `render`, in the child process: `timeout` in seconds, `memory` in bytes of its addresses.

    Raises PdfRefused, PdfFailed.
    """
    if memory == MEMORY_BYTES:
        return _renderer.render(html, language, timeout)
    renderer = Renderer(memory=memory)
    try:
        return renderer.render(html, language, timeout)
    finally:
        renderer.close()


def _serve(memory: int, questions: IO[bytes], answers: IO[bytes]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    while len(head := questions.read(LENGTH.size)) == LENGTH.size:
        language, _, html = questions.read(LENGTH.unpack(head)[0]).decode().partition("\n")
        try:
            state, answer = OK, render(html, language)
        except PdfRefused as error:
            state, answer = REFUSED, str(error).encode()
        except Exception as error:
            state, answer = BROKEN, f"{type(error).__name__}: {error}".encode()
        answers.write(state + LENGTH.pack(len(answer)) + answer)
        answers.flush()


if __name__ == "__main__":
    _serve(int(sys.argv[1]), sys.stdin.buffer, sys.stdout.buffer)
