"""What can be told of an answer without a judge: numbers that stand in a cited abstract, repetitions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.cleaning import readable
from rag.evaluate.citation_quality import CitedStatement
from rag.terms import Number, content_stems, numbers

_ALIKE = 0.8  # share of content stems in common from which two statements say the same


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `total`."""

    count: int
    total: int


def number_fidelity(statements: Sequence[CitedStatement]) -> Share:
    """Numbers of the statements that stand, with their unit, in an abstract cited beside them."""
    found = total = 0
    for statement in statements:
        said = numbers(readable(statement.text))
        held = [n for paper in statement.papers if paper for n in numbers(readable(paper.abstract))]
        total += len(said)
        found += sum(any(_same(number, other) for other in held) for number in said)
    return Share(found, total)


def duplicate_statements(statements: Sequence[CitedStatement]) -> Share:
    """Statements that say again what one before them said: content words nearly the same."""
    seen: list[set[str]] = []
    again = 0
    for statement in statements:
        stems = set(content_stems(readable(statement.text)))
        again += any(_overlap(stems, other) >= _ALIKE for other in seen)
        seen.append(stems)
    return Share(again, len(statements))


def duplicate_citations(statements: Sequence[CitedStatement]) -> Share:
    """Citations that name a paper which the same statement names already."""
    again = total = 0
    for statement in statements:
        ids = [paper.id for paper in statement.papers if paper]
        total += len(ids)
        again += len(ids) - len(set(ids))
    return Share(again, total)


def _same(number: Number, other: Number) -> bool:
    return number.value == other.value and (not number.unit or number.unit == other.unit)


def _overlap(first: set[str], second: set[str]) -> float:
    return len(first & second) / len(first | second) if first | second else 1.0
