"""Citation recall and precision (ALCE, Gao et al. 2023), strict and as ScholarQABench inherits them.

Recall is the share of statements that their citations support together. A citation is precise when its
statement is supported and it is not idle: it supports the statement alone, or the others do not without
it. A statement with a citation that names no paper is unsupported; such citations count as imprecise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.types import Paper
from rag.evaluate.judge import SupportJudge
from rag.evaluate.statistics import mean

MOST = 3  # citations of a statement that are read
SHORTEST = 50  # characters; ScholarQABench does not score shorter sentences


@dataclass(frozen=True, slots=True)
class CitedStatement:
    """A statement with the papers it cites, in order; None for a citation that names no paper."""

    text: str
    papers: tuple[Paper | None, ...]


@dataclass(frozen=True, slots=True)
class CitationQuality:
    """Recall, precision and their harmonic mean for one answer, each in [0, 1]."""

    recall: float
    precision: float

    @property
    def f1(self) -> float:
        """The harmonic mean; 0 when both are."""
        both = self.recall + self.precision
        return 2 * self.recall * self.precision / both if both else 0.0


def strict_quality(statements: Sequence[CitedStatement], judge: SupportJudge) -> CitationQuality:
    """Every statement must carry its own citations."""
    return _quality(statements, judge)


def inherited_quality(statements: Sequence[CitedStatement], judge: SupportJudge) -> CitationQuality | None:
    """An uncited statement takes over the citations before it; statements below 50 characters are left out.

    None when nothing is left.
    """
    long = [s for s in statements if len(s.text) >= SHORTEST]
    filled: list[CitedStatement] = []
    for statement in long:
        before = filled[-1].papers if filled else ()
        filled.append(CitedStatement(statement.text, statement.papers or before))
    return _quality(filled, judge) if filled else None


def _quality(statements: Sequence[CitedStatement], judge: SupportJudge) -> CitationQuality:
    supported: list[float] = []
    precise = cited = 0
    for statement in statements:
        read = statement.papers[:MOST]
        known = [paper for paper in read if paper is not None]
        holds = bool(read) and len(known) == len(read) and judge.supports(statement.text, known)
        supported.append(float(holds))
        cited += len(read)
        if holds:
            precise += sum(not _idle(statement.text, known, i, judge) for i in range(len(known)))
    return CitationQuality(mean(supported), precise / cited if cited else 0.0)


def _idle(text: str, papers: Sequence[Paper], place: int, judge: SupportJudge) -> bool:
    """Whether a citation neither supports the statement alone nor is missed by the others."""
    if len(papers) == 1 or judge.supports(text, [papers[place]]):
        return False
    return judge.supports(text, [paper for i, paper in enumerate(papers) if i != place])
