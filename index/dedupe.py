"""One paper met twice: found by identifiers, title or abstract, merged without losing its sources.

A shared key only nominates; `same_paper` decides. Two papers that share no more than a generic
title ("Editorial", "A survey of …") and whose abstracts differ stay two papers. What a person has to
decide (`index.likeness.Likeness.DOUBTFUL`) stays two as well, and is listed by `index.duplicates`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from index.cleaning import match_key
from index.likeness import (
    PREFIX_KEY,
    TELLING_TITLE_KEY,
    TITLE_KEY,
    Likeness,
    compare,
    is_derived,
    is_preprint,
    skeleton,
)
from index.types import Paper

ABSTRACT_KEY = 80
MAX_CANDIDATES = 50  # compared for one key, so that a thousand "Introduction"s stay linear
VERSIONS = "versions"  # in `extra`: the other identifiers of a work, of its preprint or its article


def identity_keys(paper: Paper) -> tuple[str, ...]:
    """What may be shared with another record of the same paper; each key carries its kind.

    `id:` own id, `doi:`, `arxiv:`, `pmid:`, `t:` title, `s:` and `e:` its first and last letters, `p:` year,
    volume and page, `a:` hash of the abstract, `x:` hash of its first letters. Store them beside the
    paper to find it again.
    """
    keys = [] if is_derived(paper.id) else [f"id:{paper.id}"]
    for kind, value in (("doi", paper.doi), ("arxiv", paper.arxiv_id), ("pmid", paper.pmid)):
        if value:
            keys.append(f"{kind}:{value.lower()}")
    title, abstract = match_key(paper.title or ""), match_key(paper.abstract)
    if len(title) >= TITLE_KEY:
        keys.append(f"t:{title if len(title) <= 200 else _hash(title)}")
    bare = skeleton(paper.title or "")
    if len(bare) >= TELLING_TITLE_KEY:
        keys += [f"s:{bare[:TELLING_TITLE_KEY]}", f"e:{bare[-TELLING_TITLE_KEY:]}"]
    if paper.volume and paper.pages and paper.year:
        page = re.split(r"[-–,]", paper.pages)[0].strip()
        keys.append(f"p:{paper.year}:{paper.volume}:{page}"[:80])
    if len(abstract) >= ABSTRACT_KEY:
        keys.append(f"a:{_hash(abstract)}")
    if len(abstract) >= PREFIX_KEY:
        keys.append(f"x:{_hash(abstract[:PREFIX_KEY])}")
    return tuple(keys)


def record_key(paper: Paper) -> str:
    """What tells a record from any other of the same paper, to know it again after a person decided."""
    parts = (match_key(paper.title or ""), match_key(paper.abstract), paper.doi, paper.pmid, paper.arxiv_id)
    return "r:" + _hash("\n".join(str(part or "").lower() for part in (*parts, paper.year)))


def same_paper(a: Paper, b: Paper) -> bool:
    """Whether two records that share a key are certainly one paper."""
    return compare(a, b) is Likeness.SAME


def merge(a: Paper, b: Paper, keep_id: str | None = None) -> Paper:
    """The fuller record, its gaps filled from the other, with the sources of both.

    Of a preprint and its article the article is shown, and the preprint's identifiers are kept among
    the versions. `keep_id` is the id of the one that is stored already, if one is.
    """
    best, other = (b, a) if _rank(b, a) > _rank(a, b) else (a, b)
    gaps = {
        name: getattr(other, name) for name in _FILLED if not getattr(best, name) and getattr(other, name)
    }
    if best.year is not None and other.year != best.year:
        gaps.pop("date", None)  # another record's date would contradict the year
    if is_preprint(best) != is_preprint(other):
        gaps = {
            name: value for name, value in gaps.items() if name not in ("volume", "issue", "pages", "type")
        }
    extra = {**other.extra, **best.extra}
    if versions := _versions(best, other):
        extra[VERSIONS] = versions
    sources = tuple(dict.fromkeys((*a.sources, *b.sources)))
    retracted = a.retracted or b.retracted
    return replace(best, id=keep_id or best.id, sources=sources, extra=extra, retracted=retracted, **gaps)


_FILLED = (
    "title", "abstract", "authors", "year", "date", "venue", "doi", "pmid", "arxiv_id", "url", "key", "type",
    "volume", "issue", "pages", "publisher", "keywords",
)  # fmt: skip


def _rank(paper: Paper, other: Paper) -> tuple[bool, ...] | tuple[object, ...]:
    """What makes one of two records the one that is shown."""
    article = is_preprint(other) and not is_preprint(paper) and bool(paper.doi or paper.pmid)
    return (article, *_fullness(paper))


def _versions(best: Paper, other: Paper) -> list[str]:
    """Where else the work is: identifiers that the record shown lacks, each with its venue and year."""
    found = [*(best.extra.get(VERSIONS) or ()), *(other.extra.get(VERSIONS) or ())]
    differ = other.doi and best.doi and other.doi.lower() != best.doi.lower()
    if differ or (is_preprint(best) != is_preprint(other)):
        name = f"doi:{other.doi}" if other.doi else f"arxiv:{other.arxiv_id}" if other.arxiv_id else other.url
        if name:
            about = ", ".join(str(part) for part in (other.venue, other.year) if part)
            found.append(f"{name} ({about})" if about else name)
    return [text for text in dict.fromkeys(found) if text.split(" ")[0] != f"doi:{best.doi}"]


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
