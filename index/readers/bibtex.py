"""BibTeX and BibLaTeX: entries, macros, concatenation, LaTeX in values.

What is broken costs its entry only, and of that entry only the broken field: a missing comma is passed
over, and a value that is never closed ends at the next field or the next entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from index.readers.bibtex_fields import entry_fields
from index.readers.collect import Row, collect
from index.readers.crossref import CONTAINER, Parents
from index.readers.tagged import CUT_LINE, begins_first, foreign_format, numbered
from index.readers.textfile import MAX_LINE, TextFile
from index.types import FileReading

NAME = "bibtex"
MAX_DEPTH = 200  # of braces; nobody nests deeper
MAX_ENTRY = 5_000_000  # characters; a longer one is unclosed, or no entry
_START = re.compile(r"^[ \t\ufeff]*@[A-Za-z]{3,30}\s*[{(]", re.MULTILINE)
_HEAD = re.compile(r"@\s*([A-Za-z]+)\s*([{(])")
_KEY = re.compile(r"\s*([^,={}\"#\s()%][^,={}\"#\n]*?)?\s*(,|(?=[})]))")
_FIELD = re.compile(r"([A-Za-z][\w:.+/-]{0,60})\s*=\s*")
_NEXT_FIELD = re.compile(r"\n\s*[A-Za-z][\w-]{0,40}\s*=\s*[{\"\w]")
_BARE = re.compile(r"[^\s,#{}\"()=]+")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_QUOTE = re.compile(r"\\.|[{}\"]", re.DOTALL)
_LINK = re.compile(r"\b(?:crossref|xdata)\s*=", re.IGNORECASE)
_BLANK = re.compile(r"[\s,]*")
_NEVER_CLOSED = "the entry is never closed"


class Entry(NamedTuple):
    """One entry as it stands: its kind and key, raw values by field in small letters, what is wrong."""

    line: int
    kind: str
    key: str
    values: Mapping[str, str]
    why: str = ""


def sniff(file: TextFile) -> bool:
    """Whether an entry begins a line."""
    return begins_first(file.head, _START)


def read(file: TextFile) -> FileReading:
    """One record an entry; comments, preambles and macros are none."""
    return collect(file, NAME, records(file))


def records(file: TextFile) -> Iterator[Row]:
    """The records one by one."""
    parents = _parents(file)
    for entry in _entries(file):
        if not entry.kind or entry.kind == CONTAINER:
            if entry.why:
                yield Row(entry.line, None, entry.why, note=True)
            continue
        values, broken = parents.inherit(entry.kind, entry.key, entry.values)
        yield Row(entry.line, entry_fields(entry.kind, entry.key, values), entry.why or broken)


def _entries(file: TextFile) -> Iterator[Entry]:
    """The entries of a file; one without a kind stands for something that is none."""
    macros: dict[str, str] = {}
    for line, text, why in _blocks(file):
        if not text:
            yield Entry(line, "", "", {}, why)
            continue
        for entry in parse(text, line, macros):
            yield entry._replace(why=why or entry.why)
            why = ""


def _parents(file: TextFile) -> Parents:
    """What can be inherited from; a file in which nothing inherits is not read twice for it."""
    parents = Parents()
    if any(_LINK.search(line) for line in file.lines(clip=True)):
        for entry in _entries(file):
            if entry.kind:
                parents.add(entry.kind, entry.key, entry.values)
    return parents


def parse(text: str, line: int = 1, macros: dict[str, str] | None = None) -> Iterator[Entry]:
    """The entries of a text that begins on `line`; @string definitions go into `macros`."""
    macros = {} if macros is None else macros
    at = counted = 0
    while head := _HEAD.search(text, at):
        line, counted = line + text.count("\n", counted, head.start()), head.start()
        kind, here = head[1].casefold(), line
        if kind in ("comment", "preamble"):
            at = _closing(text, head.end(), head[2])
            continue
        key, at = "", head.end()
        if kind != "string" and (found := _KEY.match(text, at)):
            key, at = found[1] or "", found.end()
        values, at, why = _values(text, at, ")" if head[2] == "(" else "}", macros)
        if kind == "string":
            macros.update(values)
        else:
            yield Entry(here, kind, key.strip(), values, why)


def _blocks(file: TextFile) -> Iterator[tuple[int, str, str]]:
    """Text from each line that begins an entry to the next such line: (line, text, what is wrong)."""
    start, size, why = 1, 0, ""
    lines: list[str] = []
    for number, line in numbered(file.lines(clip=True)):
        cut = CUT_LINE if len(line) > MAX_LINE else ""
        line = line[:MAX_LINE]
        if _START.match(line):
            if lines:
                yield start, "\n".join(lines), why
            start, lines, size, why = number, [line], 0, cut
            continue
        why = why or cut
        if foreign := not line.startswith((" ", "\t")) and foreign_format(line, "BibTeX"):
            yield number, "", foreign
        elif lines:
            size += len(line)
            if size < MAX_ENTRY:
                lines.append(line)
            else:
                why = _NEVER_CLOSED
    if lines:
        yield start, "\n".join(lines), why


def _values(text: str, at: int, end: str, macros: Mapping[str, str]) -> tuple[dict[str, str], int, str]:
    """The fields of an entry, where it ends, and what is wrong with it."""
    values: dict[str, str] = {}
    why = ""
    while True:
        at = _BLANK.match(text, at).end()  # type: ignore[union-attr]
        if at >= len(text):
            return values, at, why or _NEVER_CLOSED
        if text[at] == end or text[at] == "}":
            return values, at + 1, why
        found = _FIELD.match(text, at)
        if not found:
            why = why or f"expected a field (name = {{value}}) at {text[at : at + 20].split()[0]!r}"
            following = _FIELD.search(text, at + 1)
            close = text.find("\n" + end, at, following.start() if following else len(text))
            if not following or close >= 0:
                return values, close + 2 if close >= 0 else len(text), why
            at = following.start()
            continue
        value, at, broken = _value(text, found.end(), macros)
        if broken:
            why = why or f"the value of {found[1]} is never closed"
        name = found[1].casefold()
        if values.setdefault(name, value) != value:
            why = why or f"the field {name} is given twice; the first is kept"


def _value(text: str, at: int, macros: Mapping[str, str]) -> tuple[str, int, bool]:
    """A value with its parts joined, where it ends, and whether it was never closed."""
    parts: list[str] = []
    while at < len(text):
        if text[at] in '{"':
            close = _close(text, at)
            if close < 0:
                following = _NEXT_FIELD.search(text, at)
                stop = following.start() if following else len(text)
                return "".join((*parts, text[at + 1 : stop].rstrip(" ,\n}"))), stop, True
            parts.append(text[at + 1 : close])
            at = close + 1
        elif bare := _BARE.match(text, at):
            parts.append(macros.get(bare[0].casefold(), bare[0]))
            at = bare.end()
        following = re.compile(r"\s*#\s*").match(text, at)
        if not following:
            break
        at = following.end()
    return "".join(parts), at, False


def _close(text: str, at: int) -> int:
    """Where the value that opens at `at` closes, or -1."""
    quoted, depth = text[at] == '"', 0
    for found in (_QUOTE if quoted else _BRACE).finditer(text, at + 1):
        sign = found[0]
        if sign == "{":
            depth += 1
            if depth > MAX_DEPTH:
                return -1
        elif depth == 0 and sign == ('"' if quoted else "}"):
            return found.start()
        elif sign == "}":
            depth -= 1
            if depth < 0:
                return -1
    return -1


def _closing(text: str, at: int, opened: str) -> int:
    """Where a comment or preamble ends."""
    close = _close(text, at - 1) if opened == "{" else text.find(")", at)
    return close + 1 if close >= 0 else len(text)
