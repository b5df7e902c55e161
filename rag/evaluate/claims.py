"""Claims judged against abstracts, by the abstract-level measures of SciFact (Wadden et al. 2020).

A predicted abstract counts as correct when it is evidence for the claim and its label is right ("label
only"), and besides when the first three predicted sentences hold all of one gold rationale ("with
rationale"). Precision is over predicted abstracts that support or refute, recall over gold evidence; both
are micro-averages. Reports are `ibid.cite/1`; their quotes are traced to sentences of the corpus.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index.types import Paper, Source
from rag.evaluate.lines import Problems, nothing_usable, read_objects
from rag.evaluate.outcome import Bars, Case, Outcome
from rag.evaluate.statistics import mean

MOST_SENTENCES = 3
_STANCES = {"SUPPORT": "supports", "SUPPORTS": "supports", "CONTRADICT": "refutes", "REFUTES": "refutes"}
_WORST = 15

Report = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one abstract says of a claim: the stance, and sets of sentences that each suffice for it."""

    stance: str
    rationales: tuple[frozenset[int], ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim with its evidence by paper id; none where no abstract decides it."""

    id: str
    text: str
    evidence: Mapping[str, Evidence]


@dataclass(frozen=True, slots=True)
class SentencePaper:
    """A paper whose abstract comes as sentences; `spans` are their offsets in the joined abstract."""

    paper: Paper
    spans: tuple[tuple[int, int], ...]

    def sentences_of(self, quote: str) -> list[int]:
        """The sentences that a quote covers: half of the sentence, or half of the quote, is shared."""
        start = self.paper.abstract.find(quote) if quote else -1
        if start < 0:
            return []
        end, found = start + len(quote), []
        for number, (low, high) in enumerate(self.spans):
            shared = min(end, high) - max(start, low)
            if shared > 0 and 2 * shared >= min(high - low, end - start):
                found.append(number)
        return found


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a report says of one paper: stance, and sentences of its abstract, the best first."""

    paper_id: str
    stance: str
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Counts:
    relevant: int = 0
    retrieved: int = 0
    label: int = 0
    rationale: int = 0


def read_claims(path: Path, problems: Problems) -> list[Claim]:
    """Claims of a SciFact file. :raises ReadError: when it holds none."""
    claims = []
    for number, record in read_objects(path, "claims (id, claim, evidence)", problems):
        try:
            evidence = {str(doc): _evidence(sets) for doc, sets in (record.get("evidence") or {}).items()}
            claims.append(Claim(str(record["id"]), str(record["claim"]), evidence))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            problems.append(f"{path}:{number}: no claim with evidence ({error}); left out")
    if not claims:
        raise nothing_usable(f"{path}: no claims; give lines with id, claim and evidence", problems)
    return claims


def _evidence(sets: Sequence[Mapping[str, Any]]) -> Evidence:
    labels = {str(one["label"]).upper() for one in sets}
    if len(labels) != 1 or not labels <= set(_STANCES):
        raise ValueError(f"labels {', '.join(sorted(labels)) or 'missing'}, expected SUPPORT or CONTRADICT")
    return Evidence(_STANCES[labels.pop()], tuple(frozenset(map(int, one["sentences"])) for one in sets))


def read_sentence_corpus(path: Path, problems: Problems) -> dict[str, SentencePaper]:
    """Papers of a SciFact corpus (doc_id, title, abstract as a list of sentences), by id."""
    papers: dict[str, SentencePaper] = {}
    for number, record in read_objects(path, "papers (doc_id, title, abstract)", problems):
        sentences, identity = record.get("abstract"), str(record.get("doc_id", ""))
        if not identity or not isinstance(sentences, list) or not any(map(str.strip, map(str, sentences))):
            problems.append(f"{path}:{number}: no doc_id with an abstract of sentences; left out")
            continue
        papers[identity] = _joined(identity, record.get("title"), [str(s).strip() for s in sentences], number)
    if not papers:
        raise nothing_usable(f"{path}: no papers; give lines with doc_id, title and abstract", problems)
    return papers


def _joined(identity: str, title: Any, sentences: Sequence[str], line: int) -> SentencePaper:
    spans, at = [], 0
    for sentence in sentences:
        spans.append((at, at + len(sentence)))
        at += len(sentence) + 1
    source = Source("corpus.jsonl", line, "scifact")
    paper = Paper(identity, str(title) if title else None, " ".join(sentences), sources=(source,))
    return SentencePaper(paper, tuple(spans))


def predictions(report: Report, papers: Mapping[str, SentencePaper]) -> list[Prediction]:
    """The papers of a report that take a side, with their sentences, each paper once."""
    found: dict[str, Prediction] = {}
    for row in report.get("papers") or ():
        identity, stance = str(row.get("paper_id")), str(row.get("stance"))
        if stance in _STANCES.values() and identity not in found:
            known = papers.get(identity)
            sentences = known.sentences_of(str(row.get("quote") or "")) if known else []
            found[identity] = Prediction(identity, stance, tuple(sentences))
    return list(found.values())


def abstract_measures(
    claims: Sequence[Claim], predicted: Mapping[str, Sequence[Prediction]]
) -> dict[str, float]:
    """Precision, recall and F1 at abstract level, by label alone and with rationale."""
    counts = _Counts()
    for claim in claims:
        counts = _counted(counts, claim, predicted.get(claim.id, ()))
    return {
        **_prf("label_only", counts.label, counts),
        **_prf("rationale", counts.rationale, counts),
    }


def _counted(counts: _Counts, claim: Claim, predicted: Sequence[Prediction]) -> _Counts:
    label = rationale = 0
    for one in predicted:
        evidence = claim.evidence.get(one.paper_id)
        if evidence is not None and evidence.stance == one.stance:
            label += 1
            held = frozenset(one.sentences[:MOST_SENTENCES])
            rationale += any(gold <= held for gold in evidence.rationales)
    return _Counts(
        counts.relevant + len(claim.evidence), counts.retrieved + len(predicted),
        counts.label + label, counts.rationale + rationale,
    )  # fmt: skip


def _prf(name: str, correct: int, counts: _Counts) -> dict[str, float]:
    precision = correct / counts.retrieved if counts.retrieved else 0.0
    recall = correct / counts.relevant if counts.relevant else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {f"{name}_precision": precision, f"{name}_recall": recall, f"{name}_f1": f1}


def stance_measures(claims: Sequence[Claim], reports: Mapping[str, Report]) -> dict[str, float]:
    """How far it is the search, how far the judgement: gold papers listed at all, and their stance right.

    `quiet` is the share of claims without evidence for which no paper takes a side.
    """
    listed, right, quiet = [], [], []
    for claim in claims:
        stances = {
            str(row.get("paper_id")): row.get("stance") for row in reports[claim.id].get("papers") or ()
        }
        for identity, evidence in claim.evidence.items():
            listed.append(float(identity in stances))
            if identity in stances:
                right.append(float(stances[identity] == evidence.stance))
        if not claim.evidence:
            quiet.append(float(not set(stances.values()) & set(_STANCES.values())))
    return {"evidence_listed": mean(listed), "stance_of_listed": mean(right), "quiet": mean(quiet)}


def merged(claims: Sequence[Claim], same: Mapping[str, Sequence[str]]) -> list[Claim]:
    """The claims with evidence under the id of the paper that stands for its duplicates in a library."""
    kept = {identity: paper for paper, ids in same.items() for identity in ids}
    return [
        replace(claim, evidence={kept.get(doc, doc): found for doc, found in claim.evidence.items()})
        for claim in claims
    ]


def evaluate_claims(
    claims: Sequence[Claim], reports: Mapping[str, Report], papers: Mapping[str, SentencePaper]
) -> Outcome:
    """Every measure over the claims that have a report; the caller fills in data, settings and problems."""
    began = time.monotonic()
    judged = [claim for claim in claims if claim.id in reports]
    predicted = {claim.id: predictions(reports[claim.id], papers) for claim in judged}
    measures = abstract_measures(judged, predicted) | stance_measures(judged, reports)
    return Outcome(
        "claims", "", {"abstract": {**measures, "missing": len(claims) - len(judged)}},
        time.monotonic() - began, {},
        notes=(
            "Papers that the gold standard does not mention count as wrong when they take a side: the whole "
            "corpus was searched, not the gold abstracts alone.",
        ),
        bars=(Bars("Claims", measures),), cases=_worst(judged, predicted, papers),
    )  # fmt: skip


def _worst(
    claims: Sequence[Claim],
    predicted: Mapping[str, Sequence[Prediction]],
    papers: Mapping[str, SentencePaper],
) -> tuple[Case, ...]:
    """Claims whose evidence was read the wrong way round; then those that got it nowhere."""
    turned: list[Case] = []
    missed: list[Case] = []
    for claim in claims:
        stances = {p.paper_id: p.stance for p in predicted[claim.id]}
        for identity, evidence in claim.evidence.items():
            got = stances.get(identity)
            if got != evidence.stance:
                fault = f"{identity} {evidence.stance}, said: {got or 'nothing'}"
                (turned if got else missed).append(_case(claim, fault, evidence, papers.get(identity)))
    return tuple([*turned, *missed][:_WORST])


def _case(claim: Claim, fault: str, evidence: Evidence, known: SentencePaper | None) -> Case:
    texts = {}
    if known is not None:
        texts["paper"] = known.paper.label
        spans = [known.spans[i] for i in sorted(evidence.rationales[0]) if i < len(known.spans)]
        texts["deciding sentences"] = "\n".join(known.paper.abstract[low:high] for low, high in spans)
    return Case(claim.id, claim.text, fault, texts)
