r"""A review as a LaTeX article that pdflatex, xelatex and lualatex compile with the bibliography beside it.

Preamble, escaping and the form of tables are those of `rag.export.latex`.
"""

from __future__ import annotations

from collections.abc import Iterator

from index.cleaning import readable
from index.latex import to_latex
from rag.export.latex import article, table, text_of
from rag.export.table import write as write_papers
from rag.review.document import Cell, Paragraph, Review, ReviewStatement, Row, walk
from rag.review.markdown import NOT_STATED, TABLE, split_end

_LEVELS = ("section", "subsection", "subsubsection")


def write_latex(review: Review, bib: str | None = None) -> str:
    """The whole review. :param bib: the file name of its bibliography."""
    body = "".join([*_body(review), *_table(review), *_end(bib or "references.bib")])
    return article(review.title, body, "".join(write_papers(review.references, "bibtex")))


def _body(review: Review) -> Iterator[str]:
    yield f"\n{_paragraph(review, review.scope)}\n"
    for level, section in walk(review.sections):
        command = _LEVELS[min(level, len(_LEVELS)) - 1]
        yield f"\n\\{command}{{{to_latex(section.heading)}}}\n"
        for paragraph in section.paragraphs:
            yield f"\n{_paragraph(review, paragraph)}\n"


def _paragraph(review: Review, paragraph: Paragraph) -> str:
    return "\n".join(_cited(review, s) for s in paragraph)


def _cited(review: Review, statement: ReviewStatement) -> str:
    if not statement.cited:
        return text_of(statement.text)
    text, end = split_end(statement.text)
    return f"{text_of(text)}~\\cite{{{','.join(review.keys[i] for i in statement.cited)}}}{text_of(end)}"


def _table(review: Review) -> Iterator[str]:
    if not review.table.rows:
        return
    columns = ("Paper", *review.table.columns)
    yield f"\n\\begin{{landscape}}\n\\section*{{{to_latex(TABLE)}}}\n\\footnotesize\n"
    yield from table(columns, (_row(review, row) for row in review.table.rows))
    yield "\\end{landscape}\n"


def _row(review: Review, row: Row) -> list[str]:
    paper = review.papers[row.paper_id]
    year = f" ({paper.year})" if paper.year else ""
    first = rf"{text_of(readable(paper.label))}{year}~\cite{{{review.keys[paper.id]}}}"
    return [first, *map(_cell, row.cells)]


def _cell(cell: Cell | None) -> str:
    return text_of(cell.text) if cell else rf"\emph{{{NOT_STATED}}}"


def _end(bib: str) -> Iterator[str]:
    name = bib.removesuffix(".bib")
    yield f"\n\\bibliographystyle{{unsrt}}\n\\bibliography{{{name}}}\n\\end{{document}}\n"
