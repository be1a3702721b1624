"""How document numbers are written: {n}, {n:3}, {year}, {yy}; anything else stands for itself.

Pure. Counting begins anew each year, also where the pattern does not write the year: the Croatian
form "{n}/1/1" (number, premises, device) gives 1/1/1 again in January.
"""

import re
from functools import lru_cache

INVOICES, CREDIT_NOTES = "{year}-{n:3}", "{year}-C{n:2}"
PLACE = re.compile(r"\{([^{}]*)\}")
COUNT = re.compile(r"n(?::([1-9]))?")
PLAIN = re.compile(r"[A-Za-z0-9 ./_#-]*")
LONGEST = 60


class PatternInvalid(ValueError):
    """The text is no pattern; it says what it holds and what was expected."""


def check_pattern(pattern: str) -> str:
    """The pattern itself. Raises PatternInvalid."""
    example = "expected e.g. {year}-{n:3} or {n}/1/1"
    if not pattern.strip() or len(pattern) > LONGEST - 10:
        raise PatternInvalid(f"{pattern!r}: {example}, at most {LONGEST - 10} characters")
    names = PLACE.findall(pattern)
    counts = [name for name in names if COUNT.fullmatch(name)]
    unknown = [name for name in names if name not in counts and name not in ("year", "yy")]
    if unknown:
        raise PatternInvalid(f"{{{unknown[0]}}} is not known; {example}")
    if len(counts) != 1:
        raise PatternInvalid(f"{pattern!r} counts {len(counts)} times; expected one {{n}}")
    if not PLAIN.fullmatch(PLACE.sub("", pattern)):
        raise PatternInvalid(f"{pattern!r}: expected letters, digits, spaces and . / - _ # only")
    return pattern


def writes_year(pattern: str) -> bool:
    return any(name in ("year", "yy") for name in PLACE.findall(pattern))


def number(pattern: str, *, year: int, count: int) -> str:
    """The number as it is written. Raises PatternInvalid."""

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name == "year":
            return f"{year:04d}"
        if name == "yy":
            return f"{year % 100:02d}"
        width = COUNT.fullmatch(name)
        return f"{count:0{int(width[1]) if width and width[1] else 1}d}"

    return PLACE.sub(value, check_pattern(pattern))


@lru_cache(maxsize=64)
def _reader(pattern: str) -> re.Pattern[str]:
    seen: set[str] = set()

    def group(name: str) -> str:
        key = "n" if COUNT.fullmatch(name) else name
        shape = {"n": r"\d{1,9}", "year": r"\d{4}", "yy": r"\d{2}"}[key]
        if key in seen:
            return f"(?P={key})"
        seen.add(key)
        return f"(?P<{key}>{shape})"

    parts = PLACE.split(check_pattern(pattern))
    # Every second part is what stood between braces.
    return re.compile(
        "".join(group(part) if odd % 2 else re.escape(part) for odd, part in enumerate(parts))
    )


def read(pattern: str, text: str, *, year: int) -> tuple[int, int] | None:
    """(year, count) of a number written by `pattern`, or None; `year` where it writes none."""
    match = _reader(pattern).fullmatch(text)
    if match is None:
        return None
    found = match.groupdict()
    if found.get("year"):
        year = int(found["year"])
    elif found.get("yy"):
        year = year - year % 100 + int(found["yy"])
    return year, int(found["n"])
