"""MEDLINE text, which PubMed calls "PubMed format" and saves as .nbib or .txt; PMC's is the same.

Tags of two to four letters before "- ", values wrapped with six blanks. The authors' full names (FAU)
are taken where they are given, groups (CN) as organisations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from index.dates import iso_date
from index.readers.collect import Row, collect
from index.readers.people import Person
from index.readers.tagged import Draft, begins_first, foreign_format, numbered
from index.readers.textfile import TextFile
from index.types import FileReading

NAME = "medline"
_TAG = re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,2}-(?: (.*)|)$", re.DOTALL)
_START = re.compile(r"^\ufeff?(?:PMID|PMC |OWN )- ?\w", re.MULTILINE)
_ID = re.compile(r"(\S+)\s*\[doi\]", re.IGNORECASE)
_USED = (
    "PMID", "PMC", "TI", "BTI", "AB", "FAU", "AU", "CN", "DP", "JT", "TA", "VI", "IP", "PG", "LID", "AID",
    "LA", "PT", "MH", "OT", "IS", "PL", "PB", "ISBN", "FED", "ED", "AD",
)  # fmt: skip


def sniff(file: TextFile) -> bool:
    """Whether a PMID or PMC tag opens a line."""
    return begins_first(file.head, _START)


def read(file: TextFile) -> FileReading:
    """One record a block of tags."""
    return collect(file, NAME, records(file))


def records(file: TextFile) -> Iterator[Row]:
    """The records one by one; a new one begins after a blank line or at a second PMID."""
    draft: Draft | None = None
    blank = True
    for number, line in numbered(file.lines(clip=True)):
        if not line.strip():
            blank = True
            continue
        found = _TAG.match(line)
        if (not found or found[1] == "TY") and line[:1] != " " and (why := foreign_format(line, "MEDLINE")):
            if draft:
                yield _row(draft)
            draft = None
            yield Row(number, None, why, note=True)
        elif found:
            if draft and (
                blank and found[1] in ("PMID", "PMC", "OWN") or found[1] == "PMID" and draft.all("PMID")
            ):
                yield _row(draft)
                draft = None
            draft = draft or Draft(number)
            draft.add(found[1], found[2] or "")
        elif draft:
            draft.extend(line)
        blank = False
    if draft:
        yield _row(draft)


def _row(draft: Draft) -> Row:
    kinds = draft.all("PT")
    doi = next((m[1] for tag in ("LID", "AID") for text in draft.all(tag) if (m := _ID.search(text))), "")
    fields: dict[str, Any] = {
        "title": draft.first("TI", "BTI", "TT"),
        "abstract": draft.first("AB"),
        "authors": _authors(draft),
        "editors": draft.all("FED", "ED"),
        "year": iso_date(draft.first("DP", "DEP")),
        "venue": draft.first("JT", "BTI", "TA") if draft.first("TI") else draft.first("JT", "TA"),
        "journal_abbreviation": draft.first("TA"),
        "volume": draft.first("VI"),
        "issue": draft.first("IP"),
        "pages": draft.first("PG"),
        "publisher": draft.first("PB"),
        "place": draft.first("PL"),
        "language": draft.first("LA"),
        "issn": "; ".join(draft.all("IS")),
        "isbn": "; ".join(draft.all("ISBN")),
        "doi": doi,
        "pmid": draft.first("PMID"),
        "pmcid": draft.first("PMC"),
        "keywords": [text.replace("*", "") for text in (*draft.all("MH"), *draft.all("OT"))],
        "type": [k for k in kinds if "Preprint" in k] + kinds,
        "retracted": "Retracted Publication" in kinds,
        "affiliation": draft.all("AD"),
    }
    return Row(draft.line, fields | draft.rest(_USED, "MEDLINE"), draft.why)


def _authors(draft: Draft) -> list[Person]:
    people: list[Person] = []
    full = False
    for tag, lines in draft.tags:
        text = " ".join(lines)
        if tag in ("FAU", "CN") and text:
            people.append(Person(text, tag == "CN"))
            full = tag == "FAU"
        elif tag == "AU":
            if not full and text:
                people.append(Person(_comma(text)))
            full = False
    return people


def _comma(name: str) -> str:
    """Family name and initials with a comma between."""
    family, _, initials = name.rpartition(" ")
    return f"{family}, {initials}" if family and initials.isupper() else name
