"""JSON lines and CSV: every field of a record, for programs and spreadsheets.

A spreadsheet takes a cell that begins with "=", "+", "-", "@" or a tab for a formula and may run it:
such a text gets an apostrophe in front, which reading takes off again.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from index.types import Paper
from rag.export.fields import text_of

_FIELDS = (
    "id", "key", "type", "title", "authors", "year", "date", "venue", "volume", "issue", "pages", "publisher",
    "doi", "pmid", "arxiv_id", "url", "keywords", "abstract", "retracted", "truncated",
)  # fmt: skip
_FORMULA = re.compile(r"[=+\-@\t\r]|'[=+\-@]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")


def write_jsonl(papers: Iterable[tuple[Paper, str]]) -> Iterator[str]:
    """One object a line; fields without a place of their own are under `extra`."""
    for paper, key in papers:
        record = _record(paper, key)
        if paper.extra:
            record["extra"] = dict(paper.extra)
        yield json.dumps(record, ensure_ascii=False, default=str) + "\n"


def write_csv(papers: Iterable[tuple[Paper, str]]) -> Iterator[str]:
    """A header and a row a paper; lists are joined with semicolons."""
    kept = list(papers)
    others = list(dict.fromkeys(name for paper, _ in kept for name in paper.extra if name not in _FIELDS))
    yield csv_row([*_FIELDS, *others])
    for paper, key in kept:
        record = _record(paper, key)
        cells = [_cell(record.get(name)) for name in _FIELDS]
        yield csv_row([*cells, *(text_of(paper.extra, name) for name in others)])


def _record(paper: Paper, key: str) -> dict[str, Any]:
    record = {name: getattr(paper, name) for name in _FIELDS} | {"key": key}
    return {
        name: list(v) if isinstance(v, tuple) else v
        for name, v in record.items()
        if v not in (None, "", (), False)
    }


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(str(item).replace(";", ",") for item in value)
    return "" if value is None else str(value)


def csv_row(cells: list[str]) -> str:
    """One line of CSV in which no cell is a formula."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(
        f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell for cell in cells
    )
    return out.getvalue()
