"""Author fields of any source to names as `index.names` says; organisations told apart where it is said."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from index.names import Name
from index.readers.markup import plain_text
from index.readers.tidy import tidy

MAX_LITERAL = 20_000  # characters of a Python list written into a cell
_SCOPUS_ID = re.compile(r"\s*\(\d{6,12}\)$")


class Person(NamedTuple):
    """A name as a record keeps it, and whether the source says that it is an organisation's."""

    name: str
    corporate: bool = False


def parse_authors(value: Any) -> tuple[str, ...]:
    """Author names in order, from a list of names or objects, or from one string of names."""
    return tuple(person.name for person in parse_people(value))


def parse_people(value: Any) -> list[Person]:
    """Like `parse_authors`, with what is known of each name."""
    if isinstance(value, str):
        return [Person(name) for name in _split_names(tidy(plain_text(value)))]
    if isinstance(value, Mapping):
        value = [value]
    if not isinstance(value, Iterable):
        return []
    people = (_person(item) for item in value)
    return [person for person in people if person.name]


def _person(item: Any) -> Person:
    if isinstance(item, Person):
        return Person(_line(item.name), item.corporate)
    if isinstance(item, Mapping):
        nested = item.get("author")
        if isinstance(nested, Mapping):  # OpenAlex: {"author": {"display_name": …}}
            return _person(nested)
        return _named(item)
    if isinstance(item, list):  # arXiv: ["Family", "Given", "Jr."]
        family, given, suffix = ([*map(_line, item), "", "", ""])[:3]
        return Person(Name(family, given, suffix).stored)
    return Person(_line(item))


def _named(item: Mapping[str, Any]) -> Person:
    whole = item.get("name") or item.get("display_name") or item.get("literal") or item.get("raw_author_name")
    given = _line(item.get("given") or item.get("firstName") or item.get("first") or "")
    family = _line(item.get("family") or item.get("lastName") or item.get("last") or "")
    particle = _line(item.get("non-dropping-particle") or item.get("dropping-particle") or "")
    if family and not (isinstance(whole, str) and not given and whole):
        suffix = _line(item.get("suffix") or "")
        return Person(Name(f"{particle} {family}".strip(), given, suffix).stored)
    corporate = bool(item.get("literal")) or ("sequence" in item and not given)
    return Person(_line(whole or given), corporate)


def _line(value: Any) -> str:
    if value is None or isinstance(value, bool | Mapping | list):
        return ""
    return tidy(plain_text(str(value)))


def _split_names(text: str) -> list[str]:
    if text.startswith("[") and text.endswith("]") and len(text) < MAX_LITERAL:
        try:
            return list(parse_authors(ast.literal_eval(text)))
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            pass
    for separator in (";", "|", " and "):
        if separator in text:
            parts = text.replace(" & ", separator).split(separator)
            return [name for part in parts if (name := _SCOPUS_ID.sub("", part.strip()).strip(" ,"))]
    parts = [part for piece in text.split(",") if (part := piece.strip())]
    if len(parts) > 1 and all(" " in part for part in parts):  # "Jane Doe, Liu R.": whole names
        return parts
    return [text] if len(parts) <= 3 and text else parts
