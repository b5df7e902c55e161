"""Plain text with citations by number and a numbered reference list."""

from __future__ import annotations

import re

from index.readers.textfile import TextFile
from rag.audit import numbered
from rag.audit.draft import Draft, Gathered, Notes
from rag.audit.prose import Prose, source_of

_BLOCK = re.compile(r"\S[^\n]*(?:\n[ \t]*[^\s][^\n]*)*")
_TITLE_WORDS = 14  # a line of its own, this short and without a full stop, is a heading


def read(file: TextFile) -> Draft:
    """The draft in a text file."""
    source = source_of(file)
    lines = source.split("\n")
    start = numbered.list_start(lines)
    found, prose = Gathered(), Prose(source)
    body = len(source) if start is None else sum(len(line) + 1 for line in lines[: max(start, 0)])
    if start is not None:
        found.entries += numbered.entries_of(enumerate(lines[start + 1 :], start + 2))
    for block in _BLOCK.finditer(source, 0, body):
        _paragraph(prose, block.start(), block.end())
        heading = "\n" not in block.group() and is_heading(block.group())
        found.loose += prose.end(keep=not heading)
    return found.draft(file.path, "text", prose.sentences)


def _paragraph(prose: Prose, start: int, end: int) -> None:
    at = start
    for m in re.finditer(rf"{numbered.GROUP.pattern}|\s*\n\s*", prose.source[start:end]):
        prose.take(at, start + m.start())
        if m.group(1):
            prose.cite(numbered.numbers_of(m.group(1)), start + m.start(), start + m.end())
        else:
            prose.put(" ", start + m.start())
        at = start + m.end()
    prose.take(at, end)


def is_heading(line: str) -> bool:
    """Whether a line on its own is a heading rather than a sentence."""
    words = line.split()
    return len(words) <= _TITLE_WORDS and not re.search(r"[.!?:;][\"'”’)\]\d]*\s*$", line)


def annotate(source: str, draft: Draft, notes: Notes) -> str:
    """The text with a bracketed note behind each sentence that has one."""
    return inserted(source, draft, {n: f" [ibid: {note.translate(_ROUND)}]" for n, note in notes.items()})


_ROUND = str.maketrans("[]", "()")  # a note must not look like a citation


def inserted(source: str, draft: Draft, notes: Notes) -> str:
    """The source with a text put in behind each sentence that has one."""
    parts, at = [], 0
    for n, sentence in sorted(enumerate(draft.sentences), key=lambda pair: pair[1].end):
        if n in notes:
            parts += [source[at : sentence.end], notes[n]]
            at = sentence.end
    return "".join([*parts, source[at:]])
