"""What is wrong with citations whatever they are cited for: keys, entries, retractions."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator

from index.types import Paper
from rag.audit.draft import Cite, Draft
from rag.audit.report import Flag, FlagKind
from rag.audit.resolve import identity
from rag.audit.sources import Bibliography

_NEAR = 0.8  # difflib ratio of keys from which one is offered for another
_GUESSED = 100  # missing keys for which one is looked for
_RETRACTED = "retracted; do not cite it for its findings"


class Flagger:
    """Raises the flags of one draft. `paper` gives the library's paper of a key, or None."""

    def __init__(self, draft: Draft, bib: Bibliography, paper: Callable[[str], Paper | None]) -> None:
        self._draft, self._bib, self._paper = draft, bib, paper
        self._known = list(bib.entries)
        self._near: dict[str, list[str]] = {}

    def exists(self, key: str) -> bool:
        """Whether the bibliography has the key; without one, whether the library has."""
        return key in self._bib.entries or (not self._bib.entries and self._paper(key) is not None)

    def of_cite(self, cite: Cite) -> Iterator[Flag]:
        """The flags of one citation."""
        if not self.exists(cite.key):
            yield self._flag(FlagKind.MISSING_KEY, cite, self._missing(cite.key))
        elif self._is_retracted(cite.key):
            yield self._flag(FlagKind.RETRACTED, cite, _RETRACTED)

    def of_draft(self) -> Iterator[Flag]:
        """The flags of citations outside of sentences, and of the bibliography."""
        for cite in self._draft.loose:
            yield from self.of_cite(cite)
        cited = {c.key for c in self._draft.cites}
        yield from self._same(cited)
        for key, entry in self._bib.entries.items():
            if key not in cited and not self._draft.all_used:
                yield Flag(FlagKind.NEVER_CITED, key, entry.line, "nothing cites it", self._bib.files[key])

    def _same(self, cited: set[str]) -> Iterator[Flag]:
        """Papers that stand under several keys, at least one of them cited."""
        first: dict[str, str] = {}
        for key in sorted(dict.fromkeys([*self._bib.entries, *self._cited()]), key=lambda k: k not in cited):
            names = self._names(key, cited)
            other = next((first[n] for n in names if n in first), None)
            if other is not None and (key in cited or other in cited):
                path, line = self._place(key)
                yield Flag(FlagKind.SAME_PAPER, key, line, f"the same paper as {other}", path)
            for name in names:
                first.setdefault(name, key)

    def _names(self, key: str, cited: set[str]) -> list[str]:
        """What the keys of one paper share; the library is asked for what is cited alone, for time."""
        entry = self._bib.entries.get(key)
        paper = self._paper(key) if key in cited else None
        own = identity(entry) if entry else None
        return [name for name in (f"paper {paper.id}" if paper else None, own) if name]

    def _cited(self) -> list[str]:
        return [c.key for c in self._draft.cites]

    def _place(self, key: str) -> tuple[str, int]:
        """The file and line of a key's entry, else those where it is first cited."""
        if entry := self._bib.entries.get(key):
            return self._bib.files[key], entry.line
        cite = next(c for c in self._draft.cites if c.key == key)
        return cite.path or self._draft.path, cite.line

    def _is_retracted(self, key: str) -> bool:
        paper, entry = self._paper(key), self._bib.entries.get(key)
        own = entry.paper if entry else None
        return bool((paper and paper.retracted) or (own and own.retracted))

    def _missing(self, key: str) -> str:
        where = " or ".join(self._bib.paths)
        where = where or ("the reference list" if self._bib.entries else "the library, and no --bib is given")
        if key not in self._near and len(self._near) < _GUESSED:
            self._near[key] = difflib.get_close_matches(key, self._known, 1, _NEAR)
        near = self._near.get(key)
        return f"no such key in {where}" + (f"; is {near[0]} meant?" if near else "")

    def _flag(self, kind: FlagKind, cite: Cite, why: str) -> Flag:
        return Flag(kind, cite.key, cite.line, why, cite.path or self._draft.path)
