"""Seconds from a question to its first cited statement and to the whole answer, in a running process.

The questions are of the survey kind and answered from up to eight papers; none is asked twice and
the model is warm.

    python tests/benchmarks/answers.py [LLM]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from figures import DEMO, show

QUESTIONS = (
    "How are state space models used in medical image segmentation?",
    "What is known about hallucination of medical language models?",
    "Which benchmarks exist for medical question answering?",
    "How is self-supervised learning used in pathology?",
    "What approaches are there to summarise clinical notes?",
    "How are diffusion models applied to medical images?",
    "How do large language models help with diagnosis?",
)


def main(llm: str) -> None:
    from index.build import add_paths
    from rag.embedder import load_encoder
    from rag.wiring import open_library

    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "demo"
        add_paths(library, [DEMO], load_encoder())
        opened = open_library(library, llm=llm)
        opened.warm_up()
        rows = [measure(opened, question) for question in QUESTIONS]
    middle = [statistics.median(row[i] for row in rows) for i in (0, 1)]
    table = [
        (q[:56], f"{f:.2f}", f"{w:.2f}", papers) for q, (f, w, papers) in zip(QUESTIONS, rows, strict=True)
    ]
    table.append(("median", f"{middle[0]:.2f}", f"{middle[1]:.2f}", ""))
    head = ("question", "first statement, s", "whole answer, s", "papers cited")
    show(f"Answers with {llm} on the demo library", head, table)


def measure(opened, question: str) -> tuple[float, float, int]:
    began = time.monotonic()
    first = 0.0
    for answer in opened.stream(question):
        if answer.statements and not first:
            first = time.monotonic() - began
    whole = time.monotonic() - began
    return first or whole, whole, len(answer.references)


if __name__ == "__main__":
    main(sys.argv[1] if sys.argv[1:] else "smollm2")
