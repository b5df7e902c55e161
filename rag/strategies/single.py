"""One retrieval, one draft: the strategy that the others build on, and the interface of all.

Retrieve, then write from what was found: retrieval-augmented generation (Lewis et al. 2020,
arXiv:2005.11401). A strategy may change how evidence is gathered, how drafts become statements, or both. It
never verifies by itself: planner and writer do, so that no strategy can let through what does not hold.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

from index.library import Filter
from rag.plan import Plan, Planner
from rag.question import Kind
from rag.retrieval import Mode
from rag.types import Statement
from rag.writers import Writer


@dataclass(frozen=True, slots=True)
class Wanted:
    """What evidence is wanted for: a standalone question, its kind, and how to search."""

    question: str
    kind: Kind
    k: int
    mode: Mode
    keep: Filter | None = None


class Single:
    """Evidence from one search, statements from one draft. Subclasses override what they do otherwise."""

    def plan(self, planner: Planner, wanted: Wanted) -> Plan:
        """The evidence to answer from, or a plan that is not `sufficient`."""
        return planner.plan(wanted.question, wanted.kind, wanted.k, wanted.mode, wanted.keep)

    def write(
        self, writer: Writer, question: str, plan: Plan, stop: threading.Event
    ) -> Iterator[list[Statement]]:
        """Lists of checked statements, in the order of the answer."""
        yield from writer.write(question, plan, stop)
