"""How a file is written: what is recognised, and what is refused with line and column."""

from pathlib import Path

import pytest

from clientdesk.tabular import Table, Unreadable, open_table


def table(tmp_path: Path, text: str | bytes) -> Table:
    path = tmp_path / "file.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return open_table(path, required=("number", "total"), optional=("note",), amounts=("total",))


def cells(of: Table) -> list[tuple[int, dict[str, str]]]:
    return [(row.line, dict(row.cells)) for row in of.rows()]


def refused(tmp_path: Path, text: str | bytes) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        cells(table(tmp_path, text))
    return caught.value


def test_columns_come_in_any_order_and_case(tmp_path: Path) -> None:
    plain = table(tmp_path, "Total, NUMBER \n12.50,A-1\n")
    assert cells(plain) == [(2, {"total": "12.50", "number": "A-1"})]
    assert (plain.delimiter, plain.decimal_comma, plain.marked) == (",", False, False)


@pytest.mark.parametrize(
    ("text", "delimiter", "comma"),
    [
        ("number;total\nA-1;12,50\n", ";", True),
        ("number;total\nA-1;12.50\n", ";", False),
        ("number;total\nA-1;1.540,00\nA-2;1.200\n", ";", True),
        ("number\ttotal\nA-1\t12,50\n", "\t", True),
        ('number,total\nA-1,"12,50"\nA-2,"7,00"\n', ",", True),
        ('number,total\nA-1,"12,50"\nA-2,7.00\n', ",", False),
        ('number,total\nA-1,"1,540.00"\n', ",", False),
        ("sep=;\nnumber;total\nA-1;12,50\n", ";", True),
    ],
)
def test_cells_and_decimals_are_told_apart(
    tmp_path: Path, text: str, delimiter: str, comma: bool
) -> None:
    found = table(tmp_path, text)
    assert (found.delimiter, found.decimal_comma) == (delimiter, comma)
    assert [row["number"] for row in found.rows()][0] == "A-1"


def test_an_amount_with_two_meanings_needs_another_that_decides(tmp_path: Path) -> None:
    alone = table(tmp_path, "number;total\nA-1;1.200\n")
    assert not alone.reads_as_amount("1.200")
    assert alone.reads_as_amount("1200")
    decided = table(tmp_path, "number;total\nA-1;1.200\nA-2;97,60\n")
    assert decided.decimal_comma
    assert decided.reads_as_amount("1.200")


def test_a_byte_order_mark_is_left_out(tmp_path: Path) -> None:
    marked = table(tmp_path, b"\xef\xbb\xbfnumber,total\nA-1,5\n")
    assert marked.marked
    assert marked.columns == ("number", "total")


def test_a_row_is_at_the_line_where_it_begins(tmp_path: Path) -> None:
    text = 'number,total,note\r\nA-1,5,"one\r\ntwo\r\nthree"\r\n\r\nA-2,6,\r\n'
    assert cells(table(tmp_path, text)) == [
        (2, {"number": "A-1", "total": "5", "note": "one\r\ntwo\r\nthree"}),
        (6, {"number": "A-2", "total": "6", "note": ""}),
    ]


def test_empty_cells_at_the_end_are_nothing_and_others_do_not_fit(tmp_path: Path) -> None:
    rows = list(table(tmp_path, "number,total,,\nA-1,5,,\nA-2,6,7\nA-3\n").rows())
    assert [(row.line, row.misfit) for row in rows] == [(2, None), (3, 3), (4, 1)]


@pytest.mark.parametrize(
    ("text", "line", "column", "part"),
    [
        ("", 1, "", "number, total, note"),
        ("number\nA-1\n", 1, "total", "number, total, note"),
        ("number,total,paid\nA-1,5,6\n", 1, "paid", "no other columns than number, total, note"),
        ("number,total,Total\n", 1, "total", "each column once"),
        (b"number,total\nA-1,5\n\xe8evapi,6\n", 3, "", "UTF-8"),
        (b"\xff\xfen\x00u\x00", 1, "", "UTF-16"),
        (b"number,total\nA\x00,5\n", 2, "", "bytes of another file"),
        ('number,total\nA-1,5\nA-2,"6\n', 3, "", "quotation marks"),
        ("number,total\nA-1," + "9" * 1_000_001, 2, "", "1000000 bytes"),
    ],
)
def test_what_cannot_be_read_is_named(
    tmp_path: Path, text: str | bytes, line: int, column: str, part: str
) -> None:
    error = refused(tmp_path, text)
    assert (error.line, error.column) == (line, column)
    assert part in error.expected % error.parts


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as caught:
        open_table(tmp_path / "nothing.csv", required=("number",))
    assert caught.value.line == 0
