"""The fields of a record of EndNote's XML export; every text stands in a `style` element."""

from __future__ import annotations

from typing import Any

from index.kinds import find_kind
from index.readers.people import Person
from index.readers.xml_text import find_text, find_texts, flat_text


def endnote_fields(element: Any) -> dict[str, Any] | None:
    """A record, or None for an element of that name that is none of EndNote's."""
    if (
        element.find("titles") is None
        and element.find("ref-type") is None
        and element.find("rec-number") is None
    ):
        return None
    ref = element.find("ref-type")
    word = ref.get("name", "") if ref is not None else ""
    kind = find_kind(word)
    urls = find_texts(element, "urls/related-urls/url") + find_texts(element, "urls/web-urls/url")
    serial = find_text(element, "isbn")
    return {
        "title": find_text(element, "titles/title"),
        "abstract": find_text(element, "abstract"),
        "authors": _people(element, "contributors/authors/author"),
        "editors": [person.name for person in _people(element, "contributors/secondary-authors/author")],
        "year": find_text(element, "dates/year"),
        "venue": find_text(element, "periodical/full-title") or find_text(element, "titles/secondary-title"),
        "journal_abbreviation": find_text(element, "periodical/abbr-1")
        or find_text(element, "titles/alt-title"),
        "series": find_text(element, "titles/tertiary-title"),
        "short_title": find_text(element, "titles/short-title"),
        "volume": find_text(element, "volume"),
        "issue": find_text(element, "number"),
        "pages": find_text(element, "pages"),
        "publisher": find_text(element, "publisher"),
        "place": find_text(element, "pub-location"),
        "edition": find_text(element, "edition"),
        "language": find_text(element, "language"),
        "keywords": find_texts(element, "keywords/keyword"),
        "isbn" if kind in ("book", "chapter", "thesis", "report") else "issn": serial,
        "doi": find_text(element, "electronic-resource-num"),
        "url": urls[0] if urls else "",
        "note": find_text(element, "notes"),
        "key": find_text(element, "label"),
        "accession": find_text(element, "accession-num"),
        "type": kind or word,
    }


def _people(element: Any, path: str) -> list[Person]:
    names = [flat_text(author) for author in element.iterfind(path)]
    return [Person(name.rstrip(" ,"), name.endswith(",")) for name in names if name.strip(" ,")]
