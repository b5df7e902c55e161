"""Options that several commands share, with one spelling and one help text each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from index.errors import UsageError

LibraryOption = Annotated[
    Path | None,
    typer.Option(
        "-L", "--library", help="Library folder [default: $IBID_LIBRARY, else the user data folder]."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
LlmOption = Annotated[
    str | None,
    typer.Option(
        "--llm", help="smollm2 (bundled), gguf:FILE, transformers:FOLDER_OR_ID, openai:MODEL, or none."
    ),
]
ApiBaseOption = Annotated[str | None, typer.Option("--api-base", help="Server of openai:MODEL.")]
YearOption = Annotated[
    str | None, typer.Option("--year", help="Only papers of these years: 2020-2024, 2020-, -2024, 2023.")
]
ModeOption = Annotated[str, typer.Option("--mode", help="hybrid, dense, lexical or reranked.")]


def parse_years(text: str | None) -> tuple[int | None, int | None]:
    """First and last year of "A-B", "A-", "-B" or "A"."""
    if not text:
        return None, None
    match = re.fullmatch(r"\s*(\d{1,4})?\s*(-)?\s*(\d{1,4})?\s*", text, re.ASCII)
    first, dash, last = match.groups() if match else (None, None, None)
    low = int(first) if first else None
    high = int(last) if last else (None if dash else low)
    if (low is None and high is None) or (low is not None and high is not None and low > high):
        raise UsageError(f"--year {text!r} is no span of years; write 2020-2024, 2020-, -2024 or 2023")
    return low, high


StrategyOption = Annotated[
    str, typer.Option("--strategy", help="single, iterative, uncertainty, ensemble, explain; see the README.")
]
MODES = ("hybrid", "dense", "lexical", "reranked")  # those of rag.retrieval.Mode, which would load NumPy


def check_mode(mode: str) -> str:
    """The mode, if there is such a one."""
    if mode not in MODES:
        raise UsageError(f"--mode {mode!r} does not exist; choose {', '.join(MODES[:-1])} or {MODES[-1]}")
    return mode
