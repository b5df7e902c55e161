"""A review as a Word document: real headings, a table, superscript citation numbers, a reference list."""

from __future__ import annotations

import io
import unicodedata
from typing import TYPE_CHECKING, Any

from index.cleaning import readable
from rag.export.styles import format_references
from rag.review.document import Cell, Paragraph, Review, ReviewStatement, walk
from rag.review.markdown import NOT_STATED, REFERENCES, TABLE, reference_line

if TYPE_CHECKING:
    from docx.document import Document

STYLE = "ieee"  # its references are numbered in the order of citing
_WIDE = 0.6  # inches of margin on the page of the table
_SMALL = 8  # points of its letters


def write_docx(review: Review, bib: str | None = None) -> bytes:
    """The whole review. `bib` is not needed: the references stand in the document."""
    import docx

    document = docx.Document()
    document.core_properties.title = _plain(review.title)[:255]
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.add_heading(_plain(review.title), level=0)
    _paragraph(document, review, review.scope)
    for level, section in walk(review.sections):
        document.add_heading(_plain(section.heading), level=level)
        for paragraph in section.paragraphs:
            _paragraph(document, review, paragraph)
    if review.table.rows:
        _table(document, review)
    document.add_heading(REFERENCES, level=1)
    for line, (paper, _) in zip(format_references(review.references, STYLE), review.references, strict=True):
        bare = len(line.split()) < 2  # an untitled record, of which the style has nothing to say
        document.add_paragraph(_plain(f"{line} {reference_line(paper)}" if bare else line))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _paragraph(document: Document, review: Review, paragraph: Paragraph) -> None:
    added = document.add_paragraph()
    for n, statement in enumerate(paragraph):
        _statement(added, review, statement, " " if n else "")


def _statement(added: Any, review: Review, statement: ReviewStatement, before: str) -> None:
    added.add_run(before + _plain(statement.text))
    if statement.cited:
        numbers = review.numbers
        run = added.add_run(",".join(str(numbers[i]) for i in statement.cited))
        run.font.superscript = True


def _table(document: Document, review: Review) -> None:
    """The table on a page of its own, across."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Inches

    page = document.add_section()
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = page.page_height, page.page_width
    page.left_margin = page.right_margin = Inches(_WIDE)
    document.add_heading(TABLE, level=1)
    table = document.add_table(rows=1, cols=1 + len(review.table.columns))
    table.style = "Table Grid"
    for cell, name in zip(table.rows[0].cells, ("Paper", *review.table.columns), strict=True):
        _fill(cell, name, bold=True)
    _repeat(table.rows[0])
    for row in review.table.rows:
        cells = table.add_row().cells
        paper = review.papers[row.paper_id]
        year = f" ({paper.year})" if paper.year else ""
        run = _fill(cells[0], f"{readable(paper.label)}{year}").add_run(str(review.numbers[paper.id]))
        run.font.superscript = True
        for cell, value in zip(cells[1:], row.cells, strict=True):
            _fill(cell, _shown(value))
    upright = document.add_section()
    upright.orientation = WD_ORIENT.PORTRAIT
    upright.page_width, upright.page_height = upright.page_height, upright.page_width


def _fill(cell: Any, text: str, *, bold: bool = False) -> Any:
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(_plain(text))
    run.font.size = Pt(_SMALL)
    run.bold = bold
    return paragraph


def _repeat(row: Any) -> None:
    """The head of the table stands on every page."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _shown(cell: Cell | None) -> str:
    return cell.text if cell else NOT_STATED


def _plain(text: str) -> str:
    """Text that XML can hold."""
    return "".join(c for c in text if c in "\t\n" or unicodedata.category(c) not in ("Cc", "Cs", "Cn"))
