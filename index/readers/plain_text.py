"""One file is one paper: the first line its title, the rest its abstract."""

from __future__ import annotations

import re

from index.readers.fields import derive_id
from index.readers.textfile import TextFile
from index.readers.tidy import tidy, tidy_abstract
from index.types import FileReading, Paper, Problem, Source

NAME = "text"
MAX_TITLE = 400  # characters; a longer first line is the abstract already
_TITLE_MARK = re.compile(r"^(?:#{1,3}\s+|title\s*:\s*)", re.IGNORECASE)
_ABSTRACT_MARK = re.compile(r"^(?:#{1,4}\s*)?abstract\b\s*[:.—-]?\s*", re.IGNORECASE)


def sniff(file: TextFile) -> bool:
    """Text with more letters in it than digits."""
    letters = sum(c.isalpha() for c in file.head)
    return letters > sum(c.isdigit() for c in file.head)


def read(file: TextFile) -> FileReading:
    """The one paper of the file."""
    rows = [(n, text) for n, raw in enumerate(file.lines(), start=1) if (text := tidy(raw))]
    if not rows:
        return FileReading(file.path, NAME, (), (Problem(1, "no text"),))
    first, title = rows[0][0], _TITLE_MARK.sub("", rows[0][1])
    body = [text for _, text in rows[1:]]
    if len(title) > MAX_TITLE:
        title, body = "", [title, *body]
    abstract, truncated = tidy_abstract(_ABSTRACT_MARK.sub("", " ".join(body)))
    paper = Paper(
        id=derive_id(title, abstract),
        title=title or None,
        abstract=abstract,
        truncated=truncated,
        sources=(Source(file.path, first, NAME),),
    )
    return FileReading(file.path, NAME, (paper,), read=1)
