"""A report as it is laid out: sections of sentences, tables and drawings. Pure.

All text is plain and is escaped by the template; only `Figure.svg` is markup of our own.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    # Per cent of the page's width.
    width: int
    # "r" figures to the right, "d" a date.
    css: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    small: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    note: str = ""
    # A closing row of sums.
    total: tuple[Cell, ...] = ()

    @property
    def laid_out(self) -> list[list[tuple[Column, Cell]]]:
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]

    @property
    def laid_out_total(self) -> list[tuple[Column, Cell]]:
        return list(zip(self.columns, self.total, strict=True)) if self.total else []


@dataclass(frozen=True, slots=True)
class Figure:
    caption: str
    svg: str
    small: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """A large figure with what it means."""

    figure: str
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class Section:
    anchor: str
    title: str
    lead: str
    sides: tuple[Side, ...] = ()
    parts: tuple[Figure | Table, ...] = ()
    note: str = ""
    sums: tuple[tuple[str, str, bool], ...] = ()
    head: tuple[str, ...] = ()
    # Starts on a page of its own.
    page: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    language: str
    title: str
    sender: str
    sender_where: str
    running: str
    client: str
    foot: str
    subtitle: str
    sentence: str
    figures: tuple[tuple[str, str, str], ...]
    closing: str
    sections: tuple[Section, ...] = field(default_factory=tuple)

    @property
    def numbered(self) -> list[tuple[int, Section]]:
        return list(enumerate(self.sections, start=1))

    @property
    def contents(self) -> list[list[tuple[int, Section]]]:
        """The table of contents in three columns, read downwards."""
        rows = self.numbered
        height = max(1, -(-len(rows) // 3))
        return [rows[start : start + height] for start in range(0, len(rows), height)]
