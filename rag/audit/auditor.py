"""The audit: reads a draft and its bibliography, judges every citation, raises flags.

Uncited sentences that make a claim are looked up, and a paper is suggested only where one supports the
sentence by both witnesses and is not cited in its paragraph already.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from index.library import Library
from index.types import Paper
from rag.audit.claimed import is_claim
from rag.audit.contrast import Rarity
from rag.audit.draft import Cite, Draft, DraftSentence
from rag.audit.flags import Flagger
from rag.audit.judge import Judge, Judgement
from rag.audit.report import Audit, CheckedCitation, CheckedSentence, CitationVerdict, Flag, FlagKind
from rag.audit.resolve import Resolver
from rag.audit.sources import Bibliography, gather
from rag.audit.table import read_draft
from rag.claims import ClaimFinder
from rag.verify import Verifier

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
        flags = tuple(run.flagger.of_draft())
        problems = [*((p.path or draft.path, p) for p in draft.problems), *bib.problems]
        return draft, Audit(
            draft.path, draft.format, tuple(bib.paths), sentences, flags, tuple(problems),
            len(draft.sentences), time.monotonic() - began,
        )  # fmt: skip


def make_auditor(
    library: Library, verifier: Verifier, finder: ClaimFinder, rarity: Rarity, key: Callable[[Paper], str]
) -> Auditor:
    """An auditor of one library. :param key: the citation key of one of its papers."""
    return Auditor(Resolver(library, key), Judge(verifier, finder, rarity, key))


class _Run:
    """One audit: what was resolved so far, and what the paragraph at hand cites."""

    def __init__(self, resolver: Resolver, judge: Judge, draft: Draft, bib: Bibliography) -> None:
        self._resolver, self._judge, self._draft, self._bib = resolver, judge, draft, bib
        self._found: dict[str, Paper | None] = {}
        self.flagger = Flagger(draft, bib, self.paper)

    def paper(self, key: str) -> Paper | None:
        """The library's paper of a key, looked up once."""
        if key not in self._found:
            entry = self._bib.entries.get(key)
            alone = not self._bib.entries
            self._found[key] = (
                self._resolver.entry(entry) if entry else self._resolver.own_key(key) if alone else None
            )
        return self._found[key]

    def sentences(self, progress: Progress | None) -> Iterator[CheckedSentence]:
        """What is to be said of each sentence, in order."""
        total = len(self._draft.sentences)
        for number, (sentence, around) in enumerate(self._with_paragraphs()):
            if progress is not None:
                progress(number, total, "checking")
            if sentence.cites:
                yield self._cited(number, sentence)
            elif is_claim(sentence):
                suggestions = self._judge.suggest(sentence.text, around)
                if suggestions:
                    yield CheckedSentence(number, sentence, (), suggestions)
        if progress is not None:
            progress(total, total, "checking")

    def _with_paragraphs(self) -> Iterator[tuple[DraftSentence, frozenset[str]]]:
        """Each sentence with the ids of the papers that its paragraph cites."""
        paragraphs: list[list[DraftSentence]] = []
        for sentence in self._draft.sentences:
            if not sentence.follows or not paragraphs:
                paragraphs.append([])
            paragraphs[-1].append(sentence)
        for paragraph in paragraphs:
            papers = [self.paper(c.key) for s in paragraph for c in s.cites]
            around = frozenset(p.id for p in papers if p is not None)
            yield from ((sentence, around) for sentence in paragraph)

    def _cited(self, number: int, sentence: DraftSentence) -> CheckedSentence:
        papers = {c.key: self.paper(c.key) for c in sentence.cites}
        judged = self._judge.judge(sentence, papers)
        citations = tuple(_citation(c, papers[c.key], judged.get((c.key, c.group))) for c in sentence.cites)
        flags = {(f.kind, f.key): f for c in sentence.cites for f in self.flagger.of_cite(c)}
        for cite in sentence.cites:
            path = cite.path or self._draft.path
            for flag in _number_flags(cite, judged.get((cite.key, cite.group)), path):
                flags.setdefault((flag.kind, flag.why), flag)
        return CheckedSentence(number, sentence, citations, (), tuple(flags.values()))


def _citation(cite: Cite, paper: Paper | None, found: Judgement | None) -> CheckedCitation:
    if paper is None:
        return CheckedCitation(cite.key, cite.line, CitationVerdict.NOT_IN_LIBRARY)
    if found is None:
        return CheckedCitation(cite.key, cite.line, CitationVerdict.NO_ABSTRACT, paper)
    quote = paper.abstract[found.start : found.end]
    return CheckedCitation(
        cite.key, cite.line, found.verdict, paper, found.support, found.why, quote, found.start, found.end
    )


def _number_flags(cite: Cite, found: Judgement | None, path: str) -> Iterator[Flag]:
    for number in found.numbers if found else ():
        held = f"the abstract has {number.held}" if number.held else "the abstract has no such number"
        yield Flag(FlagKind.NUMBER_DIFFERS, cite.key, cite.line, f"{number.said} here; {held}", path)
