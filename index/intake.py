"""Taking papers in: recognise and merge, chunk, embed what changed, commit batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

from index.catalog import Catalog
from index.chunking import chunk_abstract
from index.dedupe import identity_keys
from index.edits import Span, editing, encode_vectors
from index.encoders import Encoder
from index.passages import embedded_text
from index.recognition import Recogniser
from index.records import storable, text_hash
from index.types import Paper

BATCH = 256  # papers a commit: about ten seconds of embedding on two cores


class Stage(StrEnum):
    """What is being done, for a progress bar. Counts are files, papers, and steps."""

    READING = "reading"
    EMBEDDING = "embedding"
    PUBLISHING = "publishing"


Stages = Callable[[int, int, str], None]  # (done, total, stage)


def spans_of(paper: Paper) -> dict[Span, str]:
    """The chunks a paper is cut into, each with the text to embed; (0, 0) for a title alone."""
    found = {}
    for start, end in chunk_abstract(paper.abstract):
        text = embedded_text(paper, start, end)
        found[Span(start, end, text_hash(text))] = text
    return found


class Intake:
    """One add: `take` every paper, then `commit`. Nothing is written before that."""

    def __init__(self, catalog: Catalog, encoder: Encoder, progress: Stages | None = None) -> None:
        self._catalog = catalog
        self._encoder = encoder
        self._progress = progress
        self._recogniser = Recogniser(catalog)

    def take(self, paper: Paper) -> bool:
        """Add a paper, or merge it into the one it is; returns whether it is new."""
        return self._recogniser.take(storable(paper))

    def commit(self) -> int:
        """Embed and store what is new or changed; returns how many papers are new in the end.

        That may be fewer than `take` said: a later record can show two papers to be one.
        """
        new = self._recogniser.new
        self.store([*self._recogniser.changed, *new])
        return len(new)

    def store(self, papers: Sequence[Paper]) -> int:
        """Store papers as they are, embedding what is not stored with them yet; returns how many texts."""
        batches = range(0, len(papers), BATCH)
        return sum(self._commit_batch(papers[at : at + BATCH], at, len(papers)) for at in batches)

    def _commit_batch(self, papers: Sequence[Paper], done: int, total: int) -> int:
        def report(texts_done: int, texts: int) -> None:
            if self._progress:
                share = texts_done / texts if texts else 1.0
                self._progress(done + int(share * len(papers)), total, Stage.EMBEDDING)

        report(0, 1)
        plans = {paper.id: spans_of(paper) for paper in papers}
        vectors = self._embedded(plans, report)
        with editing(self._catalog) as edit:
            for paper in papers:
                edit.put(paper, identity_keys(paper), list(plans[paper.id]), vectors)
        report(1, 1)
        return len(vectors)

    def _embedded(
        self, plans: dict[str, dict[Span, str]], report: Callable[[int, int], None]
    ) -> dict[bytes, bytes]:
        """Vectors by text hash, for the texts that are not stored with their paper yet."""
        texts: dict[bytes, str] = {}
        for paper_id, spans in plans.items():
            known = {chunk.hash for chunk in self._catalog.chunks_of(paper_id)}
            texts |= {span.hash: text for span, text in spans.items() if span.hash not in known}
        if not texts:
            return {}
        rows = self._encoder.encode(list(texts.values()), report)
        return dict(zip(texts, encode_vectors(rows, self._encoder.id.width), strict=True))
