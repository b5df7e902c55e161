"""The vocabulary of the index: what was read, what is searched, what was found.

All values are frozen; a change is a `dataclasses.replace`. Character offsets are half-open,
count Unicode code points, and always point into `Paper.abstract` as it is stored:
`paper.abstract[chunk.start:chunk.end] == chunk.text`. Cleaning for reading (`index.cleaning`)
never touches the stored text. Ranks start at 1; every score is higher-is-better.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Source:
    """Where a record was read: a file, the line it starts on (from 1), and the file's format."""

    path: str
    line: int
    format: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One record of a library.

    `title` is None where the source had none. `authors` are written as `index.names` says. `date`
    is the date when it is more than a plain year: ISO where the source was clear, else as printed
    ("Aug 20": no year is invented). `type` is a CSL type ("article-journal", "chapter"); `pages`
    a range or an article number. `truncated` marks an abstract that the source cut off. `key` is
    the record's own citation key. `extra` keeps fields without a place here.
    """

    id: str
    title: str | None
    abstract: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    date: str | None = None
    venue: str | None = None
    doi: str | None = None
    pmid: str | None = None
    arxiv_id: str | None = None
    url: str | None = None
    key: str | None = None
    truncated: bool = False
    sources: tuple[Source, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    type: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    publisher: str | None = None
    keywords: tuple[str, ...] = ()
    retracted: bool = False

    @property
    def label(self) -> str:
        """The title, or for an untitled record the first words of its abstract."""
        if self.title:
            return self.title
        words = self.abstract.split()
        return " ".join(words[:10]) + (" …" if len(words) > 10 else "")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A span of one abstract: `abstract[start:end] == text`; empty (0, 0) for a title-only record.

    `id` is a stable positive integer, never used twice in a library.
    """

    id: int
    paper_id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Scores:
    """The named scores of a hit: cosine, BM25, their fusion in [0, 1], and a reranker's score."""

    dense: float | None = None
    lexical: float | None = None
    fused: float | None = None
    rerank: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A scored chunk; `rank` counts from 1 within one result list."""

    chunk: Chunk
    paper: Paper
    scores: Scores
    rank: int


@dataclass(frozen=True, slots=True)
class Problem:
    """A record, or part of a file, that could not be used: the line (from 1) and why."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class FileReading:
    """What reading one file gave. `read` counts records met, `skipped` those of them left out."""

    path: str
    format: str
    papers: tuple[Paper, ...]
    problems: tuple[Problem, ...] = ()
    read: int = 0
    skipped: int = 0
