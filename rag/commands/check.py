"""`ibid check`: does each paper that a draft cites say what the draft says it does?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.commands.options import JsonOption, LibraryOption
from rag.commands.output import print_json, put, put_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rag.audit.draft import Draft
    from rag.audit.report import Audit


_WRONG = 1


def check(
    draft: Annotated[Path, typer.Argument(help="The manuscript: Markdown, LaTeX, Word or plain text.")],
    library: LibraryOption = None,
    bib: Annotated[
        list[Path] | None,
        typer.Option("--bib", help="Bibliography of its keys (BibTeX, RIS, CSL-JSON); again for more."),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 when something is wrong, as for CI.")
    ] = False,
    annotate: Annotated[
        Path | None,
        typer.Option(
            "--annotate",
            help="Write a copy of the draft with the findings in it (of files it draws in: NAME-files/).",
        ),
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write the report as an HTML page.")] = None,
    as_json: JsonOption = False,
) -> int:
    """Audit the citations of a draft: what each cited abstract says of the sentence that cites it."""
    from rag.wiring import open_library

    outs = [out for out in (annotate, html) if out is not None]
    _spare(outs, (draft, *(bib or ())))
    opened = open_library(library, llm="none")
    read, audit = opened.check(draft, bib or (), _progress())
    _spare(outs, map(Path, read.files))
    _write(read, audit, annotate, html)
    if as_json:
        print_json(audit.to_dict())
    else:
        from rag.commands.check_view import show_audit

        show_audit(audit)
    return _WRONG if strict and audit.wrong else 0


def _write(draft: Draft, audit: Audit, annotate: Path | None, html: Path | None) -> None:
    """The files that were asked for, each whole or not there."""
    if annotate is not None:
        from rag.audit.table import annotated, annotated_parts
        from rag.audit.words import notes

        told = notes(audit)
        copies = {annotate: annotated(draft, told)}
        for part, data in annotated_parts(draft, told).items():
            copies[_beside(annotate) / Path(part).relative_to(Path(draft.path).parent)] = data
        _spare(copies, map(Path, (draft.path, *draft.files)))
        for copy, data in copies.items():
            if copy != annotate:
                copy.parent.mkdir(parents=True, exist_ok=True)
            put_bytes(data, copy)
    if html is not None:
        from rag.audit.html import write_html

        put([write_html(audit)], html)


def _beside(copy: Path) -> Path:
    """The folder for the copies of files that a draft draws in: under their own names, it could be theirs."""
    return copy.with_name(f"{copy.stem}-files")


def _spare(outs: Iterable[Path], read: Iterable[Path]) -> None:
    """Refuse to write over what is being checked."""
    kept = {path.resolve() for path in read}
    for out in outs:
        if out.resolve() in kept:
            from index.errors import UsageError

            raise UsageError(f"{out} is what is being checked; name another file to write to")


def _progress() -> Callable[[int, int, str], None] | None:
    """Sentences done, on stderr, where someone watches."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int, what: str) -> None:
        sys.stderr.write(f"\r{what} {done}/{total}\x1b[K" if done < total else "\r\x1b[K")
        sys.stderr.flush()

    return show
