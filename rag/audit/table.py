"""Which reader reads a draft: a row a format, chosen by content and, in doubt, by the file's name."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, cast

from index.errors import ReadError
from index.readers.textfile import TextFile, open_text
from rag.audit.docx import is_docx
from rag.audit.draft import Draft, Notes


class Format(NamedTuple):
    """A format's name, the endings of its files, what its text looks like, and its module."""

    name: str
    endings: tuple[str, ...]
    looks: re.Pattern[str]
    module: str


FORMATS: tuple[Format, ...] = (
    Format(
        "latex", (".tex", ".ltx", ".latex"),
        re.compile(r"\\(?:documentclass|begin\s*\{document\}|section\*?\{|[a-z]*cite[a-z]*\s*[\[{])"),
        "rag.audit.latex",
    ),
    Format(
        "markdown", (".md", ".markdown", ".qmd", ".rmd", ".mdown"),
        re.compile(r"\[[^\[\]\n]*@[\w{][^\[\]\n]*\]|^#{1,6} \S", re.MULTILINE), "rag.audit.markdown",
    ),
    Format("text", (".txt", ".text"), re.compile(r""), "rag.audit.text"),
)  # fmt: skip


def read_draft(path: Path) -> Draft:
    """Read a draft in the format of its content. :raises ReadError: it cannot be read, or is empty."""
    if is_docx(path):
        from rag.audit import docx

        draft = docx.read(path)
    else:
        if path.suffix.lower() in (".docx", ".docm"):
            raise ReadError(f"{path}: {_why_no_docx(path)}; open it in Word or LibreOffice and save it again")
        file = open_text(path)
        draft = cast(Draft, _module(_choose(path, file)).read(file))
    if not draft.sentences:
        raise ReadError(
            f"{path}:1: no sentence of running text in this {draft.format} file; nothing to check"
        )
    return draft


def annotated(draft: Draft, notes: Notes) -> bytes:
    """A copy of the draft's own file with the notes in it."""
    if draft.format == "docx":
        from rag.audit import docx

        return docx.annotate(Path(draft.path), draft, notes)
    return _annotated_file(draft, notes, "")


def annotated_parts(draft: Draft, notes: Notes) -> dict[str, bytes]:
    """Copies of the files that the draft draws in, by path; of those alone that get a note."""
    noted = {draft.sentences[n].path for n in notes}
    return {path: _annotated_file(draft, notes, path) for path in draft.files if path in noted}


def _annotated_file(draft: Draft, notes: Notes, path: str) -> bytes:
    row = next(row for row in FORMATS if row.name == draft.format)
    here = [(s, notes.get(n)) for n, s in enumerate(draft.sentences) if s.path == path]
    own = replace(draft, sentences=tuple(s for s, _ in here))
    file = open_text(path or draft.path)
    own_notes = {n: note for n, (_, note) in enumerate(here) if note is not None}
    text = cast(str, _module(row).annotate(file.text(), own, own_notes))
    with open(file.path, "rb") as source:
        crlf = b"\r\n" in source.read(65_536)
    # A preamble says how LaTeX is to read its bytes; all else is read as UTF-8 today.
    encoding = file.encoding if row.name == "latex" else "utf-8"
    return (text.replace("\n", "\r\n") if crlf else text).encode(encoding, "backslashreplace")


def _choose(path: Path, file: TextFile) -> Format:
    named = next((row for row in FORMATS if path.suffix.lower() in row.endings), None)
    if named is not None and named.name != "text":
        return named
    return next(row for row in FORMATS if row.looks.search(file.head))


def _why_no_docx(path: Path) -> str:
    if not path.is_file():
        return "not a file"
    return "empty" if path.stat().st_size == 0 else "damaged, or no Word document"


def _module(row: Format) -> Any:
    return cast(Callable[..., Any], importlib.import_module(row.module))
