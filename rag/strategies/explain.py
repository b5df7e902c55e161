"""A claim, or a question of yes or no, judged with the evidence for it and against it, and with reasons.

After HRDE (Chen et al. 2024, arXiv:2407.00668), which judges health rumours by what is retrieved and
explains the verdict, and after the ranking by GenText (Upadhyay and Viviani 2025, arXiv:2502.04666), which
orders documents by topical relevance and by how far they agree with what the evidence says. There a language
model writes that text; here it is the papers' own leanings taken together, so that nothing is generated, and
a paper that disagrees is ranked lower but never left out. Each paper gives the sentence that decides and the
next best as its reason. Other questions are answered as `Single` does.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from rag import balance
from rag.decision import Leaning
from rag.odds import logistic
from rag.plan import Plan, Planner
from rag.question import Kind, asks_whether
from rag.strategies.single import Single, Wanted
from rag.types import Evidence, Statement
from rag.writers import Writer

_SCALE = 4.0  # units of the reader's relevance that make a paper clearly more relevant than the mean; by eye


class Explain(Single):
    """Judges what is asked by its papers, ranked by relevance and agreement, two sentences of each."""

    def plan(self, planner: Planner, wanted: Wanted) -> Plan:
        """See `Single.plan`."""
        if asks_whether(wanted.question) or is_claim(wanted.question):
            weighed = planner.weigh(wanted.question, wanted.k, wanted.mode, wanted.keep)
            if weighed.sufficient:
                return agreeing_first(weighed)
        return super().plan(planner, wanted)

    def write(
        self, writer: Writer, question: str, plan: Plan, stop: threading.Event
    ) -> Iterator[list[Statement]]:
        """See `Single.write`."""
        if plan.leanings:  # of a comparison every chosen sentence is quoted
            plan = replace(plan, kind=Kind.COMPARE)
        yield from super().write(writer, question, plan, stop)


def is_claim(text: str) -> bool:
    """Whether a text asserts something: a sentence of some length that asks nothing."""
    return text.rstrip().endswith(".") and len(text.split()) >= 4


def agreeing_first(plan: Plan) -> Plan:
    """The plan with its papers by side, and within a side by relevance and agreement; numbered anew."""
    together = consensus(list(plan.leanings.values()))
    mean = sum(map(_relevance, plan.evidence)) / len(plan.evidence)

    def rank(evidence: Evidence) -> float:
        relevance = logistic((_relevance(evidence) - mean) / _SCALE)
        return -relevance - agreement(plan.leanings[evidence.number], together)

    ranked = balance.grouped([(e, plan.leanings[e.number]) for e in sorted(plan.evidence, key=rank)])
    leanings: Mapping[int, Leaning] = {n: leaning for n, (_, leaning) in enumerate(ranked, 1)}
    evidence = tuple(replace(e, number=n) for n, (e, _) in enumerate(ranked, 1))
    return replace(plan, evidence=evidence, leanings=leanings, headings=balance.headings(leanings))


def consensus(leanings: Sequence[Leaning]) -> Leaning:
    """What the papers lean to taken together: their mean."""
    count = len(leanings)
    return Leaning(
        sum(e.yes for e in leanings) / count,
        sum(e.no for e in leanings) / count,
        sum(e.maybe for e in leanings) / count,
    )


def agreement(one: Leaning, other: Leaning) -> float:
    """How likely it is that two say the same, in [0, 1]."""
    return one.yes * other.yes + one.no * other.no + one.maybe * other.maybe


def _relevance(evidence: Evidence) -> float:
    return evidence.scores.rerank or 0.0
