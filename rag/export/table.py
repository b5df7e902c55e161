"""Which formats papers can be written in: a table, as for reading. A new one is a module and a row.

A writer is a function from papers, each with its citation key, to pieces of text.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, cast

from index.errors import UsageError
from index.types import Paper

Keyed = tuple[Paper, str]  # a paper and its citation key
Writer = Callable[[Iterable[Keyed]], Iterator[str]]


class Format(NamedTuple):
    """A format's name, the endings of its files, and its writer as "module:function"."""

    name: str
    endings: tuple[str, ...]
    write: str


FORMATS: tuple[Format, ...] = (
    Format("bibtex", (".bib",), "rag.export.bibtex:write_bibtex"),
    Format("biblatex", (), "rag.export.bibtex:write_biblatex"),
    Format("ris", (".ris",), "rag.export.ris:write_ris"),
    Format("csl-json", (".json",), "rag.export.csl_json:write_csl"),
    Format("jsonl", (".jsonl", ".ndjson"), "rag.export.rows:write_jsonl"),
    Format("csv", (".csv",), "rag.export.rows:write_csv"),
)


def find_format(name: str | None, file_name: str = "") -> Format:
    """The format of that name, else the one of the file's ending, else BibTeX.

    :raises UsageError: when there is no format of that name.
    """
    names = [row.name for row in FORMATS]
    if name is not None and name not in names:
        raise UsageError(f"no format is called {name!r}; choose one of {', '.join(names)}")
    for row in FORMATS:
        if row.name == name or (name is None and file_name.casefold().endswith(row.endings or "\0")):
            return row
    return FORMATS[0]


def write(papers: Iterable[Keyed], name: str) -> Iterator[str]:
    """Papers as pieces of text in the named format. :raises UsageError: when there is no such format."""
    module, _, function = find_format(name).write.partition(":")
    return cast(Writer, getattr(importlib.import_module(module), function))(papers)
