"""Screening simulated: a ranker orders the unread records, a reader with the answers labels the first.

Data are CSV files of ASReview: title, abstract and a label of 0 or 1 for each record. A simulation
starts from one included and one excluded record drawn by chance, which are no part of the ranking that is
measured. Measures: work saved over sampling at 95 % recall (Cohen et al. 2006), relevant records found
after reading 10 %, average precision.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from index.errors import ReadError
from rag.evaluate.lines import Problems, read_text

LABELS = ("label_included", "included", "label", "final_included", "inclusion")  # as ASReview reads them
MEASURES = ("wss@95", "rrf@10", "average_precision")
_LONGEST_FIELD = 10_000_000


@dataclass(frozen=True, slots=True)
class Record:
    """A record to be screened."""

    title: str
    abstract: str
    included: bool


class Ranker(Protocol):
    """Learns from decisions which of its records are likely to be included.

    Made from the records, whose `included` it must not look at; places count from 0.
    """

    def fit(self, decisions: Mapping[int, bool]) -> None:
        """Learn from all decisions so far, by place; at least one of each kind."""
        ...

    def score(self, places: Sequence[int]) -> Sequence[float]:
        """How likely each of these records is to be included; only the order counts."""
        ...


RankerMaker = Callable[[Sequence[Record]], Ranker]


def read_records(path: Path, problems: Problems) -> list[Record]:
    """The records of a file; one without a label of 0 or 1 is a problem and left out.

    :raises ReadError: when there is no label column, or not a record of each kind.
    """
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.DictReader(io.StringIO(read_text(path, "records (title, abstract, label_included)")))
    names = {(name or "").strip().lower(): name for name in reader.fieldnames or ()}
    label = next((names[name] for name in LABELS if name in names), None)
    if label is None:
        raise ReadError(
            f"{path}: no column {', '.join(LABELS[:3])}; name the column of 0 and 1 label_included"
        )
    records = []
    try:
        for row in reader:
            value = (row[label] or "").strip()
            if value not in ("0", "1", "0.0", "1.0"):
                problems.append(f"{path}:{reader.line_num}: label {value!r} is not 0 or 1; left out")
                continue
            title, abstract = (str(row.get(names.get(n, n)) or "").strip() for n in ("title", "abstract"))
            records.append(Record(title, abstract, value[0] == "1"))
    except csv.Error as error:
        raise ReadError(f"{path}:{reader.line_num}: {error}; mend the file") from None
    if len({record.included for record in records}) < 2:
        raise ReadError(f"{path}: needs at least one record labelled 1 and one labelled 0")
    return records


def simulate(
    records: Sequence[Record],
    make: RankerMaker,
    seed: int = 0,
    batch: int = 1,
    step: Callable[[int], None] | None = None,
) -> list[int]:
    """The places of the records in the order in which they would be read, the two to start from left out.

    :param batch: records read before the ranker learns again; 1 as in ASReview.
    """
    decisions = {place: records[place].included for place in _start(records, seed)}
    unread = [place for place in range(len(records)) if place not in decisions]
    ranker, order = make(records), []
    while unread:
        ranker.fit(decisions)
        scores = np.asarray(ranker.score(unread), dtype=float)
        best = np.argsort(-scores, kind="stable")[:batch]
        taken = [unread[i] for i in best]
        decisions.update((place, records[place].included) for place in taken)
        order += taken
        gone = set(taken)
        unread = [place for place in unread if place not in gone]
        if step:
            step(len(order))
    return order


def _start(records: Sequence[Record], seed: int) -> tuple[int, int]:
    """One included and one excluded record."""
    random = np.random.default_rng(seed)
    included = [place for place, record in enumerate(records) if record.included]
    excluded = [place for place, record in enumerate(records) if not record.included]
    return int(random.choice(included)), int(random.choice(excluded))


def wss(labels: Sequence[bool], recall: float = 0.95) -> float:
    """Work saved over sampling: the share left unread when `recall` is reached, less 1 − recall."""
    total = sum(labels)
    if not total:
        return 0.0
    needed, found = math.ceil(recall * total - 1e-9), 0
    for read, included in enumerate(labels, 1):
        found += included
        if found >= needed:
            return (len(labels) - read) / len(labels) - (1 - recall)
    return 0.0


def rrf(labels: Sequence[bool], share: float = 0.10) -> float:
    """Relevant records found among the first `share` of the records, rounded down, as a share of all."""
    total = sum(labels)
    return sum(labels[: int(share * len(labels) + 1e-9)]) / total if total else 0.0


def average_precision(labels: Sequence[bool]) -> float:
    """The mean, over the relevant records, of the precision at each."""
    found, precisions = 0, 0.0
    for read, included in enumerate(labels, 1):
        if included:
            found += 1
            precisions += found / read
    return precisions / found if found else 0.0


def ranking_measures(labels: Sequence[bool]) -> dict[str, float]:
    """All measures of a ranking, given as labels in reading order."""
    return dict(zip(MEASURES, (wss(labels), rrf(labels), average_precision(labels)), strict=True))


def recall_points(labels: Sequence[bool], most: int = 200) -> tuple[tuple[float, float], ...]:
    """(share read, share of the relevant found), from (0, 0) to (1, 1), at most about `most` points."""
    total, count = sum(labels), len(labels)
    found = np.cumsum(np.asarray(labels, dtype=int))
    places = sorted({round(i * (count - 1) / most) for i in range(most + 1)})
    return ((0.0, 0.0), *(((i + 1) / count, float(found[i]) / max(1, total)) for i in places))
