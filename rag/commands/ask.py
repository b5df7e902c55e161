"""`ibid ask`: a checked, cited answer in the terminal, as JSON, or for a file of questions."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.commands.batch import run_batch
from rag.commands.options import (
    ApiBaseOption,
    JsonOption,
    LibraryOption,
    LlmOption,
    ModeOption,
    StrategyOption,
    YearOption,
    check_mode,
    parse_years,
)
from rag.commands.output import print_json
from rag.strategies.table import DEFAULT, check_strategy

if TYPE_CHECKING:
    from rag.engine import AskOptions
    from rag.types import Answer
    from rag.wiring import OpenedLibrary


def ask(
    question: Annotated[str, typer.Argument(help="The question; - reads it from standard input.")] = "",
    library: LibraryOption = None,
    turn: Annotated[
        list[str] | None, typer.Option("--turn", help="An earlier question, oldest first.")
    ] = None,
    llm: LlmOption = None,
    api_base: ApiBaseOption = None,
    k: Annotated[int, typer.Option("-k", help="Papers of a survey at most.", min=1, max=50)] = 8,
    mode: ModeOption = "reranked",
    fast: Annotated[bool, typer.Option("--fast", help="Leave the reader out: --mode hybrid.")] = False,
    year: YearOption = None,
    strategy: StrategyOption = DEFAULT,
    as_json: JsonOption = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 3 when the library does not answer.")
    ] = False,
    no_stream: Annotated[
        bool, typer.Option("--no-stream", help="Print the answer only when it is whole.")
    ] = False,
    batch: Annotated[
        Path | None, typer.Option("--batch", help="A JSONL file of questions (id, question, turns).")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Where the answers of --batch go; answered ids are skipped.")
    ] = None,
) -> int:
    """Ask a question; every sentence of the answer cites the passage it was checked against."""
    from index.errors import UsageError
    from rag.engine import AskOptions
    from rag.question_list import questions_in
    from rag.wiring import open_library

    low, high = parse_years(year)
    options = AskOptions(k, "hybrid" if fast else check_mode(mode), low, high, check_strategy(strategy))
    if batch is not None:
        if out is None:
            raise UsageError("--batch needs --out FILE for the answers")
        asked = open_library(library, llm=llm, api_base=api_base, patience=math.inf)
        return run_batch(batch, out, lambda q, turns: asked.ask(q, turns, options).to_dict())
    text = sys.stdin.read() if question == "-" else question
    questions_in(text)  # refuses what is empty or too long before a library is opened
    opened = open_library(library, llm=llm, api_base=api_base)
    if as_json:
        answer = opened.ask(text, turn or [], options)
        print_json(answer.to_dict())
    else:
        answer = _show(opened, text, turn or [], options, stream=not no_stream)
    return 3 if strict and answer.status.value == "insufficient" else 0


def _show(
    opened: OpenedLibrary, question: str, turns: list[str], options: AskOptions, *, stream: bool
) -> Answer:
    from rag.commands.answer_view import AnswerView

    view = AnswerView(stream=stream)
    try:
        for answer in opened.stream(question, turns, options=options):
            view.update(answer)
    finally:
        view.close()
    return view.last
