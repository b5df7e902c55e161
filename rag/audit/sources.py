"""The entries that a draft cites from: its own list, the bibliographies named or given, the library.

A bibliography is read by the readers of the library's own files. What they leave out for want of a
title still counts as an entry, so that citing it is not called an invention.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.errors import ReadError
from index.readers.table import read_file
from index.readers.textfile import open_text
from index.types import Problem
from rag.audit.draft import Draft, Entry

_BIBTEX_ENTRY = re.compile(r"^[ \t\ufeff]*@(\w+)\s*[{(]\s*([^\s,{}()\"]+)\s*,?", re.MULTILINE)
_PROSE = frozenset(("text", "abstract-lines", "daily-papers"))  # formats that any text falls back to
_NO_ENTRY = frozenset(("string", "comment", "preamble", "xdata"))


@dataclass(slots=True)
class Bibliography:
    """Entries by key, each with the file it stands in; keys met twice; what could not be read."""

    entries: dict[str, Entry] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)  # key → file
    paths: list[str] = field(default_factory=list)
    problems: list[tuple[str, Problem]] = field(default_factory=list)

    def take(self, entries: Iterable[Entry], path: str) -> None:
        """Add the entries of a file; of two with one key the first counts."""
        for entry in entries:
            place, first = entry.path or path, self.entries.setdefault(entry.key, entry)
            if first is not entry and (self.files[entry.key], first.line) != (place, entry.line):
                why = f"{entry.key} is also in line {first.line} of {self.files[entry.key]}; that one counts"
                self.problems.append((place, Problem(entry.line, why)))
            self.files.setdefault(entry.key, place)


def gather(draft: Draft, given: Sequence[Path]) -> Bibliography:
    """All entries for a draft. Without `given` the files that it names are looked for beside it.

    :raises ReadError: when a given file cannot be read; one that is only named is a problem.
    """
    found = Bibliography()
    if draft.entries:
        found.take(draft.entries, draft.path)
    for path in given:
        _read(path, found)
    for name in () if given else draft.bibliographies:
        try:
            _read(Path(draft.path).parent / name, found)
        except ReadError as error:
            found.problems.append((draft.path, Problem(1, f"its bibliography was not read: {error}")))
    return found


def _read(path: Path, found: Bibliography) -> None:
    reading = read_file(path)
    if reading.format in _PROSE:
        raise ReadError(f"{path}: no bibliography; give BibTeX, RIS, CSL-JSON or another export of records")
    found.paths.append(str(path))
    found.problems += [(str(path), p) for p in reading.problems]
    papers = [(p.key or p.id, p.sources[0].line if p.sources else 1, p) for p in reading.papers]
    entries = [Entry(key, line, paper=paper) for key, line, paper in papers]
    if reading.format == "bibtex":
        entries += _untitled(path, {e.key for e in entries})
    if not entries:
        raise ReadError(f"{path}: no entry in this {reading.format} file; give BibTeX, RIS or CSL-JSON")
    found.take(sorted(entries, key=lambda e: e.line), str(path))


def _untitled(path: Path, known: set[str]) -> Iterable[Entry]:
    """Entries of BibTeX that hold no record that a library would take."""
    text = open_text(path).text()
    line, at = 1, 0
    for m in _BIBTEX_ENTRY.finditer(text):
        line, at = line + text.count("\n", at, m.start()), m.start()
        if m.group(1).lower() not in _NO_ENTRY and m.group(2) not in known:
            yield Entry(m.group(2), line)
