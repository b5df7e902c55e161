"""A review as Markdown for pandoc and for reading: `[@key]` citations, a pipe table, a list of references.

Whatever a title or an abstract holds is text: marks that Markdown or HTML act on are escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.cleaning import readable
from index.types import Paper
from rag.export.markdown import escape
from rag.review.document import Cell, Paragraph, Review, ReviewStatement, Section, walk

_OPENER = re.compile(r"^(\s*)([-+=]|\d+[.)])(?=\s|$)")
_END = re.compile(r"[.!?…]+[”\"’)]*$")
NOT_STATED = "not stated"
TABLE, REFERENCES = "Summary of the papers", "References"


def write_markdown(review: Review, bib: str | None = None) -> str:
    """The whole review. :param bib: the file name of its bibliography, for pandoc."""
    return "".join([head(review, bib), *(section(review, s) for s in review.sections), tail(review)])


def head(review: Review, bib: str | None = None) -> str:
    """Everything before the first section."""
    front = ["---", f"title: {quoted(review.title)}"]
    if bib:
        front += [f"bibliography: {quoted(bib)}", "link-citations: true"]
    return "\n".join(
        [*front, "---", "", f"# {escape(review.title)}", "", _paragraph(review, review.scope), ""]
    )


def section(review: Review, one: Section) -> str:
    """One section with those below it."""
    parts = []
    for level, part in walk([one], 2):
        parts.append(f"\n{'#' * level} {escape(part.heading)}\n")
        parts += [f"\n{_paragraph(review, p)}\n" for p in part.paragraphs]
    return "".join(parts)


def tail(review: Review) -> str:
    """The table and the references."""
    return "".join([*_table(review), *_references(review)])


def _paragraph(review: Review, paragraph: Paragraph) -> str:
    text = " ".join(cited(review, s) for s in paragraph)
    return _OPENER.sub(r"\1\\\2", text)


def cited(review: Review, statement: ReviewStatement) -> str:
    """A statement with its citations before the end mark."""
    if not statement.cited:
        return escape(statement.text)
    marks = "; ".join(f"@{review.keys[i]}" for i in statement.cited)
    text, end = split_end(statement.text)
    return f"{escape(text)} [{marks}]{escape(end)}"


def split_end(text: str) -> tuple[str, str]:
    """A sentence and its end mark, between which citations stand."""
    match = _END.search(text)
    return (text[: match.start()].rstrip(), match.group()) if match else (text, "")


def _table(review: Review) -> Iterator[str]:
    if not review.table.rows:
        return
    columns = ("Paper", *review.table.columns)
    yield f"\n## {TABLE}\n\n| {' | '.join(columns)} |\n|{' --- |' * len(columns)}\n"
    for row in review.table.rows:
        paper = review.papers[row.paper_id]
        year = f" ({paper.year})" if paper.year else ""
        first = f"{escape(readable(paper.label))}{year} [@{review.keys[paper.id]}]"
        yield f"| {first} | {' | '.join(map(_cell, row.cells))} |\n"


def _cell(cell: Cell | None) -> str:
    return escape(cell.text) if cell else NOT_STATED


def _references(review: Review) -> Iterator[str]:
    yield f"\n## {REFERENCES}\n\n"
    for paper, key in review.references:
        yield f"- `{key}`: {escape(reference_line(paper))}\n"


def reference_line(paper: Paper) -> str:
    """A reference in one line: authors, year, title, venue, DOI or arXiv."""
    authors: Sequence[str] = [readable(a) for a in paper.authors]
    named = "; ".join(authors[:6]) + ("; et al." if len(authors) > 6 else "")
    who = f"{named} ({paper.year or 'n.d.'}). " if named else f"({paper.year or 'n.d.'}). "
    title = readable(paper.label).rstrip(".")
    ids = (
        f" https://doi.org/{paper.doi}" if paper.doi else f" arXiv:{paper.arxiv_id}" if paper.arxiv_id else ""
    )
    venue = f" {readable(paper.venue)}." if paper.venue else ""
    return " ".join(f"{who}{title}.{venue}{ids}".split())


def quoted(text: str) -> str:
    """A YAML string."""
    plain = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'
