"""Which forms a review can be written in: a table of file endings. A new one is a module and a row.

A writer is a function from a review and the name of its bibliography to text or bytes.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, cast

from index.errors import UsageError
from rag.export.table import write as write_papers
from rag.review.document import Review
from rag.review.record import write_record


class Form(NamedTuple):
    """A form's file endings, its writer as "module:function", and whether it reads a .bib file."""

    endings: tuple[str, ...]
    write: str
    bib: bool


FORMS: tuple[Form, ...] = (
    Form((".md", ".markdown"), "rag.review.markdown:write_markdown", True),
    Form((".docx",), "rag.review.docx:write_docx", False),
    Form((".tex",), "rag.review.latex:write_latex", True),
    Form((".html", ".htm"), "rag.review.html:write_html", False),
)


def find_form(path: Path) -> Form:
    """The form of a file. :raises UsageError: its ending is none of the known."""
    for form in FORMS:
        if path.suffix.casefold() in form.endings:
            return form
    known = ", ".join(form.endings[0] for form in FORMS)
    raise UsageError(f"{path}: a review is written as {known}; give the file one of these endings")


def render_all(review: Review, outs: Sequence[Path], bib: Path | None = None) -> dict[Path, bytes]:
    """Every file of a review with its content: each form, the bibliography, the record.

    Bibliography and record stand beside the first file, under its name.
    """
    first = outs[0]
    wants = bib is not None or any(find_form(out).bib for out in outs)
    bibliography = bib or first.with_suffix(".bib")
    files = {out: _rendered(review, out, bibliography.name) for out in outs}
    if wants:
        files[bibliography] = "".join(write_papers(review.references, "bibtex")).encode()
    files[record_of(first)] = write_record(review).encode()
    return files


def record_of(path: Path) -> Path:
    """Where the record of a review's file is."""
    return path.with_suffix(".json")


def _rendered(review: Review, out: Path, bib: str) -> bytes:
    module, _, function = find_form(out).write.partition(":")
    write = cast(Callable[[Review, str], str | bytes], getattr(importlib.import_module(module), function))
    written = write(review, bib)
    return written if isinstance(written, bytes) else written.encode()
