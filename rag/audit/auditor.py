"""The audit: reads a draft and its bibliography, judges every citation, raises flags."""

from __future__ import annotations

import difflib
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from index.types import Paper, Problem
from rag.audit.draft import Cite, Draft, DraftSentence
from rag.audit.judge import Judge, Judgement
from rag.audit.report import (
    Audit,
    CheckedCitation,
    CheckedSentence,
    CitationVerdict,
    Flag,
    FlagKind,
)
from rag.audit.resolve import Resolver, identity
from rag.audit.sources import Bibliography, gather
from rag.audit.table import read_draft

Progress = Callable[[int, int, str], None]


class Auditor:
    """Audits drafts against one library."""

    def __init__(self, resolver: Resolver, judge: Judge) -> None:
        self._resolver = resolver
        self._judge = judge

    def check(
        self, path: Path, bibliographies: Sequence[Path] = (), progress: Progress | None = None
    ) -> tuple[Draft, Audit]:
        """The draft as it was read, and its audit. :raises ReadError: a file cannot be read."""
        began = time.monotonic()
        draft = read_draft(path)
        bib = gather(draft, bibliographies)
        run = _Run(self._resolver, self._judge, draft, bib)
        sentences = tuple(run.sentences(progress))
        problems = [*((draft.path, p) for p in draft.problems), *bib.problems]
        return draft, Audit(
            draft.path, draft.format, tuple(bib.paths), sentences, tuple(run.flags()), tuple(problems),
            len(draft.sentences), time.monotonic() - began,
        )  # fmt: skip


class _Run:
    """One audit: what was resolved so far, and the places that cite it."""

    def __init__(self, resolver: Resolver, judge: Judge, draft: Draft, bib: Bibliography) -> None:
        self._resolver, self._judge, self._draft, self._bib = resolver, judge, draft, bib
        self._found: dict[str, Paper | None] = {}

    def paper(self, key: str) -> Paper | None:
        """The library's paper of a key, looked up once."""
        if key not in self._found:
            entry = self._bib.entries.get(key)
            self._found[key] = self._resolver.entry(entry) if entry else self._resolver.own_key(key)
        return self._found[key]

    def exists(self, key: str) -> bool:
        """Whether the bibliography has the key; without one, whether the library has."""
        return key in self._bib.entries or (not self._bib.entries and self.paper(key) is not None)

    def sentences(self, progress: Progress | None) -> Iterator[CheckedSentence]:
        """What is to be said of each sentence, in order."""
        total = len(self._draft.sentences)
        for number, sentence in enumerate(self._draft.sentences):
            if progress is not None:
                progress(number, total, "checking")
            if sentence.cites:
                yield self._cited(number, sentence)
        if progress is not None:
            progress(total, total, "checking")

    def _cited(self, number: int, sentence: DraftSentence) -> CheckedSentence:
        papers = {c.key: self.paper(c.key) for c in sentence.cites if self.exists(c.key)}
        known = {p.id: p for p in papers.values() if p is not None}
        judged = self._judge.judge(sentence.text, list(known.values())) if known else {}
        citations = tuple(_citation(c, papers.get(c.key), judged) for c in sentence.cites)
        flags = [self._missing(c) for c in sentence.cites if c.key not in papers]
        return CheckedSentence(number, sentence, citations, (), tuple(flags))

    def _missing(self, cite: Cite) -> Flag:
        near = difflib.get_close_matches(cite.key, list(self._bib.entries), 1, 0.8)
        where = " or ".join(self._bib.paths) or ("its reference list" if self._bib.entries else "the library")
        why = f"no entry has this key in {where}" + (f"; did you mean {near[0]}?" if near else "")
        return Flag(FlagKind.MISSING_KEY, cite.key, cite.line, why, self._draft.path)

    def flags(self) -> Iterator[Flag]:
        """Those of no one sentence."""
        yield from (self._missing(c) for c in self._draft.loose if not self.exists(c.key))


def _citation(cite: Cite, paper: Paper | None, judged: dict[str, Judgement]) -> CheckedCitation:
    if paper is None:
        return CheckedCitation(cite.key, cite.line, CitationVerdict.NOT_IN_LIBRARY)
    found = judged.get(paper.id)
    if found is None:
        return CheckedCitation(cite.key, cite.line, CitationVerdict.NO_ABSTRACT, paper)
    quote = paper.abstract[found.start : found.end]
    return CheckedCitation(
        cite.key, cite.line, found.verdict, paper, found.support, found.why, quote, found.start, found.end
    )
