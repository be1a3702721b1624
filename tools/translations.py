"""The words of the interface in other languages: gathered from the sources, kept in locale/.

    python -m tools.translations            brings every catalogue up to date, and compiles it
    python -m tools.translations --missing  names what is not translated; the exit code is 1 then

Babel reads the sources, so that nothing but the pinned requirements is needed; Django's
`templatize` turns a template into something with calls in it first.
"""

import argparse
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ROOT / "locale"
SOURCES = ("clientdesk", "clients", "feedback", "billing", "offboarding", "templates")
KEYWORDS = {
    "_": None,
    "n_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def sources() -> Iterator[tuple[str, str, bytes]]:
    """Each file with words in it: its name, what reads it, its text as Babel wants it."""
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix == ".py" and "migrations" not in path.parts:
                yield name, "python", path.read_bytes()
            elif path.suffix == ".html":
                # What is left of a template reads as a script: calls among other characters.
                text = templatize(path.read_text(encoding="utf-8"), origin=name)
                yield name, "javascript", text.replace("(u'", "('").replace(" u'", " '").encode()


def gathered() -> Catalog:
    """Every text that the interface can show, as the sources have it."""
    catalog = Catalog()
    for name, reader, text in sources():
        for _line, said, _comments, context in extract(reader, BytesIO(text), KEYWORDS):
            catalog.add(said, locations=[(name, 0)], context=context)
    return catalog


def read(language: str) -> Catalog:
    with (LOCALES / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


def is_whole(message: Message) -> bool:
    forms = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return bool(forms) and all(forms) and not message.fuzzy


def missing(language: str) -> list[str]:
    """What the sources say and the catalogue does not, or says only uncertainly."""
    known = read(language)
    lacking = []
    for message in gathered():
        found = known.get(message.id, message.context) if message.id else None
        if message.id and (found is None or not is_whole(found)):
            lacking.append(str(message.id))
    return lacking


def bring_up_to_date(language: str) -> None:
    folder = LOCALES / language / "LC_MESSAGES"
    catalog = read(language)
    created = catalog.creation_date
    catalog.update(gathered(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.creation_date = created  # so that nothing changes where no text did
    with (folder / "django.po").open("wb") as file:
        write_po(file, catalog, width=100, include_lineno=False, ignore_obsolete=True)
    (folder / "django.mo").write_bytes(compiled(language))


def compiled(language: str) -> bytes:
    """The catalogue as gettext reads it."""
    out = BytesIO()
    write_mo(out, read(language))
    return out.getvalue()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--missing", action="store_true")
    only_look = parser.parse_args().missing
    lacking = []
    for folder in sorted(LOCALES.iterdir()):
        if not only_look:
            bring_up_to_date(folder.name)
        lacking += [f"{folder.name}: {said}" for said in missing(folder.name)]
    print("\n".join(lacking) or "every text is translated")
    return bool(lacking)


if __name__ == "__main__":
    sys.exit(main())
