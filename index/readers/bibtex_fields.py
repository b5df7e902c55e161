"""The fields of a BibTeX entry under the names of a record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from index.dates import iso_date, month_number
from index.kinds import BIBTEX, CSL, ENTRY_TYPE, TO_BIBTEX
from index.latex import to_plain
from index.names import split_name
from index.readers.people import Person

_VERBATIM = ("url", "doi", "eprint", "file", "pdf", "pmid", "pmcid", "ee", "link")
_NAMED = {
    "booktitle": "venue", "journal": "venue", "journaltitle": "venue", "volume": "volume", "pages": "pages",
    "abstract": "abstract", "keywords": "keywords", "keyword": "keywords", "doi": "doi", "pmid": "pmid",
    "pmcid": "pmcid", "url": "url", "note": "note", "isbn": "isbn", "issn": "issn", "edition": "edition",
    "series": "series", "language": "language", "langid": "language",
    "publisher": "publisher", "address": "place", "location": "place", "shorttitle": "short_title",
    "shortjournal": "journal_abbreviation", "retracted": "retracted", "eid": "article_number",
}  # fmt: skip
_USED = frozenset({
    *_NAMED, "title", "subtitle", "author", "editor", "year", "month", "day", "date", "number",
    "issue", "issued", "eprint", "archiveprefix", "eprinttype", "school", "institution", "howpublished",
    "pubstate", "entrysubtype", "type", "organization", "booksubtitle",
})  # fmt: skip
_URL = re.compile(r"https?://[^\s{}]+")
_ARXIV_JOURNAL = re.compile(
    r"arxiv(?: preprint)?:?\s*(?:arxiv:)?(\d{4}\.\d{4,5}|[a-z-]+/\d{7})?", re.IGNORECASE
)
_PARENTS = ("school", "institution", "organization")


def entry_fields(kind: str, key: str, values: Mapping[str, str]) -> dict[str, Any]:
    """Plain fields of a record: LaTeX undone, names split, dates joined."""
    plain = {
        n: _verbatim(v) if n in _VERBATIM else _line(v)
        for n, v in values.items()
        if n not in ("author", "editor")
    }
    csl = BIBTEX.get(kind)
    fields: dict[str, Any] = {"key": key, "type": csl or kind}
    for name, target in _NAMED.items():
        if text := plain.get(name):
            fields.setdefault(target, text)
    if plain.get("booksubtitle") and plain.get("booktitle"):
        fields["venue"] = f"{plain['booktitle']}: {plain['booksubtitle']}"
    fields["title"] = ": ".join(filter(None, (plain.get("title"), plain.get("subtitle"))))
    if not fields["title"] and csl in ("chapter", "book"):
        fields["title"] = fields.pop("venue", "")
    fields["authors"] = _people(values.get("author", ""))
    fields["editors"] = [person.name for person in _people(values.get("editor", ""))]
    fields["year"] = _date(plain, values.get("month", ""))
    fields["date"] = plain.get("issued", "")
    numbered = kind in ("article", "periodical") and "issue" not in plain
    fields["issue"] = plain.get("number" if numbered else "issue", "")
    fields["number"] = "" if numbered else plain.get("number", "")
    fields.setdefault("publisher", next((plain[name] for name in _PARENTS if plain.get(name)), ""))
    if "url" not in fields and (found := _URL.search(values.get("howpublished", ""))):
        fields["url"] = found[0]
    elif plain.get("howpublished"):
        fields["howpublished"] = plain["howpublished"]
    fields["work_type"] = plain.get("type", "")
    if "preprint" in (plain.get("type", "").casefold(), plain.get("pubstate", "").casefold()):
        fields |= {"type": "article", "work_type": ""}
    if plain.get("entrysubtype") in CSL:
        fields["type"] = plain["entrysubtype"]
    _place_preprint(fields, plain)
    if kind in BIBTEX and TO_BIBTEX.get(str(fields["type"]), "misc") != kind:
        fields[ENTRY_TYPE] = kind
    return fields | {name: text for name, text in plain.items() if name not in _USED}


def _place_preprint(fields: dict[str, Any], plain: Mapping[str, str]) -> None:
    """The arXiv id from the fields, or the journal's name, that hold it; other eprints stay as they are."""
    archive = (plain.get("archiveprefix") or plain.get("eprinttype") or "").casefold()
    eprint, journal = plain.get("eprint", ""), str(fields.get("venue") or "")
    found = _ARXIV_JOURNAL.match(journal)
    if eprint and archive in ("", "arxiv"):
        fields["arxiv_id"] = eprint
    elif eprint:
        fields |= {"eprint_of": f"{archive}:{eprint}"}
    elif found and found[1]:
        fields["arxiv_id"] = found[1]
    if found:
        fields["type"] = "article"


def _people(value: str) -> list[Person]:
    people = []
    for text in _split_and(value):
        text = text.strip()
        inner = text[1:-1] if text.startswith("{") and text.endswith("}") else ""
        whole = bool(inner) and _encloses(text)
        name = _line(inner if whole else text)
        if name and name.casefold() not in ("others", "et al", "et al."):
            corporate = whole and " " in name
            people.append(Person(name if corporate else split_name(name).stored, corporate))
    return people


def _split_and(value: str) -> list[str]:
    """Names between "and"s that stand outside braces."""
    parts, depth, begin = [], 0, 0
    for found in re.finditer(r"[{}]|\s+and\s+", value, re.IGNORECASE):
        if found[0] == "{":
            depth += 1
        elif found[0] == "}":
            depth -= 1
        elif depth <= 0:
            parts.append(value[begin : found.start()])
            begin = found.end()
    return [*parts, value[begin:]]


def _encloses(text: str) -> bool:
    """Whether the first brace closes with the last one."""
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign == "{") - (sign == "}")
        if depth == 0:
            return at == len(text) - 1
    return False


def _date(plain: Mapping[str, str], month: str) -> str:
    if date := plain.get("date", ""):
        return iso_date(date.split("/")[0].strip() or date)
    year = plain.get("year", "")
    number = month_number(month) or month_number(re.sub(r"[^A-Za-z]", "", month)[:12])
    if not number or not re.fullmatch(r"\d{4}", year):
        return year
    day = plain.get("day") or next(
        iter(re.findall(r"(?<!\d)\d{1,2}(?!\d)", month if not month.isdigit() else "")), ""
    )
    return f"{year}-{number:02d}" + (f"-{int(day):02d}" if day.isdigit() and 0 < int(day) < 32 else "")


def _line(value: str) -> str:
    return " ".join(to_plain(value).split())


def _verbatim(value: str) -> str:
    text = re.sub(r"\\url\{([^{}]*)\}", r"\1", value)
    return re.sub(r"\\([_%&#$~{}])", r"\1", text).strip("{} \n\t").replace("{", "").replace("}", "")
