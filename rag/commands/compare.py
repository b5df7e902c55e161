"""`ibid compare`: papers side by side, each cell with the sentence that it comes from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.commands.options import JsonOption, LibraryOption
from rag.commands.output import console, plain, print_json

if TYPE_CHECKING:
    from rag.compare.table import Comparison

_NARROWEST = 18  # characters of a column of a table; below it papers are printed one by one


def compare(
    ids: Annotated[list[str] | None, typer.Argument(help="Ids or citation keys of papers.")] = None,
    library: LibraryOption = None,
    question: Annotated[
        str, typer.Option("-q", "--question", "--topic", help="Compare the papers that bear on this instead.")
    ] = "",
    k: Annotated[int, typer.Option("-k", help="Papers at most, with -q.", min=1, max=200)] = 15,
    aspect: Annotated[
        list[str] | None,
        typer.Option(
            "--aspect",
            "--aspects",
            help='What to compare, as in "sample size"; again for more [default: the usual].',
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="File: .csv, .md, .xlsx, .tex or .json.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Set papers side by side: type, task, data, method, main result, limits, and figures that sort."""
    from rag.compare.forms import render
    from rag.wiring import open_library

    _check(ids, question, aspect, out)
    opened = open_library(library, llm="none")
    wanted = {"topic": question, "most": k} if question.strip() else {}
    found = opened.compare(ids or (), aspect or (), **wanted)
    if as_json:
        print_json(found.to_dict())
    if out is not None:
        from rag.review.files import write_all

        write_all({out: render(found, out)})
        sys.stderr.write(f"ibid: wrote {out}\n")
    elif not as_json:
        _print(found)


def _check(ids: list[str] | None, question: str, aspect: list[str] | None, out: Path | None) -> None:
    """Refuse what cannot be carried out before any work is done."""
    from index.errors import UsageError
    from rag.compare.forms import find_form
    from rag.compare.table import MOST_ASPECTS

    if bool(ids) == bool(question.strip()):
        raise UsageError(
            'give ids of papers, or a question: ibid compare -q "segmentation of gliomas" '
            "(`ibid index list` shows the ids)"
        )
    if any(not name.strip() for name in aspect or ()) or len(aspect or ()) > MOST_ASPECTS:
        raise UsageError(f'--aspect takes words, as in --aspect "sample size", at most {MOST_ASPECTS} times')
    if out is None:
        return
    find_form(out)
    if out.exists():
        raise UsageError(f"{out} exists; give another name with -o, or delete it first")
    if not out.parent.is_dir():
        raise UsageError(f"{out}: there is no folder {out.parent}; make it first")


def _print(found: Comparison) -> None:
    """A table on a wide terminal, paper by paper on a narrow one, Markdown into a pipe or a file."""
    from rag.compare.forms import write_markdown

    if not sys.stdout.isatty():
        sys.stdout.write(write_markdown(found))
        return
    width = console().width
    if width >= _NARROWEST * (1 + len(found.aspects)):
        _print_table(found)
    else:
        _print_papers(found)
    _print_figures(found)


def _print_table(found: Comparison) -> None:
    from rich.table import Table

    table = Table("Paper", *found.aspects, show_lines=True, header_style="bold")
    for row in found.rows:
        year = f" ({row.paper.year})" if row.paper.year else ""
        cells = [plain(cell.text) if cell else "–" for cell in row.cells]
        table.add_row(f"{plain(row.title)}{year}\n{row.key}", *cells)
    console().print(table)


def _print_papers(found: Comparison) -> None:
    from rich.table import Table
    from rich.text import Text

    for row in found.rows:
        year = f" ({row.paper.year})" if row.paper.year else ""
        console().print(Text(f"{plain(row.title)}{year} · {row.key}", "bold"))
        grid = Table.grid(padding=(0, 2))
        for name, cell in zip(found.aspects, row.cells, strict=True):
            grid.add_row(Text(f"  {name}", "dim"), plain(cell.text) if cell else "–")
        console().print(grid)


def _print_figures(found: Comparison) -> None:
    """The figures that at least two papers state, or all of a few papers."""
    from rich.table import Table

    from rag.compare.forms import number

    least = 2 if len(found.rows) > 3 else 1
    columns = [c for c in found.figures if len(c.values) >= least]
    if not columns:
        return
    table = Table("Paper", header_style="bold")
    for column in columns:
        table.add_column(column.head, justify="right")
    for row in found.rows:
        figures = [found.figure(column, row) for column in columns]
        if any(figures):
            table.add_row(row.key, *(number(f.value) if f else "" for f in figures))
    console().print(table)
