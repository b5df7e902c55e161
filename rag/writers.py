"""Ways to turn a plan into statements: sentences alone, one digest a paper, or a whole draft.

A writer yields lists of checked statements as they are made. Which one a model gets is a
property of its row in `rag.llms.table`; nothing else knows the difference.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from itertools import chain
from typing import Protocol

from index.cleaning import readable
from rag.digest import Digester
from rag.plan import Plan
from rag.question import Kind
from rag.statements import StatementMaker
from rag.terms import content_stems, numbers
from rag.types import Evidence, Sentence, Statement

_MANY = 3  # papers, of which the first is quoted at once


class Writer(Protocol):
    """Makes the statements of an answer."""

    verify_ms: int

    def write(self, question: str, plan: Plan, stop: threading.Event) -> Iterator[list[Statement]]:
        """Lists of statements, in the order of the answer; each is verified."""
        ...


class ExtractiveWriter:
    """The abstracts' own sentences in the third person; needs no model."""

    def __init__(self, maker: StatementMaker) -> None:
        self._maker = maker
        self.verify_ms = 0

    def write(self, question: str, plan: Plan, stop: threading.Event) -> Iterator[list[Statement]]:
        """See `Writer.write`."""
        for evidence in plan.evidence:
            if stop.is_set():
                return
            yield quoted(self._maker, question, plan.kind, evidence)


class DigestWriter:
    """A model words one paper at a time; where its sentence does not hold, the abstract speaks."""

    def __init__(self, maker: StatementMaker, digester: Digester) -> None:
        self._maker = maker
        self._digester = digester
        self._quoting = ExtractiveWriter(maker)
        self.verify_ms = 0

    def write(self, question: str, plan: Plan, stop: threading.Event) -> Iterator[list[Statement]]:
        """See `Writer.write`."""
        if not _worth_drafting(plan):
            yield from self._quoting.write(question, plan, stop)
            return
        at_once = int(
            len(plan.evidence) >= _MANY
        )  # nobody waits for the model before there is something to read
        spent = 0.0
        drafts = self._digester.digest(question, plan.evidence[at_once:], stop)
        for evidence, draft in zip(plan.evidence, chain([""] * at_once, drafts), strict=True):
            if stop.is_set():
                return
            started = time.monotonic()
            made = self._statements(question, plan.kind, evidence, draft)
            spent += time.monotonic() - started
            self.verify_ms = round(spent * 1000)
            yield made

    def _statements(self, question: str, kind: Kind, evidence: Evidence, draft: str) -> list[Statement]:
        statement = self._maker.from_draft(draft, evidence) if draft else None
        fallback = quoted(self._maker, question, kind, evidence)
        if statement is None or (kind is Kind.FACT and not _answers_as_well(statement, evidence)):
            return fallback
        return [statement]


def _worth_drafting(plan: Plan) -> bool:
    """Whether one sentence can say it all: a comparison needs two a paper, and so do two facts.

    A fact without a figure is quoted too: that a draft holds the answer could not be checked.
    """
    if plan.kind is Kind.FACT:
        sentences = plan.evidence[0].sentences
        return len(sentences) == 1 and bool(numbers(readable(sentences[0].text)))
    return plan.kind is not Kind.COMPARE


def quoted(maker: StatementMaker, question: str, kind: Kind, evidence: Evidence) -> list[Statement]:
    """The evidence in its own words: the best sentence, or for facts and comparisons all chosen ones."""
    if kind in (Kind.FACT, Kind.COMPARE):
        chosen = tuple(sorted(evidence.sentences, key=lambda s: -s.score if kind is Kind.FACT else s.start))
    else:
        chosen = (evidence.best,)
    return [maker.from_sentence(sentence, evidence) for sentence in _apart(chosen)]


def _apart(sentences: tuple[Sentence, ...]) -> list[Sentence]:
    """Sentences without those whose words another one already holds."""
    kept: list[Sentence] = []
    for sentence in sentences:
        stems = set(content_stems(readable(sentence.text)))
        if not any(stems <= set(content_stems(readable(k.text))) for k in kept):
            kept.append(sentence)
    return kept


def _answers_as_well(statement: Statement, evidence: Evidence) -> bool:
    """Whether a draft keeps all figures of the evidence: the one asked for must be among them."""
    said = {n.value for n in numbers(statement.text)}
    figures = {n.value for s in evidence.sentences for n in numbers(readable(s.text))}
    return bool(figures) and figures <= said
