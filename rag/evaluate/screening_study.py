"""Screening of several reviews by several rankers: resumable simulations, and their means."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from index.errors import ReadError, UsageError
from rag.evaluate.lines import Problems
from rag.evaluate.outcome import Bars, Case, Curve, Outcome
from rag.evaluate.screening import (
    MEASURES,
    RankerMaker,
    Record,
    ranking_measures,
    read_records,
    recall_points,
    simulate,
)
from rag.evaluate.statistics import mean
from rag.partial import PartialResults, content_key, partial_path

RANKERS = {  # name → module:class, the baseline first; a row whose module is not there is left out
    "naive-bayes": "rag.evaluate.naive_bayes:NaiveBayesRanker",
    "ibid": "rag.evaluate.ibid_ranker:ibid_ranker",
}
_SHOWN = 4  # reviews whose curves are drawn
_LATE = 10  # included records listed that were found last

Progress = Callable[[int, int, str], None]


def available_rankers() -> dict[str, str]:
    """The rows of `RANKERS` that this installation has."""
    return {name: row for name, row in RANKERS.items() if find_spec(row.partition(":")[0]) is not None}


def load_ranker(name: str) -> RankerMaker:
    """The class behind a name. :raises UsageError: when there is none."""
    there = available_rankers()
    if name not in there:
        raise UsageError(f"--ranker {name} does not exist; choose {' or '.join(there)}")
    module, _, attribute = there[name].partition(":")
    maker: RankerMaker = getattr(importlib.import_module(module), attribute)
    return maker


def read_reviews(path: Path, problems: Problems) -> dict[str, list[Record]]:
    """The reviews of a CSV file or of a folder of them, by file stem; a file that cannot be used is named."""
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
    reviews = {}
    for file in files:
        try:
            reviews[file.stem] = read_records(file, problems)
        except ReadError as error:
            if len(files) == 1:
                raise
            problems.append(str(error))
    if not reviews:
        raise ReadError(f"{path}: no CSV file of records (title, abstract, label_included)")
    return reviews


def run_review(
    records: Sequence[Record],
    make: RankerMaker,
    seeds: Sequence[int],
    partial: PartialResults,
    batch: int,
    step: Callable[[int], None] | None = None,
) -> list[list[int]]:
    """The reading order of each seed; orders that `partial` holds are not simulated again."""
    ranker = cache(lambda: make(records))  # learns from what it is given alone, so one serves all seeds
    with partial.appending():
        for seed in seeds:
            if str(seed) not in partial.done:
                partial.add(str(seed), {"order": simulate(records, lambda _: ranker(), seed, batch, step)})
    return [list(partial.done[str(seed)]["order"]) for seed in seeds]


def evaluate_screening(
    path: Path,
    rankers: Mapping[str, RankerMaker],
    seeds: int = 1,
    batch: int = 1,
    out: Path | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Simulate every review with every ranker; the last ranker is the one of `measures`.

    :param seeds: simulations of each review, from different records to start with; measures are their mean.
    """
    began, problems = time.monotonic(), Problems()
    reviews = read_reviews(path, problems)
    orders: dict[str, dict[str, list[list[int]]]] = {name: {} for name in rankers}
    todo = [(name, stem) for name in rankers for stem in reviews]
    for done, (name, stem) in enumerate(todo):
        if progress:
            progress(done, len(todo), f"{name}: {stem}")
        partial = PartialResults(
            partial_path(out, f"screening-{name}-{stem}", _content(reviews[stem]), str(batch))
        )
        orders[name][stem] = run_review(reviews[stem], rankers[name], range(seeds), partial, batch)
    measures = {name: _measures(reviews, found) for name, found in orders.items()}
    *others, main = rankers
    settings = {
        "ranker": main, "seeds": seeds, "batch": batch, "start": "1 included, 1 excluded, not counted",
        "records": sum(map(len, reviews.values())),
    }  # fmt: skip
    return Outcome(
        "screening", str(path), measures[main], time.monotonic() - began, settings,
        compared={name: measures[name] for name in others}, problems=tuple(problems),
        notes=("WSS@95 after Cohen et al. (2006); RRF@10 is the recall after a tenth of the records.",),
        curves=_curves(reviews, orders), bars=_bars(measures), cases=_late(reviews, orders[main]),
    )  # fmt: skip


def _content(records: Sequence[Record]) -> str:
    return content_key(*(f"{r.title}\t{r.abstract}\t{r.included}" for r in records))


def _labels(records: Sequence[Record], order: Sequence[int]) -> list[bool]:
    return [records[place].included for place in order]


def _measures(
    reviews: Mapping[str, Sequence[Record]], orders: Mapping[str, Sequence[Sequence[int]]]
) -> dict[str, dict[str, float]]:
    by_review = {}
    for stem, found in orders.items():
        each = [ranking_measures(_labels(reviews[stem], order)) for order in found]
        by_review[stem] = {name: mean([one[name] for one in each]) for name in MEASURES}
    means = {name: mean([found[name] for found in by_review.values()]) for name in MEASURES}
    return {"mean": means, **by_review}


def _curves(
    reviews: Mapping[str, Sequence[Record]], orders: Mapping[str, Mapping[str, Sequence[Sequence[int]]]]
) -> tuple[Curve, ...]:
    curves = []
    for stem in sorted(reviews, key=lambda stem: -len(reviews[stem]))[:_SHOWN]:
        lines = {
            name: recall_points(_labels(reviews[stem], found[stem][0])) for name, found in orders.items()
        }
        lines["by chance"] = ((0.0, 0.0), (1.0, 1.0))
        curves.append(Curve(f"{stem} ({len(reviews[stem])} records)", "share read", "relevant found", lines))
    return tuple(curves)


def _bars(measures: Mapping[str, Mapping[str, Mapping[str, float]]]) -> tuple[Bars, ...]:
    return tuple(
        Bars(f"WSS@95: {name}", {stem: one["wss@95"] for stem, one in found.items()})
        for name, found in measures.items()
    )


def _late(
    reviews: Mapping[str, Sequence[Record]], orders: Mapping[str, Sequence[Sequence[int]]]
) -> tuple[Case, ...]:
    """Included records that were found last, the latest first."""
    late = []
    for stem, found in orders.items():
        records, order = reviews[stem], found[0]
        for read, place in enumerate(order, 1):
            if records[place].included:
                late.append((read / len(order), stem, records[place]))
    late.sort(key=lambda one: -one[0])
    return tuple(
        Case(
            stem,
            record.title or "(no title)",
            f"found after {share:.0%}",
            {"abstract": record.abstract[:700]},
        )
        for share, stem, record in late[:_LATE]
    )
