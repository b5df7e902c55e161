"""Fit the weights by which `rag.compare` tells what a sentence of an abstract is for.

    python -m rag.training.aspects EVAL_FOLDER [--out FILE] [--folds 5] [--seed 0]

EVAL_FOLDER holds `train_survey`, `scale`, `pubmedqa` and `scifact`, whose abstracts `labels/aspects.jsonl`
speaks of by id: for each usual aspect the sentences that a strict reader would accept alone, from 0 as
`index.sentences` parts them; none where the abstract does not say. What is logged is of papers held out:
the share of cells that hold an accepted sentence, or are rightly empty. A few minutes on two cores.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.types import Paper
from rag.compare.aspect_model import WEIGHTS
from rag.compare.aspects import USUAL
from rag.compare.features import features_of

LABELS = Path(__file__).parent / "labels" / "aspects.jsonl"
STRENGTH = 1.0  # scikit-learn's C
RAREST = 4  # sentences that a feature is seen in
SMALLEST, STEP = 0.05, 0.01  # weights below the first are left out; those written are multiples of the second
BOUNDS = np.linspace(-2.2, 1.3, 36)  # log-odds from which a cell may be filled: no less than one in ten
WORTH = 0.004  # of right cells that may be lost for a lower bound: what is said is worth more than silence
_KEYS = ("task", "data", "method", "result", "limits")  # of a label, in the order of `USUAL`

Array = NDArray[np.float64]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A paper's sentences as features, and for each aspect the numbers of those accepted."""

    sentences: tuple[Mapping[str, float], ...]
    accepted: tuple[frozenset[int], ...]


def papers_in(folder: Path) -> Iterator[Paper]:
    """Every paper that the labels may speak of."""
    for file in (folder / "train_survey" / "pool.jsonl.gz", folder / "scale" / "acl_anthology.jsonl.gz"):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                yield Paper(str(row["id"]), row["title"], row["abstract"] or "")
    asked: Mapping[str, Any] = json.loads((folder / "pubmedqa" / "dev500.json").read_text(encoding="utf-8"))
    for id, row in asked.items():
        yield Paper(id, row["QUESTION"], " ".join([*row["CONTEXTS"], row["LONG_ANSWER"]]))
    with (folder / "scifact" / "corpus.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            yield Paper(str(row["doc_id"]), row["title"], " ".join(row["abstract"]))


def read_labels(folder: Path) -> list[Labelled]:
    """The labelled papers that the folder holds."""
    rows = {r["id"]: r for r in map(json.loads, LABELS.read_text(encoding="utf-8").splitlines())}
    found = []
    for paper in papers_in(folder):
        if row := rows.pop(paper.id, None):
            sentences = tuple(features for _, features in features_of(paper))
            found.append(Labelled(sentences, tuple(frozenset(row[key]) for key in _KEYS)))
    if rows:
        log.warning("%d labelled papers are not in %s", len(rows), folder)
    return found


def fitted(x: Any, y: Array) -> tuple[Array, Array]:
    """Weights (aspects, features) and bias (aspects,)."""
    from sklearn.linear_model import LogisticRegression

    models = [LogisticRegression(C=STRENGTH, max_iter=500).fit(x, column) for column in y.T]
    return np.vstack([m.coef_ for m in models]), np.concatenate([m.intercept_ for m in models])


def right(labelled: Sequence[Labelled], scores: Array, starts: Array, column: int, least: float) -> float:
    """The share of an aspect's cells that are right, filled from a score on."""
    hits = []
    for one, start in zip(labelled, starts, strict=True):
        own = scores[start : start + len(one.sentences), column]
        best = int(own.argmax())
        wanted = one.accepted[column]
        hits.append(best in wanted if own[best] >= least else not wanted)
    return float(np.mean(hits))


def held_out(x: Any, y: Array, of: NDArray[np.intp], folds: int, seed: int) -> Array:
    """Scores (sentences, aspects) of papers not fitted on. :param of: the paper of each sentence."""
    part = np.random.default_rng(seed).permutation(of[-1] + 1) % folds
    scores = np.zeros(y.shape)
    for fold in range(folds):
        left = part[of] == fold
        weights, bias = fitted(x[~left], y[~left])
        scores[left] = x[left] @ weights.T + bias
    return scores


def main(argv: list[str] | None = None) -> int:
    """Fit, write the weights, log what papers held out give."""
    from sklearn.feature_extraction import DictVectorizer

    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s", force=True)
    labelled = [one for one in read_labels(args.folder) if one.sentences]
    vectors = DictVectorizer()
    x = vectors.fit_transform([features for one in labelled for features in one.sentences])
    seen = np.asarray((x != 0).sum(axis=0)).ravel() >= RAREST
    x, names = x[:, seen], vectors.get_feature_names_out()[seen]
    y = np.array(
        [[n in a for a in one.accepted] for one in labelled for n in range(len(one.sentences))], float
    )
    counts = np.array([len(one.sentences) for one in labelled])
    starts, of = np.cumsum(counts) - counts, np.repeat(np.arange(len(labelled)), counts)
    scores = held_out(x, y, of, args.folds, args.seed)
    least = []
    log.info("%d papers, %d sentences, %d features", len(labelled), len(of), len(names))
    for column, name in enumerate(USUAL):
        shares = [right(labelled, scores, starts, column, b) for b in BOUNDS]
        at = next(n for n, share in enumerate(shares) if share >= max(shares) - WORTH)
        share, bound = shares[at], float(BOUNDS[at])
        log.info("%s: %.3f right, filled from %.1f", name, share, bound)
        least.append(round(bound, 2))
    weights, bias = fitted(x, y)
    write(args.out, names, weights, bias, least)
    return 0


def write(file: Path, names: Sequence[str], weights: Array, bias: Array, least: Sequence[float]) -> None:
    """The weights as `rag.compare.aspect_model` reads them."""
    rows = {
        str(name): [round(w / STEP) for w in column]
        for name, column in zip(names, weights.T, strict=True)
        if abs(column).max() >= SMALLEST
    }
    told = {"bias": [round(b, 3) for b in bias], "least": list(least), "scale": STEP, "weights": rows}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":")).replace("],", "],\n")
    file.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
