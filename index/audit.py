"""`verify`: does a library hold what it should? Reads everything, changes nothing."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index import generations, publish
from index.catalog import Catalog, CatalogState
from index.errors import LibraryError
from index.generations import Damaged
from index.passages import body_text, embedded_text, title_text
from index.publish import SearchIndex
from index.records import content_hash, text_hash

PROBES = 20  # chunks that must find themselves
_PAGE = 500


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What was checked and what is wrong. A fault in the catalogue needs a backup; any other
    one is repaired by the next opening of the library, or by `ibid index rebuild`.
    """

    path: str
    papers: int
    chunks: int
    generation: int
    probes: int
    faults: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def to_dict(self) -> dict[str, Any]:
        """A JSON-safe form."""
        names = ("path", "papers", "chunks", "generation", "probes")
        values = {name: getattr(self, name) for name in names}
        return {"schema": "ibid.verify/1", **values, "ok": self.ok, "faults": list(self.faults)}


def verify(path: Path | str) -> VerifyReport:
    """Check the catalogue row by row, the search index file by file, and that chunks find themselves.

    :raises LibraryError: when there is no library, or its catalogue cannot be opened.
    """
    catalog = Catalog.open(Path(path))
    try:
        state = catalog.state()
        faults = list(_catalog_faults(catalog, state))
        index, index_faults = _index(catalog, state)
        faults += index_faults
        probes = _probes(catalog) if index and not faults else np.zeros(0, dtype=np.int64)
        if index:
            faults += _probe_faults(catalog, index, probes)
        generation = index.generation if index else 0
        return VerifyReport(str(path), state.papers, state.chunks, generation, len(probes), tuple(faults))
    finally:
        catalog.close()


def _catalog_faults(catalog: Catalog, state: CatalogState) -> Iterator[str]:
    for (answer,) in catalog.rows("PRAGMA integrity_check(10)"):
        if answer != "ok":
            yield f"catalogue: {answer}"
    for row in catalog.rows("PRAGMA foreign_key_check"):
        yield f"catalogue: a row of {row[0]} belongs to no {row[2]}"
    for paper_id, record, content in catalog.rows("SELECT id, record, content FROM papers"):
        if content_hash(record) != content or json.loads(record)["id"] != paper_id:
            yield f"catalogue: the record of paper {paper_id} has changed"
    query = "SELECT id FROM papers WHERE number NOT IN (SELECT paper FROM chunks)"
    for (paper_id,) in catalog.rows(query):
        yield f"catalogue: paper {paper_id} has no chunks"
    yield from _chunk_faults(catalog, state)


def _chunk_faults(catalog: Catalog, state: CatalogState) -> Iterator[str]:
    for paper in catalog.papers():
        for chunk in catalog.chunks_of(paper.id):
            if not 0 <= chunk.start <= chunk.end <= len(paper.abstract):
                yield f"catalogue: chunk {chunk.id} lies outside the abstract of {paper.id}"
            elif text_hash(embedded_text(paper, chunk.start, chunk.end)) != chunk.hash:
                yield (
                    f"catalogue: chunk {chunk.id} of {paper.id} was embedded from another text; "
                    "`ibid index rebuild` embeds it anew"
                )
    width = state.embedder.width * 2  # bytes of a float16
    last = 0
    while page := catalog.rows(
        "SELECT id, vector, crc FROM chunks WHERE id > ? ORDER BY id LIMIT ?", (last, _PAGE)
    ):
        for chunk_id, vector, crc in page:
            if len(vector) != width or zlib.crc32(vector) != crc:
                yield f"catalogue: the vector of chunk {chunk_id} has changed"
        last = page[-1][0]


def _index(catalog: Catalog, state: CatalogState) -> tuple[SearchIndex | None, list[str]]:
    """The current generation, if it can be opened, and what is wrong with it."""
    named = generations.current(catalog.library)
    if named is None:
        return None, ["search index: no CURRENT file names a generation"]
    try:
        manifest = generations.verified(catalog.library, named)
        index = publish.load(catalog.library, manifest)
    except Damaged as reason:
        return None, [f"search index: {reason}"]
    if not publish.is_current(manifest, state):
        return None, [f"search index: generation {named} is behind the catalogue"]
    ids = catalog.chunk_ids()
    parts = (("vectors", index.store.ids()), ("keywords", index.lexical.ids()))
    wrong = [name for name, held in parts if not np.array_equal(held, ids)]
    return index, [f"search index: the {name} do not hold the chunks of the catalogue" for name in wrong]


def _probes(catalog: Catalog) -> np.ndarray:
    ids = catalog.chunk_ids()
    return ids[np.linspace(0, len(ids) - 1, min(PROBES, len(ids)), dtype=int)] if len(ids) else ids


def _probe_faults(catalog: Catalog, index: SearchIndex, probes: np.ndarray) -> Iterator[str]:
    chunks = catalog.chunks(probes)
    vectors = catalog.vectors(probes)
    tolerance = 1e-3 if index.store.exact else 0.05
    for chunk in chunks.values():
        try:
            best = index.store.search(vectors[chunk.id], 1)
        except LibraryError as error:
            yield f"search index: {error}"
            continue
        if not best or best[0][1] < 1 - tolerance:
            yield f"search index: chunk {chunk.id} is not found by its own vector"
        paper = catalog.paper(chunk.paper_id)
        text = f"{title_text(paper)} {body_text(paper, chunk.start, chunk.end)}"
        alone = np.array([chunk.id], dtype=np.int64)
        if any(c.isalnum() for c in text) and not index.lexical.search(text, 1, alone):
            yield f"search index: chunk {chunk.id} is not found by its own words"
