"""The look keeps its promises: own stylesheet, known icons, strict content policy, licences."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"
TEMPLATES = Path(settings.BASE_DIR) / "templates"
SPRITE = (STATIC / "icons/sprite.svg").read_text()
ICONS = frozenset(re.findall(r'<symbol id="([^"]+)"', SPRITE))

# Documents and mail have no content policy; their styles must travel with them.
STYLED_INSIDE = ("pdf/", "email/")


def pages() -> list[Path]:
    return [
        path
        for path in sorted(TEMPLATES.rglob("*.html"))
        if not path.relative_to(TEMPLATES).as_posix().startswith(STYLED_INSIDE)
    ]


def named(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


def test_no_stylesheet_or_script_of_bootstrap_is_shipped() -> None:
    shipped = [path.name for path in STATIC.rglob("*") if "bootstrap" in path.name.lower()]
    assert shipped == []
    assert "getbootstrap" not in (STATIC / "css/clientdesk.css").read_text()


def test_every_foreign_file_is_in_the_manifest_with_its_checksum() -> None:
    manifest = json.loads((STATIC / "vendor/MANIFEST.json").read_text())
    found = {
        entry["path"]: hashlib.sha256((STATIC / entry["path"]).read_bytes()).hexdigest()
        for entry in manifest["files"]
    }
    assert found == {entry["path"]: entry["sha256"] for entry in manifest["files"]}
    for entry in manifest["files"]:
        assert entry["version"], entry["path"]
        assert entry["licence"], entry["path"]
        assert (STATIC / entry["licence_text"]).is_file()


def test_nothing_foreign_lies_outside_the_manifest() -> None:
    manifest = json.loads((STATIC / "vendor/MANIFEST.json").read_text())
    listed = {entry["path"] for entry in manifest["files"]}
    listed |= {entry["licence_text"] for entry in manifest["files"]}
    own = {
        "vendor/MANIFEST.json",
        "css/clientdesk.css",
        "js/desk.js",
        "icons/favicon.svg",
    }
    lying = {path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.is_file()}
    assert lying - listed == own


@pytest.mark.parametrize("page", pages(), ids=named)
def test_page_has_no_inline_style_or_script(page: Path) -> None:
    text = page.read_text()
    assert re.findall(r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|hx-on", text) == []
    assert [tag for tag in re.findall(r"<script[^>]*>", text) if "src=" not in tag] == []


@pytest.mark.parametrize("page", pages(), ids=named)
def test_icons_of_the_page_are_in_the_sprite(page: Path) -> None:
    asked = re.findall(r"{%\s*icon\s+[\"']([^\"']+)[\"']", page.read_text())
    assert [name for name in asked if name not in ICONS] == []


def test_icons_named_in_python_are_in_the_sprite() -> None:
    source = (Path(settings.BASE_DIR) / "clientdesk/desk/context.py").read_text()
    named_there = re.findall(r'_\("[A-Z][^"]*"\),\s*"([a-z0-9-]+)"', source)
    assert len(named_there) == 11
    assert [name for name in named_there if name not in ICONS] == []


def test_the_fonts_of_the_stylesheet_exist() -> None:
    css = (STATIC / "css/clientdesk.css").read_text()
    wanted = re.findall(r"url\(\.\./(fonts/[^)]+)\)", css)
    assert wanted == ["fonts/inter-latin.woff2", "fonts/inter-latin-ext.woff2"]
    assert [path for path in wanted if not (STATIC / path).is_file()] == []
