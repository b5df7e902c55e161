"""Ticked papers as text to paste: citation keys, bibliography entries, or references in a style."""

from __future__ import annotations

from collections.abc import Sequence

from index.types import Paper
from rag.export.styles import STYLES, format_references
from rag.export.table import write

KEYS, LATEX, REFERENCE = "[@key]", "\\cite{key}", "Reference"
FORMATS = {"BibTeX": "bibtex", "RIS": "ris", "CSL-JSON": "csl-json"}
FORMS = (KEYS, LATEX, *FORMATS, REFERENCE)
STYLE_NAMES = {name.upper() if len(name) < 5 else name.capitalize(): name for name in STYLES}


def entries_text(papers: Sequence[tuple[Paper, str]], form: str, style: str) -> str:
    """The papers in one of `FORMS`; a style of `STYLE_NAMES` matters to references only."""
    keys = [key for _, key in papers]
    if not keys:
        return ""
    if form == REFERENCE:
        return "\n".join(format_references(papers, STYLE_NAMES.get(style, "apa")))
    if form == LATEX:
        return f"\\cite{{{','.join(keys)}}}"
    if form in FORMATS:
        return "".join(write(papers, FORMATS[form])).strip()
    return f"[{'; '.join(f'@{key}' for key in keys)}]"
