"""Files of questions answered line by line, resumable: ids that are in the output already are skipped."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rag.commands.output import read_lines
from rag.partial import PartialResults


def run_batch(
    questions: Path, out: Path, answer: Callable[[str, list[str]], dict[str, Any]], what: str = "questions"
) -> int:
    """One line an input line, written and flushed as it is done; a broken line is named and left out.

    :param answer: question and earlier turns → the object to write. Returns the exit code.
    """
    from index.errors import IbidError

    lines = read_lines(questions, f"{what} (id, question)")
    partial = PartialResults(out)
    done = set(partial.done)
    failed = 0
    with partial.appending():
        for number, line in lines:
            try:
                identity, question, turns = _question(line)
                if identity in done:
                    continue
                result = answer(question, turns)
            except IbidError as error:
                sys.stderr.write(f"ibid: {questions}:{number}: {error}\n")
                failed += 1
                continue
            partial.add(identity, result)
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
