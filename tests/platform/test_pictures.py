"""README shows the twelve pictures that `make pictures` takes, small, and says what each shows."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from tools.pictures import SCENES

pytestmark = pytest.mark.sqlite
PICTURES = Path(settings.BASE_DIR) / "docs" / "pictures"
SHOWN = re.compile(r"!\[([^\]]+)\]\(docs/pictures/([a-z-]+)\.png\)")


def test_readme_shows_every_picture_and_says_what_it_shows() -> None:
    shown = SHOWN.findall((PICTURES.parent.parent / "README.md").read_text(encoding="utf-8"))
    assert sorted(name for _alt, name in shown) == sorted(SCENES)
    assert len(SCENES) == 12
    assert all(len(alt) > 20 for alt, _name in shown)


def test_the_pictures_are_there_and_small() -> None:
    kept = {path.stem: path.read_bytes() for path in PICTURES.glob("*.png")}
    assert kept.keys() == SCENES.keys()
    assert all(data.startswith(b"\x89PNG") and len(data) <= 250_000 for data in kept.values())
    assert sum(map(len, kept.values())) <= 1_500_000
