"""From the rows of a file to its reading: papers, and problems by line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from index.readers.fields import make_paper
from index.readers.textfile import TextFile
from index.types import FileReading, Paper, Problem, Source

MAX_PROBLEMS = 1_000  # listed one by one; beyond that they are only counted
NOTHING = "neither a title nor an abstract; the record is left out"


class Row(NamedTuple):
    """What one place of a file gave.

    A record (`fields`, whole or mended), or the remains of one (`fields` is None), or no record at
    all but something to report (`note`). `why` is what is wrong, if something is.
    """

    line: int
    fields: Mapping[str, Any] | None
    why: str = ""
    note: bool = False


def collect(file: TextFile, name: str, rows: Iterable[Row]) -> FileReading:
    """The reading that rows make up; a record without title and abstract is skipped with a problem."""
    papers: list[Paper] = []
    problems: list[Problem] = []
    read = unlisted = 0
    for line, fields, why, note in rows:
        read += not note
        paper = None if fields is None else make_paper(fields, Source(file.path, line, name))
        if paper:
            papers.append(paper)
        elif not note and not why:
            why = NOTHING
        if why and len(problems) < MAX_PROBLEMS:
            problems.append(Problem(line, why))
        else:
            unlisted += bool(why)
    if unlisted:
        problems.append(Problem(problems[-1].line, f"and {unlisted} more problems like these"))
    return FileReading(file.path, name, tuple(papers), tuple(problems), read, read - len(papers))
