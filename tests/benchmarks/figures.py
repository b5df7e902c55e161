"""What the benchmarks share: the command that was run, the state of the machine, one small table."""

from __future__ import annotations

import os
import platform
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "index" / "demo" / "papers.jsonl"
IBID = [sys.executable, "-c", "import sys; from rag.cli import main; main(sys.argv[1:])"]
INSIDE = "--inside"  # a script that starts itself again, in another namespace, says so with this


def show(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table with what is needed to repeat and to judge it."""
    cells = [list(map(str, row)) for row in (head, *rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    arguments = [argument for argument in sys.argv[1:] if argument != INSIDE]
    print(f"\n{title}")
    print(f"$ python {shlex.join([os.path.relpath(sys.argv[0], ROOT), *arguments])}")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}\n")
    for row in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
