"""One answer (`ibid.answer/1`) or claim report (`ibid.cite/1`) held against its label, without a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rag.evaluate.matching import contains, makes_point
from rag.evaluate.questions import PaperFinder, Question

_PASS = 0.7  # recall and precision from which a survey is not listed among the worst
CLAIM_MEASURES = ("claim_paper@1", "claim_paper@3", "claim_stance", "claim_both")

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class QuestionScore:
    """What one question got.

    `values` are the measures it takes part in; `correct` in [0, 1] is what confidence should foretell: 1 or
    0, for surveys and comparisons the harmonic mean of recall and precision; None where nothing was asserted.
    """

    question: Question
    values: Mapping[str, float] = field(default_factory=dict)
    correct: float | None = None
    fault: str = ""


def score_answer(question: Question, answer: Answer | None, finder: PaperFinder) -> QuestionScore:
    """Score an answer; None for a question that was not answered at all."""
    if answer is None:
        return QuestionScore(question, {"missing": 1}, None, "no answer")
    refused = answer.get("status") == "insufficient"
    values = _structure(answer, finder, refused)
    if not question.answerable:
        values["refused_unanswerable"] = float(refused)
        values[f"refused_{question.subtype or 'other'}"] = float(refused)
        fault = "" if refused else f"answered though unanswerable ({question.subtype or 'other'})"
        return QuestionScore(question, values, None if refused else 0.0, fault)
    values["over_refusal"] = float(refused)
    more, correct, fault = _BY_TYPE[question.type](question, answer, finder)
    return QuestionScore(
        question, values | more, None if refused else correct, "refused" if refused else fault
    )


def score_claim(question: Question, report: Mapping[str, Any] | None, finder: PaperFinder) -> QuestionScore:
    """Whether the claim's paper comes first, or among three, and whether its stance is right."""
    if report is None:
        return QuestionScore(question, {"claim_missing": 1}, None, "no report")
    gold = {finder.of_gold(g) for g in question.gold}
    papers = list(report.get("papers") or ())
    found = [finder.of_reference(paper) for paper in papers]
    place = next((i for i, paper in enumerate(found) if paper in gold), None)
    stance = papers[place].get("stance") if place is not None else None
    first, right = place == 0, stance == question.label
    values = (first, place is not None and place < 3, right, first and right)
    fault = "" if first and right else f"paper at {place if place is None else place + 1}, stance {stance}"
    return QuestionScore(question, dict(zip(CLAIM_MEASURES, map(float, values), strict=True)), None, fault)


def cited_papers(answer: Answer, finder: PaperFinder) -> set[int]:
    """The places of the papers that the statements cite, those that the corpus does not know left out."""
    cited = {n for s in answer.get("statements") or () for n in s.get("citations") or ()}
    places = (finder.of_reference(r) for r in answer.get("references") or () if r.get("n") in cited)
    return {place for place in places if place is not None}


def _structure(answer: Answer, finder: PaperFinder, refused: bool) -> dict[str, float]:
    values: dict[str, float] = {"latency_ms": (answer.get("timing_ms") or {}).get("total", 0)}
    if refused:
        return values
    references = list(answer.get("references") or ())
    statements = list(answer.get("statements") or ())
    known = {reference.get("n") for reference in references}
    cited = [n for s in statements for n in s.get("citations") or ()]
    values["cited_statement_share"] = sum(bool(s.get("citations")) for s in statements) / max(
        1, len(statements)
    )
    values["phantom"] = sum(n not in known for n in cited)
    values["unresolved_refs"] = sum(finder.of_reference(r) is None for r in references)
    return values


Scored = tuple[dict[str, float], float, str]


def _fact(question: Question, answer: Answer, finder: PaperFinder) -> Scored:
    text = str(answer.get("answer") or "")
    variants = question.answer_alts or ((),) * len(question.answers)
    right = all(
        any(contains(text, wanted) for wanted in (required, *others))
        for required, others in zip(question.answers, variants, strict=False)
    )
    cited = bool(_gold(question, finder) & cited_papers(answer, finder))
    lacking = " and ".join(
        w for w, there in (("the answer", right), ("a citation of its paper", cited)) if not there
    )
    values = {"fact_answer": float(right), "fact_cited": float(cited)}
    return values, float(right and cited), lacking and f"lacks {lacking}"


def _survey(question: Question, answer: Answer, finder: PaperFinder) -> Scored:
    core, belonging = _gold(question, finder, 2), _gold(question, finder)
    cited = cited_papers(answer, finder)
    recall = len(core & cited) / len(core)
    precision = len(belonging & cited) / max(1, len(cited))
    values = {f"{question.type}_recall": recall, f"{question.type}_precision": precision}
    if question.key_points:
        text = str(answer.get("answer") or "")
        made = sum(makes_point(text, point) for point in question.key_points)
        values[f"{question.type}_keypoints"] = made / len(question.key_points)
    correct = 2 * recall * precision / (recall + precision) if recall + precision else 0.0
    fault = f"recall {recall:.2f}, precision {precision:.2f}" if min(recall, precision) < _PASS else ""
    return values, correct, fault


def _known_item(question: Question, answer: Answer, finder: PaperFinder) -> Scored:
    gold = _gold(question, finder)
    references = list(answer.get("references") or ())
    first = bool(references) and finder.of_reference(references[0]) in gold
    values = {
        "known_item@1": float(first),
        "known_item_cited": float(bool(gold & cited_papers(answer, finder))),
    }
    return values, float(first), "" if first else "another paper comes first"


def _gold(question: Question, finder: PaperFinder, least: int = 0) -> set[int | None]:
    """Places of the labelled papers; a core paper that the corpus lacks counts, as one never found."""
    return {finder.of_gold(g) for g in question.gold if g.grade >= least}


_BY_TYPE = {"fact": _fact, "survey": _survey, "compare": _survey, "known-item": _known_item}


def mean_correct(scores: Sequence[QuestionScore], kind: str) -> float | None:
    """The mean of `correct` over the answered questions of a type; None when there is none."""
    known = [s.correct for s in scores if s.question.type == kind and s.correct is not None]
    return sum(known) / len(known) if known else None
