"""One record's raw fields to a `Paper`: the names that exporting tools use, and what values mean.

A field that cannot be understood (a DOI that is none, a year that is none) is not guessed at: it
stays in `extra` under its own name. Every text goes through `tidy`.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from index.cleaning import match_key
from index.readers.tidy import tidy, tidy_abstract
from index.types import Paper, Source

# Header or key, letters and digits only -> field. The name that is listed first wins.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "recordid", "paperid", "corpusid"),
    "title": ("title", "primarytitle", "articletitle", "documenttitle", "displayname"),
    "abstract": (
        "abstract", "abstractnote", "abstracttext", "text", "summary", "notesabstract", "n2", "paperabstract",
    ),
    "authors": ("authors", "author", "authornames", "firstauthors", "authorfullnames", "creators", "creator"),
    "year": (
        "year", "publicationyear", "pubyear", "issued", "published", "publicationdate", "date",
    ),
    "venue": (
        "venue", "journal", "sourcetitle", "publicationtitle", "journaltitle", "containertitle", "journalref",
        "source", "booktitle", "secondarytitle", "conferencename",
    ),
    "doi": ("doi", "digitalobjectidentifier", "doilink"),
    "pmid": ("pmid", "pubmedid", "pubmed"),
    "arxiv_id": ("arxivid", "arxiv", "eprint"),
    "url": ("url", "link", "urls", "openurllink", "pdfurl", "landingpageurl"),
    "key": ("key", "citationkey", "citekey", "bibtexkey", "bibkey"),
}  # fmt: skip
FIELD_OF: Mapping[str, str] = {name: field for field, names in ALIASES.items() for name in names}
_RANK: Mapping[str, int] = {name: rank for names in ALIASES.values() for rank, name in enumerate(names)}

MAX_EXTRA = 40  # fields
MAX_EXTRA_TEXT = 2_000  # characters of one field
MAX_ID = 200  # characters
MAX_TITLE = 1_000  # characters

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+", re.IGNORECASE)
_ARXIV = re.compile(
    r"(?:arxiv[:./]|abs/|pdf/|^)\s*((?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7}))(?:v\d+)?\b", re.I
)
_PMID = re.compile(r"(?<!\d)[1-9]\d{0,8}(?!\d)")
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d|2100)(?!\d)")
_HTTP = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)


def field_name(name: str) -> str | None:
    """The `Paper` field that a header or key stands for, or None."""
    return FIELD_OF.get(_bare(name))


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def make_paper(record: Mapping[str, Any], source: Source) -> Paper | None:
    """A paper from named fields, or None when it has neither a title nor an abstract."""
    known, extra = _sort_fields(record)
    title, (abstract, truncated) = _title(known.get("title")), tidy_abstract(_text(known.get("abstract")))
    if not (title or abstract):
        return None
    doi, pmid, arxiv_id, url = _identifiers(known, extra)
    year, date = parse_year(known.get("year"))
    own_id = _text(known.get("id"))[:MAX_ID]
    return Paper(
        id=own_id or derive_id(title, abstract, doi, arxiv_id, pmid),
        title=title or None,
        abstract=abstract,
        authors=parse_authors(known.get("authors")),
        year=year,
        date=date,
        venue=_venue(known.get("venue")),
        doi=doi,
        pmid=pmid,
        arxiv_id=arxiv_id,
        url=url,
        key=_text(known.get("key"))[:MAX_ID] or None,
        truncated=truncated,
        sources=(source,),
        extra=extra,
    )


def derive_id(
    title: str | None,
    abstract: str,
    doi: str | None = None,
    arxiv_id: str | None = None,
    pmid: str | None = None,
) -> str:
    """The id of a record that brings none: its public identifier, else a hash of its content."""
    for prefix, value in (("doi", doi), ("arxiv", arxiv_id), ("pmid", pmid)):
        if value:
            return f"{prefix}:{value.lower()}"
    content = f"{match_key(title or '')}\n{match_key(abstract)}"
    return "p-" + hashlib.sha256(content.encode()).hexdigest()[:12]


def parse_year(value: Any) -> tuple[int | None, str | None]:
    """The year, and the date as printed when it is more than a plain year."""
    if isinstance(value, Mapping):  # CSL: {"date-parts": [[2020, 5, 1]]}
        parts = (value.get("date-parts") or [[]])[0]
        value = "-".join(str(part) for part in parts) if isinstance(parts, list) else None
    text = _text(value)
    if not text:
        return None, None
    found = _YEAR.search(text)
    year = int(found[1]) if found else None
    plain = found is not None and re.sub(r"(\.0|[/\s-]+)$", "", text) == found[1]
    return year, None if plain else text


def parse_authors(value: Any) -> tuple[str, ...]:
    """Author names in order, from a list of names or objects, or from one string of names."""
    if isinstance(value, str):
        return tuple(_split_names(tidy(value)))
    if isinstance(value, Mapping):
        value = [value]
    if not isinstance(value, Iterable):
        return ()
    names = (_person(item) for item in value)
    return tuple(name for name in names if name)


def _person(item: Any) -> str:
    if isinstance(item, Mapping):
        nested = item.get("author")
        if isinstance(nested, Mapping):  # OpenAlex: {"author": {"display_name": …}}
            return _person(nested)
        whole = item.get("name") or item.get("display_name") or item.get("literal")
        given = item.get("given") or item.get("firstName") or item.get("first")
        family = item.get("family") or item.get("lastName") or item.get("last")
        return _text(whole) or tidy(f"{_text(given)} {_text(family)}")
    if isinstance(item, list):  # arXiv: ["Family", "Given", ""]
        return tidy(" ".join(str(part) for part in (*item[1:2], *item[:1])))
    return _text(item)


def _split_names(text: str) -> list[str]:
    if text.startswith("[") and text.endswith("]") and len(text) < MAX_EXTRA_TEXT * 10:
        try:
            return list(parse_authors(ast.literal_eval(text)))
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            pass
    for separator in (";", "|", " and "):
        if separator in text:
            parts = text.replace(" & ", separator).split(separator)
            return [name for part in parts if (name := part.strip(" ,"))]
    parts = [part for piece in text.split(",") if (part := piece.strip())]
    if len(parts) > 1 and all(" " in part for part in parts):  # "Jane Doe, Liu R.": whole names
        return parts
    return [text] if len(parts) <= 2 and text else parts


def _sort_fields(record: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Fields with a place in `Paper`, and the small rest."""
    present = [(str(k), v) for k, v in record.items() if v is not None and v not in ("", [], {})]
    known: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for name, value in sorted(present, key=lambda pair: _RANK.get(_bare(pair[0]), -1)):
        field = field_name(name)
        if field and field not in known:
            known[field] = value
        elif len(extra) < MAX_EXTRA and (kept := _small(value)) not in (None, "", []):
            extra[tidy(name)[:MAX_ID]] = kept
    outer = record.get("externalIds")  # Semantic Scholar
    for name, value in outer.items() if isinstance(outer, Mapping) else ():
        if (field := field_name(str(name))) in ("doi", "pmid", "arxiv_id"):
            known.setdefault(field, value)
    return known, extra


def _small(value: Any) -> Any:
    """A value worth keeping in `extra`: scalars and lists of them, bounded; else None."""
    if isinstance(value, str):
        return tidy(value)[:MAX_EXTRA_TEXT]
    if isinstance(value, bool | int | float):
        return value if isinstance(value, bool) or abs(value) < 2**63 else None  # neither inf nor nan
    if isinstance(value, list) and all(isinstance(item, str | int | float) for item in value):
        return [_small(item) for item in value[:MAX_EXTRA]]
    return None


def _identifiers(
    known: Mapping[str, Any], extra: dict[str, Any]
) -> tuple[str | None, str | None, str | None, str | None]:
    """DOI, PMID, arXiv id and URL; each also looked for in the URL, ill-formed ones kept in `extra`."""
    url = _found(_HTTP, known, "url", extra)
    doi = _found(_DOI, known, "doi", extra) or _first(_DOI, url if url and "doi.org/" in url else None)
    arxiv_id = _found(_ARXIV, known, "arxiv_id", extra) or _first(
        _ARXIV, url if url and "arxiv.org/" in url else None
    )
    pmid = _found(_PMID, known, "pmid", extra)
    return (doi.lower().rstrip(".,;)") if doi else None), pmid, arxiv_id, url


def _found(
    pattern: re.Pattern[str], known: Mapping[str, Any], field: str, extra: dict[str, Any]
) -> str | None:
    text = _text(known.get(field))
    value = _first(pattern, text)
    if text and value is None:
        extra.setdefault(field, text[:MAX_EXTRA_TEXT])
    return value


def _first(pattern: re.Pattern[str], text: str | None) -> str | None:
    found = pattern.search(text) if text else None
    return found[found.re.groups] if found else None


def _title(value: Any) -> str:
    return _text(value)[:MAX_TITLE].rstrip()


def _venue(value: Any) -> str | None:
    if isinstance(value, Mapping):
        value = value.get("name") or value.get("display_name")
    return _text(value) or None


def _text(value: Any) -> str:
    """A field as one tidy line; a list gives its first item, a number its digits."""
    if isinstance(value, list | tuple):
        value = value[0] if value else None
    if isinstance(value, bool) or value is None or isinstance(value, Mapping):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and abs(value) >= 2**63:
        return ""
    return tidy(str(value))
