"""JSON records: one object a line (BEIR corpora, arXiv, Semantic Scholar dumps), or one array.

A line that is not an object is a problem of that line; the other lines are kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from index.errors import ReadError
from index.readers.collect import Row, collect
from index.readers.shapes import plain_record, unwrap
from index.readers.textfile import MAX_LINE, TextFile
from index.types import FileReading

LINES, ARRAY = "jsonl", "json"
MAX_BROKEN = 100  # of an array, where each search for the next record may cost a pass
_NEXT_ITEM = re.compile(r"[\s,]*")
_RESUME = re.compile(r"\}\s*,\s*\{|\n\s*\{")
_EXPECTED = 'expected an object such as {"title": "…", "abstract": "…"}'


def sniff_lines(file: TextFile) -> bool:
    """Whether lines hold one object each."""
    lines = [line for line in (raw.strip() for raw in file.head_lines) if line][:20]
    if not lines or lines[0].startswith("["):
        return False
    opened = sum(line.startswith("{") for line in lines)
    whole = sum(line.startswith("{") and line.endswith("}") for line in lines)
    return whole >= 1 and opened >= 0.5 * len(lines) or (opened >= 1 and len(lines) == 1)


def sniff_array(file: TextFile) -> bool:
    """Whether the file is one JSON value: an array of objects, or an object around one."""
    start = file.head.lstrip("\ufeff \t\r\n")
    return start.startswith("{") or (start.startswith("[") and start[1:].lstrip()[:1] in ("{", "]"))


def read_lines(file: TextFile) -> FileReading:
    """One record a line that is not blank."""
    rows = ((n, line) for n, line in enumerate(file.lines(clip=True), start=1) if line.strip("\ufeff \t\r"))
    return _collect(file, LINES, (row for n, line in rows for row in _line_records(n, line)))


def read_array(file: TextFile) -> FileReading:
    """The records of an array, or of the first list of objects in a known place of an object.

    :raises ReadError: when the file as a whole is not JSON, or nothing of an array can be read.
    """
    text = file.text().lstrip("\ufeff")
    if text.lstrip().startswith("["):
        reading = _collect(file, ARRAY, _array_items(text))
        if reading.papers or not reading.problems:
            return reading
        problem = reading.problems[0]
        raise ReadError(f"{file.path}:{problem.line}: {problem.why}; mend the file, or write JSONL")
    value, why = _parse(text)
    if why:
        raise ReadError(f"{file.path}: {why}; mend the file, or write one object a line (JSONL)")
    return _collect(file, ARRAY, ((1, item, "") for item in unwrap(value)))


def _array_items(text: str) -> Iterator[tuple[int, Any, str]]:
    """Each item with the line it starts on; after a broken one, on at what looks like the next."""
    decoder, at, line, broken = json.JSONDecoder(), 0, 1, 0
    begin = _NEXT_ITEM.match(text, text.index("[") + 1).end()  # type: ignore[union-attr]
    while begin < len(text) and text[begin] != "]":
        line, at = line + text.count("\n", at, begin), begin
        try:
            value, end = decoder.raw_decode(text, begin)
        except (ValueError, RecursionError) as error:
            broken += 1
            if broken > MAX_BROKEN:
                yield line, None, "too many broken records; the rest of the file is left out"
                return
            yield line, None, _why(error)
            following = _RESUME.search(text, begin + 1)
            begin = following.end() - 1 if following else len(text)
            continue
        yield line, value, ""
        begin = _NEXT_ITEM.match(text, end).end()  # type: ignore[union-attr]


def _line_records(number: int, line: str) -> list[tuple[int, Any, str]]:
    """The record of a line, or the records that the answer of a service on one line holds."""
    if len(line) > MAX_LINE:
        return [(number, None, f"a line of more than {MAX_LINE // 10**6} MB; the record is left out")]
    value, why = _parse(line)
    return [(number, item, why) for item in (unwrap(value) if isinstance(value, dict) else [value])]


def _collect(file: TextFile, name: str, rows: Iterator[tuple[int, Any, str]]) -> FileReading:
    return collect(file, name, (_row(*row) for row in rows))


def _row(number: int, value: Any, why: str) -> Row:
    if why:
        return Row(number, None, why)
    if not isinstance(value, dict):
        return Row(number, None, f"not an object; {_EXPECTED}")
    return Row(number, plain_record(value))


def _parse(text: str) -> tuple[Any, str]:
    """The value, or why there is none."""
    try:
        return json.loads(text.strip("\ufeff \t\r\n")), ""
    except (ValueError, RecursionError) as error:
        return None, _why(error)


def _why(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        place = f"line {error.lineno} column {error.colno}" if error.lineno > 1 else f"column {error.colno}"
        return f"broken JSON ({error.msg.removesuffix(' at')} at {place})"
    if isinstance(error, RecursionError):
        return "JSON nested too deeply"
    return "JSON with a number that is too long"
