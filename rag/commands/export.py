"""`ibid export`: papers of a library as a bibliography file, or as references set in a style."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.commands.options import LibraryOption
from rag.commands.output import put

if TYPE_CHECKING:
    from collections.abc import Iterable


def export(
    paper_ids: Annotated[list[str] | None, typer.Argument(help="Ids of papers [default: all].")] = None,
    library: LibraryOption = None,
    format: Annotated[
        str | None,
        typer.Option(
            "--format", help="bibtex, biblatex, ris, csl-json, jsonl or csv [default: by -o, else bibtex]."
        ),
    ] = None,
    style: Annotated[
        str | None,
        typer.Option("--style", help="Set references instead: apa, ieee, nature, ama, harvard, chicago."),
    ] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="File to write [default: stdout].")] = None,
) -> None:
    """Write papers for reference managers, LaTeX, pandoc or a spreadsheet."""
    from index.errors import UsageError
    from index.library import Library
    from rag.bibliography import citation_keys
    from rag.config import Config
    from rag.export.table import find_format, write

    if style is not None and format is not None:
        raise UsageError("--style sets references and --format writes records; give one of them")
    chosen = find_format(format, out.name if out else "")
    with Library.open(Config.load(library=library).library) as opened:
        keys = citation_keys(opened.papers())
        papers = [opened.paper(i) for i in dict.fromkeys(paper_ids)] if paper_ids else opened.papers()
        keyed = ((paper, keys[paper.id]) for paper in papers)
        if style is not None:
            from rag.export.styles import format_references

            pieces: Iterable[str] = (f"{line}\n" for line in format_references(keyed, style))
        else:
            pieces = write(keyed, chosen.name)
        put(pieces, out)
