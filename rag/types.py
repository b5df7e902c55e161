"""The vocabulary of answers: what was put before the model, what it said, what held up.

Frozen values; `to_dict` gives the public shapes (`ibid.answer/1`). Offsets point into the
stored abstract: `paper.abstract[start:end] == quote`. Text fields are as stored or as the model
wrote them: every writer (terminal, page, file) escapes for its own medium.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from index.types import Paper, Scores


class Status(StrEnum):
    """How far the library answers the question."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    INSUFFICIENT = "insufficient"


class Verdict(StrEnum):
    """What verification said of a statement."""

    SUPPORTED = "supported"
    PARTLY = "partly"
    UNSUPPORTED = "unsupported"


class Origin(StrEnum):
    """Who wrote a statement: the model, the abstract itself, or Ibid's code."""

    GENERATED = "generated"
    EXTRACTED = "extracted"
    COMPOSED = "composed"


class Decision(StrEnum):
    """What is said to a question of yes or no."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an abstract with its offsets and its relevance to the question, in [0, 1]."""

    text: str
    start: int
    end: int
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """A numbered passage put before the model: the best sentences of one paper, in text order."""

    number: int
    paper: Paper
    sentences: tuple[Sentence, ...]
    scores: Scores

    @property
    def best(self) -> Sentence:
        """The sentence that bears most on the question."""
        return max(self.sentences, key=lambda s: s.score)


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer. `citations` are evidence numbers; `heading` opens its group."""

    text: str
    citations: tuple[int, ...]
    verdict: Verdict
    support: float
    origin: Origin
    heading: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The public shape; `heading` is there where the statement opens a group."""
        told: dict[str, Any] = {
            "text": self.text,
            "citations": list(self.citations),
            "verdict": self.verdict.value,
            "support": round(self.support, 4),
            "origin": self.origin.value,
        }
        return {**told, "heading": self.heading} if self.heading else told


@dataclass(frozen=True, slots=True)
class Reference:
    """A cited paper as listed under an answer, with the sentence that decides, verbatim."""

    n: int
    paper: Paper
    key: str
    quote: str
    start: int
    end: int
    scores: Scores

    def to_dict(self) -> dict[str, Any]:
        """The public shape."""
        return {
            "n": self.n,
            "paper_id": self.paper.id,
            "key": self.key,
            "title": self.paper.title,
            "year": self.paper.year,
            "quote": self.quote,
            "start": self.start,
            "end": self.end,
            "scores": scores_dict(self.scores),
        }


@dataclass(frozen=True, slots=True)
class TableCell:
    """What one paper says of one aspect, in few words, with the sentence it rests on, verbatim."""

    n: int  # of the reference
    text: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TableRow:
    """An aspect, and a cell for each column; None where the abstract does not state it."""

    aspect: str
    cells: tuple[TableCell | None, ...]


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """Papers side by side: a column a paper, by name and number of its reference, and rows of aspects."""

    names: tuple[str, ...]
    numbers: tuple[int, ...]
    rows: tuple[TableRow, ...]

    @property
    def markdown(self) -> str:
        """The table as Markdown; every cell carries its citation."""
        heads = [f"{_in_cell(name)} [{n}]" for name, n in zip(self.names, self.numbers, strict=True)]
        lines = [["", *heads], ["---"] * (len(heads) + 1)]
        lines += [[row.aspect, *map(_cell_text, row.cells)] for row in self.rows]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)

    def statements(self) -> tuple[Statement, ...]:
        """The cells as sentences of a list, for where no table can stand."""
        said = [(row.aspect, cell) for row in self.rows for cell in row.cells if cell]
        return tuple(
            Statement(f"{aspect}: {cell.text}", (cell.n,), Verdict.SUPPORTED, 1.0, Origin.EXTRACTED)
            for aspect, cell in sorted(said, key=lambda pair: self.numbers.index(pair[1].n))
        )

    def to_dict(self) -> dict[str, Any]:
        """The public shape."""
        return {
            "columns": [{"n": n, "name": name} for n, name in zip(self.numbers, self.names, strict=True)],
            "rows": [
                {
                    "aspect": row.aspect,
                    "cells": [
                        {"n": c.n, "text": c.text, "quote": c.quote, "start": c.start, "end": c.end}
                        if c
                        else None
                        for c in row.cells
                    ],
                }
                for row in self.rows
            ],
        }


NOT_STATED = "not stated in the abstract"


def _cell_text(cell: TableCell | None) -> str:
    return f"{_in_cell(cell.text)} [{cell.n}]" if cell else NOT_STATED


def _in_cell(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, whole or in the making.

    While `done` is false this is a snapshot of a running answer: `stage` says in words what is
    being done, and `statements`/`references` hold what has been verified so far. `retrieved`
    lists every paper considered (cited or not) in the form of references; `nearest` is filled
    only when the status is insufficient. `notice` says what the statements cannot: what a list of
    questions left over, an order that was not followed; of an `aside`, which no paper was asked about, it
    is the answer.
    """

    question: str
    standalone_question: str
    status: Status
    statements: tuple[Statement, ...] = ()
    references: tuple[Reference, ...] = ()
    table: AnswerTable | None = None  # of a question that compares
    nearest: tuple[Reference, ...] = ()
    retrieved: tuple[Reference, ...] = ()
    followups: tuple[str, ...] = ()
    decision: Decision | None = None  # to a question of yes or no, counted from what its papers say
    confidence: float = 0.0  # that the answer is right; of a refusal, that the library answers after all
    strategy: str = "single"
    timing_ms: Mapping[str, int] = field(default_factory=dict)
    model: Mapping[str, str] = field(default_factory=dict)
    notice: str | None = None
    layout: str = "prose"  # or "list": an item a paper
    aside: bool = False  # the notice speaks of Ibid or of the request, not of papers
    stage: str = ""
    done: bool = True

    @property
    def text(self) -> str:
        """The answer as Markdown with [n] markers; for a refusal, the sentence that says so."""
        if self.status is Status.INSUFFICIENT:
            return self.notice or NOT_ANSWERED
        parts: list[str] = []
        before: Statement | None = None
        for statement in self.statements:
            if statement.heading:
                parts.append(f"\n\n**{statement.heading}**\n\n")
            parts.append(self._lead(statement, before))
            parts.append(statement.text + "".join(f" [{n}]" for n in statement.citations))
            before = statement
        if self.table:
            parts.append(f"\n\n{self.table.markdown}")
        if self.notice and self.done:
            parts.append(f"\n\n{self.notice}")
        return "".join(parts).strip()

    @property
    def confidence_words(self) -> str:
        """The confidence in words."""
        if self.confidence >= 0.75:
            return "high confidence"
        return "moderate confidence" if self.confidence >= 0.5 else "low confidence"

    def _lead(self, statement: Statement, before: Statement | None) -> str:
        """What stands before a statement: in a list, a new item when another paper speaks."""
        alone = len(statement.citations) == 1
        opens = before is None or statement.heading or before.citations != statement.citations
        if self.layout == "list" and alone and opens:
            return "- " if statement.heading else "\n- "
        return " " if before is not None and not statement.heading else ""

    def to_dict(self) -> dict[str, Any]:
        """The public shape `ibid.answer/1`; `notice`, `table`, a `heading` only where there is one."""
        told: dict[str, Any] = {
            "schema": "ibid.answer/1",
            "question": self.question,
            "standalone_question": self.standalone_question,
            "status": self.status.value,
            "answer": self.text,
            "statements": [s.to_dict() for s in self.statements],
            "references": [r.to_dict() for r in self.references],
            "nearest": [r.to_dict() for r in self.nearest],
            "followups": list(self.followups),
            "decision": self.decision.value if self.decision else None,
            "confidence": round(self.confidence, 4),
            "strategy": self.strategy,
            "timing_ms": dict(self.timing_ms),
            "model": dict(self.model),
        }
        if self.table:
            told["table"] = self.table.to_dict()
        return {**told, "notice": self.notice} if self.notice else told


NOT_ANSWERED = "The library does not answer this question: no abstract states what was asked."


def scores_dict(scores: Scores) -> dict[str, float | None]:
    """Named scores rounded for JSON; absent ones stay null."""
    named = {
        "dense": scores.dense,
        "lexical": scores.lexical,
        "fused": scores.fused,
        "rerank": scores.rerank,
    }
    return {name: None if value is None else round(value, 4) for name, value in named.items()}
