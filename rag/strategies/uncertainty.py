"""A second, different search, only where the first leaves the answer in doubt.

After Med-Gemini (Saab et al. 2024, arXiv:2404.18416), whose search is guided by uncertainty: where the
model's answers disagree, queries are made to settle it. Here the doubt is the planner's own, told by its
`sureness`, and the new queries come from the library: the question widened by the phrases that its nearest
papers share (pseudo-relevance feedback, Rocchio 1971), and its names alone.
"""

from __future__ import annotations

from rag.evidence import question_names
from rag.phrases import shared_phrases
from rag.plan import ANSWERED, CLOSE, Plan, Planner
from rag.question import Kind
from rag.strategies.single import Single, Wanted

_DOUBT = 0.1  # sureness above what an answer needs, below which it is searched again
_NEAREST = 5  # papers whose shared phrases widen the question
_WIDER = 3  # phrases


class Uncertainty(Single):
    """Searches again when in doubt, and keeps the surer of the two plans."""

    def plan(self, planner: Planner, wanted: Wanted) -> Plan:
        """See `Single.plan`."""
        first = super().plan(planner, wanted)
        least = ANSWERED if wanted.kind is Kind.FACT else CLOSE
        if first.sureness >= least + _DOUBT:
            return first
        queries = other_queries(wanted.question, first)
        again = planner.plan(
            wanted.question, wanted.kind, wanted.k, wanted.mode, wanted.keep, also=tuple(queries)
        )
        return again if again.sureness > first.sureness else first


def other_queries(question: str, plan: Plan) -> list[str]:
    """The question with what its nearest papers share, and its names by themselves."""
    nearest = [hit.paper for hit in plan.considered[:_NEAREST]]
    phrases = [p.text for p in shared_phrases(nearest) if p.text.lower() not in question.lower()][:_WIDER]
    names = " ".join(sorted(question_names(question), key=question.lower().find))
    queries = [f"{question} {' '.join(phrases)}"] if phrases else []
    return [*queries, names] if names else queries
