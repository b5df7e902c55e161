"""The files of an evaluation, line by line: what cannot be used is named with its place, the rest is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.errors import ReadError

Problems = list[str]  # "file:line: what is wrong", in the order met


def nothing_usable(message: str, problems: Problems) -> ReadError:
    """The error for a file of which nothing can be used, with the first reason where there is one."""
    return ReadError(f"{message} (first: {problems[0]})" if problems else message)


def read_text(path: Path, what: str, kind: str = "file") -> str:
    """A UTF-8 file. :raises ReadError: naming the file and the `kind` of `what` it should be."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ReadError(f"{path}: is no UTF-8 text; give a {kind} of {what}") from None
    except OSError as error:
        raise ReadError(f"{path}: {error.strerror}; give a {kind} of {what}") from error


def numbered(text: str) -> Iterator[tuple[int, str]]:
    """Lines that are not blank, from 1; split at line feeds alone, which JSON strings cannot hold."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line


def read_objects(path: Path, what: str, problems: Problems) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a JSONL file with their lines; a line that holds none is a problem."""
    for number, line in numbered(read_text(path, what)):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            problems.append(f"{path}:{number}: broken JSON; left out")
            continue
        if isinstance(record, dict):
            yield number, record
        else:
            problems.append(f"{path}:{number}: not an object; left out")
