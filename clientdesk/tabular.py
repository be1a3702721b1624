"""Tables from files: how a CSV is written, read row by row, and what is wrong where. Pure.

Rows are streamed; of a file of 100,000 rows only a batch is in memory at a time.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
DELIMITERS = (",", ";", "\t")
ERRORS_KEPT = 200
csv.field_size_limit(1_000_000)


class FileUnreadable(ValueError):
    """The file as a whole cannot be read; the text says what was expected."""


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that does not hold: `line` in the file, counted from 1, its header is line 1."""

    line: int
    column: str
    value: str
    expected: str


@dataclass(slots=True)
class Problems:
    """Bad cells: the first 200 kept, all counted."""

    kept: list[BadCell] = field(default_factory=list)
    count: int = 0

    def add(self, line: int, column: str, value: str, expected: str) -> None:
        self.count += 1
        if len(self.kept) < ERRORS_KEPT:
            self.kept.append(BadCell(line, column, value[:200], expected))


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        return self.cells.get(column, "").strip()


@dataclass(frozen=True, slots=True)
class Table:
    """A file whose header fits. `notes` tell how it is written, where that is unusual."""

    path: Path
    delimiter: str
    decimal_comma: bool
    columns: tuple[str, ...]
    notes: tuple[str, ...]

    def rows(self) -> Iterator[Row]:
        """Every row that is not empty, with the line it begins on."""
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=self.delimiter)
            next(reader)
            line = reader.line_num + 1
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield Row(line, dict(zip(self.columns, cells, strict=False)))
                line = reader.line_num + 1


def open_table(
    path: Path, *, required: Sequence[str], optional: Sequence[str], amounts: Sequence[str]
) -> Table:
    """Find out how the file is written and whether it has the columns.

    Raises FileUnreadable, saying what is wrong and what was expected.
    """
    _check_encoding(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        head = file.readline()
    if not head.strip():
        raise FileUnreadable(f"the file is empty; expected a header with {', '.join(required)}")
    delimiter = max(DELIMITERS, key=head.count)
    columns = tuple(
        cell.strip().lower() for cell in next(csv.reader(io.StringIO(head), delimiter=delimiter))
    )
    known = {*required, *optional}
    problems = [f"column {name!r} is missing" for name in required if name not in columns]
    problems += [f"column {name!r} is not known" for name in columns if name not in known]
    problems += [f"column {name!r} is twice" for name in known if columns.count(name) > 1]
    if problems:
        expected = ", ".join(required) + (
            f" and, if you like, {', '.join(optional)}" if optional else ""
        )
        raise FileUnreadable(f"{'; '.join(problems)}; expected {expected}")
    notes = []
    with path.open("rb") as raw:
        if raw.read(3) == b"\xef\xbb\xbf":
            notes.append("The file begins with a byte order mark; it was passed over.")
    if delimiter != ",":
        name = "semicolons" if delimiter == ";" else "tabs"
        notes.append(f"The columns are parted by {name}.")
    table = Table(path, delimiter, False, columns, ())
    comma = _uses_decimal_comma(table, amounts)
    if comma:
        notes.append("The amounts are written with a decimal comma.")
    return Table(path, delimiter, comma, columns, tuple(notes))


def _check_encoding(path: Path) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            while file.read(1 << 20):
                pass
        except UnicodeDecodeError as error:
            raise FileUnreadable(
                f"byte {error.start} is not UTF-8; expected a file saved as UTF-8"
            ) from error


def _uses_decimal_comma(table: Table, amounts: Sequence[str]) -> bool:
    """Whether the first amounts that have decimals part them by a comma, and none by a point."""
    commas = points = 0
    for number, row in enumerate(table.rows()):
        for column in amounts:
            cell = row.get(column)
            commas += cell.rfind(",") > cell.rfind(".")
            points += cell.rfind(".") > cell.rfind(",")
        if number >= 500:
            break
    return commas > 0 and (points == 0 or table.delimiter == ";")


def read_day(text: str) -> date:
    """An ISO day. Raises ValueError."""
    if len(text) != 10:
        raise ValueError(text)
    return date.fromisoformat(text)


def read_moment(text: str, zone: tzinfo) -> datetime:
    """An ISO instant or day; without an offset it is local time in `zone`. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def cell(
    row: Row, column: str, problems: Problems, read: Callable[[str], T], expected: str
) -> T | None:
    """What a cell holds, or None with the problem noted."""
    text = row.get(column)
    try:
        return read(text)
    except ValueError:
        problems.add(row.line, column, text, expected)
        return None


def batches(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
