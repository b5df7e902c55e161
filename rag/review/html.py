"""A review as one HTML page that loads nothing: a click on a citation opens the passage it rests on.

No script and no outside address: passages are shown by the page's own links (`:target`). Everything
from papers and models is escaped, and a content policy forbids what slips through.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from index.cleaning import readable
from rag.pictures.draw import drawings
from rag.pictures.of_review import pictured
from rag.pictures.svg import write_svg
from rag.review.document import Cell, Paragraph, Passage, Review, ReviewStatement, walk
from rag.review.markdown import NOT_STATED, REFERENCES, TABLE, reference_line, split_end

PICTURES = "Pictures"
_STYLE = """
body{font:17px/1.6 Georgia,serif;max-width:46rem;margin:2rem auto 45vh;padding:0 1rem;
color:#1b1b1b;background:#fff}
h1,h2,h3,table,aside,nav{font-family:system-ui,sans-serif;line-height:1.3}
a{color:#0b57a4;text-decoration:none}a:hover,a:focus{text-decoration:underline}
.wide{overflow-x:auto}table{border-collapse:collapse;font-size:.8rem;min-width:60rem}
th,td{border:1px solid #bbb;padding:.4rem;text-align:left;vertical-align:top}th{background:#f2f2f2}
figure{margin:1.5rem 0}.silent{color:#666;font-style:italic}ol{padding-left:2rem}
aside{display:none;position:fixed;left:0;right:0;bottom:0;max-height:42vh;overflow:auto;background:#fffbe8;
border-top:2px solid #b58900;padding:.8rem 1.2rem;font-size:.92rem}
aside:target{display:block}aside p{margin:.4rem auto;max-width:60rem}mark{background:#ffe08a;color:inherit}
.shut{float:right;padding:0 .5rem}:target:not(aside){background:#fff3bf}
@media(prefers-color-scheme:dark){body{background:#161616;color:#e6e6e6}a{color:#8ab8f0}th{background:#262626}
aside{background:#2a2612}mark{background:#6b5400}.silent{color:#aaa}:target:not(aside){background:#3a3413}}
@media print{aside{display:none!important}body{margin-bottom:2rem}}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def write_html(review: Review, bib: str | None = None) -> str:
    """The whole review. `bib` is not needed: the page stands alone."""
    return "".join(_Page(review).parts())


class _Page:
    """Gives each cited passage a place of its own while the text is written."""

    def __init__(self, review: Review) -> None:
        self._review = review
        self._numbers = review.numbers
        self._places: dict[Passage, str] = {}

    def parts(self) -> Iterator[str]:
        """The page from its head to its end."""
        title = _text(self._review.title)
        yield (
            '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">\n'
            '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
            f"<title>{title}</title><style>{_STYLE}</style></head>\n<body><main>\n<h1>{title}</h1>\n"
        )
        yield self._paragraph(self._review.scope)
        for level, section in walk(self._review.sections, 2):
            yield f"<h{level}>{_text(section.heading)}</h{level}>\n"
            yield from map(self._paragraph, section.paragraphs)
        yield from self._table()
        yield from self._pictures()
        yield from self._references()
        yield "</main>\n"
        yield from self._passages()
        yield "</body></html>\n"

    def _paragraph(self, paragraph: Paragraph) -> str:
        return f"<p>{' '.join(map(self._cited, paragraph))}</p>\n"

    def _cited(self, statement: ReviewStatement) -> str:
        if not statement.cited:
            return _text(statement.text)
        text, end = split_end(statement.text)
        marks = ", ".join(self._link(p) for p in _first_of_each(statement.passages))
        return f"{_text(text)} [{marks}]{_text(end)}"

    def _link(self, passage: Passage) -> str:
        place = self._places.setdefault(passage, f"p{len(self._places) + 1}")
        return f'<a href="#{place}">{self._numbers[passage.paper_id]}</a>'

    def _table(self) -> Iterator[str]:
        table = self._review.table
        if not table.rows:
            return
        heads = "".join(f"<th>{_text(c)}</th>" for c in ("Paper", *table.columns))
        yield f'<h2>{TABLE}</h2>\n<div class="wide"><table><thead><tr>{heads}</tr></thead><tbody>\n'
        for row in table.rows:
            paper = self._review.papers[row.paper_id]
            year = f" ({paper.year})" if paper.year else ""
            first = f'{_text(readable(paper.label))}{year} [<a href="#r{self._numbers[paper.id]}">'
            cells = "".join(map(self._cell, row.cells))
            yield f"<tr><td>{first}{self._numbers[paper.id]}</a>]</td>{cells}</tr>\n"
        yield "</tbody></table></div>\n"

    def _cell(self, cell: Cell | None) -> str:
        if cell is None:
            return f'<td class="silent">{NOT_STATED}</td>'
        place = self._places.setdefault(cell.passage, f"p{len(self._places) + 1}")
        return f'<td>{_text(cell.text)} <a href="#{place}" title="the passage">¶</a></td>'

    def _pictures(self) -> Iterator[str]:
        """The drawings; a mark leads to the paper's first passage, else to its reference."""
        made = drawings(pictured(self._review))
        if not made:
            return
        first: dict[str, str] = {}
        for passage, place in self._places.items():
            first.setdefault(passage.paper_id, f"#{place}")
        yield f"<h2>{PICTURES}</h2>\n"
        for drawing in made.values():
            drawn = write_svg(drawing, lambda i: first.get(i) or f"#r{self._numbers[i]}", inline=True)
            yield f"<figure>{drawn}</figure>\n"

    def _references(self) -> Iterator[str]:
        yield f"<h2>{REFERENCES}</h2>\n<ol>\n"
        for n, (paper, _) in enumerate(self._review.references, 1):
            yield f'<li id="r{n}">{_text(reference_line(paper))}</li>\n'
        yield "</ol>\n"

    def _passages(self) -> Iterator[str]:
        """Each cited passage within its abstract."""
        for passage, place in self._places.items():
            paper = self._review.papers[passage.paper_id]
            n = self._numbers[passage.paper_id]
            before, after = paper.abstract[: passage.start], paper.abstract[passage.end :]
            yield (
                f'<aside id="{place}"><a class="shut" href="#r{n}" title="to the reference">×</a>'
                f"<p>[{n}] <strong>{_text(readable(paper.label))}</strong></p>\n"
                f"<p>{_text(readable(before))} <mark>{_text(readable(passage.quote))}</mark> "
                f"{_text(readable(after))}</p></aside>\n"
            )


def _first_of_each(passages: tuple[Passage, ...]) -> list[Passage]:
    """One passage a paper, in the order of citing."""
    found: dict[str, Passage] = {}
    for passage in passages:
        found.setdefault(passage.paper_id, passage)
    return list(found.values())


def _text(text: str) -> str:
    return escape(" ".join(text.split()))
