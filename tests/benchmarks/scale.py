"""A large library: how fast it is built, what it weighs, how fast it is searched, when an addition is seen.

FILE holds JSON lines with title and abstract, also in gzip; papers without an abstract are left out.
Queries are titles of every so many papers. Searches are hybrid, in a running process, without the reader.

    python tests/benchmarks/scale.py FILE [MOST_PAPERS]
"""

from __future__ import annotations

import gzip
import json
import resource
import statistics
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from figures import show

QUERIES = 200


def main(source: Path, most: int) -> None:
    from index.build import add_paths
    from rag.embedder import load_encoder
    from rag.wiring import open_library

    opened = gzip.open if source.suffix == ".gz" else open
    with opened(source, "rt", encoding="utf-8") as lines:
        papers = list(islice((p for p in map(json.loads, lines) if p.get("abstract")), most))
    with tempfile.TemporaryDirectory() as folder:
        file, added, library = (Path(folder) / name for name in ("papers.jsonl", "one.jsonl", "library"))
        file.write_text("".join(json.dumps(paper) + "\n" for paper in papers[1:]), encoding="utf-8")
        added.write_text(json.dumps(papers[0]) + "\n", encoding="utf-8")
        began = time.monotonic()
        report = add_paths(library, [file], load_encoder())
        built = time.monotonic() - began
        with open_library(library, llm="none").papers as fresh:
            count = len(fresh)
        searched = open_library(library, llm="none")
        titles = [paper["title"] for paper in papers[1 :: max(1, len(papers) // QUERIES)]]
        spent = sorted(seconds(lambda title=title: searched.search(title, 10)) for title in titles)
        one = seconds(lambda: searched.add_files([added]))
        seen = seconds(lambda: searched.search(papers[0]["title"], 10))
        size = sum(f.stat().st_size for f in library.rglob("*") if f.is_file())
    rows = [
        ("papers", f"{count:,} ({report.duplicates:,} duplicates, {report.skipped:,} skipped)"),
        ("built", f"{built:.0f} s, {count / built:.0f} papers/s"),
        ("on disk", f"{size / 2**20:.0f} MB, {size / count / 1024:.1f} KB a paper"),
        ("most memory", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10:.0f} MB"),
        ("search, p50 and p95", f"{statistics.median(spent):.3f} s, {spent[int(len(spent) * 0.95)]:.3f} s"),
        ("one paper added and found", f"{one + seen:.2f} s"),
    ]
    show(f"A library of {count:,} papers", ("what", "seen"), rows)


def seconds(work) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else sys.maxsize)
