"""Who says whether papers support a statement: a protocol, and Ibid's own checks behind it."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from index.cleaning import readable
from index.types import Paper
from rag.terms import content_stems
from rag.types import Verdict
from rag.verify import Verifier

_NAMING = 10  # words around a title in a statement that names a paper


class SupportJudge(Protocol):
    """Says whether a statement follows from papers taken together."""

    @property
    def name(self) -> str:
        """How the judge is called in settings."""
        ...

    def supports(self, statement: str, papers: Sequence[Paper]) -> bool:
        """Whether the papers, read together, say what the statement says. No papers support nothing."""
        ...


class VerifierJudge:
    """Ibid's own verification as judge: lexical support, not entailment.

    Ibid checks its answers with the same rules before it shows them, so for its own answers these
    figures tell whether the published form still holds; they are no outside opinion. Papers support a
    statement together when one of them does, or when their abstracts do as one text.
    """

    name = "ibid-verifier"

    def __init__(self, papers: Sequence[Paper]) -> None:
        self._verifier = Verifier(CorpusRarity(papers))

    def supports(self, statement: str, papers: Sequence[Paper]) -> bool:
        """See `SupportJudge.supports`; support in part counts as none."""
        text = readable(statement)
        if any(_names(text, paper) for paper in papers):
            return True
        if any(self._holds(text, paper) for paper in papers):
            return True
        return len(papers) > 1 and self._holds(text, _together(papers))

    def _holds(self, text: str, paper: Paper) -> bool:
        return self._verifier.check(text, [paper]).verdict is Verdict.SUPPORTED


def _names(text: str, paper: Paper) -> bool:
    """Whether a statement does no more than name a paper by its title: "The closest match is “Tides”."."""
    title = readable(paper.title or "")
    if not title or f"“{title}”" not in text:
        return False
    rest = text.replace(title, "")
    return len(rest.split()) <= _NAMING and not re.search(r"\d", rest)


class CorpusRarity:
    """Inverse document frequency of stems over papers: ln(1 + (N + 1) / (1 + n)), as over a library."""

    def __init__(self, papers: Sequence[Paper]) -> None:
        self._total = len(papers)
        self._holding = Counter(
            stem
            for paper in papers
            for stem in set(content_stems(readable(f"{paper.title or ''} {paper.abstract}")))
        )

    def __call__(self, stem: str) -> float:
        """The weight of a stem; always positive."""
        return math.log(1 + (self._total + 1) / (1 + self._holding[stem]))


def _together(papers: Sequence[Paper]) -> Paper:
    return Paper(
        id="+".join(paper.id for paper in papers),
        title="; ".join(paper.title for paper in papers if paper.title) or None,
        abstract="\n".join(paper.abstract for paper in papers),
    )
