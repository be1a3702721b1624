"""HTML to PDF: nothing is fetched, the fonts are ours, and a page that hangs is ended."""

import base64
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic

import pytest

from clientdesk import pdf
from clientdesk.pdf import PdfFailed, PdfRefused, Renderer, render

SECRET = "the-secret-of-this-machine"
CROATIAN = "Završno izvješće: čćđšž ČĆĐŠŽ, 1.540,00 €, 23. 4. 2025."


def page(body: str, head: str = "", language: str = "en") -> str:
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>Test</title>'
        f'<link rel="stylesheet" href="asset:pdf.css">{head}</head>'
        f'<body data-left="" data-right="" data-foot=""><h1>Test</h1>{body}</body></html>'
    )


def tool(name: str, data: bytes, tmp_path: Path, *options: str) -> str:
    file = tmp_path / "made.pdf"
    file.write_bytes(data)
    end = ["-"] if name == "pdftotext" else []
    done = subprocess.run([name, *options, file, *end], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """An address on this machine that redirects to itself, and the paths it was asked for."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(302)
            self.send_header("Location", "/again")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", paths
        server.shutdown()
        thread.join()


def as_data(content_type: str, text: str) -> str:
    return f"data:{content_type};base64,{base64.b64encode(text.encode()).decode()}"


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{}</svg>'
# What a document could be made to load, as (head, body) with {} for the address.
WAYS = {
    "picture": ("", '<img alt="x" src="{}">'),
    "stylesheet": ('<link rel="stylesheet" href="{}">', ""),
    "attachment": ('<link rel="attachment" href="{}">', ""),
    "attached link": ("", '<a rel="attachment" href="{}">x</a>'),
    "import": ("<style>@import url({});</style>", ""),
    "background": ("<style>h1 {{ background: url({}) }}</style>", ""),
    "content": ("<style>h1::before {{ content: url({}) }}</style>", ""),
    "font": (
        "<style>@font-face {{ font-family: X; src: url({}) }} h1 {{ font-family: X }}</style>",
    )
    + ("",),
    "object": ("", '<object data="{}">x</object>'),
    "embed": ("", '<embed src="{}">'),
    "picture in a drawing": ("", SVG.format('<image href="{}" width="9" height="9"/>')),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("scheme", ["file", "http"])
def test_what_is_not_ours_is_refused(
    way: str, scheme: str, asked: tuple[str, list[str]], tmp_path: Path
) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text(SVG.format(f'<text id="x" y="9">{SECRET}</text>'))
    address, paths = asked
    target = secret.as_uri() if scheme == "file" else f"{address}/hit"
    head, body = (part.format(target) for part in WAYS[way])
    with pytest.raises(PdfRefused):
        render(page(body, head), language="en")
    assert paths == []


def test_a_drawing_uses_nothing_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text(SVG.format(f'<text id="x" y="9">{SECRET}</text>'))
    made = render(page(SVG.format(f'<use href="{secret.as_uri()}#x"/>')), language="en")
    assert SECRET not in tool("pdftotext", made, tmp_path)


@pytest.mark.parametrize("inside", ["import", "use", "picture", "stylesheet"])
def test_a_drawing_in_the_page_fetches_nothing(
    inside: str, asked: tuple[str, list[str]], tmp_path: Path
) -> None:
    address, paths = asked
    drawing = {
        "import": SVG.format(
            f"<style>@import url({address}/hit);</style><rect width='9' height='9'/>"
        ),
        "use": SVG.format(f'<use href="{address}/hit#x"/>'),
        "picture": SVG.format(f'<image href="{address}/hit" width="9" height="9"/>'),
        "stylesheet": f'<?xml-stylesheet href="{address}/hit"?>{SVG.format("")}',
    }[inside]
    try:
        made = render(
            page(f'<img alt="x" src="{as_data("image/svg+xml", drawing)}">'), language="en"
        )
    except PdfRefused:
        made = b""
    assert paths == []
    assert not made or "hit" not in tool("pdftotext", made, tmp_path)


def test_an_address_without_a_base_is_refused() -> None:
    with pytest.raises(PdfRefused):
        render(page('<img alt="x" src="../../clientdesk/settings.py">'), language="en")


def test_an_entity_reads_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    drawing = f'<!DOCTYPE svg [<!ENTITY x SYSTEM "{secret.as_uri()}">]>' + SVG.format(
        "<text>&x;</text>"
    )
    try:
        made = render(
            page(f'<img alt="x" src="{as_data("image/svg+xml", drawing)}">'), language="en"
        )
    except PdfRefused:
        return
    assert SECRET not in tool("pdftotext", made, tmp_path)


def test_a_picture_within_the_page_is_drawn() -> None:
    drawing = as_data("image/svg+xml", SVG.format('<rect width="9" height="9"/>'))
    assert render(page(f'<img alt="a square" src="{drawing}">'), language="en")[:5] == b"%PDF-"


def test_croatian_letters_can_be_read_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("WARNING")
    body = f"<p>{CROATIAN}</p><p><b>{CROATIAN}</b></p><h2>{CROATIAN}</h2>"
    made = render(page(body, language="hr"), language="hr")
    text = tool("pdftotext", made, tmp_path)
    assert text.count("čćđšž ČĆĐŠŽ") == 3
    assert "Stranica 1 od 1" in text
    assert caplog.messages == []


def test_the_fonts_are_embedded_and_ours(tmp_path: Path) -> None:
    body = f"<p>{CROATIAN} <b>bold</b></p><p class='label'>label</p><p class='lead'>lead</p>"
    made = render(page(body), language="en")
    rows = tool("pdffonts", made, tmp_path).splitlines()[2:]
    names = {row.split()[0].partition("+")[2].partition("-")[0] for row in rows}
    assert names == {"Inter", "Display"}, "by the families of our sheet, no other"
    assert all(row.split()[-5:-4] == ["yes"] for row in rows), "embedded"


def test_the_file_is_tagged_and_says_its_language(tmp_path: Path) -> None:
    info = tool("pdfinfo", render(page("<p>x</p>", language="hr"), language="hr"), tmp_path)
    assert "Tagged:          yes" in info
    assert "Page size:       595.276 x 841.89 pts (A4)" in info


def test_a_language_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="de"):
        render(page("<p>x</p>"), language="de")


def test_our_own_sheet_raises_no_warning(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("WARNING")
    render(page("<p>x</p>"), language="en")
    assert caplog.messages == []


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    made = Renderer()
    yield made
    made.close()


def test_the_child_renders_again_and_again(renderer: Renderer) -> None:
    first = renderer.render(page("<p>one</p>"), "en", 60)
    child = renderer._child
    second = renderer.render(page("<p>two</p>"), "en", 60)
    assert first[:5] == second[:5] == b"%PDF-"
    assert renderer._child is child


def test_the_child_refuses_and_lives_on(renderer: Renderer) -> None:
    renderer.render(page("<p>before</p>"), "en", 60)
    child = renderer._child
    with pytest.raises(PdfRefused):
        renderer.render(page('<img alt="x" src="file:///etc/hostname">'), "en", 60)
    assert renderer.render(page("<p>after</p>"), "en", 60)[:5] == b"%PDF-"
    assert renderer._child is child


def test_threads_take_turns(renderer: Renderer) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda n: renderer.render(page(f"<p>{n}</p>"), "en", 60), range(8)))
    assert [one[:5] for one in made] == [b"%PDF-"] * 8


def test_a_killed_child_is_replaced(renderer: Renderer) -> None:
    renderer.render(page("<p>before</p>"), "en", 60)
    assert renderer._child is not None
    renderer._child.kill()
    renderer._child.wait()
    assert renderer.render(page("<p>after</p>"), "en", 60)[:5] == b"%PDF-"


def test_what_takes_too_long_is_ended(renderer: Renderer) -> None:
    renderer.render(page("<p>warm</p>"), "en", 60)
    hanging = page("<table>" + "<tr><td>x</td></tr>" * 20_000 + "</table>")
    begun = monotonic()
    with pytest.raises(PdfFailed, match="too long"):
        renderer.render(hanging, "en", 0.5)
    assert monotonic() - begun < 5
    assert renderer.render(page("<p>after</p>"), "en", 60)[:5] == b"%PDF-"


def test_what_needs_too_much_memory_is_ended() -> None:
    small = Renderer(memory=600 * 1024 * 1024)
    try:
        with pytest.raises(PdfFailed):
            small.render(page("x" * 200_000_000), "en", 60)
        assert small.render(page("<p>after</p>"), "en", 60)[:5] == b"%PDF-"
    finally:
        small.close()


def test_the_child_ends_with_its_questions() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "clientdesk.pdf", str(pdf.MEMORY_BYTES)],
        input=b"",
        cwd=pdf.BASE_DIR,
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, b"")
