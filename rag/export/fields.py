"""What the writers share: the parts of a record in the form that is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from index.cleaning import readable
from index.dates import date_parts
from index.dedupe import VERSIONS
from index.names import Name, split_name
from index.readers.fields import CORPORATE
from index.types import Paper

RETRACTED = "Retracted Publication"  # a keyword that says so in every format, as PubMed's files do


def names_of(paper: Paper) -> list[Name]:
    """The authors' names by part; an organisation has a family name only."""
    corporate = set(paper.extra.get(CORPORATE) or ())
    return [split_name(readable(name), corporate=name in corporate) for name in paper.authors]


def editors_of(paper: Paper) -> list[Name]:
    """The editors' names by part."""
    editors = paper.extra.get("editors") or []
    return [split_name(name) for name in (editors.split(";") if isinstance(editors, str) else editors)]


def keywords_of(paper: Paper) -> list[str]:
    """The keywords, and the one for retracted papers."""
    return [*paper.keywords, *([RETRACTED] if paper.retracted else [])]


def join_keywords(words: list[str]) -> str:
    """Keywords as one text that is split at its semicolons again."""
    words = [word.replace(";", ",") for word in words]
    joined = "; ".join(words)
    return joined + ";" if len(words) == 1 and "," in joined else joined


def date_of(paper: Paper) -> tuple[int, ...]:
    """Year, month and day as far as they are known."""
    return date_parts(paper.date) or ((paper.year,) if paper.year else ())


def printed_date(paper: Paper) -> str:
    """The date as printed where it is no date of the calendar ("2018 Winter", "Aug 20")."""
    return "" if paper.date is None or date_parts(paper.date) else paper.date


def text_of(extra: Mapping[str, Any], name: str) -> str:
    """A field of `extra` as one text."""
    value = extra.get(name)
    return "; ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def rest_of(paper: Paper, used: frozenset[str]) -> Iterator[tuple[str, Any]]:
    """The fields of `extra` that a writer has no field of its own for."""
    return ((name, value) for name, value in paper.extra.items() if name not in used and name != VERSIONS)
