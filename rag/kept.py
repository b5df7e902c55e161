"""What is made from papers and used again: in memory, as much as is allowed, the newest use last.

A paper whose record has changed is made anew. Several threads may ask; one of them makes.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from index.types import Paper

T = TypeVar("T")


class Kept(Generic[T]):
    """At most `most` papers' values; `make` is called with the papers that lack theirs, each once."""

    def __init__(self, make: Callable[[list[Paper]], Sequence[T]], most: int) -> None:
        self._make = make
        self._most = most
        self._values: OrderedDict[str, tuple[Paper, T]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, papers: Sequence[Paper]) -> list[T]:
        """One value a paper, in order, be it kept or made."""
        with self._lock:
            wanted = {p.id: p for p in papers}
            lacking = [p for p in wanted.values() if p.id not in self._values or self._values[p.id][0] != p]
            fresh = dict(zip((p.id for p in lacking), self._make(lacking), strict=True)) if lacking else {}
            found = [fresh[p.id] if p.id in fresh else self._values[p.id][1] for p in papers]
            for paper, value in zip(papers, found, strict=True):
                self._values[paper.id] = (paper, value)
                self._values.move_to_end(paper.id)
            while len(self._values) > self._most:
                self._values.popitem(last=False)
            return found
