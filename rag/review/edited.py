"""What a user changed by hand in a review's Markdown: her sentences are kept and held against their papers.

A section whose text is as it was written keeps its record. In a changed one each sentence that stands in
the record keeps its passage; others are checked against the papers they cite, and what fails is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from index.cleaning import readable
from index.sentences import split_sentences
from index.types import Paper
from rag.review.document import Paragraph, Part, Passage, Review, ReviewStatement, Section
from rag.review.markdown import REFERENCES, TABLE, section
from rag.terms import content_stems
from rag.types import Origin
from rag.verify import Check

_TOP = re.compile(r"^## (.+)$", re.MULTILINE)
_CITED = re.compile(r"\s*\[(@[\w-]+(?:;\s*@[\w-]+)*)\]")

Checker = Callable[[str, Sequence[Paper]], Check]


def with_edits(review: Review, text: str, check: Checker) -> Review:
    """The review as its Markdown file has it now; headings in another order or new ones count too."""
    written = {s.heading: s for s in review.sections if s.part is Part.THEME}
    closing = [s for s in review.sections if s.part is not Part.THEME]
    found: list[Section] = []
    for heading, block in _blocks(text):
        if heading in {s.heading for s in closing} | {TABLE, REFERENCES}:
            continue
        known = written.get(heading)
        if known is not None and section(review, known).split() == f"## {heading}\n{block}".split():
            found.append(known)
        else:
            found.append(_read(review, heading, block, known, check))
    return replace(review, sections=(*found, *closing))


def _blocks(text: str) -> list[tuple[str, str]]:
    heads = list(_TOP.finditer(text))
    ends = [h.start() for h in heads[1:]] + [len(text)]
    return [(unescape(h[1].strip()), text[h.end() : end]) for h, end in zip(heads, ends, strict=True)]


def _read(review: Review, heading: str, block: str, known: Section | None, check: Checker) -> Section:
    """A section as it stands in the file; headings below it become paragraphs of their own."""
    before = {s.text: s for s in review.statements}
    ids = {key: i for i, key in review.keys.items()}
    paragraphs = []
    for part in re.split(r"\n\s*\n", block):
        if part.strip() and not part.lstrip().startswith("#"):
            paragraphs.append(_paragraph(review, part, before, ids, check))
    cited = tuple(dict.fromkeys(i for p in paragraphs for s in p for i in s.cited))
    return Section(heading, tuple(paragraphs), cited, known.question if known else None)


def _paragraph(
    review: Review, part: str, before: Mapping[str, ReviewStatement], ids: Mapping[str, str], check: Checker
) -> Paragraph:
    statements: list[ReviewStatement] = []
    at = 0
    for match in _CITED.finditer(part):
        end = re.compile(r"[.!?…]*[”\"’)]*").match(part, match.end())
        stop = end.end() if end else match.end()
        text = unescape(part[at : match.start()] + part[match.end() : stop])
        keys = re.findall(r"@([\w-]+)", match[1])
        *loose, last = _sentences(text) or [""]
        statements += [before.get(t) or ReviewStatement(t, (), counted=True) for t in loose]
        statements.append(
            before.get(last) or _checked(review, last, [ids[k] for k in keys if k in ids], check)
        )
        at = stop
    statements += [
        before.get(t) or ReviewStatement(t, (), counted=True) for t in _sentences(unescape(part[at:]))
    ]
    return tuple(statements)


def _checked(review: Review, text: str, cited: Sequence[str], check: Checker) -> ReviewStatement:
    """A sentence of the user's own with the passages that come nearest to it."""
    papers = [review.papers[i] for i in cited]
    found = check(text, papers)
    passages = tuple(_nearest(paper, text) for paper in papers)
    return ReviewStatement(text, passages, found.verdict, found.support, Origin.COMPOSED)


def _nearest(paper: Paper, text: str) -> Passage:
    said = set(content_stems(text))
    spans = split_sentences(paper.abstract) or [(0, len(paper.abstract))]
    start, end = max(spans, key=lambda s: len(said & set(content_stems(readable(paper.abstract[slice(*s)])))))
    return Passage(paper.id, start, end, paper.abstract[start:end])


def _sentences(text: str) -> list[str]:
    flat = " ".join(text.split())
    return [flat[a:b] for a, b in split_sentences(flat)]


def unescape(text: str) -> str:
    """Markdown text without its escapes."""
    return re.sub(r"\\(.)", r"\1", text)
