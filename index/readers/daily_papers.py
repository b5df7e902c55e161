"""Saved listing pages of daily papers: page furniture, then title, abstract and notes of each entry.

An entry may or may not carry an author count, an organisation, a separator and a date, so its
lines are recognised by what they look like and what they follow, never by counting. The date at
the head of a page is the page's, not an entry's; a date without a year stays without one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from index.readers.fields import derive_id
from index.readers.textfile import TextFile
from index.readers.tidy import tidy, tidy_abstract
from index.types import FileReading, Paper, Problem, Source

NAME = "daily-papers"

_FURNITURE = re.compile(
    r"new|get trending papers in your email inbox!?|subscribe|daily papers|"
    r"by\s?ak( and the research community)?",
    re.IGNORECASE,
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*"
_DATE = re.compile(rf"(?:Published on\s+)?({_MONTH}\.? \d{{1,2}}(?:, (\d{{4}}))?)(?:\s+(\d{{1,5}}))?")
_COUNT = re.compile(r"[•·*-]?\s*(\d{1,5}) authors?", re.IGNORECASE)
_SEPARATOR = re.compile(r"[·•|]")
_NOISE = re.compile(r"\d+(\.\d+)?k?|upvotes?|submitted by.{0,60}|previous|next", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?:[.!?]|\.\.\.|…)[\"')\]}]*$")
LONG = 400  # characters: no title is longer
SHORT = 60  # characters: no abstract is shorter


@dataclass(slots=True)
class _Entry:
    line: int
    title: str = ""
    abstract: str = ""
    last: int = 0  # the line last added to
    date: str | None = None
    year: int | None = None
    extra: dict[str, Any] = field(default_factory=dict)


def sniff(file: TextFile) -> bool:
    """Whether a page's furniture, entry notes, or a title/abstract rhythm is there."""
    lines = [line for line in (raw.strip() for raw in file.head_lines[:-1] or file.head_lines) if line]
    if sum(bool(_FURNITURE.fullmatch(line)) for line in lines[:30]) >= 2:
        return True
    if sum(bool(_COUNT.fullmatch(line)) for line in lines) >= 2:
        return True
    pairs = sum(
        not _is_abstract(a) and len(a.split()) > 2 and len(b) >= LONG
        for a, b in zip(lines, lines[1:], strict=False)
    )
    return pairs >= 3 and 2 * pairs >= 0.8 * len(lines)


def read(file: TextFile) -> FileReading:
    """Every entry of the page; an entry without an abstract is kept by its title."""
    entries = list(_entries(file))
    papers = [_paper(entry, file.path) for entry in entries]
    problems = [Problem(e.line, "entry without an abstract") for e in entries if not e.abstract]
    return FileReading(file.path, NAME, tuple(papers), tuple(problems), read=len(entries))


def _entries(file: TextFile) -> Iterator[_Entry]:
    entry: _Entry | None = None
    for number, line, following in _content(file):
        if _FURNITURE.fullmatch(line):
            if entry:
                yield entry
            entry = None
        elif _note(line, following, entry):
            continue
        elif entry and _continues(entry, number, line):
            _extend(entry, number, line)
        else:
            if entry:
                yield entry
            entry = _Entry(number)
            _extend(entry, number, line)
    if entry:
        yield entry


def _content(file: TextFile) -> Iterator[tuple[int, str, str]]:
    """Lines that are not blank: number, text, and the text of the next such line."""
    held: tuple[int, str] | None = None
    for number, raw in enumerate(file.lines(), start=1):
        line = tidy(raw)
        if not line:
            continue
        if held:
            yield *held, line
        held = (number, line)
    if held:
        yield *held, ""


def _note(line: str, following: str, entry: _Entry | None) -> bool:
    """Whether the line is about the entry (or the page) rather than its title or abstract."""
    extra = entry.extra if entry else {}
    if _SEPARATOR.fullmatch(line) or _NOISE.fullmatch(line):
        return True
    if count := _COUNT.fullmatch(line):
        extra["authors_count"] = int(count[1])
        return True
    if date := _DATE.fullmatch(line):
        if entry:
            entry.date, entry.year = date[1], int(date[2]) if date[2] else None
        if date[3]:
            extra["comments"] = int(date[3])
        return True
    if entry and entry.abstract and len(line) <= 2 * SHORT and _SEPARATOR.fullmatch(following):
        extra["organisation"] = _undouble(line)
        return True
    return False


def _continues(entry: _Entry, number: int, line: str) -> bool:
    """Whether the line belongs to the open entry: its abstract, or more of what came just before."""
    if _noted(entry):
        return False
    if not entry.abstract:
        return _is_abstract(line) or number == entry.last + 1
    return number == entry.last + 1 and not (len(line) < LONG and len(entry.abstract) >= LONG)


def _noted(entry: _Entry) -> bool:
    return bool(entry.date or entry.extra)


def _extend(entry: _Entry, number: int, line: str) -> None:
    if _is_abstract(line) or entry.abstract:
        entry.abstract = f"{entry.abstract} {line}".strip()
    else:
        entry.title = f"{entry.title} {line}".strip()
    entry.last = number


def _is_abstract(line: str) -> bool:
    if len(line) >= LONG:
        return True
    ends = bool(_SENTENCE_END.search(line))
    return len(line) >= SHORT and ends and not line.endswith("?") or (len(line) > 4 * SHORT and ". " in line)


def _undouble(name: str) -> str:
    """`Name Name` (a picture's caption and its label) once."""
    half = len(name) // 2
    return name[:half] if name[:half] == name[half + 1 :] and name[half] == " " else name


def _paper(entry: _Entry, path: str) -> Paper:
    abstract, truncated = tidy_abstract(entry.abstract)
    return Paper(
        id=derive_id(entry.title, abstract),
        title=entry.title or None,
        abstract=abstract,
        year=entry.year,
        date=entry.date,
        truncated=truncated,
        sources=(Source(path, entry.line, NAME),),
        extra=entry.extra,
    )
