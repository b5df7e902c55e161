"""How long a command takes from the start of its process, and a search inside a running one.

python tests/benchmarks/startup.py [RUNS]
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from figures import DEMO, IBID, show


def main(runs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "demo"
        subprocess.run([*IBID, "index", "add", DEMO, "-L", library], check=True, capture_output=True)
        rows = [
            ("ibid --help", *of_process(runs, "--help")),
            ("ibid index info", *of_process(runs, "index", "info", "-L", library)),
            ("ibid search, process start to result", *of_process(runs, "search", QUERY, "-L", library)),
            ("a query in a running process", *of_queries(library)),
        ]
    show("Start-up and search on the demo library", ("what", "median", "slowest"), rows)


QUERY = "state space models for image segmentation"


def of_process(runs: int, *arguments: object) -> tuple[str, str]:
    spent = []
    for _ in range(runs):
        began = time.monotonic()
        subprocess.run([*IBID, *map(str, arguments)], check=True, capture_output=True)
        spent.append(time.monotonic() - began)
    return f"{statistics.median(spent):.2f} s", f"{max(spent):.2f} s"


def of_queries(library: Path) -> tuple[str, str]:
    """The titles of the demo papers as queries, so that none is asked twice."""
    from rag.wiring import open_library

    opened = open_library(library, llm="none")
    queries = [json.loads(line)["title"] for line in DEMO.open(encoding="utf-8")][:200]
    opened.search("warm up")
    spent = []
    for query in queries:
        began = time.monotonic()
        opened.search(query)
        spent.append(1000 * (time.monotonic() - began))
    return f"{statistics.median(spent):.1f} ms", f"{max(spent):.1f} ms"


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 7)
