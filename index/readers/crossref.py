"""What a BibTeX entry inherits: from its `crossref`, and from the `xdata` containers that it names.

The title of the whole becomes the book or journal title of its parts, as in BibLaTeX. What identifies
or describes the whole alone (its DOI, address, abstract, pages) is not inherited by its parts: they would
all pass for one paper.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

MAX_CHAIN = 10  # entries that one inherits through; BibTeX itself allows one
MAX_LOOKED_UP = 200  # entries in all, for containers that name many containers
CONTAINER = "xdata"  # both the kind of entry and the field that names it
_LINKS = ("crossref", CONTAINER)
_OF_THE_WHOLE = frozenset(
    "title subtitle titleaddon shorttitle sorttitle indextitle doi url urldate urlyear eprint eprinttype "
    "eprintclass archiveprefix primaryclass pmid pmcid ee link file pdf pages pagetotal eid chapter abstract "
    "keywords keyword note annote annotation addendum crossref xref xdata ids entryset entrysubtype execute "
    "label options presort sortkey related relatedtype type pubstate retracted".split()
)
_SAME = (
    ("date", "year", "month", "day"), ("journal", "journaltitle"), ("address", "location"),
    ("school", "institution"), ("publisher", "organization"),
    ("booktitle", "booksubtitle", "booktitleaddon"),
)  # fmt: skip
_BOOK_PARTS = frozenset(
    "inproceedings conference incollection inbook bookinbook suppbook suppcollection inreference".split()
)
_TITLES = {"title": "booktitle", "subtitle": "booksubtitle", "titleaddon": "booktitleaddon"}
_KEPT_OUT = frozenset(("abstract", "annote", "annotation", "file", "note", "keywords"))  # long, never needed

Values = Mapping[str, str]


class Parents:
    """The entries of a file that others may inherit from, by key."""

    def __init__(self) -> None:
        self._entries: dict[str, tuple[str, dict[str, str]]] = {}
        self._folded: dict[str, str] = {}
        self._left = 0

    def add(self, kind: str, key: str, values: Values) -> None:
        """Take an entry in; of two with one key the first counts."""
        kept = values if kind == CONTAINER else {n: v for n, v in values.items() if n not in _KEPT_OUT}
        self._entries.setdefault(key, (kind, dict(kept)))
        self._folded.setdefault(key.casefold(), key)

    def inherit(self, kind: str, key: str, values: Values) -> tuple[dict[str, str], str]:
        """The values of an entry with what it inherits, and what is wrong with a link, if anything is."""
        self._left = MAX_LOOKED_UP
        return self._inherit(kind, values, (key,))

    def _inherit(self, kind: str, values: Values, path: tuple[str, ...]) -> tuple[dict[str, str], str]:
        found, why = dict(values), ""
        for link, name in _links(values):
            broken = self._broken(link, name, path)
            if broken:
                why = why or broken
                continue
            key = self._key(name)
            parent_kind, own = self._entries[key]
            whole, deeper = self._inherit(parent_kind, own, (*path, key))
            why = why or deeper
            found.pop(link, None)
            _take(found, whole if link == CONTAINER else _for_part(kind, whole))
        return found, why

    def _broken(self, link: str, name: str, path: tuple[str, ...]) -> str:
        key = self._key(name)
        if key not in self._entries:
            return f"{link} names {name[:80]}, which is no entry of this file; nothing is inherited from it"
        if key in path:
            return f"{link} runs in a circle ({', '.join([*path[path.index(key) :], key])})"
        if len(path) > MAX_CHAIN:
            return f"{link} goes through more than {MAX_CHAIN} entries; the rest is not followed"
        if self._left <= 0:
            return f"{link} leads to more than {MAX_LOOKED_UP} entries; the rest is not followed"
        self._left -= 1
        return ""

    def _key(self, name: str) -> str:
        """The key as its entry writes it; BibTeX takes no heed of capitals."""
        return name if name in self._entries else self._folded.get(name.casefold(), name)


def _links(values: Values) -> Iterator[tuple[str, str]]:
    for link in reversed(_LINKS):  # containers count as the entry's own fields
        for name in values.get(link, "").split(","):
            if name.strip():
                yield link, name.strip()


def _take(found: dict[str, Any], more: Values) -> None:
    """Add the fields that are not there under one of their names."""
    own = set(found)
    for name, value in more.items():
        same = next((group for group in _SAME if name in group), (name,))
        if not own.intersection(same):
            found[name] = value


def _for_part(kind: str, whole: Values) -> dict[str, str]:
    """The fields of a whole as a part of this kind takes them."""
    found = {name: value for name, value in whole.items() if name not in _OF_THE_WHOLE}
    if kind in _BOOK_PARTS and "booktitle" not in found:
        found |= {new: whole[old] for old, new in _TITLES.items() if old in whole}
    elif kind in ("article", "suppperiodical") and whole.get("title"):
        found.setdefault("journaltitle", whole["title"])
    return found
