"""One paper met twice: found by identifiers, title or abstract, merged without losing its sources.

A shared key only nominates; `same_paper` decides. Two papers that share no more than a generic
title ("Editorial", "A survey of …") and whose abstracts differ stay two papers.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from index.cleaning import match_key
from index.types import Paper

TITLE_KEY = 12  # letters and digits: a shorter title identifies nothing
TELLING_TITLE_KEY = 24  # a shorter title alone ("Books Received") is not enough
LONG_TITLE_KEY = 40  # yearly reports repeat a shorter one
ABSTRACT_KEY = 80
PREFIX_KEY = 300  # of an abstract, to find the whole of one that was cut
CUT_SLACK = 20  # letters at a cut that may be half a word or half a command
MAX_CANDIDATES = 50  # compared for one key, so that a thousand "Introduction"s stay linear
SIMILAR = 0.6  # Jaccard of words, above which two abstracts are versions of one


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
    """Whether two records that share a key are one paper.

    In doubt they stay two: a paper listed twice is a blemish, one that swallowed another is lost.
    """
    title_a, title_b = match_key(a.title or ""), match_key(b.title or "")
    same_title = title_a == title_b
    titles_agree = (
        title_a.startswith(title_b)  # also when one is missing, or lacks its subtitle
        or title_b.startswith(title_a)
        or _similar(a.title or "", b.title or "")
    )
    same_text = _same_text(a, b)
    if _share_identifier(a, b):
        return titles_agree or same_text
    if not titles_agree or _strangers(a, b):
        return False
    if same_text or not same_title or len(title_a) < TITLE_KEY:
        return same_text
    if a.abstract and b.abstract:
        return _similar(a.abstract, b.abstract) or _same_authors(a, b)
    telling = len(title_a) >= TELLING_TITLE_KEY or bool(a.authors and b.authors)
    return telling and not _identifiers_differ(a, b) and _years_agree(a, b, len(title_a))


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


def fold(papers: Iterable[Paper]) -> tuple[list[Paper], int]:
    """The different papers of one batch, in order, and how many duplicates were merged into them."""
    batch, count = _Batch(), 0
    for paper in papers:
        batch.take(paper)
        count += 1
    return list(batch.papers.values()), count - len(batch.papers)


@dataclass(slots=True)
class _Batch:
    """Different papers by slot (slots only grow), and the slots that each identity key leads to."""

    papers: dict[int, Paper] = field(default_factory=dict)
    slots: dict[str, list[int]] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    last: int = 0

    def take(self, paper: Paper) -> None:
        keys = identity_keys(paper)
        found = dict.fromkeys(s for key in keys for s in self.slots.get(key, ())[:MAX_CANDIDATES])
        found.setdefault(self.ids.get(paper.id, 0))  # a short record has no other key
        matches = [s for s in found if s in self.papers and same_paper(self.papers[s], paper)]
        slot = min(matches, default=0) or self._place(paper)
        if matches:
            self._absorb(slot, paper)
        for other in matches:  # the paper may bridge two that looked different until now
            if other != slot and same_paper(self.papers[slot], self.papers[other]):
                self._absorb(slot, self.papers.pop(other))
        self._index(slot, (*keys, *identity_keys(self.papers[slot])))

    def _place(self, paper: Paper) -> int:
        """A slot of its own, under another id if a different paper has the paper's."""
        if paper.id in self.ids:
            paper = replace(paper, id=f"{paper.id}-{_hash(match_key(paper.label) + paper.abstract)[:8]}")
        self.last += 1
        self.ids[paper.id] = self.last
        self.papers[self.last] = paper
        return self.last

    def _absorb(self, slot: int, paper: Paper) -> None:
        kept = self.papers[slot]
        self.papers[slot] = merge(kept, paper, keep_id=kept.id)

    def _index(self, slot: int, keys: Iterable[str]) -> None:
        for key in keys:
            slots = self.slots.setdefault(key, [])
            if slot not in slots[-MAX_CANDIDATES:]:
                slots.append(slot)


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


def _same_text(a: Paper, b: Paper) -> bool:
    """Equal abstracts, or one that is the other cut off."""
    (short, cut), (long, _) = sorted(
        ((match_key(p.abstract), p.truncated) for p in (a, b)), key=lambda pair: len(pair[0])
    )
    if short == long:
        return bool(short)
    stem = short[: max(PREFIX_KEY, len(short) - CUT_SLACK)]
    return cut and len(short) >= PREFIX_KEY and long.startswith(stem)


def _similar(a: str, b: str) -> bool:
    words_a, words_b = (set(re.findall(r"\w+", text.casefold())) for text in (a, b))
    union = words_a | words_b
    return bool(union) and len(words_a & words_b) / len(union) >= SIMILAR


def _same_authors(a: Paper, b: Paper) -> bool:
    """Whether the first two author names agree, and no identifier speaks against it."""
    first = [tuple(match_key(name) for name in paper.authors[:2]) for paper in (a, b)]
    return bool(first[0]) and first[0] == first[1] and not _identifiers_differ(a, b)


def _strangers(a: Paper, b: Paper) -> bool:
    """Whether both records name authors and share none, however the names are written."""
    names = [{w for name in p.authors for w in re.findall(r"\w\w+", name.casefold())} for p in (a, b)]
    return bool(names[0] and names[1]) and not names[0] & names[1]


def _years_agree(a: Paper, b: Paper, title_key: int) -> bool:
    """Equal or unknown years; under a long title, a preprint may be one year ahead."""
    if a.year is None or b.year is None:
        return True
    return abs(a.year - b.year) <= (1 if title_key >= LONG_TITLE_KEY else 0)
