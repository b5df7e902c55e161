"""Citation keys: the record's own, else `surname_word_year`, of the characters [a-z0-9_-].

Within a library every paper has its own: of papers that would share one, the first that was added has
it as it is, the next ones with "-1", "-2" behind it, as Zotero does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from index.cleaning import readable
from index.names import split_name
from index.readers.fields import CORPORATE
from index.types import Paper
from rag.terms import STOP


def citation_key(paper: Paper) -> str:
    """The paper's key; the same record always gives the same key.

    Parts that the record lacks are left out; a record with neither author nor title gets its id.
    """
    if paper.key:
        return _plain(paper.key) or _plain(paper.id)
    corporate = set(paper.extra.get(CORPORATE) or ())
    surname = _surname(paper.authors[0], corporate=paper.authors[0] in corporate) if paper.authors else ""
    title_words = (_plain(w) for w in re.findall(r"[^\W\d_]\w+", readable(paper.title or "")))
    word = next((w for w in title_words if w and w not in STOP), "")
    parts = [p for p in (surname, word, str(paper.year or "")) if p]
    return "_".join(parts) if surname or word else _plain(paper.id)


def citation_keys(papers: Iterable[Paper]) -> dict[str, str]:
    """The key of each paper by its id; no two are the same. Give all papers, in the order of adding."""
    keys: dict[str, str] = {}
    taken: set[str] = set()
    following: dict[str, int] = {}
    for paper in papers:
        wanted = key = citation_key(paper)
        while key in taken:
            following[wanted] = following.get(wanted, 0) + 1
            key = f"{wanted}-{following[wanted]}"
        taken.add(key)
        keys[paper.id] = key
    return keys


def _surname(author: str, *, corporate: bool) -> str:
    """The family name, or the first word of an organisation's."""
    name = split_name(author, corporate=corporate)
    whole = not name.given and " " in name.family
    return _plain(name.family.split()[0] if whole else name.family)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return re.sub(r"[^a-z0-9_-]+", "", "".join(c for c in decomposed if not unicodedata.combining(c)))
