"""Fit the weights of `rag.decision` on PubMedQA's questions, and print them as its table.

    python -m rag.training.decision FILE [--folds 10] [--seed 0]

FILE holds PubMedQA's labelled questions, which are the titles of their papers. Each abstract is read twice
under its title, without and with its conclusion, since a library holds both kinds; a paper's two readings are
in one fold. What is printed first, accuracy, macro F1
and how the labels fall, is of papers held out; the weights are fitted on all.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.cleaning import readable
from index.sentences import split_sentences
from index.types import Paper
from rag.cross_encoder import CrossEncoder, load_cross_encoder
from rag.decision import FEATURES, features, leaning
from rag.terms import content_stems
from rag.types import Decision

STRENGTH = 0.03  # scikit-learn's C; from 0.01 to 0.1 the held out accuracy is the same within a point
MAYBE = 0.5  # log-odds added to "maybe", of which there are few: macro F1 rises and accuracy stays
_CLASSES = (Decision.YES, Decision.NO, Decision.MAYBE)
_SUBJECTS = re.compile(r"\s*Medical Subject Headings \(MeSH\):.*$", re.DOTALL)

Array = NDArray[np.float64]


def abstracts(record: Mapping[str, Any]) -> tuple[str, str]:
    """An abstract with its labels, without its conclusion and with it."""
    parts = zip(record["LABELS"], record["CONTEXTS"], strict=True)
    text = " ".join(f"{label}: {part.strip()}" for label, part in parts)
    return text, f"{text} CONCLUSIONS: {_SUBJECTS.sub('', record['LONG_ANSWER'])}"


def rows(records: Sequence[Mapping[str, Any]], cross: CrossEncoder) -> Array:
    """Features, (abstracts without and with conclusion, questions, len(FEATURES))."""
    found: list[list[list[float]]] = [[], []]
    for record in records:
        question = str(record["QUESTION"])
        papers = [Paper(str(n), question, text) for n, text in enumerate(abstracts(record))]
        for kind, paper, read in zip(found, papers, cross.read(question, papers), strict=True):
            texts = [readable(paper.abstract[a:b]) for a, b in split_sentences(paper.abstract)]
            held = [frozenset(content_stems(text)) for text in texts]
            kind.append(features(question, frozenset(content_stems(question)), texts, held, read))
    return np.array(found)


def fitted(x: Array, labels: Sequence[Decision]) -> dict[str, tuple[float, float]]:
    """The table of weights from rows (n, len(FEATURES)): log-odds of yes and of no against maybe."""
    from sklearn.linear_model import LogisticRegression

    mean, spread = x.mean(axis=0), x.std(axis=0)
    model = LogisticRegression(C=STRENGTH, max_iter=500).fit((x - mean) / spread, [str(d) for d in labels])
    order = [list(model.classes_).index(str(kind)) for kind in _CLASSES]
    weights = model.coef_[order] / spread
    bias = model.intercept_[order] - weights @ mean - np.array([0, 0, -MAYBE])
    table = {n: (w[0] - w[2], w[1] - w[2]) for n, w in zip(FEATURES, weights.T, strict=True)}
    return {"bias": (bias[0] - bias[2], bias[1] - bias[2]), **table}


def held_out(x: Array, labels: Sequence[Decision], folds: int, seed: int) -> list[list[Decision]]:
    """For each kind of abstract the decisions on papers that the weights were not fitted on."""
    from sklearn.model_selection import StratifiedKFold

    found = [[Decision.MAYBE] * len(labels) for _ in x]
    parts = StratifiedKFold(folds, shuffle=True, random_state=seed)
    for kept, left in parts.split(labels, labels):
        table = fitted(np.concatenate(x[:, kept]), [labels[n] for n in kept] * len(x))
        for kind, of in zip(x, found, strict=True):
            for n in left:
                of[n] = leaning(kind[n], table).decision
    return found


def measured(found: Sequence[Decision], labels: Sequence[Decision]) -> str:
    """Accuracy, macro F1, and of each label how often it was decided in which way."""
    counts = np.array(
        [[sum(p == (a, b) for p in zip(labels, found, strict=True)) for b in _CLASSES] for a in _CLASSES]
    )
    right = np.diag(counts)
    f1 = 2 * right / np.maximum(1, counts.sum(axis=0) + counts.sum(axis=1))
    told = "; ".join(
        f"{a} -> {dict(zip(map(str, _CLASSES), row, strict=True))}"
        for a, row in zip(_CLASSES, counts.tolist(), strict=True)
    )
    return f"accuracy {right.sum() / counts.sum():.3f}, macro F1 {f1.mean():.3f}; {told}"


def main(argv: list[str] | None = None) -> int:
    """Read, measure on papers held out, print the table fitted on all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--folds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(argv)
    records = list(json.loads(args.file.read_text(encoding="utf-8")).values())
    labels = [Decision(record["final_decision"]) for record in records]
    x = rows(records, load_cross_encoder())
    kinds = ("without conclusion", "with conclusion")
    for name, found in zip(kinds, held_out(x, labels, args.folds, args.seed), strict=True):
        sys.stdout.write(f"{name}: {measured(found, labels)}\n")
    table = fitted(np.concatenate(x), labels * len(x))
    sys.stdout.writelines(f'    "{name}": ({yes:.3f}, {no:.3f}),\n' for name, (yes, no) in table.items())
    return 0


if __name__ == "__main__":
    sys.exit(main())
