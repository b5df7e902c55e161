"""Excel workbooks (.xlsx): the sheets that have a title or an abstract column, read like other tables.

A workbook is a ZIP archive of XML: its declared size is limited (no more than that is unpacked), and
one that declares entities is refused.
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

from index.errors import ReadError
from index.readers.collect import Row, collect
from index.readers.table_csv import has_columns, header_at, record_of
from index.readers.textfile import TextFile
from index.types import FileReading

NAME = "xlsx"
MAX_BYTES = 400_000_000  # unpacked
MAX_MEMBERS = 2_000
MAX_BLANK = 1_000  # rows on end, after which a sheet is taken to be over


def sniff(file: TextFile) -> bool:
    """Whether the file is a workbook."""
    return file.workbook


def read(file: TextFile) -> FileReading:
    """One record a row. :raises ReadError: when no sheet has such a column, or it cannot be opened."""
    _check(file.path)
    try:
        return collect(file, NAME, _rows(file))
    except ReadError:
        raise
    except Exception as error:  # openpyxl raises whatever its parsers do
        raise ReadError(f"{file.path}: a damaged workbook ({error}); save the sheet as CSV") from error


def _check(path: str) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS or sum(m.file_size for m in members) > MAX_BYTES:
                raise ReadError(
                    f"{path}: unpacks to more than {MAX_BYTES // 10**6} MB; save the sheet as CSV"
                )
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    with archive.open(member) as part:
                        head = part.read(4096)
                    if b"<!DOCTYPE" in head or b"<!ENTITY" in head or head[:2] in (b"\xff\xfe", b"\xfe\xff"):
                        raise ReadError(
                            f"{path}: declares XML entities, which no spreadsheet does; it is not read"
                        )
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise ReadError(f"{path}: a damaged workbook ({error}); save the sheet as CSV") from error


def _rows(file: TextFile) -> Iterator[Row]:
    import openpyxl

    seen: list[str] = []
    found = False
    with open(file.path, "rb") as source:  # by its path, openpyxl would go by the name's ending
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on styles and validations that reading text does not need
            book = openpyxl.load_workbook(source, read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            rows = ((n, [_cell(v) for v in row]) for n, row in enumerate(_values(sheet), start=1))
            header = header_at(rows)
            if not has_columns(header):
                seen += [name for name in header if name][:12]
                continue
            found = True
            for number, cells in rows:
                if any(cells):
                    yield Row(number, record_of(header, cells))
    if not found:
        raise ReadError(
            f"{file.path}: no sheet with a title or abstract column (columns: {', '.join(seen[:12])}); "
            "rename the columns to 'title' and 'abstract'"
        )


def _values(sheet: Any) -> Iterator[tuple[Any, ...]]:
    blank = 0
    for row in sheet.iter_rows(values_only=True, max_col=200):
        blank = 0 if any(cell is not None for cell in row) else blank + 1
        if blank > MAX_BLANK:
            return
        yield row


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if hasattr(value, "isoformat"):
        return str(value.isoformat()).removesuffix("T00:00:00")
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
