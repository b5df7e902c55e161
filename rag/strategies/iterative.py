"""Follow-up queries from what the evidence does not speak of yet.

After i-MedRAG (Xiong et al. 2024, arXiv:2408.00727), where a model asks follow-up questions, has them
answered by retrieval and takes the answers up before it answers itself. A small model cannot ask well; so the
follow-ups are made by code from the aspects of the question that no evidence covers. What they find is judged
for the question itself; a survey also takes up the paper that answers a follow-up best, if it speaks of the
aspect.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from index.cleaning import readable
from rag.facets import Facets
from rag.phrases import runs
from rag.plan import Plan, Planner
from rag.question import Kind
from rag.strategies.single import Single, Wanted
from rag.survey_themes import REST
from rag.terms import REPORTING_STEMS, content_stems
from rag.types import Evidence

ROUNDS = 2
_FOLLOWUPS = 3  # queries of a round
_LOOKED_AT = 4  # papers of a follow-up


class Iterative(Single):
    """Searches again for uncovered aspects, until all are covered or nothing new is to be asked."""

    def plan(self, planner: Planner, wanted: Wanted) -> Plan:
        """See `Single.plan`."""
        plan = super().plan(planner, wanted)
        asked: dict[str, str] = {}
        facets = Facets.of(wanted.question)
        for _ in range(ROUNDS):
            fresh = {a: q for a, q in follow_ups(facets.text, plan).items() if a not in asked}
            if not fresh:
                break
            asked |= fresh
            queries = tuple(asked.values())
            plan = planner.plan(
                wanted.question, wanted.kind, wanted.k, wanted.mode, wanted.keep, also=queries
            )
        return _taken_up(planner, wanted, plan, asked) if asked else plan


def aspects(question: str) -> list[str]:
    """What a question speaks of: its runs of words of substance, reporting words left out, in order."""
    found = (" ".join(run) for run in runs(question))
    return [text for text in found if _telling(text)]


def follow_ups(question: str, plan: Plan) -> dict[str, str]:
    """A query for each aspect that no chosen evidence covers, with one that is: what it belongs to."""
    covered = set[str]().union(*map(_stems, plan.evidence))
    every = aspects(question)
    bare = [aspect for aspect in every if _telling(aspect) - covered]
    if len(every) < 2:
        return {}  # the aspect is the question: it has been searched for
    subject = next((a for a in every if a not in bare), "")
    return {a: f"{a} {subject}".strip() for a in bare[:_FOLLOWUPS]}


def _taken_up(planner: Planner, wanted: Wanted, plan: Plan, asked: dict[str, str]) -> Plan:
    """A survey's plan with the papers that answer its follow-ups; in a full one they take the last places."""
    if plan.kind is not Kind.SURVEY or not plan.sufficient:
        return plan
    further = list(_answering(planner, wanted, plan, asked))[: max(1, wanted.k // 4)]
    kept = plan.evidence[: max(1, wanted.k - len(further))]
    added = [replace(e, number=n) for n, e in enumerate(further, len(kept) + 1)]
    headings = {**plan.headings, **{e.number: REST for e in added}} if plan.headings else plan.headings
    closing = tuple(c for c in plan.closing if c.number <= len(kept))
    return replace(plan, evidence=(*kept, *added), headings=headings, closing=closing)


def _answering(planner: Planner, wanted: Wanted, plan: Plan, asked: dict[str, str]) -> Iterator[Evidence]:
    known = {e.paper.id for e in plan.evidence}
    covered = set[str]().union(*map(_stems, plan.evidence))
    facets = Facets.of(wanted.question)
    for aspect, query in asked.items():
        lacking = _telling(aspect) - covered
        if not lacking:
            continue
        found = planner.plan(query, Kind.SURVEY, _LOOKED_AT, wanted.mode, wanted.keep).evidence
        fits = (e for e in found if not facets.against(e.paper))
        new = (e for e in fits if e.paper.id not in known and lacking & _stems(e))
        for evidence in islice(new, 1):
            known.add(evidence.paper.id)
            yield evidence


def _stems(evidence: Evidence) -> set[str]:
    text = " ".join([evidence.paper.title or "", *(s.text for s in evidence.sentences)])
    return set(content_stems(readable(text)))


def _telling(text: str) -> set[str]:
    return set(content_stems(text)) - REPORTING_STEMS
