"""XML of bibliographies: PubMed and MEDLINE, JATS (PubMed Central), EndNote.

Read record by record, each forgotten once it is read. A DOCTYPE is allowed, as PubMed's files have one,
but nothing it names is fetched, and a file that declares entities is refused. What the parser had to
mend (a cut file, a stray "&") is reported with its line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from index.errors import ReadError
from index.readers.collect import Row, collect
from index.readers.endnote_xml import endnote_fields
from index.readers.jats import jats_fields
from index.readers.pubmed_xml import book_fields, pubmed_fields
from index.readers.textfile import HEAD, TextFile, open_bytes
from index.types import FileReading

if TYPE_CHECKING:
    from lxml.etree import _Element

NAME = "xml"
MAX_FAULTS = 50  # of the parser, listed one by one
_PROLOG = re.compile(
    r"\A\s*(?:<\?[^>]{0,2000}\?>\s*|<!--.{0,20000}?-->\s*|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>\s*)*", re.S
)
_ROOTS = re.compile(
    r"<(?:PubmedArticleSet|MedlineCitationSet|PubmedArticle|MedlineCitation|PubmedBookArticleSet|pmc-articleset|"
    r"article|xml|records)[\s/>]"
)
_READERS: Mapping[str, Callable[[Any], dict[str, Any] | None]] = {
    "PubmedArticle": pubmed_fields, "MedlineCitation": pubmed_fields, "PubmedBookArticle": book_fields,
    "article": jats_fields, "record": endnote_fields,
}  # fmt: skip


def sniff(file: TextFile) -> bool:
    """Whether the first element is one that is known."""
    head = file.head.lstrip("\ufeff")
    return "<" in head[:200] and bool(_ROOTS.match(head, _PROLOG.match(head).end()))  # type: ignore[union-attr]


def read(file: TextFile) -> FileReading:
    """The records of the file. :raises ReadError: for entities, or when nothing in it can be read."""
    return collect(file, NAME, records(file))


def records(file: TextFile) -> Iterator[Row]:
    """The records one by one, then what the parser met."""
    from lxml import etree

    _refuse_entities(file)
    count = 0
    with open_bytes(file.path) as source:
        events = etree.iterparse(
            source, events=("end",), tag=tuple(f"{{*}}{name}" for name in _READERS), recover=True,
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        )  # fmt: skip
        try:
            for _, element in events:
                fields = _fields(element)
                if fields is not None:
                    count += 1
                    yield Row(element.sourceline or 1, fields)
                    _forget(element)
        except etree.XMLSyntaxError as error:
            if not count:
                raise ReadError(
                    f"{file.path}:{error.lineno or 1}: {_told(str(error))}; mend the file"
                ) from None
            yield Row(error.lineno or 1, None, _told(str(error)), note=True)
        for fault in list(events.error_log)[:MAX_FAULTS]:
            yield Row(fault.line, None, _told(fault.message), note=True)


def _told(message: str) -> str:
    return f"broken XML ({message.split(', line ')[0]}); what could be read around it is kept"


def _refuse_entities(file: TextFile) -> None:
    """Entities of the file's own may expand to any size or name files of this computer."""
    head = file.head
    begin = head.find("<!DOCTYPE")
    if begin < 0:
        return
    found = re.compile(r"<(?![!?])").search(head, begin)
    prolog = head[begin : found.start()] if found else head[begin:]
    if "<!ENTITY" in prolog or (not found and len(head) >= HEAD):
        line = head.count("\n", 0, head.find("<!ENTITY")) + 1
        raise ReadError(
            f"{file.path}:{line}: XML that declares entities is not read, as they can hide anything; "
            "remove the declarations"
        )


def _fields(element: _Element) -> dict[str, Any] | None:
    from lxml.etree import QName

    name = QName(element).localname
    parent = element.getparent()
    if parent is not None and QName(parent).localname in _READERS:  # the citation within an article
        return None
    return _READERS[name](element)


def _forget(element: _Element) -> None:
    """Free a record and what stands before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
