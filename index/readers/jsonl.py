"""JSON records: one object a line (BEIR corpora, arXiv, Semantic Scholar dumps), or one array.

A line that is not an object is a problem of that line; the other lines are kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from index.errors import ReadError
from index.readers.fields import make_paper
from index.readers.textfile import TextFile
from index.types import FileReading, Paper, Problem, Source

LINES, ARRAY = "jsonl", "json"
LISTS = ("papers", "records", "items", "results", "data", "articles", "references", "documents", "hits")
MAX_PROBLEMS = 1_000  # listed one by one; beyond that they are only counted
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
    rows = ((n, line) for n, line in enumerate(file.lines(), start=1) if line.strip("\ufeff \t\r"))
    return _collect(file, LINES, ((n, *_parse(line)) for n, line in rows))


def read_array(file: TextFile) -> FileReading:
    """The records of an array, or of the first list of objects in a known place of an object.

    :raises ReadError: when the file as a whole is not JSON.
    """
    text = "\n".join(file.lines())
    value, why = _parse(text, whole=True)
    if why:
        raise ReadError(f"{file.path}:{why}; mend the file, or write one object a line (JSONL)")
    if isinstance(value, dict):
        inner = next((value[name] for name in LISTS if isinstance(value.get(name), list)), None)
        value = [value] if inner is None else inner
    rows = zip(_starts(text, len(value)), value, strict=False)
    return _collect(file, ARRAY, ((n, item, "") for n, item in rows))


def _collect(file: TextFile, name: str, rows: Iterator[tuple[int, Any, str]]) -> FileReading:
    papers: list[Paper] = []
    problems: list[Problem] = []
    read = 0
    for number, value, why in rows:
        read += 1
        if not why and not isinstance(value, dict):
            why = f"not an object; {_EXPECTED}"
        paper = None if why else make_paper(value, Source(file.path, number, name))
        if paper:
            papers.append(paper)
        elif len(problems) < MAX_PROBLEMS:
            problems.append(Problem(number, why or "neither a title nor an abstract; the record is left out"))
    return FileReading(file.path, name, tuple(papers), tuple(problems), read, read - len(papers))


def _parse(text: str, *, whole: bool = False) -> tuple[Any, str]:
    """The value, or why there is none."""
    try:
        return json.loads(text.strip("\ufeff \t\r\n")), ""
    except json.JSONDecodeError as error:
        place = f"{error.lineno}: " if whole else ""
        return None, f"{place}broken JSON ({error.msg} at column {error.colno})"
    except RecursionError:
        return None, f"{'1: ' if whole else ''}JSON nested too deeply"
    except ValueError:  # a number of thousands of digits
        return None, f"{'1: ' if whole else ''}JSON with a number that is too long"


def _starts(text: str, count: int) -> Iterator[int]:
    """The lines on which the items of an array start; 1 for all when the array is on few lines."""
    if text.count("\n") < count:
        yield from ([1] * count)
        return
    decoder, at, line, seen = json.JSONDecoder(), text.find("[") + 1, 1, 0
    line += text.count("\n", 0, at)
    for _ in range(count):
        begin = next((i for i in range(at, len(text)) if text[i] not in " \t\r\n,"), at)
        line += text.count("\n", at, begin)
        yield line
        try:
            _, seen = decoder.raw_decode(text, begin)
        except ValueError:
            seen = begin
        line += text.count("\n", begin, seen)
        at = seen
