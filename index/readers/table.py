"""Which reader reads a file: a table of sniffers, tried in order, on content and never on the name.

A new format is one module with `sniff(TextFile) -> bool` and `read(TextFile) -> FileReading`,
and one row here.
"""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, cast

from index.errors import ReadError, UsageError
from index.readers.textfile import TextFile, open_text
from index.types import FileReading, Problem


class Format(NamedTuple):
    """A format's name and its two functions as "module:function", resolved when chosen."""

    name: str
    sniff: str
    read: str


FORMATS: tuple[Format, ...] = (
    Format("xlsx", "index.readers.workbook:sniff", "index.readers.workbook:read"),
    Format("jsonl", "index.readers.jsonl:sniff_lines", "index.readers.jsonl:read_lines"),
    Format("json", "index.readers.jsonl:sniff_array", "index.readers.jsonl:read_array"),
    Format("xml", "index.readers.xml_records:sniff", "index.readers.xml_records:read"),
    Format("web-of-science", "index.readers.web_of_science:sniff", "index.readers.web_of_science:read"),
    Format("ris", "index.readers.ris:sniff", "index.readers.ris:read"),
    Format("medline", "index.readers.medline:sniff", "index.readers.medline:read"),
    Format("bibtex", "index.readers.bibtex:sniff", "index.readers.bibtex:read"),
    Format("refer", "index.readers.refer:sniff", "index.readers.refer:read"),
    Format("daily-papers", "index.readers.daily_papers:sniff", "index.readers.daily_papers:read"),
    Format("csv", "index.readers.table_csv:sniff", "index.readers.table_csv:read"),
    Format("abstract-lines", "index.readers.abstract_lines:sniff", "index.readers.abstract_lines:read"),
    Format("text", "index.readers.plain_text:sniff", "index.readers.plain_text:read"),
)

UNREADABLE = "unreadable"  # what stands for the format of a file that could not be read

# Known, not read: without these rows the last formats of the table would take them for prose.
UNREAD: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("HTML", re.compile(r"\A\s*(?:<!doctype html|<html)", re.IGNORECASE)),
    ("XML of a kind", re.compile(r"\A\s*(?:<\?xml|<!DOCTYPE|<[A-Za-z][\w:.-]*[\s>/])")),
)


def sniff_format(path: str | Path) -> str:
    """The name of the format that a file's content shows. :raises ReadError: when there is none."""
    return _choose(open_text(path)).name


def read_file(path: str | Path, format: str | None = None) -> FileReading:
    """Read one file, in the named format or in the one its content shows.

    :raises ReadError: when the file as a whole cannot be read.
    :raises UsageError: when there is no format of that name.
    """
    if format is not None and format not in (names := [row.name for row in FORMATS]):
        raise UsageError(f"no format is called {format!r}; choose one of {', '.join(names)}")
    file = open_text(path)
    row = _choose(file) if format is None else next(row for row in FORMATS if row.name == format)
    try:
        reading = cast(FileReading, _resolve(row.read)(file))
    except (OSError, UnicodeError) as error:
        raise ReadError(
            f"{file.path}: cannot be read as {file.encoding} ({error}); save it as UTF-8 text"
        ) from error
    return _with_repairs(reading, file)


def read_paths(paths: Iterable[str | Path], format: str | None = None) -> Iterator[FileReading]:
    """Read files, and folders file by file; each file is read when its turn comes.

    One that cannot be read is a reading of the format `UNREADABLE` whose problem says why, so that
    it does not keep the others out. :raises UsageError: when there is no format of that name.
    """
    for given in paths:
        try:
            for path in expand_paths([given]):
                yield _reading(path, format)
        except ReadError as error:
            yield FileReading(str(given), UNREADABLE, (), (Problem(1, str(error)),))


def _reading(path: Path, format: str | None) -> FileReading:
    try:
        return read_file(path, format)
    except ReadError as error:
        return FileReading(str(path), UNREADABLE, (), (Problem(1, str(error)),))


def expand_paths(paths: Iterable[str | Path]) -> Iterator[Path]:
    """The files meant by files and folders: folders walked in sorted order, hidden names skipped.

    A folder's own links to folders are not followed. :raises ReadError: for a path that is not there.
    """
    for path in paths:
        place = Path(path)
        if not place.is_dir():
            yield place  # a missing file is refused, with its name, when it is opened
            continue
        found = False
        for folder, folders, files in os.walk(place):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(name for name in files if not name.startswith(".")):
                found = True
                yield Path(folder, name)
        if not found:
            raise ReadError(f"{place}: the folder holds no files; name one that does")


def _choose(file: TextFile) -> Format:
    known = next((name for name, pattern in UNREAD if pattern.search(file.head.lstrip("\ufeff"))), None)
    for row in FORMATS:
        if (not known or row.name == "xml") and _resolve(row.sniff)(file):
            return row
    if known:
        raise ReadError(
            f"{file.path}: looks like {known}, which this version does not read; "
            "export RIS, BibTeX, CSV or JSONL instead"
        )
    raise ReadError(
        f"{file.path}: no known format; `--format` names one of {', '.join(r.name for r in FORMATS)}"
    )


def _resolve(target: str) -> Callable[[TextFile], object]:
    module, _, name = target.partition(":")
    return cast(Callable[[TextFile], object], getattr(importlib.import_module(module), name))


def _with_repairs(reading: FileReading, file: TextFile) -> FileReading:
    if not file.broken_bytes:
        return reading
    why = f"{file.broken_bytes} places that are not {file.encoding} were replaced by U+FFFD"
    return FileReading(
        reading.path, reading.format, reading.papers, (Problem(1, why), *reading.problems),
        reading.read, reading.skipped,
    )  # fmt: skip
