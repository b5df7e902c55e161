"""A session under way: its papers in a library, ranked by what was decided about them so far."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from index.encoders import Encoder
from index.errors import LibraryError, UsageError
from index.library import Library
from index.types import Paper
from rag.paper_vectors import paper_vectors
from rag.screening.ranker import Asked, ScreeningRanker
from rag.screening.reasons import Reasons
from rag.screening.session import Session
from rag.screening.stopping import Outlook, outlook

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ranked:
    """An unread paper: its place in the order (from 1) and its score, which only orders."""

    paper: Paper
    rank: int
    score: float


def rank_papers(
    library: Library, encoder: Encoder, paper_ids: Sequence[str], decisions: Mapping[str, bool], question: str
) -> list[Ranked]:
    """The papers without a decision, the likeliest to be relevant first.

    :param paper_ids: the papers to be ranked; those with a decision are learnt from.
    :param decisions: included or not, by paper id.
    """
    papers = library.papers_by_id(paper_ids)
    kept = [i for i in paper_ids if i in papers]
    if not any(i not in decisions for i in kept):
        return []
    ranker = ScreeningRanker(
        [papers[i] for i in kept], paper_vectors(library, kept), asked_of(question, encoder)
    )
    return _order(ranker, papers, kept, decisions)


def asked_of(question: str, encoder: Encoder) -> Asked | None:
    """A question as rankers take it, or None for an empty one."""
    return Asked(question, encoder.encode_query(question)) if question.strip() else None


class Screening:
    """A session with the papers it is about. The ranker learns anew when it is asked for an order.

    Papers that have been taken out of the library since are named once and left out.
    """

    def __init__(self, library: Library, encoder: Encoder, session: Session) -> None:
        self._library = library
        self._encoder = encoder
        self.session = session

    @cached_property
    def papers(self) -> Mapping[str, Paper]:
        """The session's papers that the library still holds, by id.

        :raises LibraryError: when it holds none of them.
        """
        wanted = self.session.state.papers
        found = self._library.papers_by_id(wanted)
        gone = [i for i in wanted if i not in found]
        if gone and not found:
            raise LibraryError(
                f"{self._library.path} holds no paper of the session {self.session.state.name} any more; "
                "add its files again with `ibid index add`, decisions are kept"
            )
        if gone:
            log.warning(
                "%d of %d papers of the session %s are no longer in the library and left out, %s first; "
                "their decisions are kept",
                len(gone), len(wanted), self.session.state.name, gone[0],
            )  # fmt: skip
        return {i: found[i] for i in wanted if i in found}

    def paper(self, paper_id: str) -> Paper:
        """One paper of the session. :raises UsageError: when it has none of that id."""
        if paper_id not in self.papers:
            raise UsageError(f"{paper_id!r} is no paper of the screening session {self.session.state.name}")
        return self.papers[paper_id]

    def order(self) -> list[Ranked]:
        """The unread papers, the likeliest to be relevant first."""
        kept = list(self.papers)
        decisions = {i: d.included for i, d in self.session.state.decisions.items() if i in self.papers}
        if all(i in decisions for i in kept):
            return []
        return _order(self._ranker, self.papers, kept, decisions)

    def explainer(self) -> Callable[[str], Reasons]:
        """Why a paper, by id, stands where the last order has it; later orders leave this as it is."""
        explainer = self._ranker.explainer()
        places = {paper_id: place for place, paper_id in enumerate(self.papers)}
        return lambda paper_id: explainer.reasons(places[paper_id])

    @cached_property
    def _ranker(self) -> ScreeningRanker:
        kept = list(self.papers)
        asked = asked_of(self.session.state.question, self._encoder)
        return ScreeningRanker([self.papers[i] for i in kept], paper_vectors(self._library, kept), asked)

    def outlook(self) -> Outlook:
        """How many relevant papers are likely still unread."""
        state = self.session.state
        known = sum(d.included for d in state.decisions.values() if d.prior)
        unread = sum(i not in state.decisions for i in self.papers)
        return outlook(state.reading, unread, known)

    def all_papers(self) -> Iterator[Paper]:
        """All papers of the library, in the order of adding."""
        return self._library.papers()

    def added_since(self) -> list[str]:
        """Papers of the library that the session does not cover, in the order of adding."""
        covered = set(self.session.state.papers)
        return [paper.id for paper in self.all_papers() if paper.id not in covered]


def _order(
    ranker: ScreeningRanker, papers: Mapping[str, Paper], kept: Sequence[str], decisions: Mapping[str, bool]
) -> list[Ranked]:
    """The papers without a decision, ordered by a ranker that has learnt from the others."""
    ranker.fit({place: decisions[i] for place, i in enumerate(kept) if i in decisions})
    unread = [place for place, i in enumerate(kept) if i not in decisions]
    scores = ranker.score(unread)
    best = np.argsort(-scores, kind="stable")
    return [
        Ranked(papers[kept[unread[i]]], rank, float(scores[i])) for rank, i in enumerate(best.tolist(), 1)
    ]
