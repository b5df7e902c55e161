"""Ways to turn a plan into statements: sentences alone, one digest a paper, or a whole draft.

A writer yields lists of checked statements as they are made. Which one a model gets is a
property of its row in `rag.llms.table`; nothing else knows the difference.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Protocol

from index.cleaning import readable
from rag.digest import Digester
from rag.plan import APART, Plan
from rag.question import Kind
from rag.statements import StatementMaker
from rag.terms import content_stems, numbers
from rag.types import Evidence, Sentence, Statement

_MANY = 3  # papers, of which the first is quoted at once


class Writer(Protocol):
    """Makes the statements of an answer."""

    @property
    def verify_ms(self) -> int:
        """Milliseconds that checking took in the last answer."""
        ...

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


class ThemedWriter:
    """Another writer's statements under the headings of the plan's themes, then the plan's closing sentences.

    For writers that take the evidence in its order; a model that writes the whole answer orders it itself.
    """

    def __init__(self, inner: Writer, maker: StatementMaker) -> None:
        self._inner = inner
        self._maker = maker

    @property
    def verify_ms(self) -> int:
        """See `Writer.verify_ms`."""
        return self._inner.verify_ms

    def write(self, question: str, plan: Plan, stop: threading.Event) -> Iterator[list[Statement]]:
        """See `Writer.write`."""
        heading: str | None = None
        told: set[str] = set()
        for made in self._inner.write(question, plan, stop):
            theme = plan.headings.get(made[0].citations[0]) if made else None
            if theme != heading and made:
                made, heading = [replace(made[0], heading=theme), *made[1:]], theme
            told.update(statement.text for statement in made)
            yield made
        if plan.closing and not stop.is_set():
            yield self._closing(plan, told)

    def _closing(self, plan: Plan, told: set[str]) -> list[Statement]:
        by_number = {e.number: e for e in plan.evidence}
        made: list[Statement] = []
        heading = ""
        for closing in plan.closing:
            statement = self._maker.from_sentence(closing.sentence, by_number[closing.number])
            if statement.text not in told or closing.heading == APART:
                opens = closing.heading if closing.heading != heading else None
                made.append(replace(statement, heading=opens))
                heading = closing.heading
        return made


def _worth_drafting(plan: Plan) -> bool:
    """Whether one sentence can say it all: a comparison needs two a paper, and so do two facts.

    A fact without a figure is quoted too: that a draft holds the answer could not be checked. So is what
    says yes or no: a word dropped would turn it round.
    """
    if plan.leanings:
        return False
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
