"""RIS, as EndNote, Zotero, Mendeley, Scopus, Embase, Ovid, ProQuest, PubMed tools and Rayyan write it.

The tag of a field differs by exporter (T1 or TI, A1 or AU, N2 or AB, JF, JO or T2, Y1 or PY or DA); some
wrap values over lines, number the records, or leave out blanks. Tags without a place in a record stay
in `extra` as "RIS XX" and are written back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from index.dates import iso_date
from index.kinds import RIS, RIS_TYPE, TO_RIS, find_kind
from index.readers.collect import Row, collect
from index.readers.people import Person
from index.readers.tagged import Draft, begins_first, foreign_format, numbered
from index.readers.textfile import TextFile
from index.types import FileReading

NAME = "ris"
_TAG = re.compile(r"[ \t]{0,3}([A-Z][A-Z0-9])(?:[ \t]{2,3}|\t)-(?:[ \t]+|$)(.*)", re.DOTALL)
_NARROW = re.compile(r"[ \t]{0,3}([A-Z][A-Z0-9])[ \t]{0,3}-(?:[ \t]+|$)(.*)", re.DOTALL)
_START = re.compile(r"^[ \t\ufeff]{0,3}TY([ \t]{0,3})-(?:[ \t]+[A-Z]|[ \t]*$)", re.MULTILINE)
_BOOKS = ("book", "chapter", "thesis", "report", "pamphlet")
_IN_ORDER = re.compile(r"^\s*(?:PMID|PubMed ID)\s*:\s*(\d{1,9})\b|\bPMID: (\d{4,9})\b", re.IGNORECASE)
_ARXIV = re.compile(r"arxiv:|https?://arxiv\.org/(?:abs|pdf)/", re.IGNORECASE)
_UNKNOWN_PAGE = ("no", "specified", "no specified", "no pagination")
_USED = (
    "TY", "ER", "TI", "T1", "CT", "BT", "ST", "AU", "A1", "AB", "N2", "PY", "Y1", "DA", "T2", "JF", "JO",
    "JA", "J1", "J2", "T3", "A2", "ED", "KW", "VL", "VO", "IS", "SP", "EP", "PB", "CY", "SN", "DO", "DI",
    "UR", "LA", "ET", "ID", "N1", "PMID", "Y2",
)  # fmt: skip


def sniff(file: TextFile) -> bool:
    """Whether a record begins somewhere in the head."""
    return begins_first(file.head, _START)


def read(file: TextFile) -> FileReading:
    """One record from each TY to its ER."""
    return collect(file, NAME, records(file))


def records(file: TextFile) -> Iterator[Row]:
    """The records one by one."""
    for draft, why in _drafts(file):
        if draft is None:
            yield Row(int(why[0]), None, why[1], note=True)
        else:
            yield Row(draft.line, _fields(draft), draft.why)


def _drafts(file: TextFile) -> Iterator[tuple[Draft | None, Any]]:
    """Each record, or (None, (line, why)) for something between records."""
    start = _START.search(file.head)
    pattern = _TAG if start and len(start[1]) > 1 or start and "\t" in start[1] else _NARROW
    draft: Draft | None = None
    for number, line in numbered(file.lines(clip=True)):
        found = pattern.match(line)
        tag, text = (found[1], found[2]) if found else ("", line)
        if tag == "TY":
            if draft:
                draft.why = draft.why or "the record's end (ER) is missing"
                yield draft, None
            draft = Draft(number)
        if draft is None:
            if why := foreign_format(line, "RIS"):
                yield None, (number, why)
        elif tag == "ER":
            yield draft, None
            draft = None
        elif tag:
            draft.add(tag, text)
        elif why := foreign_format(line, "RIS"):
            draft.why = draft.why or "the record's end (ER) is missing"
            yield draft, None
            yield None, (number, why)
            draft = None
        else:
            draft.extend(text)
    if draft:
        draft.why = draft.why or "the file ends within this record (no ER)"
        yield draft, None


def _fields(draft: Draft) -> dict[str, Any]:
    tag = draft.first("TY")
    kind = find_kind(tag)
    if kind == "manuscript" and draft.first("M3").casefold() == "preprint":
        kind = "article"
    venue, abbreviation = _venue(draft, kind)
    serials = "; ".join(draft.all("SN"))
    notes = " ".join(draft.all("N1"))
    urls = [u for text in draft.all("UR") for u in re.split(r";\s*(?=https?://)", text)]
    fields: dict[str, Any] = {
        "title": draft.first("TI", "T1", "CT", "BT", "ST"),
        "abstract": draft.first("AB", "N2"),
        "authors": _people([*draft.all("AU"), *draft.all("A1")]),
        "editors": [p.name for p in _people([*draft.all("A2"), *draft.all("ED")])],
        "year": _date(draft),
        "venue": venue,
        "journal_abbreviation": abbreviation,
        "series": draft.first("T3") or (draft.first("T2") if kind == "book" else ""),
        "short_title": draft.first("ST") if draft.first("TI", "T1", "CT", "BT") else "",
        "volume": draft.first("VL", "VO"),
        "issue": draft.first("IS"),
        "pages": _pages(draft),
        "publisher": draft.first("PB"),
        "place": draft.first("CY"),
        "keywords": draft.lines("KW"),
        "isbn" if kind in _BOOKS else "issn": serials,
        "doi": draft.first("DO", "DI"),
        "url": urls[0] if urls else "",
        "urls": [url for url in urls[1:] if not _ARXIV.match(url)],
        "arxiv_id": next((t for t in (*draft.all("AN"), *urls) if _ARXIV.match(t)), ""),
        "language": draft.first("LA"),
        "edition": draft.first("ET"),
        "accessed": iso_date(draft.first("Y2")),
        "key": _key(draft),
        "note": notes,
        "pmid": _pmid(draft, notes),
        "type": kind or tag,
    }
    return fields | _own_words(draft, fields, tag) | draft.rest(_USED, "RIS")


def _own_words(draft: Draft, fields: dict[str, Any], tag: str) -> dict[str, Any]:
    """What is kept beside the fields; tags that have found their place are taken out of the draft."""
    kind, kept = fields["type"], {"RIS N2": draft.first("N2") if draft.first("AB") else ""}
    if tag in RIS and TO_RIS.get(kind or "") != tag and kind != "article":
        kept[RIS_TYPE] = tag
    if not fields["key"]:
        kept["record_number"] = draft.first("ID")
    if kind == "article" and draft.first("M3").casefold() == "preprint":
        draft.drop("M3", draft.first("M3"))
    for text in draft.all("AN"):
        if text == fields["pmid"]:
            draft.drop("AN", text)
            draft.drop("DB", "PubMed")
        elif _ARXIV.match(text):
            draft.drop("AN", text)
    return kept


def _people(texts: list[str]) -> list[Person]:
    """Names; one that ends with a comma is an organisation's, as RIS has it."""
    return [Person(text.rstrip(" ,;"), text.rstrip().endswith(",")) for text in texts if text.strip(" ,;")]


def _venue(draft: Draft, kind: str | None) -> tuple[str, str]:
    """The journal, meeting or book that the work is in, and the short form of its name."""
    names = [draft.first(tag) for tag in ("JF", "T2", "JO", "JA", "J2", "J1", "BT")]
    if kind == "book" or not draft.first("TI", "T1"):
        names[1] = "" if kind == "book" else names[1]
        names[6] = ""
    venue = next(filter(None, names), "")
    short = next((n for n in (draft.first("JA"), draft.first("J2"), draft.first("JO")) if n), "")
    return venue, short if short != venue else ""


def _date(draft: Draft) -> str:
    """The most precise of PY, Y1 and DA that agrees with the first of them in the year."""
    texts = [iso_date(t) for t in (draft.first("PY"), draft.first("Y1"), draft.first("DA")) if t]
    if not texts:
        return ""
    year = re.search(r"\d{4}", texts[0])
    same = [t for t in texts if year is None or t.startswith(year[0])] or texts
    return max(same, key=lambda t: len(t) if re.fullmatch(r"[\d-]+", t) else min(len(t), 5))


def _pages(draft: Draft) -> str:
    first, last = draft.first("SP"), draft.first("EP")
    first = "" if first.casefold() in _UNKNOWN_PAGE else first
    last = "" if last.casefold() in _UNKNOWN_PAGE else last
    if first and last and first != last and not re.search(r"\d\s*[-–]\s*\w", first):
        return f"{first}-{last}"
    return first or last


def _key(draft: Draft) -> str:
    """The reference's own id, if it is a name and no running number."""
    key = draft.first("ID")
    return key if re.search(r"[A-Za-z]", key) else ""


def _pmid(draft: Draft, notes: str) -> str:
    if own := draft.first("PMID"):
        return own
    if found := _IN_ORDER.search(notes):
        return found[1] or found[2]
    number, base = draft.first("AN"), " ".join((draft.first("DB"), draft.first("DP"), draft.first("UR")))
    named = re.search(r"pubmed|medline|nlm\.nih\.gov", base, re.IGNORECASE)
    return number if re.fullmatch(r"\d{4,9}", number) and named else ""
