"""Files of questions answered line by line, resumable: ids that are in the output already are skipped."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rag.commands.output import read_lines


def run_batch(
    questions: Path, out: Path, answer: Callable[[str, list[str]], dict[str, Any]], what: str = "questions"
) -> int:
    """One line an input line, written and flushed as it is done; a broken line is named and left out.

    :param answer: question and earlier turns → the object to write. Returns the exit code.
    """
    from index.errors import IbidError

    lines = read_lines(questions, f"{what} (id, question)")
    done = _answered(out)
    failed = 0
    with out.open("a", encoding="utf-8") as file:
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
            file.write(json.dumps({"id": identity, **result}, ensure_ascii=False) + "\n")
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
