"""Tables with a header row: comma, semicolon, tab or bar between cells, quoted cells over lines.

Headers are those of the usual exports (Zotero, Scopus, Web of Science, Embase, ASReview); see
`fields.ALIASES`. Only a title or an abstract column is required.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from index.errors import ReadError
from index.readers.fields import field_name, make_paper
from index.readers.textfile import MAX_LINE, TextFile
from index.types import FileReading, Paper, Problem, Source

NAME = "csv"
DELIMITERS = ",;\t|"
MAX_HEADER = 60  # characters of one header cell
_TOO_WIDE = "{} cells for {} columns: quote the cells that hold a delimiter"


def sniff(file: TextFile) -> bool:
    """Whether the first row is a header: known names, or short cells above rows of the same width."""
    rows = _head_rows(file, find_delimiter(file))
    if not rows:
        return False
    header = [cell.strip() for cell in rows[0]]
    if not all(len(cell) <= MAX_HEADER for cell in header) or len(rows) < 2 and len(header) < 2:
        return False
    known = {field_name(cell) for cell in header} & {"title", "abstract"}
    if len(header) == 1:  # otherwise a text that opens with the word "Abstract"
        return header[0].casefold() in ("title", "abstract") and len(rows) > 2 and _even(rows)
    return bool(known) or _looks_named(rows[0]) and _even(rows)


def _looks_named(header: list[str]) -> bool:
    """Whether cells are column names rather than the parts of a sentence."""
    plain = all(
        cell and cell[0] != " " and cell[-1] not in " .:!?" and len(cell.split()) <= 4 for cell in header
    )
    return plain and len(set(header)) == len(header)


def _even(rows: list[list[str]]) -> bool:
    """Whether the first rows are as wide as the header; the head of a long file may cut one."""
    return len(rows) > 1 and sum(len(row) != len(rows[0]) for row in rows[1:6]) <= (len(rows) > 4)


def read(file: TextFile) -> FileReading:
    """One record a row. :raises ReadError: when neither a title nor an abstract column is there."""
    rows = _rows(file, find_delimiter(file))
    header: list[str] = next((cells for _, cells, _ in rows), [])
    _require_columns(file.path, header)
    papers: list[Paper] = []
    problems: list[Problem] = []
    count = 0
    for line, cells, why in rows:
        if not why and not any(cell.strip() for cell in cells):
            continue
        count += 1
        paper = None if why else make_paper(_record(header, cells), Source(file.path, line, NAME))
        if paper:
            papers.append(paper)
            if any(cell.strip() for cell in cells[len(header) :]):
                problems.append(Problem(line, _TOO_WIDE.format(len(cells), len(header))))
        else:
            problems.append(Problem(line, why or "neither a title nor an abstract; the record is left out"))
    return FileReading(file.path, NAME, tuple(papers), tuple(problems), count, count - len(papers))


def find_delimiter(file: TextFile) -> str:
    """The delimiter whose header names most fields, then the one that gives most cells."""
    first = next((line for line in file.head_lines if line.strip()), "")
    cells = {delimiter: next(csv.reader([first], delimiter=delimiter), []) for delimiter in DELIMITERS}

    def score(delimiter: str) -> tuple[int, int]:
        return sum(field_name(cell) is not None for cell in cells[delimiter]), len(cells[delimiter])

    return max(DELIMITERS, key=score)


def _require_columns(path: str, header: list[str]) -> None:
    if {field_name(name) for name in header} & {"title", "abstract"}:
        return
    seen = ", ".join(name.strip()[:30] for name in header[:12]) + (", …" if len(header) > 12 else "")
    raise ReadError(
        f"{path}:1: no title or abstract column (columns: {seen}); "
        "rename the columns to 'title' and 'abstract'"
    )


def _record(header: list[str], cells: list[str]) -> dict[str, Any]:
    zotero = "Item Type" in header  # its `Key` is a database key, not a citation key
    return {
        ("Zotero Key" if zotero and name == "Key" else name): cell.strip()
        for name, cell in zip(header, cells, strict=False)
        if cell.strip()
    }


def _rows(file: TextFile, delimiter: str) -> Iterator[tuple[int, list[str], str]]:
    """Each row: the line it starts on, its cells, and why it cannot be used (else empty)."""
    previous = csv.field_size_limit(MAX_LINE)
    try:
        reader = csv.reader(_numberless(file), delimiter=delimiter)
        while True:
            start = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield start, [], f"broken table row ({error})"
                continue
            if cells:
                yield start, cells, ""
    finally:
        csv.field_size_limit(previous)


def _numberless(file: TextFile) -> Iterable[str]:
    return (line.replace("\x00", "").lstrip("\ufeff") + "\n" for line in file.lines())


def _head_rows(file: TextFile, delimiter: str) -> list[list[str]]:
    lines = (line.replace("\x00", "") + "\n" for line in file.head_lines)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(lines, delimiter=delimiter):
            if row:
                rows.append(row)
            if len(rows) > 6:
                break
    except csv.Error:
        pass
    return rows
