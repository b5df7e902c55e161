"""`ibid search`: the papers nearest to a query, or a whole run for evaluation."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.commands.options import JsonOption, LibraryOption, ModeOption, YearOption, check_mode, parse_years
from rag.commands.output import console, plain, print_json, read_lines

if TYPE_CHECKING:
    from index.library import Filter
    from index.types import Hit
    from rag.wiring import OpenedLibrary


def search(
    query: Annotated[str, typer.Argument(help="What to look for.")] = "",
    library: LibraryOption = None,
    k: Annotated[int, typer.Option("-k", help="How many papers.", min=1, max=1000)] = 10,
    mode: ModeOption = "hybrid",
    year: YearOption = None,
    as_json: JsonOption = False,
    trec: Annotated[str | None, typer.Option("--trec", help="Print a TREC run under this tag.")] = None,
    batch: Annotated[
        Path | None, typer.Option("--batch", help="BEIR query lines (_id, text), with --trec.")
    ] = None,
) -> None:
    """Find papers by meaning and by words."""
    from index.errors import UsageError
    from index.library import Filter
    from rag.wiring import open_library

    check_mode(mode)
    low, high = parse_years(year)
    keep = Filter(year_from=low, year_to=high) if low is not None or high is not None else None
    if batch is not None and trec is None:
        raise UsageError("--batch prints a run and needs --trec TAG")
    if batch is None and not query.strip():
        raise UsageError('the query is empty; write what to look for: ibid search "…"')
    opened = open_library(library, llm="none")
    if trec is not None:
        queries = _queries(batch) if batch else [("1", query)]
        _print_run(opened, queries, trec, k, mode, keep)
        return
    hits = opened.search(query, k, mode, keep)
    if as_json:
        print_json({"schema": "ibid.search/1", "query": query, "hits": [_to_dict(hit) for hit in hits]})
    else:
        _print(hits, query)


def _queries(path: Path) -> list[tuple[str, str]]:
    from index.errors import ReadError

    found = []
    for number, line in read_lines(path, "queries (_id, text)"):
        try:
            record = json.loads(line)
            found.append((str(record["_id"]), str(record["text"])))
        except (ValueError, KeyError, TypeError, RecursionError):
            sys.stderr.write(f"ibid: {path}:{number}: no query line (_id, text); left out\n")
    if not found:
        raise ReadError(f"{path}: no queries; give a JSONL file with _id and text")
    return found


def _print_run(
    opened: OpenedLibrary, queries: list[tuple[str, str]], tag: str, k: int, mode: str, keep: Filter | None
) -> None:
    started = time.monotonic()
    for qid, text in queries:
        for hit in opened.search(text, k, mode, keep):
            # several scores give the order of a hybrid or reranked run: the rank stands for them
            score = hit.scores.fused or 0.0 if mode in ("dense", "lexical") else 1 / hit.rank
            sys.stdout.write(f"{qid} Q0 {hit.paper.id} {hit.rank} {score:.6f} {tag}\n")
    spent = time.monotonic() - started
    sys.stderr.write(f"{len(queries)} queries in {spent:.1f} s\n")


def _to_dict(hit: Hit) -> dict[str, object]:
    from rag.types import scores_dict

    return {
        "rank": hit.rank,
        "paper_id": hit.paper.id,
        "title": hit.paper.title,
        "year": hit.paper.year,
        "scores": scores_dict(hit.scores),
        "passage": hit.chunk.text,
        "start": hit.chunk.start,
        "end": hit.chunk.end,
    }


def _print(hits: list[Hit], query: str) -> None:
    from rich.text import Text

    from index.cleaning import readable

    out = console()
    if not hits:
        sys.stderr.write(f"ibid: nothing found for {plain(query)!r}; try other words or `--mode dense`\n")
        return
    for hit in hits:
        year = f" ({hit.paper.year})" if hit.paper.year else ""
        out.print(
            Text(f"{hit.rank:>3}. ", "bold") + Text(plain(readable(hit.paper.label)), "bold") + Text(year)
        )
        named = ((n, getattr(hit.scores, n)) for n in ("fused", "dense", "lexical", "rerank"))
        scores = " · ".join(f"{name} {value:.2f}" for name, value in named if value is not None)
        out.print(Text(f"     {scores} · {hit.paper.id}", "dim"))
        passage = plain(readable(hit.chunk.text))
        out.print(Text("     " + passage[:200] + ("…" if len(passage) > 200 else "")))
