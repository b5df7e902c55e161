"""Train the stance model: does an abstract support a claim, refute it, or only touch it?

    python -m rag.training.stance --claims LABELS.jsonl POOL.jsonl.gz --scifact CLAIMS.jsonl CORPUS.jsonl
        --library FOLDER --out rag/weights/stance.json

Two sources: claims about one paper each with a label (a third neutral), and SciFact's claims over a
library of its corpus, where retrieved abstracts without evidence are neutral. Papers are held out in
five folds; the measures printed are of the held-out folds, the weights written are of all.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.build import add_readings
from index.cleaning import readable
from index.encoders import Encoder
from index.library import Library
from index.types import FileReading, Paper, Scores, Source
from rag.claims import SPEAKS, read_claim
from rag.embedder import load_encoder
from rag.rarity import Rarity
from rag.retrieval import Retriever
from rag.sentences import SentenceSet
from rag.stance import Candidate, Claim, Side, Stance
from rag.stance_features import PAPER, RELATIVE, SENTENCE, Features, relative
from rag.stance_model import Array, FeatureStance, Logistic, StanceWeights
from rag.terms import content_stems
from rag.training.pairs import SENTENCE_END, SIDES
from rag.vector_cache import CachingEncoder

FOLDS = 5
RETRIEVED = 8  # abstracts a claim is held against
OTHERS = 400  # papers of the pool among which a claim's own is looked for
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Example:
    """A claim and a paper with the label that a reader gave, and the sentences that decide."""

    claim_id: str
    claim: Claim
    candidate: Candidate
    side: Side
    rationales: tuple[frozenset[int], ...]
    fold: int
    source: str  # "survey", "pool", "retrieved", or "missed": evidence that retrieval did not bring

    @property
    def deciding(self) -> frozenset[int]:
        """The sentences of any rationale."""
        return frozenset[int]().union(*self.rationales)


def fold_of(key: str) -> int:
    """The fold of a paper or claim, by a hash of its id."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=4).digest()) % FOLDS


def sentence_sets(
    encoder: Encoder, papers: dict[str, tuple[Paper, list[tuple[int, int]]]]
) -> dict[str, SentenceSet]:
    """The sets of papers whose sentence borders are given."""
    texts = {k: tuple(readable(p.abstract[a:b]) for a, b in spans) for k, (p, spans) in papers.items()}
    flat = [t for group in texts.values() for t in group] + [
        readable(p.title or "") for p, _ in papers.values()
    ]
    vectors = encoder.encode(flat)
    found, at = {}, 0
    for n, (key, (_, spans)) in enumerate(papers.items()):
        stems = tuple(frozenset(content_stems(t)) for t in texts[key])
        title = vectors[len(vectors) - len(papers) + n]
        found[key] = SentenceSet(tuple(spans), texts[key], stems, vectors[at : at + len(spans)], title)
        at += len(spans)
    return found


def survey_examples(labels: Path, pool: Path, folder: Path, encoder: Encoder) -> list[Example]:
    """Claims about one paper each: that paper with its label, and what else is retrieved, as neutral.

    :param folder: where a library of the claims' papers and some others of the pool is made.
    """
    lines = [json.loads(line) for line in labels.read_text(encoding="utf-8").splitlines()]
    claims = [c for c in lines if c["type"] == "claim"]
    library = _pool_library(folder, pool, {c["id"] for c in claims}, encoder)
    retriever = Retriever(library, encoder)
    hits = [retriever.search(c["claim"], len(library)) for c in claims]
    wanted = {c["id"] for c in claims} | {h.paper.id for some in hits for h in some[:RETRIEVED]}
    papers = {p.id: p for p in library.papers() if p.id in wanted}
    sets = sentence_sets(encoder, {i: (p, _labelled_spans(p.abstract)) for i, p in papers.items()})
    found = []
    for n, (c, some) in enumerate(zip(claims, hits, strict=True)):
        claim = read_claim(c["claim"], encoder)
        scores = {h.paper.id: h.scores for h in some}
        rationales = tuple(frozenset({i}) for i in c.get("sentences") or ())
        rank = [h.paper.id for h in some].index(c["id"])
        for i in dict.fromkeys([c["id"], *(h.paper.id for h in some[:RETRIEVED])]):
            own = i == c["id"]
            found.append(Example(
                f"survey-{n}", claim, Candidate(papers[i], sets[i], scores[i]),
                Side(c["label"]) if own else Side.NEUTRAL, rationales if own else (), fold_of(c["id"]),
                ("survey" if rank < RETRIEVED else "survey-missed") if own else "pool",
            ))  # fmt: skip
    return found


def _pool_library(folder: Path, pool: Path, wanted: set[str], encoder: Encoder) -> Library:
    """A library of the wanted papers of a pool and `OTHERS` more."""
    if not folder.exists():
        with gzip.open(pool, "rt", encoding="utf-8") as file:
            records = [json.loads(line) for line in file]
        others = sorted(records, key=lambda r: hashlib.blake2b(r["id"].encode()).digest())[:OTHERS]
        chosen = {r["id"]: r for r in [*(r for r in records if r["id"] in wanted), *others]}
        source = Source(str(pool), 1, "jsonl")
        papers = tuple(Paper(r["id"], r["title"], r["abstract"], sources=(source,)) for r in chosen.values())
        add_readings(folder, [FileReading(str(pool), "jsonl", papers, read=len(papers))], encoder)
    return Library.open(folder, encoder.id)


def _labelled_spans(text: str) -> list[tuple[int, int]]:
    spans, at = [], 0
    for part in SENTENCE_END.split(text):
        start = text.index(part, at)
        at = start + len(part)
        spans.append((start, at))
    return spans


def scifact_examples(claims: Path, corpus: Path, library: Library, encoder: Encoder) -> list[Example]:
    """SciFact's claims, each held against what is retrieved for it and what it cites."""
    retriever = Retriever(library, encoder)
    records = [json.loads(line) for line in claims.read_text(encoding="utf-8").splitlines()]
    documents = {}
    for line in corpus.read_text(encoding="utf-8").splitlines():
        d = json.loads(line)
        documents[str(d["doc_id"])] = d
    found_hits = {c["id"]: retriever.search(c["claim"], RETRIEVED) for c in records}
    wanted = {h.paper.id for hits in found_hits.values() for h in hits}
    wanted |= {str(i) for c in records for i in c["evidence"]}
    papers = {i: _document(documents[i]) for i in sorted(wanted) if documents[i]["abstract"]}
    sets = sentence_sets(encoder, papers)
    found = []
    for c in records:
        claim = read_claim(c["claim"], encoder)
        fold = fold_of(str(min(c["cited_doc_ids"])))
        scores = {h.paper.id: h.scores for h in found_hits[c["id"]]}
        missing = [i for i in c["evidence"] if i not in scores]
        for i in [*scores, *missing]:
            if i not in papers:
                continue
            label = [e["label"] for e in c["evidence"].get(i, ())]
            side = SIDES[label[0]] if label else Side.NEUTRAL
            rationales = tuple(frozenset(e["sentences"]) for e in c["evidence"].get(i, ()))
            known = scores.get(i, Scores(float(sets[i].vectors.mean(axis=0) @ claim.vector), None, 0.0))
            found.append(Example(
                f"scifact-{c['id']}", claim, Candidate(papers[i][0], sets[i], known), side, rationales, fold,
                "retrieved" if i in scores else "missed",
            ))  # fmt: skip
    return found


def _document(record: dict[str, Any]) -> tuple[Paper, list[tuple[int, int]]]:
    spans, text = [], ""
    for sentence in record["abstract"]:
        text += " " if text else ""
        spans.append((len(text), len(text) + len(sentence)))
        text += sentence
    return Paper(str(record["doc_id"]), record["title"], text), spans


def fit(features: Features, examples: Sequence[Example], rows: Sequence[Array]) -> StanceWeights:
    """The three regressions from these examples; `rows` are their sentence rows."""
    told = [(e, r) for e, r in zip(examples, rows, strict=True) if e.deciding]
    decides = logistic(
        np.concatenate([r for _, r in told]),
        np.array([i in e.deciding for e, r in told for i in range(len(r))]),
    )
    papers = np.array(
        [features.paper(e.claim, e.candidate, r, decides(r)) for e, r in zip(examples, rows, strict=True)]
    )
    speaks = np.array([e.side is not Side.NEUTRAL for e in examples])
    supports = np.array([e.side is Side.SUPPORTS for e in examples])
    groups = [np.array(group) for group in by_claim(examples)]
    beside = np.concatenate([relative(papers[group]) for group in groups])
    found = np.concatenate(groups)
    return StanceWeights(
        decides,
        logistic(np.concatenate([papers[found], beside], axis=1), speaks[found]),
        logistic(papers[speaks], supports[speaks], strength=0.03),
    )


def by_claim(examples: Sequence[Example]) -> list[list[int]]:
    """The places of what was retrieved for each claim."""
    groups: dict[str, list[int]] = {}
    for n, e in enumerate(examples):
        if "missed" not in e.source:
            groups.setdefault(e.claim_id, []).append(n)
    return list(groups.values())


def logistic(x: Array, y: NDArray[np.bool_], strength: float = 0.3) -> Logistic:
    """An L2-regularised regression on standardised features, with the scaling folded in."""
    from sklearn.linear_model import LogisticRegression

    mean, scale = x.mean(axis=0), x.std(axis=0)
    scale[scale < 1e-9] = 1.0
    model = LogisticRegression(C=strength, max_iter=2000).fit((x - mean) / scale, y)
    weights = model.coef_[0] / scale
    return Logistic(weights, float(model.intercept_[0] - weights @ mean))


def cross_validate(features: Features, examples: Sequence[Example], rows: Sequence[Array]) -> list[Stance]:
    """Each example judged by weights that saw none of its fold."""
    stances: list[Stance | None] = [None] * len(examples)
    for fold in range(FOLDS):
        kept = [n for n, e in enumerate(examples) if e.fold != fold]
        weights = fit(features, [examples[n] for n in kept], [rows[n] for n in kept])
        model = FeatureStance(features, weights)
        alone = [[n] for n, e in enumerate(examples) if "missed" in e.source]
        for group in [*by_claim(examples), *alone]:
            if examples[group[0]].fold == fold:
                judged = model.judge(examples[group[0]].claim, [examples[n].candidate for n in group])
                for n, stance in zip(group, judged, strict=True):
                    stances[n] = stance
    return [s for s in stances if s is not None]


def three_way(examples: Sequence[Example], stances: Sequence[Stance], threshold: float) -> dict[str, float]:
    """Accuracy over supports, refutes and neutral, of claims whose paper is given."""
    pairs = [(e, s) for e, s in zip(examples, stances, strict=True) if e.source.startswith("survey")]
    sided = [(e, s) for e, s in pairs if e.side is not Side.NEUTRAL]
    return {
        "claims": len(pairs),
        "accuracy": _mean(s.side_at(threshold) is e.side for e, s in pairs),
        "for_or_against": _mean((s.supports > s.refutes) == (e.side is Side.SUPPORTS) for e, s in sided),
        "sentence": _mean(s.best in e.deciding for e, s in sided),
    }


def open_claims(examples: Sequence[Example], stances: Sequence[Stance], threshold: float) -> dict[str, float]:
    """SciFact's abstract-level measures (Wadden et al. 2020) over what was retrieved.

    A paper found counts when its label is right (`label_only`), and besides, one whole rationale is among
    its three best sentences (`with_rationale`), or its one quoted sentence is in a rationale (`with_quote`).
    """
    told = said = labelled = rational = quoted = 0
    for e, s in zip(examples, stances, strict=True):
        if e.source not in ("retrieved", "missed"):
            continue
        told += e.side is not Side.NEUTRAL
        side = s.side_at(threshold)
        if e.source == "missed" or side is Side.NEUTRAL:
            continue
        said += 1
        if side is e.side:
            labelled += 1
            top = set(sorted(range(len(s.sentences)), key=lambda i: -s.sentences[i])[:3])
            rational += any(r <= top for r in e.rationales)
            quoted += s.best in e.deciding
    return {
        "precision": labelled / max(1, said),
        "recall": labelled / told,
        "label_only": 2 * labelled / (said + told),
        "with_rationale": 2 * rational / (said + told),
        "with_quote": 2 * quoted / (said + told),
    }


def _mean(values: Iterable[bool]) -> float:
    found = list(values)
    return sum(found) / max(1, len(found))


def write(weights: StanceWeights, record: dict[str, Any], out: Path) -> None:
    """The weights by feature, with how they were made."""

    def named(model: Logistic, names: Sequence[str]) -> dict[str, float]:
        return {n: round(float(w), 5) for n, w in zip(names, model.weights, strict=True)} | {
            "bias": round(model.bias, 5)
        }

    record = record | {
        "decides": named(weights.decides, SENTENCE),
        "speaks": named(weights.speaks, (*PAPER, *RELATIVE)),
        "supports": named(weights.supports, PAPER),
    }
    out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def main(argv: list[str] | None = None) -> int:
    """Train, measure on held-out folds, write the weights of all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--claims", type=Path, nargs=2, required=True, metavar=("LABELS", "POOL"))
    parser.add_argument("--scifact", type=Path, nargs=2, required=True, metavar=("CLAIMS", "CORPUS"))
    parser.add_argument("--library", type=Path, required=True, help="a library of the SciFact corpus")
    parser.add_argument("--pool-library", type=Path, required=True, help="made where it is not there")
    parser.add_argument("--vectors", type=Path, default=Path("stance-vectors.sqlite"))
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    encoder = CachingEncoder(load_encoder(), args.vectors)
    library = Library.open(args.library, encoder.id)
    examples = survey_examples(args.claims[0], args.claims[1], args.pool_library, encoder)
    examples += scifact_examples(args.scifact[0], args.scifact[1], library, encoder)
    features = Features(Rarity(library))
    rows = [features.sentences(e.claim, e.candidate) for e in examples]
    stances = cross_validate(features, examples, rows)
    measures = {
        "given": three_way(examples, stances, SPEAKS),
        "retrieved": open_claims(examples, stances, SPEAKS),
    }
    log.info("held out: %s", measures)
    write(fit(features, examples, rows), {"examples": len(examples), "held_out": measures}, args.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
