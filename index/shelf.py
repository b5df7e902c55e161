"""All papers of a library as short rows, for a person to look through: words, years, source, order.

Nothing is ranked here, and counts are exact: a paper is listed when every word asked for begins a
word of it, whatever the case and the accents. `rag.retrieval` finds by meaning.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

from index.cleaning import readable
from index.names import split_name
from index.types import Paper

ABSTRACTS = 50_000  # papers up to which abstracts are searched too: 1.5 KB of memory a paper
_LAST = "\U0010ffff"  # sorts behind every title and name
_WORD = re.compile(r"[^\W_]+")
_TERM = re.compile(r'"([^"]+)"|(\S+)')


class Order(StrEnum):
    """How the rows stand."""

    ADDED = "added"  # the last added first
    NEWEST = "newest"
    OLDEST = "oldest"
    TITLE = "title"
    AUTHOR = "author"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which papers, in which order. Years are inclusive; a paper without a year meets no year bound.

    `words` may hold "phrases in quotation marks"; `source` is the name of a file that was added.
    """

    words: str = ""
    year_from: int | None = None
    year_to: int | None = None
    source: str | None = None
    order: Order = Order.ADDED


@dataclass(frozen=True, slots=True)
class Row:
    """A paper as it is found and sorted. `number` is that of its row in the catalogue."""

    number: int
    id: str
    year: int | None
    title: str
    author: str
    sources: tuple[str, ...]
    text: str


class Shelf:
    """The rows of one state of a library."""

    def __init__(self, papers: Iterable[tuple[int, Paper]], total: int) -> None:
        whole = total <= ABSTRACTS
        self._rows = {number: _row(number, paper, whole=whole) for number, paper in papers}
        self.abstracts = whole

    def __len__(self) -> int:
        return len(self._rows)

    def find(self, wanted: Wanted) -> list[Row]:
        """The rows that are wanted, in the order that is wanted."""
        terms = _terms(wanted.words)
        found = [row for row in self._rows.values() if _fits(row, wanted, terms)]
        return _sorted(found, wanted.order)

    def rows(self, numbers: Iterable[int]) -> list[Row]:
        """The rows of these numbers that exist, each once, the last added first."""
        return _sorted([self._rows[n] for n in set(numbers) if n in self._rows], Order.ADDED)

    def sources(self) -> list[tuple[str, int]]:
        """The names of the files that papers were read from, with how many papers each."""
        counts = Counter(name for row in self._rows.values() for name in row.sources)
        return sorted(counts.items(), key=lambda pair: pair[0].casefold())


def _row(number: int, paper: Paper, *, whole: bool) -> Row:
    title = folded(paper.label)
    first = paper.authors[0] if paper.authors else ""
    parts = [paper.label, *paper.authors, str(paper.year or ""), paper.venue or "", *paper.keywords]
    parts += [paper.doi or "", paper.pmid or "", paper.arxiv_id or "", paper.id]
    if whole:
        parts.append(paper.abstract)
    return Row(
        number,
        paper.id,
        paper.year,
        title or _LAST,
        folded(split_name(first).family) if first else _LAST,
        tuple(dict.fromkeys(PurePath(source.path).name for source in paper.sources)),
        " ".join(map(folded, parts)),
    )


def folded(text: str) -> str:
    """The words of a text with a blank before each: case-folded, without accents and punctuation."""
    plain = readable(text)
    if not plain.isascii():
        split = unicodedata.normalize("NFKD", plain)
        plain = "".join(c for c in split if not "\u0300" <= c <= "\u036f")
    return "".join(f" {word}" for word in _WORD.findall(plain.casefold()))


def _terms(words: str) -> list[str]:
    """What a row's text must contain: ASCII words from a word's beginning, other scripts anywhere."""
    found = [folded(phrase or word) for phrase, word in _TERM.findall(words)]
    return [term if term.isascii() else term.strip() for term in found if term]


def _fits(row: Row, wanted: Wanted, terms: list[str]) -> bool:
    first, last = wanted.year_from, wanted.year_to
    if first is not None and (row.year is None or row.year < first):
        return False
    if last is not None and (row.year is None or row.year > last):
        return False
    if wanted.source is not None and wanted.source not in row.sources:
        return False
    return all(term in row.text for term in terms)


def _sorted(rows: list[Row], order: Order) -> list[Row]:
    """Rows that tie stand as they were added, the last first; what is not known comes at the end."""
    rows = sorted(rows, key=lambda row: -row.number)
    if order is Order.NEWEST:
        rows.sort(key=lambda row: -(row.year or 0))
    elif order is Order.OLDEST:
        rows.sort(key=lambda row: row.year or 10_000)
    elif order is Order.TITLE:
        rows.sort(key=lambda row: row.title)
    elif order is Order.AUTHOR:
        rows.sort(key=lambda row: row.author)
    return rows
