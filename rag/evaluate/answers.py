"""Answers to a labelled question set: right papers, right answers, refusals, citations, confidence, time."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from typing import Any

from index.types import Paper
from rag.evaluate.answer_scores import QuestionScore, cited_papers, score_answer, score_claim
from rag.evaluate.calibration import auroc, calibration_error, reliability
from rag.evaluate.citation_quality import CitedStatement, inherited_quality, strict_quality
from rag.evaluate.coverage import RiskCoverage, risk_coverage
from rag.evaluate.fidelity import Share, duplicate_citations, duplicate_statements, number_fidelity
from rag.evaluate.judge import SupportJudge
from rag.evaluate.outcome import Bars, Case, Curve, Outcome
from rag.evaluate.questions import PaperFinder, Question
from rag.evaluate.statistics import mean, percentile, share_interval
from rag.terms import number_word

COUNTED = frozenset(("phantom", "missing", "claim_missing", "unresolved_refs"))  # summed; all else is a mean
_WORST = 15
_RIGHT = 0.5  # how right an answer is, from which it counts as right where only that is asked
_SHOWN = 1500  # characters of an answer in a report

Record = Mapping[str, Any]  # an answer by `ibid.answer/1`, or a report by `ibid.cite/1`


def score_set(
    questions: Sequence[Question],
    answers: Mapping[str, Record],
    reports: Mapping[str, Record],
    finder: PaperFinder,
) -> list[QuestionScore]:
    """Every question held against its answer, claims against their report."""
    return [
        score_claim(q, reports.get(q.id), finder)
        if q.type == "claim"
        else score_answer(q, answers.get(q.id), finder)
        for q in questions
    ]


def aggregate(scores: Sequence[QuestionScore]) -> dict[str, float]:
    """Each measure over the questions that take part in it: a mean, for faults that are counted a sum."""
    gathered = _gathered(scores)
    found: dict[str, float] = {n: sum(v) if n in COUNTED else mean(v) for n, v in gathered.items()}
    if "latency_ms" in gathered:
        found["latency_p50"] = percentile(gathered["latency_ms"], 0.5)
        found["latency_p95"] = percentile(gathered["latency_ms"], 0.95)
    return found


def _gathered(scores: Sequence[QuestionScore]) -> dict[str, list[float]]:
    gathered: dict[str, list[float]] = {}
    for score in scores:
        for name, value in score.values.items():
            gathered.setdefault(name, []).append(value)
    return gathered


def evaluate_answers(
    questions: Sequence[Question],
    answers: Mapping[str, Record],
    reports: Mapping[str, Record],
    papers: Sequence[Paper],
    judge: SupportJudge,
) -> Outcome:
    """Every measure of a set of answers; the caller fills in data, settings and problems."""
    began = time.monotonic()
    finder = PaperFinder(papers)
    scores = score_set(questions, answers, reports, finder)
    given = [answers[q.id] for q in questions if q.type != "claim" and q.id in answers]
    pairs = _confidences(scores, answers)
    curve = risk_coverage([c for c, _ in pairs], [1.0 - right for _, right in pairs])
    measures: dict[str, dict[str, float]] = {"answers": aggregate(scores)}
    citations, intervals = citation_measures(given, finder, judge)
    if citations:
        measures["citations"] = citations
    if curve.points:
        measures["confidence"] = {
            "risk_coverage_area": curve.area, "area_best": curve.best, "area_random": curve.random,
            **_told_apart(questions, answers, pairs),
        }  # fmt: skip
    measures["timing"] = stage_times(given)
    rates = {n: v for n, v in _gathered(scores).items() if n not in COUNTED and n != "latency_ms"}
    return Outcome(
        "answers", "", {n: found for n, found in measures.items() if found}, time.monotonic() - began, {},
        {"answers": {n: share_interval(v) for n, v in rates.items()}, "citations": intervals},
        notes=_notes(judge), curves=_curves(curve, pairs),
        bars=_bars(scores, citations), cases=_worst(scores, answers, reports, finder),
    )  # fmt: skip


def evaluate_labelled_claims(
    questions: Sequence[Question], reports: Mapping[str, Record], finder: PaperFinder
) -> Outcome:
    """The claims of a question set: right paper first, right stance; as `evaluate_answers` counts them."""
    began = time.monotonic()
    scores = score_set(questions, {}, reports, finder)
    rates = {n: v for n, v in _gathered(scores).items() if n not in COUNTED}
    return Outcome(
        "claims", "", {"claims": aggregate(scores)}, time.monotonic() - began, {},
        {"claims": {n: share_interval(v) for n, v in rates.items()}},
        bars=_bars(scores, {}), cases=_worst(scores, {}, reports, finder),
    )  # fmt: skip


def _notes(judge: SupportJudge) -> tuple[str, ...]:
    return (
        f"Citation recall and precision by the judge {judge.name}. With Ibid's own verifier they are lexical "
        "support, checked by the rules that made the answer; they are not the opinion of a reader. "
        "Statements that count the papers they cite are left out.",
        "Right: facts and known items 1 or 0, surveys and comparisons the harmonic mean of recall and "
        "precision. Refusals assert nothing and are not on the risk-coverage curve.",
    )


_NUMBERS = {number_word(n): n for n in range(13)}
_COUNTS = re.compile(
    rf"(?<![\w.])({'|'.join(_NUMBERS)}|\d{{1,3}}) (?:papers?|more|of them)\b|\b(both) papers\b", re.IGNORECASE
)


def counts_its_papers(text: str, citations: int) -> bool:
    """Whether a statement counts the papers that it cites: "Four papers speak to it; two more come near."

    Such a one says nothing that a paper could support; its citations are right where the sum is.
    """
    if text.startswith("All of them "):
        return True
    found = [m[1] or m[2] for m in _COUNTS.finditer(text)]
    values = [2 if w.lower() == "both" else _NUMBERS.get(w.lower(), 0) or int(w) for w in found]
    return bool(values) and citations in (values[0], sum(values))


def cited_statements(answer: Record, finder: PaperFinder) -> list[CitedStatement]:
    """The statements of an answer with the papers of the corpus that they cite, counts of them left out."""
    by_number = {r.get("n"): finder.of_reference(r) for r in answer.get("references") or ()}

    def paper(number: Any) -> Paper | None:
        place = by_number.get(number)
        return None if place is None else finder.papers[place]

    return [
        CitedStatement(str(s.get("text") or ""), tuple(paper(n) for n in s.get("citations") or ()))
        for s in answer.get("statements") or ()
        if not counts_its_papers(str(s.get("text") or ""), len(s.get("citations") or ()))
    ]


def citation_measures(
    answers: Sequence[Record], finder: PaperFinder, judge: SupportJudge
) -> tuple[dict[str, float], dict[str, tuple[float, float]]]:
    """Citation quality and fidelity over answers that are no refusals, with intervals over answers."""
    by_answer: dict[str, list[float]] = {}
    shares: dict[str, list[Share]] = {}
    for answer in answers:
        if answer.get("status") == "insufficient":
            continue
        statements = cited_statements(answer, finder)
        if not statements:
            continue
        for variant, quality in (
            ("strict", strict_quality(statements, judge)),
            ("inherited", inherited_quality(statements, judge)),
        ):
            if quality is not None:
                for name in ("recall", "precision", "f1"):
                    by_answer.setdefault(f"{name}_{variant}", []).append(getattr(quality, name))
        shares.setdefault("number_fidelity", []).append(number_fidelity(statements))
        shares.setdefault("duplicate_statements", []).append(duplicate_statements(statements))
        shares.setdefault("duplicate_citations", []).append(duplicate_citations(statements))
    measures = {name: mean(values) for name, values in by_answer.items()}
    for name, found in shares.items():
        total = sum(share.total for share in found)
        if total:
            measures[name] = sum(share.count for share in found) / total
    return measures, {name: share_interval(values) for name, values in by_answer.items()}


def stage_times(answers: Sequence[Record]) -> dict[str, float]:
    """Median and 95th percentile of every stage of `timing_ms`, over the answers that went through it."""
    stages: dict[str, list[float]] = {}
    for answer in answers:
        for stage, spent in (answer.get("timing_ms") or {}).items():
            stages.setdefault(stage, []).append(spent)
    return {f"{s}_p{p}": percentile(v, p / 100) for s, v in stages.items() for p in (50, 95)}


def _sureness(answer: Record) -> float:
    """How sure an answer is of itself: a refusal as far as nothing seemed to answer."""
    confidence = float(answer.get("confidence") or 0.0)
    return 1 - confidence if answer.get("status") == "insufficient" else confidence


def _confidences(scores: Sequence[QuestionScore], answers: Mapping[str, Record]) -> list[tuple[float, float]]:
    """Confidence and how right it is, in [0, 1], of every question that was answered."""
    return [
        (_sureness(answers[s.question.id]), s.correct)
        for s in scores
        if s.correct is not None and s.question.id in answers
    ]


def _told_apart(
    questions: Sequence[Question], answers: Mapping[str, Record], pairs: Sequence[tuple[float, float]]
) -> dict[str, float]:
    """How well confidence tells right answers from wrong ones, and questions that the library answers from
    the others; a group without members leaves its figure out.
    """
    stated = [(q, float(answers[q.id].get("confidence") or 0.0)) for q in questions if q.id in answers]
    found = {
        "auroc_right": auroc([c for c, r in pairs if r >= _RIGHT], [c for c, r in pairs if r < _RIGHT]),
        "auroc_answerable": auroc(
            [c for q, c in stated if q.answerable and q.type != "claim"],
            [c for q, c in stated if not q.answerable],
        ),
        "calibration_error": calibration_error([c for c, _ in pairs], [right for _, right in pairs]),
    }
    return {name: value for name, value in found.items() if value is not None}


def _curves(curve: RiskCoverage, pairs: Sequence[tuple[float, float]]) -> tuple[Curve, ...]:
    if not curve.points:
        return ()
    lines = {"by confidence": curve.points, "by chance": ((0.0, curve.random), (1.0, curve.random))}
    title = f"Risk by coverage (area {curve.area:.3f}, best possible {curve.best:.3f})"
    seen = {
        "answers, in bins of confidence": reliability([c for c, _ in pairs], [right for _, right in pairs]),
        "as it should be": ((0.0, 0.0), (1.0, 1.0)),
    }
    return (
        Curve(title, "share of answers kept, most confident first", "mean error", lines),
        Curve("Reliability of confidence", "confidence stated", "how right the answers are", seen),
    )


def _bars(scores: Sequence[QuestionScore], citations: Mapping[str, float]) -> tuple[Bars, ...]:
    rates = {n: v for n, v in _gathered(scores).items() if n not in COUNTED and n != "latency_ms"}
    bars = [Bars("By type of question", {n: mean(v) for n, v in rates.items()},
                 {n: share_interval(v) for n, v in rates.items()})]  # fmt: skip
    return (*bars, Bars("Citations", citations)) if citations else tuple(bars)


def _worst(
    scores: Sequence[QuestionScore],
    answers: Mapping[str, Record],
    reports: Mapping[str, Record],
    finder: PaperFinder,
) -> tuple[Case, ...]:
    faulty = sorted((s for s in scores if s.fault), key=lambda s: (_is_missing(s), s.correct or 0.0))
    records = [
        (reports if s.question.type == "claim" else answers).get(s.question.id) for s in faulty[:_WORST]
    ]
    return tuple(_case(s, record, finder) for s, record in zip(faulty[:_WORST], records, strict=True))


def _is_missing(score: QuestionScore) -> bool:
    return "missing" in score.values or "claim_missing" in score.values


def _case(score: QuestionScore, record: Record | None, finder: PaperFinder) -> Case:
    question, texts = score.question, {}
    if question.answers:
        texts["wanted"] = ", ".join(question.answers)
    if record is not None:
        if "papers" in record:
            texts["papers"] = "\n".join(f"{p.get('stance')}: {p.get('title')}" for p in record["papers"][:3])
        else:
            texts["answer"] = str(record.get("answer") or "")[:_SHOWN]
            cited = cited_papers(record, finder)
            core = {finder.of_gold(g) for g in question.gold if g.grade >= 2}
            belonging = {finder.of_gold(g) for g in question.gold}
            texts["core papers not cited"] = _labels(core - cited, finder)
            texts["cited, not among the labelled"] = _labels(cited - belonging, finder)
    return Case(
        question.id, f"[{question.type}] {question.text}", score.fault, {n: t for n, t in texts.items() if t}
    )


def _labels(places: set[Any], finder: PaperFinder) -> str:
    return "\n".join(finder.papers[place].label for place in sorted(p for p in places if p is not None))
