"""Which forms a comparison can be written in: a table of file endings. A new one is a writer and a row.

Figures are numbers in every form, under a head that names their unit; the sentence of each cell goes along,
in columns of its own, a second sheet or a list, wherever the form has a place for it.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from index.cleaning import readable
from index.errors import UsageError
from rag.compare.table import KIND, Comparison, Row
from rag.export.latex import article, table, text_of
from rag.export.markdown import escape
from rag.export.rows import csv_row

_CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
)  # XML, and with it XLSX, has none of these
_FORMULA = re.compile(r"[=+\-@]")
_NARROW = 0.6  # width of a LaTeX column of single words against the others
_LONGEST_CELL = 32_000  # characters that a spreadsheet's cell may hold
_TITLE = "Papers side by side"


class Form(NamedTuple):
    """A form's file endings and its writer."""

    endings: tuple[str, ...]
    write: Callable[[Comparison], str | bytes]


def find_form(path: Path) -> Form:
    """The form of a file. :raises UsageError: its ending is none of the known."""
    for form in FORMS:
        if path.suffix.casefold() in form.endings:
            return form
    known = ", ".join(form.endings[0] for form in FORMS)
    raise UsageError(f"{path}: a comparison is written as {known}; give the file one of these endings")


def render(comparison: Comparison, path: Path) -> bytes:
    """The content of a comparison's file."""
    written = find_form(path).write(comparison)
    return written if isinstance(written, bytes) else written.encode()


def title_of(comparison: Comparison) -> str:
    """What a comparison is called."""
    return f"{_TITLE}: {comparison.question}" if comparison.question else _TITLE


def write_markdown(comparison: Comparison) -> str:
    """A pipe table, and the sentence behind every cell below it."""
    heads = ["Paper", "Year", *comparison.aspects, *(c.head for c in comparison.figures)]
    lines = [f"# {escape(title_of(comparison))}\n", "\n", f"| {' | '.join(map(escape, heads))} |\n"]
    marks = ["---"] * (2 + len(comparison.aspects)) + ["---:"] * len(comparison.figures)
    lines.append(f"| {' | '.join(marks)} |\n")
    for row in comparison.rows:
        first = f"{escape(row.title)} [@{row.key}]"
        texts = [escape(text) for text in _texts(row)]
        cells = [first, str(row.paper.year or ""), *texts, *_numbers(comparison, row)]
        lines.append(f"| {' | '.join(cells)} |\n")
    lines.append("\n## Sentences\n")
    for row in comparison.rows:
        lines.append(f"\n- `{row.key}`: {escape(row.title)}\n")
        named: dict[str, list[str]] = {}  # what is told by each sentence
        for name, quote in _sentences(comparison, row):
            named.setdefault(quote, []).append(name)
        lines += [f"    - {escape(', '.join(names))}: “{escape(quote)}”\n" for quote, names in named.items()]
    return "".join(lines)


def write_csv(comparison: Comparison) -> str:
    """A row a paper; after the figures, the sentence of each aspect and of each figure."""
    names = [*comparison.aspects, *(c.name for c in comparison.figures)]
    heads = [c.head for c in comparison.figures]
    lines = [
        csv_row(
            ["key", "id", "title", "year", *comparison.aspects, *heads, *(f"{n}: sentence" for n in names)]
        )
    ]
    for row in comparison.rows:
        quotes = dict(_sentences(comparison, row))
        cells = [row.key, row.paper.id, row.title, str(row.paper.year or ""), *_texts(row)]
        lines.append(csv_row([*cells, *_numbers(comparison, row), *(quotes.get(name, "") for name in names)]))
    return "".join(lines)


def write_latex(comparison: Comparison) -> str:
    """An article with the table, and one with the figures when there are any."""
    widths = [_NARROW if name == KIND else 1.0 for name in ("Paper", *comparison.aspects)]
    aspects = table(["Paper", *comparison.aspects], map(_latex_row, comparison.rows), widths)
    body = ["\n\\begin{landscape}\n\\footnotesize\n", *aspects]
    if comparison.figures:
        heads = ["Paper", *(c.head for c in comparison.figures)]
        figures = ((row, _numbers(comparison, row)) for row in comparison.rows)
        rows = ([_latex_paper(row), *numbers] for row, numbers in figures if any(numbers))
        body += ["\n\\scriptsize\n", *table(heads, rows)]
    return article(title_of(comparison), "".join([*body, "\\end{landscape}\n\n\\end{document}\n"]))


def write_xlsx(comparison: Comparison) -> bytes:
    """A workbook: the table, whose numbers are numbers, and a sheet of sentences with their offsets."""
    import openpyxl
    from openpyxl.styles import Alignment, Font

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Papers"
    sheet.append(["Key", "Id", "Title", "Year", *comparison.aspects, *(c.head for c in comparison.figures)])
    for row in comparison.rows:
        figures = [f.value if (f := comparison.figure(c, row)) else None for c in comparison.figures]
        _append(sheet, [row.key, row.paper.id, row.title, row.paper.year, *_texts(row), *figures])
    sentences = book.create_sheet("Sentences")
    sentences.append(["Key", "Of", "As shown", "Sentence", "Start", "End"])
    for row in comparison.rows:
        for cells in _evidence(comparison, row):
            _append(sentences, cells)
    for each in (sheet, sentences):
        each.freeze_panes = "A2"
        each.auto_filter.ref = each.dimensions
        for cell in each[1]:
            cell.font = Font(bold=True)
            each.column_dimensions[cell.column_letter].width = 18
        for line in each.iter_rows(min_row=2):
            for cell in line:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_json(comparison: Comparison) -> str:
    """The public shape, `ibid.compare/1`."""
    return json.dumps(comparison.to_dict(), ensure_ascii=False, indent=1) + "\n"


FORMS: tuple[Form, ...] = (
    Form((".csv",), write_csv),
    Form((".md", ".markdown"), write_markdown),
    Form((".xlsx",), write_xlsx),
    Form((".tex",), write_latex),
    Form((".json",), write_json),
)


def _texts(row: Row) -> list[str]:
    return [cell.text if cell else row.silence for cell in row.cells]


def _numbers(comparison: Comparison, row: Row) -> list[str]:
    """The figures of a row as plain decimals, "" where there is none."""
    figures = (comparison.figure(column, row) for column in comparison.figures)
    return [number(figure.value) if figure else "" for figure in figures]


def number(value: float) -> str:
    """A value without exponent or needless zeros."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _sentences(comparison: Comparison, row: Row) -> Iterator[tuple[str, str]]:
    """What is told and the sentence that tells it, readable."""
    for name, _, quote, _, _ in _told(comparison, row):
        yield name, readable(quote)


def _evidence(comparison: Comparison, row: Row) -> Iterator[list[Any]]:
    for name, shown, quote, start, end in _told(comparison, row):
        yield [row.key, name, shown, quote, start, end]


def _told(comparison: Comparison, row: Row) -> Iterator[tuple[str, str, str, int, int]]:
    for name, cell in zip(comparison.aspects, row.cells, strict=True):
        if cell:
            yield name, cell.text, cell.quote, cell.start, cell.end
    for column in comparison.figures:
        if figure := comparison.figure(column, row):
            yield column.name, figure.shown, figure.quote, figure.start, figure.end


def _append(sheet: Any, cells: list[Any]) -> None:
    """A line whose texts are texts: openpyxl would take one that begins with "=" for a formula."""
    sheet.append([_CONTROLS.sub("", c)[:_LONGEST_CELL] if isinstance(c, str) else c for c in cells])
    for cell in sheet[sheet.max_row]:
        if isinstance(cell.value, str):
            cell.data_type = "s"
            cell.quotePrefix = bool(_FORMULA.match(cell.value))


def _latex_row(row: Row) -> list[str]:
    silent = rf"\emph{{{row.silence}}}"
    return [_latex_paper(row), *(text_of(cell.text) if cell else silent for cell in row.cells)]


def _latex_paper(row: Row) -> str:
    year = f" ({row.paper.year})" if row.paper.year else ""
    return f"{text_of(row.title)}{year}"
