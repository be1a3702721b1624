"""The colour and logo of the papers: checked, drawn anew, and on them."""

import io
import re
import subprocess
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from clientdesk.record.models import Entry
from clientdesk.workspaces.brand import (
    CONTRAST,
    ColourRefused,
    LogoRefused,
    checked_colour,
    checked_logo,
    look_of,
    luminance,
)
from clientdesk.workspaces.models import Brand
from clientdesk.workspaces.scoping import acting_in
from offboarding.operations.report import render_final_report
from tests.desk.world import TODAY, World, make_world


def picture(kind: str = "PNG", size: tuple[int, int] = (600, 300)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (180, 40, 90)).save(out, kind)
    return out.getvalue()


@given(st.from_regex(r"\A#[0-9a-f]{6}\Z"))
def test_a_colour_is_kept_where_its_text_can_be_read(colour: str) -> None:
    readable = 1.05 / (luminance(colour) + 0.05) >= CONTRAST
    if readable:
        assert checked_colour(colour) == colour.upper()
    else:
        with pytest.raises(ColourRefused):
            checked_colour(colour)


@pytest.mark.parametrize("text", ["", "red", "#12345", "#12345g", "#123456;x", "url(x)"])
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(ColourRefused):
        checked_colour(text)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_logo_is_drawn_anew_and_small(kind: str) -> None:
    kept = checked_logo(picture(kind))
    with Image.open(io.BytesIO(kept)) as drawn:
        assert (drawn.format, drawn.height) == ("PNG", 240)


def test_what_else_the_file_held_does_not_come_along() -> None:
    out, extra = io.BytesIO(), PngImagePlugin.PngInfo()
    extra.add_text("Comment", "a secret of Jana")
    Image.new("RGB", (20, 20)).save(out, "PNG", pnginfo=extra)
    assert b"a secret of Jana" in out.getvalue()
    assert b"a secret of Jana" not in checked_logo(out.getvalue())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
        b"\x89PNG\r\n\x1a\n half",
        picture("GIF"),
        b"x" * (1024 * 1024 + 1),
        picture(size=(3000, 3000)),
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(LogoRefused):
        checked_logo(data)


@pytest.fixture
def world(db: None) -> World:
    return make_world("jana")


def test_the_page_keeps_both_and_takes_the_logo_off(world: World, client: Browser) -> None:
    client.force_login(world.owner)
    address = reverse("desk:look", args=[world.workspace.slug])
    logo = SimpleUploadedFile("logo.png", picture(), content_type="image/png")
    client.post(address, {"accent": "#7a1f5c", "logo": logo})
    with acting_in(world.workspace.pk):
        assert look_of(world.workspace.pk).accent == "#7A1F5C"
        assert Brand.objects.get().logo
    assert 'src="data:image/png;base64,' in client.get(address).content.decode()
    client.post(address, {"accent": "#7a1f5c", "no_logo": "on"})
    client.post(address, {"accent": "#7a1f5c", "no_logo": "on"})
    with acting_in(world.workspace.pk):
        assert not Brand.objects.get().logo
        assert Entry.objects.filter(kind="brand.changed").count() == 2
    pale = client.post(address, {"accent": "#ffff00"}).content.decode()
    assert "contrast of 1.1 on white; expected at least 4.5" in pale


def test_a_report_wears_them(world: World, tmp_path: Path) -> None:
    with acting_in(world.workspace.pk):
        Brand.objects.create(
            workspace=world.workspace, accent="#7A1F5C", logo=checked_logo(picture())
        )
        data = render_final_report(
            client=world.client, first=TODAY, last=TODAY, today=TODAY, language="hr"
        )
    path = tmp_path / "report.pdf"
    path.write_bytes(data)
    listed = subprocess.run(
        ["pdfimages", "-list", str(path)], capture_output=True, text=True, check=True
    ).stdout
    assert len(re.findall(r"\bimage\b", listed)) >= 1
    page = subprocess.run(
        ["pdftoppm", "-r", "100", "-png", "-singlefile", str(path)],
        capture_output=True, check=True,
    ).stdout  # fmt: skip
    with Image.open(io.BytesIO(page)) as drawn:
        pixels = drawn.convert("RGB").tobytes()
    assert bytes.fromhex("7A1F5C") in {pixels[at : at + 3] for at in range(0, len(pixels), 3)}
