"""The fields of a JATS article, as PubMed Central and publishers give it: the front matter only."""

from __future__ import annotations

from typing import Any

from index.names import Name
from index.readers.people import Person
from index.readers.xml_text import find_text, find_texts, flat_text, local_name

_KINDS = {
    "research-article": "article-journal", "review-article": "article-journal", "book-review": "review-book",
    "preprint": "article", "retraction": "article-journal",
}  # fmt: skip


def jats_fields(element: Any) -> dict[str, Any] | None:
    """An article, or None for an element of that name without front matter."""
    meta = _find(element, "article-meta")
    if meta is None:
        return None
    journal = _find(element, "journal-meta")
    subtitle = find_text(meta, "{*}title-group/{*}subtitle")
    ids = {number.get("pub-id-type"): flat_text(number) for number in meta.iterfind("{*}article-id")}
    title = find_text(meta, "{*}title-group/{*}article-title")
    return {
        "title": f"{title}: {subtitle}" if subtitle else title,
        "abstract": _abstract(meta),
        "authors": _people(meta, "author"),
        "editors": [person.name for person in _people(meta, "editor")],
        "year": _date(meta),
        "venue": _first(journal, "journal-title"),
        "journal_abbreviation": _first(journal, "abbrev-journal-title"),
        "issn": "; ".join(find_texts(journal, "{*}issn")),
        "publisher": _first(journal, "publisher-name"),
        "volume": find_text(meta, "{*}volume"),
        "issue": find_text(meta, "{*}issue"),
        "pages": _pages(meta),
        "keywords": find_texts(meta, "{*}kwd-group/{*}kwd"),
        "subjects": find_texts(meta, "{*}article-categories/{*}subj-group/{*}subject"),
        "type": _KINDS.get(element.get("article-type", ""), "article-journal"),
        "doi": ids.get("doi", ""),
        "pmid": ids.get("pmid", ""),
        "pmcid": ids.get("pmc", "") or ids.get("pmcid", ""),
    }


def _find(element: Any, name: str) -> Any:
    return next((found for found in element.iter(f"{{*}}{name}")), None)


def _first(element: Any, name: str) -> str:
    return flat_text(_find(element, name)) if element is not None else ""


def _abstract(meta: Any) -> str:
    """The abstract itself: not the summary for editors, the teaser or the list of highlights."""
    found = list(meta.iterfind("{*}abstract"))
    plain = [a for a in found if not a.get("abstract-type")] or found
    if not plain:
        return ""
    for child in list(plain[0]):
        if local_name(child) == "title":
            plain[0].remove(child)
    return flat_text(plain[0])


def _people(meta: Any, role: str) -> list[Person]:
    people = []
    for contributor in meta.iterfind("{*}contrib-group/{*}contrib"):
        if contributor.get("contrib-type", "author") != role:
            continue
        name = _find(contributor, "name")
        if name is not None:
            parts = (find_text(name, f"{{*}}{part}") for part in ("surname", "given-names", "suffix"))
            people.append(Person(Name(*parts).stored))
        elif group := _first(contributor, "collab"):
            people.append(Person(group, True))
    return people


def _date(meta: Any) -> str:
    dates = list(meta.iterfind("{*}pub-date"))
    order = ("epub", "ppub", "pub", "collection")

    def rank(date: Any) -> int:
        kind = date.get("pub-type") or date.get("date-type") or "collection"
        return order.index(kind) if kind in order else len(order)

    for date in sorted(dates, key=rank):
        parts = [find_text(date, f"{{*}}{part}") for part in ("year", "month", "day")]
        if parts[0]:
            whole = [parts[0], *(f"{int(p):02d}" for p in parts[1:] if p.isdigit())]
            return "-".join(whole)
    return ""


def _pages(meta: Any) -> str:
    first, last = find_text(meta, "{*}fpage"), find_text(meta, "{*}lpage")
    whole = find_text(meta, "{*}page-range")
    if first and last and first != last and "," not in whole:
        return f"{first}-{last}"
    return whole or first or find_text(meta, "{*}elocation-id")
