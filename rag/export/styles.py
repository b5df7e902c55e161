"""References set in a citation style: citeproc-py with vendored CSL styles, and its known faults mended.

citeproc-py does not leave out what it has put in an author's place, keeps the marks of a sentence
outside quotation marks in American styles, sets no blank after a number, and lowers or raises some
letters. What is mended here is held by references written by hand in the tests.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable
from importlib.resources import files
from typing import Any, NamedTuple

from index.errors import UsageError
from index.types import Paper
from rag.export.nature import mend_nature
from rag.export.style_items import style_item

_AMERICAN = ("ieee", "chicago", "apa")
_NUMBERED = re.compile(r"^(\[\d+\]|\d+\.)(?=\S)")


class Style(NamedTuple):
    """The locale of a style, and whether its references stand in the order of citing."""

    locale: str
    numeric: bool


STYLES: dict[str, Style] = {
    "apa": Style("en-US", False),
    "ieee": Style("en-US", True),
    "nature": Style("en-GB", True),
    "ama": Style("en-US", True),
    "harvard": Style("en-GB", False),
    "chicago": Style("en-US", False),
}


def format_references(papers: Iterable[tuple[Paper, str]], style: str) -> list[str]:
    """One reference a paper, as plain text: in the given order where the style numbers them, else sorted.

    :raises UsageError: when there is no style of that name.
    """
    if style not in STYLES:
        raise UsageError(f"no style is called {style!r}; choose one of {', '.join(STYLES)}")
    items = [style_item(paper, f"r{n}", style) for n, (paper, _) in enumerate(papers, start=1)]
    lines = [(item, line) for item, line in zip(items, _render(items, style), strict=True)]
    mended = [_mend(line, item, style) for item, line in lines]
    if not STYLES[style].numeric:
        mended.sort(key=lambda line: re.sub(r"[^\w ]", "", line.casefold()).split())
    return mended


def _render(items: list[dict[str, Any]], style: str) -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on variables that it does not know
        from citeproc import (
            Citation,
            CitationItem,
            CitationStylesBibliography,
            CitationStylesStyle,
            formatter,
        )
        from citeproc.source.json import CiteProcJSON

        path = str(files("rag.export").joinpath("citation_styles", f"{style}.csl"))
        parsed = CitationStylesStyle(path, validate=False, locale=STYLES[style].locale)
        bibliography = CitationStylesBibliography(parsed, CiteProcJSON(items), formatter.plain)
        for item in items:
            bibliography.register(Citation([CitationItem(item["id"])]))
        return [str(entry) for entry in bibliography.bibliography()]


def _mend(line: str, item: dict[str, Any], style: str) -> str:
    line = _NUMBERED.sub(r"\1 ", " ".join(line.split()))
    if style in _AMERICAN:
        line = re.sub(r"”([.,])(?!\w)", r"\1”", line)
        line = re.sub(r"([?!.,])[.,]”", r"\1”", line)
    line = re.sub(r"([?!])\.(?=\s|$)", r"\1", line)
    if not item.get("author"):
        line = _once(line)
        if style in _EDITORS_AGAIN and item.get("editor"):
            line = _EDITORS_AGAIN[style].sub("", line, count=1)
    if publisher := str(item.get("publisher", "")):
        line = _with_publisher(line, publisher, item["type"], style)
    for pattern, new in _MENDED.get(style, ()):
        line = pattern.sub(new, line)
    return mend_nature(line, item) if style == "nature" else line


_EDITORS_AGAIN = {  # citeproc-py names them at their own place too
    "apa": re.compile(r" \([^()]+, [Ee]ds?\.\)(?=\.)"),
    "ama": re.compile(r" \([^()]+, eds?\.\)\."),
    "harvard": (_EDITED_BY := re.compile(r" Edited by (?:\b\w\.[ -]?|[^.])+\.")),
    "chicago": _EDITED_BY,
}


def _with_publisher(line: str, publisher: str, kind: str, style: str) -> str:
    """Where citeproc-py leaves it out, or sets it apart: Nature's reports, AMA's data, APA's theses."""
    if style == "nature" and kind == "report" and publisher not in line:
        return re.sub(r"\((\d{4})\)\.$", lambda m: f"({publisher}, {m[1]}).", line)
    if style == "ama" and kind in ("dataset", "software") and publisher not in line:
        return line.replace(" Published online ", f" {publisher}. Published online ", 1)
    if style == "apa" and kind == "thesis":
        return line.replace(f"]. {publisher}.", f", {publisher}].", 1)
    return line


def _once(line: str) -> str:
    """A reference without author, in which the title that took its place is not said again."""
    found = _TITLE_TWICE.match(line)
    if not found:
        return line
    kept = found.end("y") if found["y"] else found.end("t") + 1
    return line[:kept] + line[found.end() :].lstrip()


_TITLE_TWICE = re.compile(
    r"(?P<n>(?:\[\d+\]|\d+\.) )?(?P<t>.{3,600}?[.?!]”?) "
    r"(?P<y>\(?(?:\d{4}|n\.d\.)[^)“]{0,20}?\)?\.? )?(?P=t)(?=\s|$)"
)


_Rules = tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...]
_MENDED: dict[str, _Rules] = {
    "apa": (
        (re.compile(r"\((eds?\.)\)(?=[.,] )"), lambda m: f"({m[1].capitalize()})"),
        (re.compile(r" \(Publication\)(?= \[)"), ""),
        (re.compile(r" \[Dataset\](?=\.)"), " [Data set]"),
    ),
    "ama": ((re.compile(r"(Preprint posted online [^:.]+):arXiv:[\w./-]+?\. "), r"\1. "),),
    "ieee": (
        (re.compile(r"arXiv: arXiv:"), "arXiv:"),
        (re.compile(r"(?<=Accessed: )([A-Z][a-z]{2,3}\.?) 0(\d),"), r"\1 \2,"),
    ),
    "chicago": ((re.compile(r"\bdoi:(?=10\.)"), "https://doi.org/"),),
    "harvard": (
        (re.compile(r"^(.{2,200}?) (\((?:\d{4}|no date)\) ‘.+’), \1(?=[ ,.]|$)"), r"\1 \2"),
        (re.compile(r"^(.{2,600}?) (\((?:\d{4}|no date)\)) \1\. "), r"\1 \2 "),
        (re.compile(r" \[Preprint\](?=\.)"), ""),
    ),
}
