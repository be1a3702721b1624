"""Reading a CSV file row by row, in constant memory. Pure but for the file itself.

What spreadsheets do to such files is recognised: a byte order mark, a first line `sep=;`,
semicolons or tabs between the cells, empty cells at the end, and a comma before the decimals. The
caller is told, so that it can say so.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BufferedReader
from pathlib import Path

MAX_LINE = 1_000_000
DELIMITERS = (",", ";", "\t")
UTF_8_MARK = b"\xef\xbb\xbf"
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")

COMMA_DECIMALS = re.compile(r"-?([0-9]+|[0-9]{1,3}(\.[0-9]{3})+),[0-9]+")
POINT_DECIMALS = re.compile(r"-?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)\.[0-9]+")
# "1.200" and "1,200" may be thousands or decimals: they are no evidence for either.
TWO_MEANINGS = re.compile(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}")


def gettext_noop(text: str) -> str:
    """Marks text for the translators; whoever shows it translates it."""
    return text


_BROKEN = gettext_noop("a row of CSV, with quotation marks that are closed")


class Unreadable(Exception):
    """The file cannot be read on from `line` (0: the file as a whole).

    `expected` is a text to translate, with places for `parts`.
    """

    def __init__(
        self, line: int, expected: str, *, column: str = "", value: str = "", **parts: object
    ) -> None:
        super().__init__(f"line {line}: expected {expected % parts}")
        self.line, self.column, self.value = line, column, value
        self.expected, self.parts = expected, parts


@dataclass(frozen=True, slots=True)
class Row:
    """`line` is where the row begins; absent columns read as "".

    `misfit` is the number of cells where that is not the header's; there are no cells then.
    """

    line: int
    cells: Mapping[str, str]
    misfit: int | None = None

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Table:
    """A file whose header is understood; each `rows()` reads it anew from the first row."""

    path: Path
    columns: tuple[str, ...]
    delimiter: str
    first_line: int
    decimal_comma: bool = False
    # Semicolons, and no amount that shows which sign its decimals follow.
    undecided: bool = False
    marked: bool = False

    def rows(self) -> Iterator[Row]:
        """Blank lines are passed over. Raises Unreadable."""
        with _opened(self.path) as file:
            reader = csv.reader(_Lines(file), delimiter=self.delimiter, strict=True)
            width = len(self.columns)
            before = 0
            while True:
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    raise Unreadable(before + 1, _BROKEN, value=str(error)) from error
                line, before = before + 1, reader.line_num
                if line <= self.first_line or not any(map(str.strip, cells)):
                    continue
                while len(cells) > width and not cells[-1].strip():
                    cells.pop()
                if len(cells) != width:
                    yield Row(line, {}, misfit=len(cells))
                    continue
                yield Row(line, dict(zip(self.columns, map(str.strip, cells), strict=True)))

    def reads_as_amount(self, text: str) -> bool:
        """False where an amount has two meanings and the file does not say which."""
        return not (self.undecided and TWO_MEANINGS.fullmatch(text))


def open_table(
    path: Path,
    *,
    required: Sequence[str],
    optional: Sequence[str] = (),
    amounts: Sequence[str] = (),
) -> Table:
    """Read the header, and go over the columns `amounts` once to see how decimals are written.

    Columns come in any order. Raises Unreadable.
    """
    with _opened(path) as file:
        lines = _Lines(file)
        header = next(lines, "")
        first_line = 1
        told = re.fullmatch(r"sep=(.)", header.strip("\r\n"), re.IGNORECASE)
        if told:
            header, first_line = next(lines, ""), 2
    known = (*required, *optional)
    delimiter = told[1] if told else _delimiter_of(header, known)
    try:
        names = next(csv.reader([header], delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        raise Unreadable(first_line, _BROKEN, value=header.strip()[:200]) from error
    columns = tuple(name.strip().lower() for name in names)
    while columns and not columns[-1]:
        columns = columns[:-1]
    _check_columns(columns, first_line, required, known)
    table = Table(path, columns, delimiter, first_line, marked=lines.marked)
    commas = points = 0
    for row in table.rows() if amounts else ():
        for text in (row[column] for column in amounts):
            if TWO_MEANINGS.fullmatch(text):
                continue
            commas += COMMA_DECIMALS.fullmatch(text) is not None
            points += POINT_DECIMALS.fullmatch(text) is not None
    return replace(
        table,
        decimal_comma=bool(commas and not points),
        undecided=delimiter == ";" and not commas and not points,
    )


def _delimiter_of(header: str, known: Sequence[str]) -> str:
    def recognised(delimiter: str) -> int:
        names = (name.strip(' "\r\n').lower() for name in header.split(delimiter))
        return sum(name in known for name in names)

    return max(DELIMITERS, key=recognised)


def _check_columns(
    columns: Sequence[str], line: int, required: Sequence[str], known: Sequence[str]
) -> None:
    expected = ", ".join(known)
    if not any(columns):
        raise Unreadable(
            line, gettext_noop("a first line with the columns %(columns)s"), columns=expected
        )
    for column in required:
        if column not in columns:
            raise Unreadable(
                line,
                gettext_noop("this column, which is missing; the columns are %(columns)s"),
                column=column,
                value=", ".join(columns)[:200],
                columns=expected,
            )
    for position, column in enumerate(columns):
        if column not in known:
            raise Unreadable(
                line,
                gettext_noop("no other columns than %(columns)s"),
                column=column[:200],
                value=column[:200],
                columns=expected,
            )
        if column in columns[:position]:
            raise Unreadable(line, gettext_noop("each column once"), column=column, value=column)


def _opened(path: Path) -> BufferedReader:
    try:
        return path.open("rb")
    except OSError as error:
        raise Unreadable(0, gettext_noop("a file that can be read"), value=str(path)) from error


class _Lines(Iterator[str]):
    """Lines as text; `marked` says whether a byte order mark came first. Raises Unreadable."""

    def __init__(self, file: BufferedReader) -> None:
        self.file, self.number, self.marked = file, 0, False

    def __next__(self) -> str:
        raw = self.file.readline(MAX_LINE + 1)
        if not raw:
            raise StopIteration
        self.number += 1
        if self.number == 1:
            if raw.startswith(UTF_16_MARKS):
                raise Unreadable(1, gettext_noop("text in UTF-8; this file is in UTF-16"))
            self.marked = raw.startswith(UTF_8_MARK)
            raw = raw.removeprefix(UTF_8_MARK)
        if len(raw) > MAX_LINE:
            raise Unreadable(
                self.number, gettext_noop("lines of at most %(limit)s bytes"), limit=MAX_LINE
            )
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            value = raw[max(0, error.start - 20) : error.end + 20].decode("latin-1")
            raise Unreadable(
                self.number,
                gettext_noop("text in UTF-8; save the file again as “CSV UTF-8”"),
                value=value.strip(),
            ) from error
        if "\0" in text:
            raise Unreadable(self.number, gettext_noop("text; here are bytes of another file"))
        return text


# What a spreadsheet takes for a formula, with its full-width twins; spaces before it do not help.
FORMULA = re.compile(r"^[\s\u00a0\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]")
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def inert(text: str) -> str:
    """A cell of a table that is written: what would be a formula is text; numbers stay numbers."""
    if FORMULA.match(text) and not NUMBER.fullmatch(text):
        return f"'{text}"
    return text
