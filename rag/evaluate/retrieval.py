"""Retrieval over a BEIR collection: the modes side by side on the same queries, with intervals and tests.

Measures are those of trec_eval, computed by ir-measures (MacAvaney, Macdonald & Ounis 2022): nDCG with
linear gains, average precision, reciprocal rank and recall, each over the papers retrieved.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index.errors import ModelError
from index.library import Library
from index.types import Hit, Paper
from rag.evaluate.beir import Collection, Qrels, Query
from rag.evaluate.collection_library import aliases
from rag.evaluate.outcome import Bars, Case, Curve, Outcome
from rag.evaluate.statistics import bootstrap_interval, mean, percentile, randomisation_p
from rag.partial import PartialResults, content_key, partial_path

DEPTH = 100  # papers retrieved for each query
MEASURES = {"ndcg@10": "nDCG@10", "map": "AP", "mrr@10": "RR@10", "recall@10": "R@10", "recall@100": "R@100"}
_WORST = 12

Search = Callable[[str, int], Sequence[Hit]]  # query, k → hits, best first
Progress = Callable[[int, int, str], None]  # done, total, what


@dataclass(frozen=True, slots=True)
class Run:
    """One mode over all queries: papers by query, best first, and milliseconds by query."""

    name: str
    ranked: Mapping[str, tuple[str, ...]]
    ms: Mapping[str, float]


def read_papers(collection: Collection) -> list[Paper]:
    """The papers of a collection's corpus that can be searched, under the ids that judgements use."""
    from index.readers.table import read_file

    papers = []
    for paper in read_file(collection.corpus, "jsonl").papers:
        identity = collection.lines.get(paper.sources[0].line)
        if identity is not None:
            papers.append(replace(paper, id=identity))
    return papers


def run_mode(
    name: str,
    search: Search,
    collection: Collection,
    same: Mapping[str, tuple[str, ...]],
    partial: PartialResults,
    progress: Progress | None = None,
) -> Run:
    """Search every query to `DEPTH`; queries in `partial` are not searched again.

    As in BEIR, a paper that is itself the query is no hit. A hit stands for every id of `same`.
    """
    with partial.appending():
        for done, query in enumerate(collection.queries):
            if query.id not in partial.done:
                began = time.perf_counter()
                hits = search(query.text, DEPTH)
                spent = 1000 * (time.perf_counter() - began)
                partial.add(query.id, {"ms": round(spent, 3), "papers": _ids(hits, query, same)})
            if progress:
                progress(done + 1, len(collection.queries), name)
    kept = {query.id: partial.done[query.id] for query in collection.queries}
    return Run(
        name, {q: tuple(r["papers"]) for q, r in kept.items()}, {q: float(r["ms"]) for q, r in kept.items()}
    )


def _ids(hits: Sequence[Hit], query: Query, same: Mapping[str, tuple[str, ...]]) -> list[str]:
    ids = [identity for hit in hits for identity in same.get(hit.paper.id, (hit.paper.id,))]
    return [identity for identity in ids if identity != query.id][:DEPTH]


def measure(qrels: Qrels, run: Run) -> dict[str, dict[str, float]]:
    """Each measure by query, every judged query included."""
    import ir_measures

    asked = {name: ir_measures.parse_measure(spelling) for name, spelling in MEASURES.items()}
    ranked = {
        query: {paper: 1.0 / rank for rank, paper in enumerate(papers, 1)}
        for query, papers in run.ranked.items()
    }
    found: dict[str, dict[str, float]] = {name: dict.fromkeys(qrels, 0.0) for name in asked}
    names = {measure: name for name, measure in asked.items()}
    for metric in ir_measures.iter_calc(list(asked.values()), qrels, ranked):
        found[names[metric.measure]][metric.query_id] = metric.value
    return found


def write_trec(run: Run, folder: Path, tag: str) -> Path:
    """The run as `qid Q0 paper_id rank score tag`; the score is 1/rank, so that no tool reorders ties."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{run.name}.trec"
    lines = (
        f"{query} Q0 {paper} {rank} {1 / rank:.6f} {tag}\n"
        for query, papers in run.ranked.items()
        for rank, paper in enumerate(papers, 1)
    )
    path.write_text("".join(lines), encoding="utf-8")
    return path


def evaluate_retrieval(
    collection: Collection,
    library: Library,
    searches: Mapping[str, Search],
    out: Path | None = None,
    progress: Progress | None = None,
) -> tuple[Outcome, list[Run]]:
    """Run the modes of `searches` in their order and compare each with the first.

    A mode whose model is not there is named and left out.

    :param out: a folder for partial results.
    :raises ModelError: when no mode can search.
    """
    began = time.monotonic()
    same = aliases(library.papers(), collection.lines)
    fingerprint = library.fingerprint
    asked = content_key(*(f"{q.id}\t{q.text}" for q in collection.queries))
    runs, problems = [], list(collection.problems)
    for name, search in searches.items():
        partial = PartialResults(partial_path(out, f"retrieval-{name}", fingerprint, asked, str(DEPTH)))
        try:
            runs.append(run_mode(name, search, collection, same, partial, progress))
        except ModelError as error:
            problems.append(f"mode {name} is left out: {error}")
    if not runs:
        raise ModelError(f"no mode can search: {problems[-1]}")
    settings = {
        "split": collection.split, "queries": len(collection.queries), "papers": len(collection.lines),
        "depth": DEPTH, "embedder": library.embedder.name, "library_fingerprint": fingerprint,
    }  # fmt: skip
    outcome = compare(collection, runs, settings, time.monotonic() - began, library)
    return replace(outcome, problems=tuple(problems)), runs


def compare(
    collection: Collection,
    runs: Sequence[Run],
    settings: Mapping[str, Any],
    seconds: float,
    library: Library | None = None,
) -> Outcome:
    """Means, 95 % intervals, the test against the first run, times, and the queries that went worst."""
    by_query = {run.name: measure(collection.qrels, run) for run in runs}
    first = by_query[runs[0].name]
    measures, intervals, p_values = {}, {}, {}
    for run in runs:
        found = by_query[run.name]
        times = list(run.ms.values())
        measures[run.name] = {name: mean(list(values.values())) for name, values in found.items()} | {
            "ms_p50": percentile(times, 0.5),
            "ms_p95": percentile(times, 0.95),
        }
        intervals[run.name] = {n: bootstrap_interval(list(v.values())) for n, v in found.items()}
        if run is not runs[0]:
            p_values[run.name] = {
                n: randomisation_p([first[n][q] for q in v], list(v.values())) for n, v in found.items()
            }
    return Outcome(
        "retrieval", str(collection.corpus.parent), measures, seconds, settings, intervals, p_values,
        notes=(
            f"Intervals: percentile bootstrap over queries. p: randomisation test against {runs[0].name}, "
            f"two-sided, not corrected for several comparisons. Papers to depth {DEPTH}.",
        ),
        curves=(_recall_curve(collection.qrels, runs),),
        bars=tuple(_bars(name, measures, intervals) for name in ("ndcg@10", "recall@100")),
        cases=_worst(collection, runs[-1], by_query[runs[-1].name]["ndcg@10"], library),
    )  # fmt: skip


def _bars(
    name: str,
    measures: Mapping[str, Mapping[str, float]],
    intervals: Mapping[str, Mapping[str, tuple[float, float]]],
) -> Bars:
    values = {mode: found[name] for mode, found in measures.items()}
    return Bars(f"{name} by mode", values, {mode: found[name] for mode, found in intervals.items()})


def _recall_curve(qrels: Qrels, runs: Sequence[Run]) -> Curve:
    lines = {}
    for run in runs:
        points = []
        for k in (1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50, 60, 70, 80, 90, 100):
            points.append((k / DEPTH, mean([_recall(qrels[q], run.ranked[q][:k]) for q in qrels])))
        lines[run.name] = tuple(points)
    return Curve("Recall by depth", f"papers read, as a share of {DEPTH}", "recall", lines)


def _recall(judged: Mapping[str, int], papers: Sequence[str]) -> float:
    relevant = {paper for paper, grade in judged.items() if grade > 0}
    return len(relevant & set(papers)) / len(relevant)


def _worst(
    collection: Collection, run: Run, ndcg: Mapping[str, float], library: Library | None
) -> tuple[Case, ...]:
    """The queries of lowest nDCG, with what was wanted and what came first instead."""
    texts = {query.id: query.text for query in collection.queries}
    cases = []
    for query in sorted(ndcg, key=lambda q: (ndcg[q], q))[:_WORST]:
        if ndcg[query] >= 1:
            break
        judged = collection.qrels[query]
        wanted = sorted((p for p in judged if judged[p] > 0), key=lambda p: -judged[p])[:3]
        first = list(run.ranked[query][:3])
        named = library.papers_by_id([*wanted, *first]) if library else {}

        def shown(ids: Sequence[str], named: Mapping[str, Paper] = named) -> str:
            return "\n".join(f"{i}: {named[i].label}" if i in named else i for i in ids)

        cases.append(
            Case(
                query, texts[query], f"{run.name}: nDCG@10 {ndcg[query]:.2f}",
                {"relevant": shown(wanted), "came first": shown(first) or "nothing"},
            )
        )  # fmt: skip
    return tuple(cases)
