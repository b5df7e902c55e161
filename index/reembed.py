"""Embedding a whole library anew, for another embedder or chunker.

New vectors are staged by the hash of their text, batch by batch; when all are there, one
transaction puts them in the place of the old ones. An interrupted run finds its staged vectors
again, and until the last step the library is what it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice

from index.catalog import Catalog
from index.chunking import CHUNKER
from index.edits import Span, editing, encode_vectors
from index.encoders import Encoder
from index.intake import Stage, Stages, spans_of
from index.types import Paper


def reembed(catalog: Catalog, encoder: Encoder, batch: int, progress: Stages | None = None) -> int:
    """Replace all chunks and vectors; returns how many texts were embedded in this run."""
    _claim_stage(catalog, encoder)
    total, done, embedded = catalog.state().papers, 0, 0
    papers = catalog.papers()
    while page := list(islice(papers, batch)):
        texts: dict[bytes, str] = {}
        for paper in page:
            texts |= {span.hash: text for span, text in spans_of(paper).items()}
        for (staged,) in list(catalog.rows_of("SELECT hash FROM staged WHERE hash IN (?)", texts)):
            del texts[staged]
        if texts:
            rows = encode_vectors(encoder.encode(list(texts.values())), encoder.id.width)
            with catalog.transaction() as connection:
                connection.executemany("INSERT INTO staged VALUES (?, ?)", zip(texts, rows, strict=True))
        embedded += len(texts)
        done += len(page)
        if progress:
            progress(done, total, Stage.EMBEDDING)
    _swap(catalog, encoder)
    return embedded


def stale(catalog: Catalog) -> list[Paper]:
    """Papers whose chunks would be others today: the rules of cleaning or cutting have changed."""
    return [
        paper
        for paper in catalog.papers()
        if {c.hash for c in catalog.chunks_of(paper.id)} != {span.hash for span in spans_of(paper)}
    ]


def _claim_stage(catalog: Catalog, encoder: Encoder) -> None:
    """Forget vectors that another embedder staged."""
    name = json.dumps(encoder.id.to_dict())
    if catalog.meta().get("staged") != name:
        with catalog.transaction() as connection:
            connection.execute("DELETE FROM staged")
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('staged', ?)", (name,))


def _swap(catalog: Catalog, encoder: Encoder) -> None:
    with editing(catalog) as edit:
        for paper_id, spans in _plans(catalog):
            hashes = [span.hash for span in spans]
            vectors = dict(catalog.rows_of("SELECT hash, vector FROM staged WHERE hash IN (?)", hashes))
            edit.replace_chunks(paper_id, spans, vectors)  # type: ignore[arg-type]
        edit.set_meta(embedder=json.dumps(encoder.id.to_dict()), chunker=CHUNKER)
        edit.forget_stage()


def _plans(catalog: Catalog) -> Iterator[tuple[str, list[Span]]]:
    for paper in catalog.papers():
        yield paper.id, list(spans_of(paper))
