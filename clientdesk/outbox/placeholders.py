"""The placeholder language of texts for clients: `{name}` from a closed list, nothing else. Pure.

One pass and no logic: a value that looks like a placeholder stays as it is, and there are no
attributes, calls or filters to reach through.
"""

import re
from collections.abc import Collection, Mapping

PLACEHOLDER = re.compile(r"\{([^{}\n]{0,60})\}")
# Spaces around the name are forgiven to those who edit texts by hand.
NAME = re.compile(r" *([a-z][a-z0-9_]*) *")


class PlaceholderUnknown(ValueError):
    """`name` is on no list, or has no value here."""

    def __init__(self, name: str, allowed: Collection[str]) -> None:
        known = ", ".join(f"{{{one}}}" for one in sorted(allowed))
        super().__init__(f"unknown placeholder {{{name}}}; possible are {known or 'none'}")
        self.name = name


def names_in(text: str) -> list[str]:
    """The placeholders of `text` in their order, each once, known or not."""
    found = (_name(match) for match in PLACEHOLDER.finditer(text))
    return list(dict.fromkeys(found))


def fill(text: str, facts: Mapping[str, str], allowed: Collection[str]) -> str:
    """`text` with each placeholder replaced by its fact.

    Raises PlaceholderUnknown for a name that is not in `allowed`, or that `facts` does not hold.
    """

    def value(match: re.Match[str]) -> str:
        name = _name(match)
        if name not in allowed or name not in facts:
            raise PlaceholderUnknown(name, allowed)
        return facts[name]

    return PLACEHOLDER.sub(value, text)


def _name(match: re.Match[str]) -> str:
    tidy = NAME.fullmatch(match[1])
    return tidy[1] if tidy else match[1]
