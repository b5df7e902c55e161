"""A draft as the audit sees it, whatever its format: sentences, what they cite, the reference list.

Offsets are half-open and count code points of the draft's text as it was read (of its paragraph in a
Word file). Lines count from 1; in a Word file, where there are none, paragraphs take their place.
A `path` names the file that something stands in where that is another than the draft's own, else it is "".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from index.types import Paper, Problem

MAX_PROBLEMS = 1_000


@dataclass(frozen=True, slots=True)
class Cite:
    """One citation: the key or number as written, its line, and the marker that holds it.

    `at` is where in the sentence's text the marker stood. Citations of one marker share a `group`.
    """

    key: str
    line: int
    at: int = 0
    group: int = 0
    path: str = ""


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence: its text without markers and markup, as it stands in the draft, and where.

    `follows` marks a sentence that is not the first of its paragraph.
    """

    text: str
    raw: str
    line: int
    start: int
    end: int
    cites: tuple[Cite, ...] = ()
    follows: bool = False
    path: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a bibliography or reference list: its key or number, and a record or a text."""

    key: str
    line: int
    text: str = ""
    paper: Paper | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Misread(Problem):
    """A place of a draft that could not be read as it was meant."""

    path: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft that was read.

    `loose` are citations outside of sentences: in tables, captions that were skipped, `nocite`.
    `bibliographies` are the files that the draft names. `all_used` says that entries nobody cites are
    wanted (`nocite{*}`). `problems` are places that could not be read as they were meant. `files` are
    those that the draft draws in.
    """

    path: str
    format: str
    sentences: tuple[DraftSentence, ...]
    loose: tuple[Cite, ...] = ()
    entries: tuple[Entry, ...] = ()
    bibliographies: tuple[str, ...] = ()
    problems: tuple[Misread, ...] = ()
    all_used: bool = False
    files: tuple[str, ...] = ()

    @property
    def cites(self) -> Iterable[Cite]:
        """Every citation, those of sentences first."""
        yield from (cite for sentence in self.sentences for cite in sentence.cites)
        yield from self.loose


@dataclass(slots=True)
class Gathered:
    """What a reader has found so far besides prose."""

    loose: list[Cite] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    bibliographies: list[str] = field(default_factory=list)
    problems: list[Misread] = field(default_factory=list)
    all_used: bool = False
    files: list[str] = field(default_factory=list)

    def problem(self, line: int, why: str, path: str = "") -> None:
        """Note a place that could not be read; beyond `MAX_PROBLEMS` one line says that there are more."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Misread(line, why, path))
        elif len(self.problems) == MAX_PROBLEMS:
            self.problems.append(Misread(line, "and more problems from here on", path))

    def draft(self, path: str, format: str, sentences: Iterable[DraftSentence]) -> Draft:
        """All of it as a draft."""
        return Draft(
            path, format, tuple(sentences), tuple(self.loose), tuple(self.entries),
            tuple(dict.fromkeys(self.bibliographies)),
            tuple(sorted(self.problems, key=lambda p: (p.path, p.line))), self.all_used, tuple(self.files),
        )  # fmt: skip


Notes = Mapping[int, str]  # index of a sentence → what its annotation says, one line
