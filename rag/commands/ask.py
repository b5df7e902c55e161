"""`ibid ask`: a checked, cited answer in the terminal, as JSON, or for a file of questions."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.commands.options import (
    ApiBaseOption,
    JsonOption,
    LibraryOption,
    LlmOption,
    ModeOption,
    YearOption,
    check_mode,
    parse_years,
)
from rag.commands.output import print_json, read_lines

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
    mode: ModeOption = "hybrid",
    year: YearOption = None,
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
    from rag.question import check_question
    from rag.wiring import open_library

    low, high = parse_years(year)
    options = AskOptions(k, check_mode(mode), low, high)
    if batch is not None:
        if out is None:
            raise UsageError("--batch needs --out FILE for the answers")
        return _batch(open_library(library, llm=llm, api_base=api_base), batch, out, options)
    text = check_question(sys.stdin.read() if question == "-" else question)
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


def _batch(opened: OpenedLibrary, questions: Path, out: Path, options: AskOptions) -> int:
    """One line an input line, written and flushed as it is done; a broken line is named and left out."""
    from index.errors import IbidError

    lines = read_lines(questions, "questions (id, question)")
    done = _answered(out)
    failed = 0
    with out.open("a", encoding="utf-8") as file:
        for number, line in lines:
            try:
                identity, question, turns = _question(line)
                if identity in done:
                    continue
                answer: dict[str, Any] = opened.ask(question, turns, options).to_dict()
            except IbidError as error:
                sys.stderr.write(f"ibid: {questions}:{number}: {error}\n")
                failed += 1
                continue
            file.write(json.dumps({"id": identity, **answer}, ensure_ascii=False) + "\n")
            file.flush()
            if sys.stderr.isatty():
                sys.stderr.write(f"\rline {number} of {lines[-1][0]} ")
    return 1 if failed else 0


def _question(line: str) -> tuple[str, str, list[str]]:
    """Id, question and earlier turns of one line. :raises ReadError: when it holds no question."""
    from index.errors import ReadError

    try:
        record = json.loads(line)
        identity, question, turns = str(record["id"]), record["question"], record.get("turns") or []
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ReadError('no question; write {"id": "…", "question": "…"}') from None
    if not isinstance(question, str) or not isinstance(turns, list):
        raise ReadError("question must be a text and turns a list of texts")
    return identity, question, [str(turn) for turn in turns]


def _answered(out: Path) -> set[str]:
    """The ids of whole lines that are there already; a torn last line is cut off and done again."""
    if not out.is_file():
        return set()
    data = out.read_bytes()
    whole = data.rfind(b"\n") + 1
    if whole < len(data):
        os.truncate(out, whole)
    done = set()
    for line in data[:whole].split(b"\n"):
        try:
            done.add(str(json.loads(line)["id"]))
        except (ValueError, KeyError, TypeError):
            continue
    return done
