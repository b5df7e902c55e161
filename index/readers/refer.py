"""Refer, the tagged text of EndNote and BibIX: "%T Title", a blank line between records."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from index.dates import iso_date
from index.kinds import find_kind
from index.readers.collect import Row, collect
from index.readers.people import Person
from index.readers.tagged import Draft, foreign_format, numbered
from index.readers.textfile import TextFile
from index.types import FileReading

NAME = "refer"
_TAG = re.compile(r"%(\S)(?: (.*)|)$", re.DOTALL)
_START = re.compile(r"\A\s*%(?:0 [A-Z]|[ATJD] \S)")


def sniff(file: TextFile) -> bool:
    """Whether the file opens with such a tag and has another."""
    head = file.head.lstrip("\ufeff")
    return bool(_START.match(head)) and len(re.findall(r"^%[0-9A-Z@] ", head, re.MULTILINE)) > 1


def read(file: TextFile) -> FileReading:
    """One record from each %0, or from each blank line, to the next."""
    return collect(file, NAME, records(file))


def records(file: TextFile) -> Iterator[Row]:
    """The records one by one."""
    draft: Draft | None = None
    blank = False
    for number, line in numbered(file.lines(clip=True)):
        found = _TAG.match(line)
        if found:
            if draft and (found[1] == "0" or blank and found[1] in "AT" and draft.all("T")):
                yield _row(draft)
                draft = None
            draft = draft or Draft(number)
            draft.add(found[1], found[2] or "")
        elif draft and line.strip() and not (why := foreign_format(line, "Refer")):
            draft.extend(line)
        elif line.strip() and (why := foreign_format(line, "Refer")):
            yield Row(number, None, why, note=True)
        blank = not line.strip()
    if draft:
        yield _row(draft)


def _row(draft: Draft) -> Row:
    kind = find_kind(draft.first("0"))
    serial = draft.first("@")
    fields: dict[str, Any] = {
        "title": draft.first("T"),
        "abstract": draft.first("X"),
        "authors": [Person(text.rstrip(" ,"), text.rstrip().endswith(",")) for text in draft.lines("A", "Q")],
        "editors": draft.lines("E"),
        "year": iso_date(draft.first("D", "8")),
        "venue": draft.first("J", "B"),
        "series": draft.first("S"),
        "volume": draft.first("V"),
        "issue": draft.first("N"),
        "pages": draft.first("P"),
        "publisher": draft.first("I"),
        "place": draft.first("C"),
        "edition": draft.first("7"),
        "language": draft.first("G"),
        "keywords": draft.lines("K"),
        "doi": draft.first("R"),
        "url": draft.first("U"),
        "key": draft.first("F"),
        "note": draft.first("Z"),
        "isbn" if kind in ("book", "chapter") else "issn": serial,
        "type": kind or draft.first("0"),
    }
    return Row(draft.line, fields | draft.rest("0TXAQED8JBSVNPIC7GKRUFZ@", "Refer"), draft.why)
