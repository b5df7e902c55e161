"""Citation keys: the record's own, else `surname_word_year`, of the characters [a-z0-9_-]."""

from __future__ import annotations

import re
import unicodedata

from index.cleaning import readable
from index.types import Paper
from rag.terms import STOP


def citation_key(paper: Paper) -> str:
    """The paper's key; the same record always gives the same key.

    Parts that the record lacks are left out; a record with neither author nor title gets its id.
    """
    if paper.key:
        return _plain(paper.key) or _plain(paper.id)
    surname = _surname(paper.authors[0]) if paper.authors else ""
    title_words = (_plain(w) for w in re.findall(r"[^\W\d_]\w+", readable(paper.title or "")))
    word = next((w for w in title_words if w and w not in STOP), "")
    parts = [p for p in (surname, word, str(paper.year or "")) if p]
    return "_".join(parts) if surname or word else _plain(paper.id)


def _surname(author: str) -> str:
    family = author.split(",")[0] if "," in author else author.split()[-1] if author.split() else ""
    return _plain(family)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return re.sub(r"[^a-z0-9_-]+", "", "".join(c for c in decomposed if not unicodedata.combining(c)))
