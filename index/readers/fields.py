"""One record's raw fields to a `Paper`: the names that exporting tools use, and what values mean.

A field that cannot be understood (a DOI that is none, a year that is none) is not guessed at: it
stays in `extra` under its own name. Every text goes through `tidy`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from index.cleaning import match_key
from index.dates import date_parts, iso_date
from index.kinds import find_kind
from index.names import Name, split_name
from index.readers.markup import plain_text
from index.readers.people import parse_people
from index.readers.tidy import tidy, tidy_abstract
from index.types import Paper, Source

# Header or key, letters and digits only -> field. The name that is listed first wins.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "recordid", "paperid", "corpusid"),
    "title": ("title", "primarytitle", "articletitle", "documenttitle", "displayname"),
    "abstract": (
        "abstract", "abstractnote", "abstracttext", "text", "summary", "notesabstract", "n2", "paperabstract",
    ),
    "authors": (
        "authors", "authorfullnames", "author", "authornames", "firstauthors", "creators", "creator",
    ),
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
    "type": (
        "type", "itemtype", "documenttype", "publicationtype", "referencetype", "typeofreference", "genre",
    ),
    "volume": ("volume", "volumenumber"),
    "issue": ("issue", "issuenumber", "journalissue"),
    "pages": ("pages", "pagerange", "pagination"),
    "first_page": ("pagestart", "startpage", "beginningpage", "firstpage"),
    "last_page": ("pageend", "endpage", "endingpage", "lastpage"),
    "article_number": ("artno", "articlenumber"),
    "publisher": ("publisher", "publishername"),
    "keywords": ("keywords", "authorkeywords", "keyword", "manualtags"),
    "retracted": ("retracted", "isretracted"),
    "truncated": ("truncated",),
}  # fmt: skip
# Fields without a place in a record that the written formats know: kept in `extra` under one name.
EXTRAS: Mapping[str, str] = {
    "issn": "issn", "isbn": "isbn", "language": "language", "edition": "edition", "place": "place",
    "publisherplace": "place", "publisheraddress": "place", "series": "series", "note": "note",
    "notes": "note", "shorttitle": "short_title", "titleshort": "short_title", "pmcid": "pmcid",
    "editors": "editors", "editor": "editors", "school": "school", "abbreviatedsourcetitle":
    "journal_abbreviation", "journalabbreviation": "journal_abbreviation", "urldate": "accessed",
    "accessdate": "accessed", "accessed": "accessed",
}  # fmt: skip
FIELD_OF: Mapping[str, str] = {name: field for field, names in ALIASES.items() for name in names}
_RANK: Mapping[str, int] = {name: rank for names in ALIASES.values() for rank, name in enumerate(names)}

MAX_EXTRA = 60  # fields
MAX_EXTRA_TEXT = 2_000  # characters of one field
MAX_ID = 200  # characters
MAX_TITLE = 1_000  # characters
MAX_KEYWORDS = 200
CORPORATE = "corporate_authors"  # in `extra`: which authors are organisations, where it does not show

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+", re.IGNORECASE)
_ARXIV = re.compile(
    r"(?:arxiv[:./]|abs/|pdf/|^)\s*((?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7}))(?:v\d+)?\b", re.I
)
_PMID = re.compile(r"(?<!\d)[1-9]\d{0,8}(?!\d)")
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d|2100)(?!\d)")
_HTTP = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_RETRACTED_TITLE = re.compile(r"\s*[\[(]?retracted(?: article)?\s*[:\])]", re.IGNORECASE)
_RETRACTED = "retracted publication"  # PubMed's word for it


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
    year, date = _when(known.get("year"), extra)
    venue = _venue(known.get("venue"))
    own_id = _text(known.get("id"))[:MAX_ID]
    keywords = parse_keywords(known.get("keywords"))
    plain = tuple(word for word in keywords if word.casefold() != _RETRACTED)
    return Paper(
        id=own_id or derive_id(title, abstract, doi, arxiv_id, pmid),
        title=title or None,
        abstract=abstract,
        authors=_authors(known.get("authors"), extra),
        year=year,
        date=date,
        venue=venue,
        doi=doi,
        pmid=pmid,
        arxiv_id=arxiv_id,
        url=url,
        key=_text(known.get("key"))[:MAX_ID] or None,
        type=_kind(known.get("type"), extra, arxiv_only=_arxiv_only(doi, arxiv_id, venue)),
        volume=_short(known, "volume"),
        issue=_issue(known, extra),
        pages=_pages(known),
        publisher=_short(known, "publisher"),
        keywords=plain,
        retracted=_truth(known.get("retracted"))
        or len(plain) < len(keywords)
        or bool(_RETRACTED_TITLE.match(title)),
        truncated=truncated or _truth(known.get("truncated")),
        sources=(source,),
        extra=extra,
    )


def _authors(value: Any, extra: dict[str, Any]) -> tuple[str, ...]:
    people = parse_people(value)
    corporate = [p.name for p in people if p.corporate and split_name(p.name) != Name(p.name)]
    if corporate:
        extra[CORPORATE] = corporate
    return tuple(p.name for p in people)


def _when(value: Any, extra: dict[str, Any]) -> tuple[int | None, str | None]:
    """Year and date; a date of the same year that another field gives is taken too."""
    year, date = parse_year(value)
    date = iso_date(date) if date else None
    if date is None and year is not None:
        if parse_year(extra.get("date"))[0] in (None, year) and extra.get("date"):
            return year, iso_date(_text(extra.pop("date")))  # it has no year that could contradict
        for name in [n for n in extra if field_name(n) == "year" and isinstance(extra[n], str)]:
            parts = date_parts(extra[name])
            if parts and parts[0] == year:
                full = iso_date(extra.pop(name))
                return year, full if len(parts) > 1 else None
    return year, date


def parse_keywords(value: Any) -> tuple[str, ...]:
    """Keywords in order, each once: a list of words, or of objects that name one, or one string."""
    if isinstance(value, str):
        value = re.split(r"\s*;\s*|\s*\|\s*" if re.search("[;|]", value) else r"\s*,\s*", value)
    if isinstance(value, Mapping):
        value = list(value.values())
    if not isinstance(value, list | tuple):
        return ()
    words = (
        _text(word.get("display_name") or word.get("name") or word.get("keyword"))
        if isinstance(word, Mapping)
        else _text(word)
        for word in value[:MAX_KEYWORDS]
    )
    return tuple(dict.fromkeys(word for word in words if word))


def _arxiv_only(doi: str | None, arxiv_id: str | None, venue: str | None) -> bool:
    if doi:
        return doi.startswith("10.48550/")  # arXiv's prefix
    if venue:
        return venue.casefold().startswith("arxiv")
    return arxiv_id is not None


def _kind(value: Any, extra: dict[str, Any], *, arxiv_only: bool) -> str | None:
    """The CSL type; a word that is not known stays in `extra`. A list: the first that says something."""
    words = [w for w in map(_text, value if isinstance(value, list | tuple) else [value]) if w]
    kind = next((kind for word in words if (kind := find_kind(word))), None)
    if words and kind is None:
        extra.setdefault("type", words[0][:MAX_EXTRA_TEXT])
    vague = kind in (None, "manuscript", "document", "webpage", "article-journal")
    return "article" if arxiv_only and vague else kind


def _pages(known: Mapping[str, Any]) -> str | None:
    text = re.sub(r"\s*[-‐-―]+\s*", "-", _text(known.get("pages")))
    if not text:
        first, last = _text(known.get("first_page")), _text(known.get("last_page"))
        text = f"{first}-{last}" if first and last and first != last else first or last
    return (text or _text(known.get("article_number")))[:MAX_ID] or None


def _issue(known: Mapping[str, Any], extra: dict[str, Any]) -> str | None:
    """A table's column "Number" beside one of volumes is the issue."""
    number = next((name for name in extra if name.casefold() == "number"), None)
    if "issue" not in known and "volume" in known and number:
        return _text(extra.pop(number))[:MAX_EXTRA_TEXT] or None
    return _short(known, "issue")


def _short(known: Mapping[str, Any], field: str) -> str | None:
    return _text(known.get(field))[:MAX_EXTRA_TEXT] or None


def _truth(value: Any) -> bool:
    return value is True or (isinstance(value, str | int) and str(value).casefold() in ("true", "yes", "1"))


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
        joined = "-".join(str(part) for part in parts) if isinstance(parts, list) else ""
        value = (value.get("literal") or value.get("raw") or joined) if len(joined) < 5 else joined
    text = _text(value)
    if not text:
        return None, None
    found = _YEAR.search(text)
    year = int(found[1]) if found else None
    plain = found is not None and re.sub(r"(\.0|[/\s-]+)$", "", text) == found[1]
    return year, None if plain else text


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
            extra[EXTRAS.get(_bare(name), tidy(name)[:MAX_ID])] = kept
    return known, extra


def _small(value: Any) -> Any:
    """A value worth keeping in `extra`: scalars and lists of them, bounded; else None."""
    if isinstance(value, str):
        return tidy(plain_text(value))[:MAX_EXTRA_TEXT]
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
    if doi and not arxiv_id and doi.casefold().startswith("10.48550/arxiv."):
        arxiv_id = _first(_ARXIV, doi)
    pmid = _found(_PMID, known, "pmid", extra)
    return (_bare_doi(doi) if doi else None), pmid, arxiv_id, url


def _bare_doi(doi: str) -> str:
    """In small letters, without the marks of the sentence or list that it stood in."""
    doi = doi.lower().rstrip(".,;:'")
    while doi.endswith((")", "]")) and doi.count(doi[-1]) > doi.count({")": "(", "]": "["}[doi[-1]]):
        doi = doi[:-1].rstrip(".,;:'")
    return doi


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
    return tidy(plain_text(str(value)))
