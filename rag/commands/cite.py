"""`ibid cite`: which papers support or refute a sentence; or which paper a half-remembered reference is."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.commands.batch import run_batch
from rag.commands.options import JsonOption, LibraryOption
from rag.commands.output import print_json

if TYPE_CHECKING:
    from index.types import Paper
    from rag.claims import CiteReport
    from rag.partial_reference import ReferenceMatch


def cite(
    sentence: Annotated[
        str, typer.Argument(help="The sentence; - reads one or several from standard input.")
    ] = "",
    library: LibraryOption = None,
    ref: Annotated[
        str | None, typer.Option("--ref", help="Find the paper of a partial reference instead.")
    ] = None,
    k: Annotated[int, typer.Option("-k", help="How many papers.", min=1, max=50)] = 5,
    as_json: JsonOption = False,
    format: Annotated[
        str | None,
        typer.Option("--format", help="Print the entries to paste: bibtex, biblatex, ris or csl-json."),
    ] = None,
    batch: Annotated[
        Path | None, typer.Option("--batch", help="A JSONL file of claims (id, question).")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Where the results of --batch go; ids there are skipped.")
    ] = None,
) -> int:
    """Find the papers that support (✓) or refute (✗) a sentence, or only touch it (·)."""
    from index.errors import UsageError
    from rag.export.table import find_format
    from rag.wiring import open_library

    if batch is not None and out is None:
        raise UsageError("--batch needs --out FILE for the results")
    if format is not None:
        find_format(format)
    opened = open_library(library, llm="none")
    if batch is not None and out is not None:
        return run_batch(batch, out, lambda claim, _: opened.cite(claim, k).to_dict(), "claims")
    if ref is not None:
        matches = opened.find_reference(ref, k)
        if format is not None:
            return _print_entries([(m.paper, m.key) for m in matches[:1]], format)
        return _references(matches, ref, as_json=as_json)
    reports = [opened.cite(text, k) for text in _sentences(sentence)]
    if format is not None:
        speaking = [p for r in reports for p in r.papers if p.stance.value != "neutral"]
        return _print_entries([(p.paper, p.key) for p in speaking], format)
    if as_json:
        print_json(reports[0].to_dict() if len(reports) == 1 else [r.to_dict() for r in reports])
    else:
        _show(reports)
    return 0


def _show(reports: list[CiteReport]) -> None:
    from rag.commands.cite_view import show_reports

    show_reports(reports)


def _print_entries(papers: list[tuple[Paper, str]], format: str) -> int:
    """The entries of papers, each once; a notice on stderr when there is none."""
    from rag.export.table import write

    once = {paper.id: (paper, key) for paper, key in papers}
    if not once:
        sys.stderr.write("ibid: no paper to cite for it; see what comes near without --format\n")
    for piece in write(once.values(), format) if once else ():
        sys.stdout.write(piece)
    return 0


def _references(matches: list[ReferenceMatch], ref: str, *, as_json: bool) -> int:
    from rag.commands.cite_view import show_matches

    if as_json:
        found: dict[str, Any] = {"schema": "ibid.reference/1", "reference": ref}
        print_json({**found, "matches": [m.to_dict() for m in matches]})
    else:
        show_matches(matches, ref)
    return 0


def _sentences(sentence: str) -> list[str]:
    """The argument as it is; a text from standard input sentence by sentence."""
    if sentence != "-":
        return [sentence]
    from index.sentences import split_sentences

    text = sys.stdin.read()
    return [text[a:b] for a, b in split_sentences(text)] or [""]
