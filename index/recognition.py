"""Telling new papers from those met before, in this add or in the library.

A shared identity key nominates a paper, `same_paper` decides (both in `index.dedupe`). Papers
of the library are brought in when something nominates them, and are then met like any other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from index.catalog import Catalog
from index.dedupe import identity_keys, merge, record_key, same_paper
from index.records import text_hash, to_json
from index.types import Paper

_CANDIDATES = 50  # compared for one key, so that a thousand "Introduction"s stay linear


class Recogniser:
    """Takes papers one by one; keeps what is to be stored."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._papers: dict[str, Paper] = {}  # by id, in the order they were met
        self._stored: dict[str, Paper] = {}  # those of the library, as they are on disk
        self._by_key: dict[str, dict[str, None]] = {}
        self._judged = catalog.judged_pairs() is not None

    @property
    def new(self) -> list[Paper]:
        """Papers that the library does not hold, in the order they were met."""
        return [paper for paper_id, paper in self._papers.items() if paper_id not in self._stored]

    @property
    def changed(self) -> list[Paper]:
        """Papers of the library whose record or sources are different now; their ids are kept."""
        return [p for i, p in self._papers.items() if i in self._stored and p != self._stored[i]]

    def take(self, paper: Paper) -> bool:
        """Take a paper; true when it is new, false when it was merged into one met before."""
        keys = identity_keys(paper)
        self._recall((*keys, f"id:{paper.id}"))
        nominated = self._nominated(keys) | {paper.id: None}  # a short record has no key but its id
        told = self._told(paper)
        nominated |= dict.fromkeys(told)
        matches = [
            i for i in nominated if i in self._papers and (i in told or same_paper(self._papers[i], paper))
        ]
        matches.sort(key=lambda i: i not in self._stored)  # stable: then first met
        if not matches:
            paper = self._with_free_id(paper)
            self._place(paper.id, paper, keys)
            return True
        kept, *others = matches
        self._absorb(kept, paper, keys)
        for other in others:  # the paper may bridge two that looked different until now
            if other not in self._stored and same_paper(self._papers[kept], self._papers[other]):
                self._absorb(kept, self._papers.pop(other), ())
        return False

    def _told(self, paper: Paper) -> set[str]:
        """The paper into which a person has merged this very record."""
        if not self._judged:
            return set()
        key = record_key(paper)
        self._recall([key])
        return {found.id for found in self._catalog.sharing([key])}

    def _recall(self, keys: Iterable[str]) -> None:
        for paper in self._catalog.sharing(list(keys)):
            if paper.id not in self._stored:
                self._stored[paper.id] = paper
                self._place(paper.id, paper, identity_keys(paper))

    def _nominated(self, keys: Iterable[str]) -> dict[str, None]:
        found: dict[str, None] = {}
        for key in keys:
            found |= dict.fromkeys(list(self._by_key.get(key, ()))[:_CANDIDATES])
        return found

    def _absorb(self, kept: str, paper: Paper, keys: Iterable[str]) -> None:
        merged = merge(self._papers[kept], paper, keep_id=kept)
        self._place(kept, merged, (*keys, *identity_keys(merged), *identity_keys(paper)))

    def _place(self, paper_id: str, paper: Paper, keys: Iterable[str]) -> None:
        self._papers[paper_id] = paper
        for key in keys:
            self._by_key.setdefault(key, {})[paper_id] = None

    def _with_free_id(self, paper: Paper) -> Paper:
        """The paper, under another id if a different one has its own (two files numbered from 1)."""
        if paper.id not in self._papers:
            return paper
        content = text_hash(to_json(paper)).hex()[:8]
        return replace(paper, id=f"{paper.id}-{content}")
