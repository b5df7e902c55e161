"""One paper met twice: found by identifiers, title or abstract, merged without losing its sources.

A shared key only nominates; `same_paper` decides. Two papers that share no more than a generic
title ("Editorial", "A survey of …") and whose abstracts differ stay two papers.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from index.cleaning import match_key
from index.types import Paper

TITLE_KEY = 12  # letters and digits: a shorter title identifies nothing
ABSTRACT_KEY = 80
PREFIX_KEY = 300  # of an abstract, to find the whole of one that was cut
CUT_SLACK = 20  # letters at a cut that may be half a word or half a command
MAX_CANDIDATES = 50  # compared for one key, so that a thousand "Introduction"s stay linear
SIMILAR = 0.6  # Jaccard of words, above which two abstracts are versions of one

FindStored = Callable[[Sequence[str]], Iterable[Paper]]


def identity_keys(paper: Paper) -> tuple[str, ...]:
    """What may be shared with another record of the same paper; each key carries its kind.

    `id:` own id, `doi:`, `arxiv:`, `pmid:`, `t:` title, `a:` hash of the abstract, `x:` hash of
    its first letters. Store them beside the paper to find it again.
    """
    keys = [] if _is_derived(paper.id) else [f"id:{paper.id}"]
    for kind, value in (("doi", paper.doi), ("arxiv", paper.arxiv_id), ("pmid", paper.pmid)):
        if value:
            keys.append(f"{kind}:{value.lower()}")
    title, abstract = match_key(paper.title or ""), match_key(paper.abstract)
    if len(title) >= TITLE_KEY:
        keys.append(f"t:{title if len(title) <= 200 else _hash(title)}")
    if len(abstract) >= ABSTRACT_KEY:
        keys.append(f"a:{_hash(abstract)}")
    if len(abstract) >= PREFIX_KEY:
        keys.append(f"x:{_hash(abstract[:PREFIX_KEY])}")
    return tuple(keys)


def same_paper(a: Paper, b: Paper) -> bool:
    """Whether two records that share a key are one paper."""
    title_a, title_b = match_key(a.title or ""), match_key(b.title or "")
    abstract_a, abstract_b = match_key(a.abstract), match_key(b.abstract)
    same_title = bool(title_a) and title_a == title_b
    same_text = _same_text(abstract_a, abstract_b, a, b)
    titles_agree = not (title_a and title_b) or same_title or _similar(a.title or "", b.title or "")
    if _share_identifier(a, b):
        return titles_agree or same_text or not (abstract_a and abstract_b)
    if same_title and len(title_a) >= TITLE_KEY:
        unknown = not (abstract_a and abstract_b) and not _identifiers_differ(a, b)
        return unknown or same_text or _similar(a.abstract, b.abstract) or _same_authors(a, b)
    # The same long text under two titles is a retitled version; a short one is boilerplate.
    return same_text and (titles_agree or min(len(abstract_a), len(abstract_b)) >= 400)


def merge(a: Paper, b: Paper, keep_id: str | None = None) -> Paper:
    """The fuller record, its gaps filled from the other, with the sources of both.

    `keep_id` is the id of the one that is stored already, if one is.
    """
    best, other = (b, a) if _fullness(b) > _fullness(a) else (a, b)
    gaps = {
        name: getattr(other, name)
        for name in ("title", "authors", "year", "date", "venue", "doi", "pmid", "arxiv_id", "url", "key")
        if not getattr(best, name) and getattr(other, name)
    }
    if best.year is not None and other.year != best.year:
        gaps.pop("date", None)  # another record's date would contradict the year
    sources = tuple(dict.fromkeys((*a.sources, *b.sources)))
    extra = {**other.extra, **best.extra}
    return replace(best, id=keep_id or best.id, sources=sources, extra=extra, **gaps)


@dataclass(slots=True)
class Deduper:
    """Takes papers one by one and tells new ones from those met before, here or in the library.

    `find_stored(keys)` gives the library's papers that carry any of the keys. Afterwards `new`
    are the papers to add, `changed` the stored ones that a duplicate made fuller or gave a source.
    """

    find_stored: FindStored = lambda keys: ()
    _papers: dict[int, Paper] = field(default_factory=dict)  # by slot; slots only grow
    _stored_slots: set[int] = field(default_factory=set)
    _originals: dict[int, Paper] = field(default_factory=dict)
    _slots: dict[str, list[int]] = field(default_factory=dict)  # key -> slots
    _ids: dict[str, int] = field(default_factory=dict)  # paper id -> slot
    _next: int = 0

    @property
    def new(self) -> list[Paper]:
        """Papers that no library paper matched, in the order in which they were first met."""
        return [paper for slot, paper in self._papers.items() if slot not in self._stored_slots]

    @property
    def changed(self) -> list[Paper]:
        """Stored papers whose record is different now; their ids are kept."""
        return [self._papers[s] for s in self._stored_slots if self._papers[s] != self._originals[s]]

    def add(self, paper: Paper) -> bool:
        """Take a paper; True when it is new, False when it is one met before."""
        keys = identity_keys(paper)
        self._load_stored(keys, paper.id)
        matches = [slot for slot in self._candidates(keys) if same_paper(self._papers[slot], paper)]
        if not matches:
            slot = self._place(self._with_free_id(paper))
            self._index(slot, keys)
            return True
        slot = min(matches, key=lambda s: (s not in self._stored_slots, s))
        self._absorb(slot, paper)
        for other in matches:  # the paper may bridge two that looked different until now
            if other != slot and other not in self._stored_slots and other in self._papers:
                if same_paper(self._papers[slot], self._papers[other]):
                    self._absorb(slot, self._drop(other))
        return False

    def _candidates(self, keys: Sequence[str]) -> list[int]:
        found: dict[int, None] = {}
        for key in keys:
            for slot in self._slots.get(key, ())[:MAX_CANDIDATES]:
                if slot in self._papers:
                    found[slot] = None
        return list(found)

    def _absorb(self, slot: int, paper: Paper) -> None:
        kept = self._papers[slot]
        merged = merge(kept, paper, keep_id=kept.id)
        self._papers[slot] = merged
        self._index(slot, identity_keys(merged) + identity_keys(paper))

    def _drop(self, slot: int) -> Paper:
        paper = self._papers.pop(slot)
        self._ids.pop(paper.id, None)
        return paper

    def _place(self, paper: Paper) -> int:
        slot, self._next = self._next, self._next + 1
        self._papers[slot] = paper
        self._ids[paper.id] = slot
        return slot

    def _index(self, slot: int, keys: Iterable[str]) -> None:
        for key in keys:
            slots = self._slots.setdefault(key, [])
            if slot not in slots[-MAX_CANDIDATES:]:
                slots.append(slot)

    def _load_stored(self, keys: Sequence[str], paper_id: str) -> None:
        """Bring in the library's candidates once, so that they are met like any other paper."""
        for stored in self.find_stored((*keys, f"id:{paper_id}")):
            if stored.id not in self._ids:
                slot = self._place(stored)
                self._stored_slots.add(slot)
                self._originals[slot] = stored
                self._index(slot, identity_keys(stored))

    def _with_free_id(self, paper: Paper) -> Paper:
        """The paper, under another id if a different paper has its own (two files numbered from 1)."""
        if paper.id not in self._ids:
            return paper
        content = _hash(f"{match_key(paper.title or '')}\n{match_key(paper.abstract)}")
        return replace(paper, id=f"{paper.id}-{content[:8]}")


def fold(papers: Iterable[Paper]) -> tuple[list[Paper], int]:
    """The different papers of one batch, in order, and how many duplicates were merged into them."""
    deduper, count = Deduper(), 0
    for paper in papers:
        deduper.add(paper)
        count += 1
    unique = deduper.new
    return unique, count - len(unique)


def _is_derived(paper_id: str) -> bool:
    return bool(re.fullmatch(r"p-[0-9a-f]{12}|(doi|arxiv|pmid):.+", paper_id))


def _hash(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def _fullness(paper: Paper) -> tuple[bool, bool, int, int]:
    fields = (
        paper.authors,
        paper.year,
        paper.date,
        paper.venue,
        paper.doi,
        paper.pmid,
        paper.arxiv_id,
        paper.url,
    )
    return bool(paper.title), not paper.truncated, len(match_key(paper.abstract)), sum(map(bool, fields))


def _share_identifier(a: Paper, b: Paper) -> bool:
    own = a.id == b.id and not _is_derived(a.id)
    return own or any(x and x == y for x, y in _identifier_pairs(a, b))


def _identifiers_differ(a: Paper, b: Paper) -> bool:
    return any(x and y and x != y for x, y in _identifier_pairs(a, b))


def _identifier_pairs(a: Paper, b: Paper) -> list[tuple[str, str]]:
    pairs = ((a.doi, b.doi), (a.arxiv_id, b.arxiv_id), (a.pmid, b.pmid))
    return [((x or "").lower(), (y or "").lower()) for x, y in pairs]


def _same_text(a: str, b: str, paper_a: Paper, paper_b: Paper) -> bool:
    """Equal abstracts, or one that is the other cut off. `a` and `b` are match keys."""
    if len(a) < ABSTRACT_KEY or len(b) < ABSTRACT_KEY:
        return bool(a) and a == b
    short, long, cut = (a, b, paper_a.truncated) if len(a) <= len(b) else (b, a, paper_b.truncated)
    if short == long:
        return True
    stem = short[: max(PREFIX_KEY, len(short) - CUT_SLACK)]
    return cut and len(short) >= PREFIX_KEY and long.startswith(stem)


def _similar(a: str, b: str) -> bool:
    words_a, words_b = (set(re.findall(r"\w+", text.casefold())) for text in (a, b))
    union = words_a | words_b
    return bool(union) and len(words_a & words_b) / len(union) >= SIMILAR


def _same_authors(a: Paper, b: Paper) -> bool:
    """Whether the first two author names agree; only with as many known on both sides."""
    first = [tuple(match_key(name) for name in paper.authors[:2]) for paper in (a, b)]
    return bool(first[0]) and first[0] == first[1] and not _identifiers_differ(a, b)
