"""JSON as the big services give it, brought to plain field names.

OpenAlex stores an abstract as word positions, Crossref as JATS markup, arXiv dates its versions,
and answers of an interface wrap their records. A record of any other shape passes unchanged.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

LISTS = ("papers", "records", "items", "results", "data", "articles", "references", "documents", "hits")
WRAPPERS = ("message", "body", "response", "result", "data", "work", "paper", "record")
MAX_WORDS = 100_000  # of an inverted abstract: its positions are not to be trusted

_TITLE_TAG = re.compile(r"<(?:jats:)?title>\s*(.*?)\s*</(?:jats:)?title>", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_INLINE_TAG = re.compile(r"</?(?:jats:)?(?:i|b|sup|sub|italic|bold|em|strong|sc|u)>", re.IGNORECASE)


def unwrap(value: Any, depth: int = 3) -> list[Any]:
    """The records of a JSON value: an array's items, those of a list inside an object, or itself."""
    if not isinstance(value, dict):
        return list(value) if isinstance(value, list) else [value]
    if depth and not {"title", "abstract", "text"} & value.keys():
        for name in LISTS:
            if isinstance(value.get(name), list):
                return list(value[name])
        for name in WRAPPERS:
            if isinstance(value.get(name), dict):
                return unwrap(value[name], depth - 1)
    return [value]


def plain_record(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """The record under the names that `fields` knows."""
    changed: dict[str, Any] = {}
    if "abstract_inverted_index" in record:
        changed |= _openalex(record)
    if "authors_parsed" in record:
        changed |= _arxiv(record)
    abstract = record.get("abstract")
    if isinstance(abstract, str) and _TAG.search(abstract):
        changed["abstract"] = strip_markup(abstract)
    title = record.get("title")
    if isinstance(title, str) and _INLINE_TAG.search(title):
        changed["title"] = strip_markup(title)
    return {**record, **changed} if changed else record


def strip_markup(text: str) -> str:
    """Text without JATS or HTML tags; the title of a section becomes its label."""

    def label(match: re.Match[str]) -> str:
        return "" if match[1].casefold() in ("abstract", "summary") else f" {match[1].rstrip(':')}: "

    return html.unescape(_TAG.sub(" ", _INLINE_TAG.sub("", _TITLE_TAG.sub(label, text)))).strip()


def _openalex(record: Mapping[str, Any]) -> dict[str, Any]:
    place = record.get("primary_location")
    source = place.get("source") if isinstance(place, Mapping) else None
    ids = record.get("ids")
    found = {
        "id": str(record.get("id") or "").rsplit("/", 1)[-1],
        "abstract": _uninvert(record["abstract_inverted_index"]),
        "authors": record.get("authorships"),
        "venue": source.get("display_name") if isinstance(source, Mapping) else None,
        "pmid": ids.get("pmid") if isinstance(ids, Mapping) else None,
        "url": place.get("landing_page_url") if isinstance(place, Mapping) else None,
        "abstract_inverted_index": None,
    }
    return {name: value for name, value in found.items() if value or name in record}


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
    if isinstance(first, Mapping):
        found["date"] = first.get("created")
    return found
