"""From what a draft cites to papers of the library: identifiers first, then the title.

A record of a bibliography is matched by DOI, arXiv or PubMed id, then by its title; the text of a
reference list by an identifier in it, then by a title that stands in it. Titles may differ by a slip
of spelling, never by a number ("Part 1", "GPT-4"). Nothing is matched on authors and year alone.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from functools import cached_property

from index.cleaning import match_key, readable
from index.dedupe import VERSIONS
from index.library import Library
from index.names import split_name
from index.types import Paper
from rag.audit.draft import Entry

_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]*[^\s\"<>.,;)\]}]", re.IGNORECASE)
_ARXIV = re.compile(
    r"(?:arxiv|abs)[^\w]{0,3}((?:\d{4}\.\d{4,5})|[a-z-]+(?:\.[a-z]{2})?/\d{7})", re.IGNORECASE
)
_PMID = re.compile(r"\b(?:pmid|pubmed)\W{0,3}(\d{4,9})\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_ALIKE = 0.93  # difflib ratio from which a title is the same but for slips of spelling
_SHORT = 16  # characters of a title's key below which authors or year have to agree
_CANDIDATES = 10  # papers that keywords bring for a title that is not found as it is
_YEARS_APART = 3  # between a preprint and its article


class Resolver:
    """Finds the library's paper of an entry, or of a key where a draft has no bibliography."""

    def __init__(self, library: Library, key: Callable[[Paper], str]) -> None:
        self._library = library
        self._key = key

    def entry(self, entry: Entry) -> Paper | None:
        """The library's paper of an entry; None where it has none."""
        if entry.paper is not None:
            return self._record(entry.paper)
        return self._text(entry.text)

    def own_key(self, key: str) -> Paper | None:
        """The paper with this citation key or id in the library."""
        return self._keys.get(key.casefold())

    def _record(self, record: Paper) -> Paper | None:
        for name in _identifiers(record):
            if name in self._ids:
                return self._ids[name]
        title = match_key(readable(record.title or ""))
        if not title:
            return None
        same = [p for p in self._titles.get(title, ()) if _agrees(p, record, short=len(title) < _SHORT)]
        if same:
            return min(same, key=lambda p: _apart(p, record))
        near = [(_alike(title, p), p) for p in self._near(record.title or "")]
        ratio, best = max(near, key=lambda pair: pair[0], default=(0.0, None))
        fits = best is not None and ratio >= _ALIKE and _agrees(best, record, short=False)
        return best if fits else None

    def _text(self, text: str) -> Paper | None:
        for name in _named_ids(text):
            if name in self._ids:
                return self._ids[name]
        key = match_key(readable(text))
        found = [
            (len(title), p)
            for p in self._near(text)
            if (title := match_key(readable(p.title or ""))) and _stands(title, key, p, text)
        ]
        return max(found, key=lambda pair: pair[0], default=(0, None))[1]

    def _near(self, text: str) -> list[Paper]:
        """Papers that share the rarest words of a title or reference."""
        hits = self._library.search_lexical(readable(text)[:1000], _CANDIDATES)
        chunks = self._library.get_chunks(i for i, _ in hits)
        return list(self._library.papers_by_id({c.paper_id for c in chunks.values()}).values())

    @cached_property
    def _tables(self) -> tuple[dict[str, Paper], dict[str, list[Paper]], dict[str, Paper]]:
        """Papers by identifier, by title, and by key, in one walk through the library."""
        ids: dict[str, Paper] = {}
        titles: dict[str, list[Paper]] = {}
        keys: dict[str, Paper] = {}
        for paper in self._library.papers():
            for name in (*_identifiers(paper), *_versions(paper)):
                ids.setdefault(name, paper)
            if paper.title and (title := match_key(readable(paper.title))):
                titles.setdefault(title, []).append(paper)
            keys[self._key(paper).casefold()] = paper
            keys.setdefault(paper.id.casefold(), paper)
            if paper.key:
                keys.setdefault(paper.key.casefold(), paper)
        return ids, titles, keys

    @property
    def _ids(self) -> dict[str, Paper]:
        return self._tables[0]

    @property
    def _titles(self) -> dict[str, list[Paper]]:
        return self._tables[1]

    @property
    def _keys(self) -> dict[str, Paper]:
        return self._tables[2]


def identity(entry: Entry) -> str | None:
    """What two entries of one work share when no library knows it: an identifier, else the title."""
    if entry.paper is not None:
        names = _identifiers(entry.paper)
        title = match_key(readable(entry.paper.title or ""))
        return names[0] if names else title if len(title) >= _SHORT else None
    return next(iter(_named_ids(entry.text)), None)


def _identifiers(paper: Paper) -> list[str]:
    found = []
    if paper.doi:
        found.append(f"doi:{paper.doi.lower()}")
    if paper.pmid:
        found.append(f"pmid:{paper.pmid}")
    if paper.arxiv_id:
        found.append(f"arxiv:{_plain_arxiv(paper.arxiv_id)}")
    return found


def _versions(paper: Paper) -> Iterable[str]:
    """Other identifiers of the same work, those of its preprint."""
    for text in paper.extra.get(VERSIONS) or ():
        yield from _named_ids(str(text))


def _named_ids(text: str) -> list[str]:
    """The identifiers that stand in a text."""
    found = [f"doi:{m.group().lower()}" for m in _DOI.finditer(text)]
    found += [f"arxiv:{_plain_arxiv(m.group(1))}" for m in _ARXIV.finditer(text)]
    return found + [f"pmid:{m.group(1)}" for m in _PMID.finditer(text)]


def _plain_arxiv(name: str) -> str:
    return re.sub(r"v\d+$", "", name.lower())


def _agrees(paper: Paper, record: Paper, *, short: bool) -> bool:
    """Whether nothing tells two records of one title apart; a short title needs more than that."""
    if paper.year and record.year and abs(paper.year - record.year) > _YEARS_APART:
        return False
    ours, theirs = set(map(_surname, paper.authors)), set(map(_surname, record.authors))
    if ours and theirs:
        return bool(ours & theirs)
    return not short or bool(paper.year and paper.year == record.year)


def _apart(paper: Paper, record: Paper) -> int:
    return abs((paper.year or 0) - (record.year or 0)) if paper.year and record.year else _YEARS_APART


def _surname(author: str) -> str:
    return match_key(split_name(author).family)


def _alike(key: str, paper: Paper) -> float:
    """How like two titles are; 0 where a number differs."""
    title = match_key(readable(paper.title or ""))
    if not title or not 0.85 <= len(key) / len(title) <= 1.18 or _numbers(key) != _numbers(title):
        return 0.0
    matcher = difflib.SequenceMatcher(None, key, title, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= _ALIKE else 0.0


def _numbers(key: str) -> list[str]:
    return sorted(_NUMBER.findall(key))


def _stands(title: str, key: str, paper: Paper, text: str) -> bool:
    """Whether a title stands in a reference; a short one together with an author or the year."""
    if title in key:
        known = any(_surname(a) and _surname(a) in key for a in paper.authors)
        return len(title) >= _SHORT or known or bool(paper.year and str(paper.year) in text)
    if len(title) < 2 * _SHORT or len(key) > 5000:
        return False
    blocks = difflib.SequenceMatcher(None, title, key, autojunk=False).get_matching_blocks()
    long = [b for b in blocks if b.size >= 4]
    if not long or sum(b.size for b in long) < _ALIKE * len(title):
        return False
    there = key[max(0, long[0].b - long[0].a) : long[-1].b + len(title) - long[-1].a]
    return len(there) <= 1.1 * len(title) and _numbers(there) == _numbers(title)
