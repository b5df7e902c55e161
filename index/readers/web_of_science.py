"""Web of Science's own tagged text ("Plain Text File"): a tag of two letters, values wrapped with blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from index.dates import iso_date
from index.readers.collect import Row, collect
from index.readers.people import Person
from index.readers.tagged import Draft, foreign_format, numbered
from index.readers.textfile import TextFile
from index.types import FileReading

NAME = "web-of-science"
_START = re.compile(r"\A\s*(?:FN .{3,80}\n\s*VR |PT [JBSPC]\s*\n(?:AU|AF|BA|CA|GP|TI) )")
_TAG = re.compile(r"([A-Z][A-Z0-9])(?: (.*)|)$", re.DOTALL)
# Tags of the tagged file; the tab-delimited one has the same names as its header.
FIELDS = {
    "TI": "title", "AB": "abstract", "SO": "venue", "LA": "language", "VL": "volume", "IS": "issue",
    "AR": "article_number", "BP": "first_page", "EP": "last_page", "PU": "publisher", "PI": "place",
    "DI": "doi", "PM": "pmid", "SN": "issn", "EI": "eissn", "BN": "isbn", "SE": "series", "J9":
    "journal_abbreviation", "UT": "record_number", "PY": "year", "PD": "date", "AF": "authorfullnames",
    "AU": "authors", "DE": "keywords", "ID": "keywords_plus", "DT": "document_type", "PT": "type",
}  # fmt: skip
_LISTS = ("AU", "AF", "BE", "CR", "C1")


def sniff(file: TextFile) -> bool:
    """Whether the head of such a file, or its first record, is there."""
    return bool(_START.match(file.head.lstrip("\ufeff")))


def read(file: TextFile) -> FileReading:
    """One record from each PT to its ER."""
    return collect(file, NAME, records(file))


def records(file: TextFile) -> Iterator[Row]:
    """The records one by one."""
    draft: Draft | None = None
    for number, line in numbered(file.lines(clip=True)):
        found = _TAG.match(line)
        tag = found[1] if found else ""
        if tag in ("PT", "ER", "EF") and draft:
            yield _row(draft, "" if tag == "ER" else "the record's end (ER) is missing")
            draft = None
        if tag == "PT":
            draft = Draft(number)
        if found and draft:
            draft.add(tag, found[2] or "")
        elif draft and line[:1] in (" ", "\t"):
            draft.extend(line)
        elif line.strip() and (why := foreign_format(line, "Web of Science")) and tag not in ("FN", "VR"):
            yield Row(number, None, why, note=True)
    if draft:
        yield _row(draft, "the file ends within this record (no ER)")


def _row(draft: Draft, why: str) -> Row:
    fields: dict[str, Any] = {name: draft.first(tag) for tag, name in FIELDS.items()}
    del fields["authorfullnames"]
    full = len(draft.lines("AF")) >= len(draft.lines("AU"))
    names = draft.lines("AF") if full else draft.lines("AU")
    fields["authors"] = [*map(Person, names), *(Person(name, True) for name in draft.lines("CA"))]
    fields["editors"] = draft.lines("BE")
    fields["keywords"] = [w for text in (draft.first("DE"), draft.first("ID")) for w in text.split(";")]
    fields["keywords_plus"] = ""
    fields["year"] = iso_date(f"{draft.first('PY')} {draft.first('PD').title()}")
    fields["date"] = ""
    kinds = draft.first("DT").split(";")
    fields["type"] = [*kinds, draft.first("PT")]
    rest = draft.rest((*FIELDS, "CA", "BE", "ER"), "WoS")
    return Row(draft.line, fields | rest, draft.why or why)
