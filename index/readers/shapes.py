"""JSON as the big services give it, brought to plain field names.

OpenAlex stores an abstract as word positions, Crossref as JATS markup, arXiv dates its versions,
Semantic Scholar nests ids and journal, CSL-JSON its dates, and answers of an interface wrap their
records. A record of any other shape passes unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from index.dates import iso_date
from index.kinds import CSL
from index.readers.fields import field_name, parse_year
from index.readers.people import parse_authors

LISTS = ("papers", "records", "items", "results", "data", "articles", "references", "documents", "hits")
WRAPPERS = ("message", "body", "response", "result", "data", "work", "paper", "record")
MAX_WORDS = 100_000  # of an inverted abstract: its positions are not to be trusted
_CSL_NAMES = {
    "container-title": "venue", "container-title-short": "journal_abbreviation", "page": "pages",
    "collection-title": "series", "publisher-place": "place", "citation-key": "key", "keyword": "keywords",
    "title-short": "short_title", "journalAbbreviation": "journal_abbreviation", "shortTitle": "short_title",
    "article-number": "article_number", "genre": "work_type",
}  # fmt: skip


def unwrap(value: Any, depth: int = 3) -> list[Any]:
    """The records of a JSON value: an array's items, those of a list inside an object, or itself."""
    if not isinstance(value, dict):
        return list(value) if isinstance(value, list) else [value]
    if depth and not {"title", "abstract", "text"} & value.keys():
        for name in LISTS:
            if isinstance(value.get(name), list):
                return [_inner(item) for item in value[name]]
        for name in WRAPPERS:
            if isinstance(value.get(name), dict):
                return unwrap(value[name], depth - 1)
    return [value]


def _inner(item: Any) -> Any:
    """Unpaywall wraps each record of a list once more."""
    inner = item.get("response") if isinstance(item, dict) and "title" not in item else None
    return inner if isinstance(inner, dict) else item


def plain_record(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """The record under the names that `fields` knows."""
    changed: dict[str, Any] = {}
    for applies, shape in _SHAPES:
        if applies(record):
            changed = shape(record)
            break
    extra = record.get("extra")
    if isinstance(extra, Mapping):  # Ibid's own records
        changed |= {name: value for name, value in extra.items() if name not in record}
        changed["extra"] = None
    return {**record, **changed} if changed else record


def _openalex(record: Mapping[str, Any]) -> dict[str, Any]:
    place = record.get("primary_location")
    source = _part(place, "source")
    ids, biblio = record.get("ids"), record.get("biblio")
    found = {
        "id": str(record.get("id") or "").rsplit("/", 1)[-1],
        "title": record.get("title") or record.get("display_name"),
        "display_name": None,
        "abstract": _uninvert(record.get("abstract_inverted_index")),
        "authors": record.get("authorships"),
        "venue": _part(source, "display_name"),
        "publisher": _part(source, "host_organization_name"),
        "issn": _part(source, "issn_l"),
        "year": record.get("publication_date") or record.get("publication_year"),
        "publication_date": None,
        "publication_year": None,
        "type": "journal-article" if record.get("type") in ("article", "review") else record.get("type"),
        "volume": _part(biblio, "volume"),
        "issue": _part(biblio, "issue"),
        "first_page": _part(biblio, "first_page"),
        "last_page": _part(biblio, "last_page"),
        "keywords": record.get("keywords"),
        "retracted": record.get("is_retracted"),
        "pmid": str(_part(ids, "pmid") or "").rsplit("/", 1)[-1],
        "pmcid": str(_part(ids, "pmcid") or "").rsplit("/", 1)[-1],
        "url": _part(place, "landing_page_url"),
        "abstract_inverted_index": None,
    }
    return {name: value for name, value in found.items() if value or name in record}


def _part(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None


def _uninvert(index: Any) -> str:
    if not isinstance(index, Mapping):
        return ""
    places = [
        (at, str(word))
        for word, positions in index.items()
        if isinstance(positions, list)
        for at in positions
        if isinstance(at, int)
    ]
    return " ".join(word for _, word in sorted(places)[:MAX_WORDS])


def _arxiv(record: Mapping[str, Any]) -> dict[str, Any]:
    """The first version's date; `update_date` is that of the last change to the listing."""
    versions = record.get("versions")
    first = versions[0] if isinstance(versions, list) and versions else None
    found: dict[str, Any] = {"authors": record["authors_parsed"], "arxiv_id": record.get("id")}
    found |= {"authors_parsed": None, "journal-ref": None, "journal_ref": record.get("journal-ref")}
    if isinstance(first, Mapping):
        found["date"] = _mail_date(first.get("created"))
    if not record.get("journal-ref") and not record.get("type"):
        found["type"] = "preprint"
    return found


def _mail_date(value: Any) -> Any:
    try:
        return parsedate_to_datetime(value).date().isoformat()
    except (TypeError, ValueError, AttributeError, IndexError, OverflowError):
        return value


def _semantic_scholar(record: Mapping[str, Any]) -> dict[str, Any]:
    journal = record.get("journal")
    found: dict[str, Any] = {}
    for name, value in record["externalIds"].items() if isinstance(record["externalIds"], Mapping) else ():
        if (field := field_name(str(name))) in ("doi", "pmid", "arxiv_id") and not record.get(str(field)):
            found[str(field)] = value
        elif name == "PubMedCentral":
            found["pmcid"] = f"PMC{value}"
    kinds = record.get("publicationTypes")
    return found | {
        "venue": record.get("venue") or _part(journal, "name"),
        "journal": None,
        "volume": _part(journal, "volume"),
        "pages": _part(journal, "pages"),
        "type": kinds if kinds else None,
        "publicationTypes": None,
        "year": record.get("publicationDate") or record.get("year"),
        "publicationDate": None,
    }


def _csl(record: Mapping[str, Any]) -> dict[str, Any]:
    """CSL-JSON and Crossref's own shape, which is much the same with lists for texts."""
    found: dict[str, Any] = {name: None for name in _CSL_NAMES if name in record}
    found |= {field: record[name] for name, field in _CSL_NAMES.items() if record.get(name)}
    dates = (
        record.get(name) for name in ("issued", "published", "published-print", "published-online", "created")
    )
    found["year"] = next((d for d in dates if _has_date(d)), None)
    found |= dict.fromkeys(("issued", "published", "published-print", "published-online", "created"))
    found["authors"], found["author"] = record.get("author"), None
    if editors := record.get("editor"):
        found["editors"] = list(parse_authors(editors))
        found["editor"] = None
    subtitle = record.get("subtitle")
    title = record.get("title")
    if isinstance(title, list) and title and isinstance(subtitle, list) and subtitle:
        found |= {"title": f"{title[0]}: {subtitle[0]}", "subtitle": None}
    for name in ("ISSN", "ISBN"):
        if isinstance(record.get(name), list):
            found[name] = "; ".join(map(str, record[name]))
    if record.get("archive") == "arXiv":
        found |= {"archive": None, "archive_location": None, "arxiv_id": record.get("archive_location")}
    if isinstance(record.get("accessed"), Mapping):
        year, date = parse_year(record["accessed"])
        found["accessed"] = iso_date(date or str(year or ""))
    if isinstance(record.get("custom"), Mapping):
        found["custom"] = None
        found |= {k: v for k, v in record["custom"].items() if k not in record}
    updates = record.get("updated-by")
    if isinstance(updates, list) and any(_part(u, "type") == "retraction" for u in updates):
        found["retracted"] = True
    if record.get("source") == "Crossref" or "message" in record:
        found["source"] = None
    return found | _csl_id(record)


def _csl_id(record: Mapping[str, Any]) -> dict[str, Any]:
    """A CSL id is a citation key, unless it is an address or a number."""
    own = record.get("id")
    if own is None or "DOI" in record and "URL" in record and "reference-count" in record:
        return {}
    key = str(own)
    plain = re.search(r"[A-Za-z]", key) and "/" not in key
    return {"id": None, "key": record.get("citation-key") or (key if plain else None)}


def _has_date(value: Any) -> bool:
    if not isinstance(value, Mapping):
        return bool(value)
    parts = value.get("date-parts")
    whole = isinstance(parts, list) and parts and isinstance(parts[0], list) and parts[0] and parts[0][0]
    return bool(whole or value.get("raw") or value.get("literal"))


def _unpaywall(record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "venue": record.get("journal_name"),
        "journal_name": None,
        "authors": record.get("z_authors"),
        "z_authors": None,
        "year": record.get("published_date") or record.get("year"),
        "published_date": None,
        "issn": record.get("journal_issn_l"),
        "type": record.get("genre"),
        "genre": None,
        "url": record.get("doi_url"),
    }


def _is_csl(record: Mapping[str, Any]) -> bool:
    marks = {"issued", "container-title", "DOI", "page", "publisher-place", "citation-key", "reference-count"}
    if {"authors", "key", "venue", "arxiv_id", "extra"} & record.keys():
        return False  # Ibid's own
    if {"id", "type", "title"} <= record.keys() and record["type"] in CSL:
        return True
    return bool(marks & record.keys()) or (
        "author" in record and "type" in record and _has_family(record["author"])
    )


def _has_family(people: Any) -> bool:
    return isinstance(people, list) and any(
        isinstance(p, Mapping) and ("family" in p or "literal" in p) for p in people
    )


_SHAPES = (
    (lambda r: "abstract_inverted_index" in r or "authorships" in r, _openalex),
    (lambda r: "authors_parsed" in r, _arxiv),
    (lambda r: "externalIds" in r, _semantic_scholar),
    (lambda r: "doi_url" in r and "genre" in r, _unpaywall),
    (_is_csl, _csl),
)
