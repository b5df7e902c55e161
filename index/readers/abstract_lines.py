"""Bare abstracts, one a line, without titles.

Such lists are often cut at a fixed length: an abstract that reaches about that length and does
not end a sentence is marked `truncated`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from index.readers.fields import derive_id
from index.readers.textfile import TextFile
from index.readers.tidy import tidy_abstract
from index.types import FileReading, Paper, Source

NAME = "abstract-lines"
SHORTEST = 150  # characters: a shorter line may be a title, so the file is something else
COMMON_CAP = 1_200  # characters
_CLOSED = re.compile(r"(?<!\.\.)[.!?。][\"'”’)\]}]*$")


def sniff(file: TextFile) -> bool:
    """Whether every line is long prose."""
    lines = [line for line in (raw.strip() for raw in file.head_lines) if line]
    whole = lines[:-1] if len(lines) > 1 and len(file.head) > 60_000 else lines  # the head may cut a line
    return all(len(line) >= SHORTEST and line.count(" ") >= len(line) / 40 for line in whole)


def read(file: TextFile) -> FileReading:
    """One untitled paper a line that is not blank."""
    rows = [(n, *tidy_abstract(raw)) for n, raw in enumerate(file.lines(), start=1) if raw.strip()]
    rows = [row for row in rows if row[1]]
    cap = find_cap([len(text) for _, text, _ in rows])
    papers = tuple(
        Paper(
            id=derive_id(None, text),
            title=None,
            abstract=text,
            truncated=cut or is_cut(text, cap),
            sources=(Source(file.path, number, NAME),),
        )
        for number, text, cut in rows
    )
    return FileReading(file.path, NAME, papers, read=len(papers))


def find_cap(lengths: Sequence[int]) -> int:
    """The length at which the list seems to be cut: the longest, if several share it."""
    longest = max(lengths, default=0)
    shared = Counter(lengths)[longest] + Counter(lengths)[longest - 1]
    return longest if shared >= 3 else COMMON_CAP


def is_cut(text: str, cap: int) -> bool:
    """Whether an abstract of a list cut at `cap` characters was cut off (a blank may be trimmed)."""
    return cap - 3 <= len(text) <= cap and not _CLOSED.search(text)
