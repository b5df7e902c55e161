"""Tables with a header row: comma, semicolon, tab or bar between cells, quoted cells over lines.

Headers are those of the usual exports (Zotero, Scopus, Web of Science, Embase, ASReview); see
`fields.ALIASES`. Only a title or an abstract column is required. A quotation mark that is never closed
costs its own line, not the rows that it would swallow.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from index.errors import ReadError
from index.readers.collect import Row, collect
from index.readers.fields import field_name
from index.readers.textfile import MAX_LINE, TextFile
from index.readers.web_of_science import FIELDS as WOS_FIELDS
from index.types import FileReading

NAME = "csv"
DELIMITERS = ",;\t|"
MAX_HEADER = 60  # characters of one header cell
_IN_EXTRA = re.compile(r"(?:^|\s)(citation key|pmid):\s*(\S+)", re.IGNORECASE)
_FORMULA = re.compile(r"^'(?='?[=+\-@])")  # put there so that no spreadsheet runs the cell
_TOO_WIDE = "{} cells for {} columns: quote the cells that hold a delimiter"


def sniff(file: TextFile) -> bool:
    """Whether the first row is a header: known names, or short cells above rows of the same width."""
    rows = _head_rows(file, find_delimiter(file))
    if not rows:
        return False
    header = known_header(rows[0])
    if not all(len(cell) <= MAX_HEADER for cell in header) or len(rows) < 2 and len(header) < 2:
        return False
    known = has_columns(header)
    if len(header) == 1:  # otherwise a text that opens with the word "Abstract"
        return header[0].casefold() in ("title", "abstract") and len(rows) > 2 and _even(rows)
    return known or _looks_named(rows[0]) and _even(rows)


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
    return collect(file, NAME, records(file))


def records(file: TextFile) -> Iterator[Row]:
    """The records one by one."""
    previous = csv.field_size_limit(MAX_LINE)
    try:
        rows = _Rows(file.lines(clip=True), find_delimiter(file))
        _, header, _ = next(iter(rows), (1, [], ""))
        header = known_header(header)
        _require_columns(file.path, header)
        rows.width = len(header)
        for line, cells, why in rows:
            if any(cell.strip() for cell in cells):
                if not why and any(cell.strip() for cell in cells[len(header) :]):
                    why = _TOO_WIDE.format(len(cells), len(header))
                yield Row(line, record_of(header, cells), why)
            elif why:
                yield Row(line, None, why)
    finally:
        csv.field_size_limit(previous)


def header_at(rows: Iterable[tuple[int, list[str]]]) -> list[str]:
    """The first row that is not blank, under the names that `fields` knows."""
    return known_header(next((cells for _, cells in rows if any(cells)), []))


def known_header(header: list[str]) -> list[str]:
    """The header; the two-letter names of Web of Science's tab-delimited file written out."""
    names = [name.strip().lstrip("\ufeff") for name in header]
    if {"TI", "AU", "SO"} <= set(names):
        return [WOS_FIELDS.get(name, f"WoS {name}") for name in names]
    return names


def has_columns(header: list[str]) -> bool:
    """Whether there is a title or an abstract column."""
    return bool({field_name(name) for name in header} & {"title", "abstract"})


def find_delimiter(file: TextFile) -> str:
    """The delimiter whose header names most fields, then the one that gives most cells."""
    first = next((line for line in file.head_lines if line.strip()), "")
    cells = {delimiter: next(csv.reader([first], delimiter=delimiter), []) for delimiter in DELIMITERS}

    def score(delimiter: str) -> tuple[int, int]:
        return sum(field_name(cell) is not None for cell in cells[delimiter]), len(cells[delimiter])

    return max(DELIMITERS, key=score)


def _require_columns(path: str, header: list[str]) -> None:
    if has_columns(header):
        return
    seen = ", ".join(name.strip()[:30] for name in header[:12]) + (", …" if len(header) > 12 else "")
    raise ReadError(
        f"{path}:1: no title or abstract column (columns: {seen}); "
        "rename the columns to 'title' and 'abstract'"
    )


def record_of(header: list[str], cells: list[str]) -> dict[str, Any]:
    """One row under the names of its columns; the first of two columns of one name counts."""
    record: dict[str, Any] = {}
    for name, cell in zip(header, cells, strict=False):
        if cell.strip():
            record.setdefault(name, _FORMULA.sub("", cell.strip()))
    if "Item Type" in header:  # Zotero: its `Key` is a database key, its `Extra` may hold the citation key
        if "Key" in record:
            record["Zotero Key"] = record.pop("Key")
        for found in _IN_EXTRA.finditer(record.get("Extra", "")):
            record.setdefault({"citation key": "citation key", "pmid": "pmid"}[found[1].casefold()], found[2])
    return record


class _Rows:
    """The rows of a table: the line each starts on, its cells, and what is wrong with it.

    `width` is the number of columns, once it is known.
    """

    def __init__(self, lines: Iterator[str], delimiter: str) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self._back: deque[str] = deque()  # lines to be read again
        self._taken: list[str] = []  # lines of the row being read
        self._number = 0
        self.width = 0

    def __iter__(self) -> Iterator[tuple[int, list[str], str]]:
        while True:
            start, self._taken = self._number + 1, []
            try:
                cells = next(csv.reader(self._source(), delimiter=self._delimiter, strict=True))
            except StopIteration:
                return
            except csv.Error:
                yield start, *self._mended()
                continue
            if len(self._taken) == 1 and len(self._taken[0]) > MAX_LINE:
                yield start, cells, f"a line of more than {MAX_LINE // 10**6} MB was cut"
            elif cells:
                yield start, cells, ""

    def _source(self) -> Iterator[str]:
        while True:
            line = self._back.popleft() if self._back else next(self._lines, None)
            if line is None:
                return
            self._number += 1
            line = line.replace("\x00", "").lstrip("\ufeff")
            self._taken.append(line)
            yield line + "\n"

    def _mended(self) -> tuple[list[str], str]:
        """A row that breaks the rules of quoting: as it was meant, or its first line alone."""
        taken = self._taken
        if len(taken[0]) > MAX_LINE:
            self._give_back(1)
            return [], f"a line of more than {MAX_LINE // 10**6} MB; the row is left out"
        cells = self._lenient(taken)
        swallowed = any(len(self._lenient([line])) == self.width for line in taken[1:50])
        if len(taken) == 1 or (len(cells) == self.width and not swallowed):
            return cells, ""
        self._give_back(1)
        why = "a quotation mark is never closed; the row ends with its line"
        return self._lenient(taken[:1]), why

    def _lenient(self, lines: list[str]) -> list[str]:
        """The cells of the first row in lines, however its quotation marks stand."""
        try:
            return next(csv.reader((line + "\n" for line in lines), delimiter=self._delimiter), [])
        except csv.Error:
            return []

    def _give_back(self, kept: int) -> None:
        self._back.extendleft(reversed(self._taken[kept:]))
        self._number -= len(self._taken) - kept


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
