"""Word files: numbers in brackets or raised, fields of Zotero and Mendeley, a reference list.

Read from the file's own XML, entities and links off; paragraphs count as lines. Footnotes and text
boxes are not read. A copy with Word comments is made by python-docx.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from index.errors import ReadError
from index.readers.fields import make_paper
from index.readers.shapes import plain_record
from index.types import Paper, Source
from rag.audit import numbered
from rag.audit.draft import Draft, Entry, Gathered, Notes
from rag.audit.prose import Prose
from rag.bibliography import citation_key

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BODY = "word/document.xml"
_LARGEST = 200_000_000  # bytes of text that a Word file may unpack to
_ITEM = re.compile(r"ADDIN\s+(?:ZOTERO_ITEM\s+)?CSL_CITATION")
_LIST = re.compile(r"ADDIN\s+(?:ZOTERO_BIBL|CSL_BIBLIOGRAPHY|Mendeley Bibliography|EN\.REFLIST)")
_RAISED = re.compile(r"\d{1,4}(?:\s*[,–-]\s*\d{1,4})*")
_NOT_PROSE = re.compile(r"(?:heading|title|subtitle|caption|toc|bibliography|author)", re.IGNORECASE)


@dataclass(slots=True)
class _Field:
    """A field of Word: its instruction, and the keys it cites once that has been read."""

    instruction: str = ""
    keys: tuple[str, ...] = ()
    shown: bool = False
    placed: bool = False


@dataclass(slots=True)
class _Piece:
    """A run's text in its paragraph: the field that made it, and whether it is raised."""

    text: str
    field: _Field | None
    raised: bool


@dataclass(slots=True)
class _Paragraph:
    number: int
    style: str
    in_table: bool
    listed: bool = False
    pieces: list[_Piece] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


def is_docx(path: Path) -> bool:
    """Whether a file is a Word document."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _BODY in archive.namelist()
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def read(path: Path) -> Draft:
    """The draft in a Word file. :raises ReadError: when it is damaged."""
    found = Gathered()
    paragraphs = list(_Reader(found).paragraphs(_body(path)))
    start = _list_start(paragraphs)
    if start is not None:
        found.entries += _entries(paragraphs[start + 1 :])
    numbers = {entry.key for entry in found.entries if entry.paper is None}
    sentences = []
    for paragraph in paragraphs[:start]:
        if paragraph.listed:
            continue
        prose = Prose(paragraph.text, line=paragraph.number)
        _fill(prose, paragraph, numbers)
        keep = not paragraph.in_table and not _NOT_PROSE.match(paragraph.style)
        found.loose += prose.end(keep=keep)
        sentences += prose.sentences
    return found.draft(str(path), "docx", sentences)


def _body(path: Path) -> Any:
    """The parsed main part."""
    advice = "open it in Word or LibreOffice and save it again"
    try:
        with zipfile.ZipFile(path) as archive:
            size = archive.getinfo(_BODY).file_size
            if size > _LARGEST:
                raise ReadError(f"{path}: more than {_LARGEST // 10**6} MB of text; split the document")
            data = archive.read(_BODY)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        return etree.fromstring(data, parser)
    except KeyError:
        raise ReadError(f"{path}: no Word document ({_BODY} is missing); {advice}") from None
    except etree.XMLSyntaxError as error:
        raise ReadError(f"{path}: damaged Word document ({_BODY}:{error.lineno}); {advice}") from error
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, zlib.error) as error:
        raise ReadError(f"{path}: damaged Word document ({error}); {advice}") from error


class _Reader:
    """Goes through the paragraphs in order; fields may span several."""

    def __init__(self, found: Gathered) -> None:
        self._found = found
        self._open: list[_Field] = []
        self._items: dict[str, str] = {}

    def paragraphs(self, root: Any) -> Iterator[_Paragraph]:
        """Every paragraph, numbered from 1."""
        for number, element in enumerate(root.iter(f"{_W}p"), 1):
            style = element.find(f"{_W}pPr/{_W}pStyle")
            name = style.get(f"{_W}val", "") if style is not None else ""
            in_table = any(True for _ in element.iterancestors(f"{_W}tc"))
            paragraph = _Paragraph(number, name, in_table)
            paragraph.listed = any(_LIST.search(f.instruction) for f in self._open)
            for child in _own(element):
                self._child(child, paragraph)
            yield paragraph

    def _child(self, child: Any, paragraph: _Paragraph) -> None:
        tag = child.tag.removeprefix(_W)
        if tag == "fldChar":
            self._mark(child.get(f"{_W}fldCharType"), paragraph)
        elif tag == "instrText" and self._open:
            self._open[-1].instruction += child.text or ""
        elif tag in ("t", "tab", "br", "noBreakHyphen"):
            text = (child.text or "") if tag == "t" else "-" if tag == "noBreakHyphen" else " "
            simple = next(child.iterancestors(f"{_W}fldSimple"), None)
            made_by = self._open[-1] if self._open else self._simple(simple, paragraph)
            if tag == "t" or not self._open:
                paragraph.pieces.append(_Piece(text, made_by, _is_raised(child)))

    def _mark(self, kind: str | None, paragraph: _Paragraph) -> None:
        if kind == "begin":
            self._open.append(_Field())
        elif not self._open:
            return
        elif kind == "separate":
            self._settle(self._open[-1], paragraph)
        elif kind == "end":
            closed = self._open.pop()
            self._settle(closed, paragraph)
            if closed.keys and not any(piece.field is closed for piece in paragraph.pieces):
                paragraph.pieces.append(_Piece("", closed, False))

    def _simple(self, element: Any, paragraph: _Paragraph) -> _Field | None:
        if element is None:
            return None
        made = _Field(element.get(f"{_W}instr", ""))
        self._settle(made, paragraph)
        return made

    def _settle(self, made: _Field, paragraph: _Paragraph) -> None:
        """Read a field's instruction, once."""
        if made.shown:
            return
        made.shown = True
        paragraph.listed = paragraph.listed or bool(_LIST.search(made.instruction))
        if _ITEM.search(made.instruction):
            made.keys = tuple(self._keys(made.instruction, paragraph.number))

    def _keys(self, instruction: str, number: int) -> Iterator[str]:
        for record in _items(instruction):
            data = record.get("itemData")
            identity = json.dumps(record.get("uris") or record.get("id"), sort_keys=True)
            if identity in self._items:
                yield self._items[identity]
            elif isinstance(data, Mapping):
                paper = _paper(data, number)
                own = str(data.get("citation-key") or "") or (citation_key(paper) if paper else "item")
                key = self._free(own)
                self._items[identity] = key
                self._found.entries.append(Entry(key, number, paper=paper))
                yield key
        if not self._items and "{" in instruction:
            self._found.problem(number, "a citation field that cannot be read; refresh the citations in Word")

    def _free(self, key: str) -> str:
        taken, n = set(self._items.values()), 1
        while (given := key if n == 1 else f"{key}-{n - 1}") in taken:
            n += 1
        return given


def _items(instruction: str) -> list[Mapping[str, Any]]:
    """The cited items of a field's JSON; none where it is broken."""
    at = instruction.find("{")
    try:
        value, _ = json.JSONDecoder().raw_decode(instruction[at:]) if at >= 0 else ({}, 0)
    except (ValueError, RecursionError):
        return []
    items = value.get("citationItems") if isinstance(value, Mapping) else None
    return [item for item in items if isinstance(item, Mapping)] if isinstance(items, list) else []


def _paper(data: Mapping[str, Any], number: int) -> Paper | None:
    return make_paper(plain_record(data), Source("", number, "csl-json"))


def _own(paragraph: Any) -> Iterator[Any]:
    """What stands in a paragraph itself, not in the text boxes that hang on it."""
    for child in paragraph.iter(
        *(f"{_W}{tag}" for tag in ("t", "tab", "br", "noBreakHyphen", "fldChar", "instrText"))
    ):
        if next(child.iterancestors(f"{_W}p")) is paragraph and child.getparent().tag == f"{_W}r":
            yield child


def _is_raised(child: Any) -> bool:
    mark = child.getparent().find(f"{_W}rPr/{_W}vertAlign")
    return mark is not None and mark.get(f"{_W}val") == "superscript"


def _list_start(paragraphs: list[_Paragraph]) -> int | None:
    """The index of the heading of the reference list."""
    for at in range(len(paragraphs) - 1, -1, -1):
        if numbered.HEADING.fullmatch(paragraphs[at].text) and any(
            p.text.strip() for p in paragraphs[at + 1 :]
        ):
            return at
    start = numbered.list_start([p.text for p in paragraphs])
    return start if start is not None and start >= 0 else None


def _entries(paragraphs: Iterable[_Paragraph]) -> Iterator[Entry]:
    """One entry a paragraph; where Word numbers them itself, they are counted."""
    counted = 0
    for paragraph in paragraphs:
        text = paragraph.text.strip()
        if not text or paragraph.listed:
            continue
        counted += 1
        own = list(numbered.entries_of([(paragraph.number, text)]))
        yield own[0] if own else Entry(str(counted), paragraph.number, text)


def _fill(prose: Prose, paragraph: _Paragraph, numbers: set[str]) -> None:
    """Add a paragraph's text; what a citation field or a raised number shows is a citation."""
    at = 0
    for piece in paragraph.pieces:
        end = at + len(piece.text)
        if piece.field is not None and piece.field.keys:
            if not piece.field.placed:
                prose.cite(piece.field.keys, at, end)
            piece.field.placed = True
        elif piece.raised and _RAISED.fullmatch(piece.text.strip()) and _follows_word(prose.source, at):
            cited = numbered.numbers_of(piece.text)
            if set(cited) <= numbers:
                prose.cite(cited, at, end)
            else:
                prose.take(at, end)
        else:
            prose.take(at, end)
        at = end
    _bracketed(prose)


def _bracketed(prose: Prose) -> None:
    """Turn numbers in brackets, which may be spread over runs, into citations."""
    prose.replace(numbered.GROUP, lambda m: numbered.numbers_of(m.group(1)))


def _follows_word(text: str, at: int) -> bool:
    """Whether a raised number stands behind a word, a stop or a figure, and not behind a unit or a ten."""
    return bool(re.search(r"(?:[^\W\d_]{3,}|[.,;:)\]”\"]|\d%?(?<!\b10))\s?$", text[:at]))


def annotate(path: Path, draft: Draft, notes: Notes) -> bytes:
    """A copy of the Word file with a comment on each sentence that has a note."""
    from docx import Document

    try:
        document = Document(str(path))
    except Exception as error:  # whatever a damaged file does to the library
        raise ReadError(f"{path}: cannot be copied with comments ({error}); save it again in Word") from error
    paragraphs = list(document.element.iter(f"{_W}p"))
    for n, sentence in sorted(enumerate(draft.sentences), key=lambda pair: (pair[1].line, -pair[1].start)):
        if n in notes and sentence.line <= len(paragraphs):
            runs = _runs(paragraphs[sentence.line - 1], sentence.start, sentence.end)
            if runs:
                document.add_comment(runs, text=notes[n], author="Ibid", initials="Ib")
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def _runs(paragraph: Any, start: int, end: int) -> list[Any]:
    """The first and the last run of a span, parted from their neighbours where they can be."""
    from docx.text.run import Run

    for cut in (start, end):
        _part(paragraph, cut)
    inside, at = [], 0
    for child in _own(paragraph):
        if child.tag != f"{_W}t":
            at += child.tag in (f"{_W}tab", f"{_W}br", f"{_W}noBreakHyphen")
            continue
        length = len(child.text or "")
        if length and at < end and at + length > start:
            inside.append(child.getparent())
        at += length
    return [Run(inside[0], None), Run(inside[-1], None)] if inside else []  # type: ignore[arg-type]


def _part(paragraph: Any, cut: int) -> None:
    """Split the run that an offset falls into, if it holds that text alone."""
    at = 0
    for child in _own(paragraph):
        if child.tag != f"{_W}t":
            at += child.tag in (f"{_W}tab", f"{_W}br", f"{_W}noBreakHyphen")
            continue
        text = child.text or ""
        if at < cut < at + len(text):
            run = child.getparent()
            if [c.tag for c in run if c.tag != f"{_W}rPr"] != [f"{_W}t"]:
                return
            twin = deepcopy(run)
            run.addnext(twin)
            for part, shown in ((child, text[: cut - at]), (twin.find(f"{_W}t"), text[cut - at :])):
                part.text = shown
                part.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            return
        at += len(text)
