"""A half-remembered reference resolved: "Xiong 2024 iterative RAG medicine", a DOI, a mistyped title.

Identifiers decide alone. Otherwise surname, year, and words of the title are looked for one by one,
retrieval finds what was only paraphrased ("that one about ultrasound and COVID"), and every match
says why it is one.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from index.cleaning import match_key, readable
from index.errors import UsageError
from index.library import Library
from index.names import split_name
from index.types import Paper
from rag.rarity import Rarity
from rag.retrieval import Retriever
from rag.spelling import Speller
from rag.terms import content_stems
from rag.verify import credit

LONGEST = 500  # characters of a reference
_CONSIDERED = 30  # papers that retrieval brings
_READ = 50_000  # papers whose titles and authors are gone through
_LEAST = 0.15  # score below which a paper is not what was meant
_TITLE = 0.82  # difflib ratio from which a whole title counts as mistyped rather than another
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]+[^\s\"<>.,;)\]]", re.IGNORECASE)
_ARXIV = re.compile(
    r"(?:arxiv[:./ ]?(?:abs/|org/abs/)?)?\b(\d{4}\.\d{4,5}|[a-z-]+/\d{7})(?:v\d+)?\b", re.IGNORECASE
)
_PMID = re.compile(r"\b(?:pmid:? ?)(\d{4,9})\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_FILLER = re.compile(
    r"^(?:that|the|a|an|some)?\s*(?:one|paper|study|article|work|preprint)?\s*(?:about|on|by|where|that|with)\b|"
    r"\bet al\b\.?|\b(?:paper|study|article)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ReferenceMatch:
    """A paper that may be meant: how well it fits, in [0, 1], and why."""

    paper: Paper
    score: float
    why: tuple[str, ...]
    key: str

    def to_dict(self) -> dict[str, Any]:
        """A JSON-safe form."""
        paper = self.paper
        return {
            "paper_id": paper.id, "key": self.key, "title": paper.title, "year": paper.year,
            "authors": list(paper.authors), "doi": paper.doi, "score": round(self.score, 4),
            "why": list(self.why),
        }  # fmt: skip


class ReferenceFinder:
    """Resolves partial references in one library."""

    def __init__(
        self,
        library: Library,
        retriever: Retriever,
        speller: Speller,
        rarity: Rarity,
        key: Callable[[Paper], str],
    ) -> None:
        self._library = library
        self._retriever = retriever
        self._speller = speller
        self._rarity = rarity
        self._key = key

    def find(self, reference: str, k: int = 5) -> list[ReferenceMatch]:
        """The papers that may be meant, best first. :raises UsageError: nothing to look for."""
        text = " ".join(reference.split())
        if not any(c.isalnum() for c in text) or len(text) > LONGEST:
            raise UsageError('give a few words of the reference: ibid cite --ref "Xiong 2024 medicine"')
        identified = self._identified(text)
        if identified:
            return identified[:k]
        papers = {p.id: p for p in self._named(text)}
        fused: dict[str, float] = {}
        topic = self._speller.correct(_YEAR.sub(" ", _FILLER.sub(" ", text))).strip() or text
        for hit in self._retriever.search(topic, _CONSIDERED):
            papers.setdefault(hit.paper.id, hit.paper)
            fused[hit.paper.id] = 0.6 * (hit.scores.dense or 0.0) + 0.4 * (hit.scores.fused or 0.0)
        found = [self._match(text, topic, paper, fused.get(paper.id, 0.0)) for paper in papers.values()]
        found.sort(key=lambda m: (-m.score, m.paper.id))
        return [m for m in found[:k] if m.score >= _LEAST]

    def _identified(self, text: str) -> list[ReferenceMatch]:
        """The papers of a DOI, arXiv id, PubMed id, citation key or id in the text."""
        dois = {m.group().lower() for m in _DOI.finditer(text)}
        plain = _DOI.sub(" ", text)
        arxiv = {m.group(1).lower() for m in _ARXIV.finditer(plain)}
        pmids = {m.group(1) for m in _PMID.finditer(text)}
        word = text.casefold() if " " not in text else None
        found = []
        for paper in self._library.papers():
            why = []
            if paper.doi and paper.doi.lower() in dois:
                why.append(f"DOI {paper.doi}")
            if paper.arxiv_id and re.sub(r"v\d+$", "", paper.arxiv_id.lower()) in arxiv:
                why.append(f"arXiv {paper.arxiv_id}")
            if paper.pmid and paper.pmid in pmids:
                why.append(f"PMID {paper.pmid}")
            if word is not None and word in (paper.id.casefold(), self._key(paper)):
                why.append("its key")
            if why:
                found.append(ReferenceMatch(paper, 1.0, tuple(why), self._key(paper)))
        return found

    def _named(self, text: str) -> Iterable[Paper]:
        """Papers with an author of the reference, or with a title very like all of it."""
        words = set(_plain(text).split())
        key = match_key(text)
        for n, paper in enumerate(self._library.papers()):
            if n >= _READ:
                return
            if any(_surname(a) in words for a in paper.authors) or _alike(key, paper) >= _TITLE:
                yield paper

    def _match(self, text: str, topic: str, paper: Paper, fused: float) -> ReferenceMatch:
        """Parts that fit count up: author 0.3, year 0.15, words 0.4, meaning 0.3; a whole title all."""
        why: list[str] = []
        words = _plain(text).split()
        author = next((a for a in paper.authors if _surname(a) in words), None)
        score = 0.0
        if author:
            first = author == paper.authors[0]
            score += 0.3 if first else 0.2
            why.append(f"{'first author' if first else 'author'} {author}")
        years = {int(y) for y in _YEAR.findall(text)}
        if paper.year and years:
            apart = min(abs(paper.year - y) for y in years)
            score += 0.15 if apart == 0 else 0.07 if apart == 1 else -0.1
            if apart <= 1:
                why.append(f"year {paper.year}")
        used = {_surname(a) for a in paper.authors}
        wanted = frozenset(s for s in content_stems(topic) if s not in used)
        title = frozenset(content_stems(readable(paper.title or "")))
        held = title | frozenset(content_stems(readable(paper.abstract)))
        in_title, anywhere = self._share(wanted, title), self._share(wanted, held)
        score += 0.3 * in_title + 0.1 * anywhere
        shared = sorted(s for s in wanted if credit(s, held))
        if shared:
            why.append(f"words {', '.join(w for w in _words(topic, shared))}")
        score += 0.3 * fused
        alike = _alike(match_key(text), paper)
        if alike >= _TITLE:
            score = max(score, alike)
            why.insert(0, "the title" if alike > 0.99 else "the title, spelled a little differently")
        if not why and fused:
            why.append("meaning")
        return ReferenceMatch(paper, min(1.0, max(0.0, score)), tuple(why), self._key(paper))

    def _share(self, wanted: frozenset[str], held: frozenset[str]) -> float:
        total = sum(map(self._rarity, wanted))
        return sum(self._rarity(s) * credit(s, held) for s in wanted) / total if total else 0.0


def _words(text: str, stems: list[str]) -> list[str]:
    """The words of a text that have these stems, in order, each once."""
    found: dict[str, None] = {}
    for word in re.findall(r"[^\W_][\w]*", text):
        if set(content_stems(word)) & set(stems):
            found[word] = None
    return list(found)


def _alike(key: str, paper: Paper) -> float:
    """How like the whole reference is to the whole title; 0 where their lengths differ too much."""
    title = match_key(readable(paper.title or ""))
    if not title or not 0.7 <= len(key) / len(title) <= 1.4:
        return 0.0
    matcher = difflib.SequenceMatcher(None, key, title, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= _TITLE else 0.0


def _surname(author: str) -> str:
    return _plain(split_name(author).family)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub(r"[^\w'-]+", " ", re.sub(r"['’]s\b", "", bare)).strip()
