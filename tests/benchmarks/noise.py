"""Points lost on facts and surveys where four papers in five have nothing to do with the questions.

The library is copied and papers of a file are added, drawn at random, until they are 80 % of it; the same
questions are asked of both.

    python tests/benchmarks/noise.py QUESTIONS.jsonl LIBRARY UNRELATED.jsonl [SEED]
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from figures import IBID, show

SHARE = 0.8
MEASURES = ("fact_answer", "survey_recall", "survey_precision", "survey_keypoints", "compare_recall")


def main(questions: Path, library: Path, unrelated: Path, seed: int = 0) -> None:
    with tempfile.TemporaryDirectory() as folder:
        noisy, added = Path(folder) / "library", Path(folder) / "added.jsonl"
        shutil.copytree(library, noisy)
        held = json.loads(ibid("index", "info", "-L", str(library), "--json"))["papers"]
        lines = [line for line in unrelated.read_text(encoding="utf-8").splitlines() if line.strip()]
        random.Random(seed).shuffle(lines)
        count = round(held * SHARE / (1 - SHARE))
        added.write_text("\n".join(lines[:count]), encoding="utf-8")
        ibid("index", "add", "-L", str(noisy), str(added))
        clean, spoilt = (measured(questions, at) for at in (library, noisy))
    rows = [
        (m, f"{clean[m]:.3f}", f"{spoilt[m]:.3f}", f"{100 * (spoilt[m] - clean[m]):+.1f}") for m in MEASURES
    ]
    show(
        f"{held} papers, then {count} others beside them", ("measure", "alone", "with noise", "points"), rows
    )


def measured(questions: Path, library: Path) -> dict[str, float]:
    found = json.loads(
        ibid("eval", "answers", str(questions), "-L", str(library), "--llm", "none", "--json")
    )["measures"]
    flat = found if any(m in found for m in MEASURES) else next(iter(found.values()))
    return {m: float(flat[m]) for m in MEASURES}


def ibid(*arguments: str) -> str:
    return subprocess.run([*IBID, *arguments], check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main(*(Path(a) for a in sys.argv[1:4]), *map(int, sys.argv[4:5]))
