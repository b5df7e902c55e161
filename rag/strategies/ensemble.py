"""Several drafts of one answer, refined into one that keeps only what verifies.

After ensemble refinement of Med-PaLM 2 (Singhal et al. 2023, arXiv:2305.09617), which conditions the answer
on several sampled ones, and the choice-shuffling ensemble of Medprompt (Nori et al. 2023, arXiv:2311.16452),
which puts the same evidence in several orders and lets the answers vote. Here each paper is drafted from its
evidence whole, in reverse and cut to its best sentence; of the sentences that hold, the one the others agree
with most is kept. It takes the time of all drafts, and nothing is shown before the last.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.plan import Plan
from rag.strategies.single import Single
from rag.terms import content_stems
from rag.types import Evidence, Origin, Statement, Verdict
from rag.writers import Writer


class Ensemble(Single):
    """Drafts three times, and takes of each paper the sentence that the drafts agree on most."""

    def write(
        self, writer: Writer, question: str, plan: Plan, stop: threading.Event
    ) -> Iterator[list[Statement]]:
        """See `Single.write`."""
        drafts: list[list[Statement]] = []
        for variant in variants(plan):
            drafts.append([s for made in writer.write(question, variant, stop) for s in made])
            if stop.is_set():
                break
        yield refined(drafts)


def variants(plan: Plan) -> list[Plan]:
    """The plan as it is, with each paper's sentences in reverse, and with the best sentence of each alone."""
    found = [plan]
    for change in (_reversed, _cut):
        changed = replace(plan, evidence=tuple(change(e) for e in plan.evidence))
        if all(changed.evidence != other.evidence for other in found):
            found.append(changed)
    return found


def refined(drafts: Sequence[Sequence[Statement]]) -> list[Statement]:
    """The first draft, with each sentence that is all its paper says exchanged for the best of all drafts.

    A paper that no draft words keeps the first draft's quotation.
    """
    if not drafts:
        return []
    said = [s.citations for s in drafts[0]]
    return [s if said.count(s.citations) > 1 else _best(s, drafts) for s in drafts[0]]


def _best(statement: Statement, drafts: Sequence[Sequence[Statement]]) -> Statement:
    worded = [s for draft in drafts for s in draft if s.citations == statement.citations and _holds(s)]
    if not worded:
        return statement
    best = max(worded, key=lambda s: (sum(_likeness(s, other) for other in worded), s.support))
    return replace(best, heading=statement.heading)


def _holds(statement: Statement) -> bool:
    return statement.origin is Origin.GENERATED and statement.verdict is Verdict.SUPPORTED


def _likeness(one: Statement, other: Statement) -> float:
    """The share of words of substance that two sentences have in common (Jaccard)."""
    a, b = set(content_stems(one.text)), set(content_stems(other.text))
    return len(a & b) / len(a | b) if a | b else 0.0


def _reversed(evidence: Evidence) -> Evidence:
    return replace(evidence, sentences=evidence.sentences[::-1])


def _cut(evidence: Evidence) -> Evidence:
    return replace(evidence, sentences=(evidence.best,))
