"""Search indexes made from the catalogue: brought up to date, made anew, or built in memory.

Vectors are stored in the catalogue, so no model is needed. A small change copies the last good
generation and applies what was committed since; the result must hold exactly the chunk ids of
the catalogue, or it is thrown away and everything is made anew. When a paper's text was deleted
the keyword index is always made anew, because tantivy keeps deleted words until it merges.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index import disk, generations
from index.catalog import Catalog, CatalogState, stored_vectors
from index.derived import DerivedCache
from index.errors import LibraryError
from index.generations import LEXICAL_FOLDER, VECTORS_FILE, Damaged, Manifest, folder_name
from index.passages import body_text, title_text
from index.stores import ExactStore, Ids, Vectors, VectorStore, unit_rows

if TYPE_CHECKING:
    from index.faiss_store import FaissStore
    from index.lexical import LexicalIndex, Passage

log = logging.getLogger(__name__)

METRIC = "inner_product"
WRITER = "ibid/1"
_PAGE = 2_000  # chunks whose texts or vectors are in memory at once


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """Both halves of an index, and what they were made from. `generation` is 0 for one in memory."""

    store: VectorStore
    lexical: LexicalIndex
    txn: int
    generation: int


def agrees(manifest: Manifest, state: CatalogState) -> bool:
    """Whether a generation can be searched beside this catalogue, be it behind or not."""
    from index.lexical import LEXICAL_VERSION

    made = (manifest.library, manifest.embedder, manifest.chunker, manifest.lexical, manifest.metric)
    wanted = (state.library, state.embedder, state.chunker, LEXICAL_VERSION, METRIC)
    return made == wanted and manifest.txn <= state.txn


def is_current(manifest: Manifest, state: CatalogState) -> bool:
    """Whether a generation holds exactly what the catalogue holds."""
    counts = (manifest.txn, manifest.papers, manifest.chunks)
    return agrees(manifest, state) and counts == (state.txn, state.papers, state.chunks)


def load(library: Path, manifest: Manifest) -> SearchIndex:
    """Open a verified generation. :raises Damaged: when its parts do not hold the promised chunks."""
    from index.faiss_store import FaissStore
    from index.lexical import LexicalIndex

    folder = library / folder_name(manifest.generation)
    try:
        store = FaissStore.load(folder / VECTORS_FILE)
        lexical = LexicalIndex.open(folder / LEXICAL_FOLDER)
    except LibraryError as error:
        raise Damaged(str(error)) from error
    held = (store.width, len(store), len(lexical))
    if held != (manifest.embedder.width, manifest.chunks, manifest.chunks):
        raise Damaged(f"{folder.name} holds {held} instead of {manifest.chunks} chunks")
    return SearchIndex(store, lexical, manifest.txn, manifest.generation)


def newest_intact(library: Path, state: CatalogState) -> Manifest | None:
    """The newest intact generation that agrees with the catalogue: CURRENT first, then older ones."""
    named = generations.current(library)
    order = sorted(generations.numbers(library), key=lambda n: (n != named, -n))
    for generation in order:
        try:
            manifest = generations.verified(library, generation)
        except Damaged as reason:
            log.info("search index: %s", reason)
            continue
        if agrees(manifest, state):
            return manifest
    return None


def publish(catalog: Catalog, *, anew: bool = False) -> Manifest:
    """Publish a generation that holds what the catalogue holds; the caller holds the writer lock.

    :param anew: do not start from an older generation.
    :raises LibraryError: when the files cannot be written or the catalogue is damaged.
    """
    library, state = catalog.library, catalog.state()
    DerivedCache(library).sweep()
    base = None if anew else newest_intact(library, state)
    if base is not None and is_current(base, state):
        if generations.current(library) != base.generation:
            generations.point(library, base.generation)
        generations.sweep(library, state.purged, state.txn)
        return base
    try:
        manifest = _publish_from(catalog, state, base)
    except OSError as error:
        raise LibraryError(
            f"the search index of {library} cannot be written ({error.strerror or error}); "
            f"the papers are safe: free some space, then run `ibid index rebuild -L {library}`"
        ) from error
    generations.sweep(library, state.purged, state.txn)
    return manifest


def _publish_from(catalog: Catalog, state: CatalogState, base: Manifest | None) -> Manifest:
    if base is not None:
        try:
            return _write(catalog, state, base)
        except (Damaged, LibraryError, ValueError, RuntimeError) as reason:
            log.warning("search index: update failed (%s), making it anew", reason)
    return _write(catalog, state, None)


def _write(catalog: Catalog, state: CatalogState, base: Manifest | None) -> Manifest:
    from index.lexical import LEXICAL_VERSION

    def fill(folder: Path) -> None:
        ids = catalog.chunk_ids()
        if base is None:
            store, lexical = _vectors_anew(catalog, state, ids), _lexical_anew(catalog, folder, ids)
        else:
            store, lexical = _updated(catalog, state, base, folder)
        if not (np.array_equal(store.ids(), ids) and np.array_equal(lexical.ids(), ids)):
            raise Damaged("the new search index does not hold the chunks of the catalogue")
        store.save(folder / VECTORS_FILE)

    def describe(*, generation: int, files: dict) -> Manifest:
        return Manifest(
            generation, state.library, state.txn, state.papers, state.chunks, state.embedder, state.chunker,
            LEXICAL_VERSION, METRIC, WRITER, files,
        )  # fmt: skip

    return generations.publish(catalog.library, fill, describe)


def _updated(
    catalog: Catalog, state: CatalogState, base: Manifest, folder: Path
) -> tuple[FaissStore, LexicalIndex]:
    """The last generation with everything applied that was committed since."""
    from index.faiss_store import FaissStore
    from index.lexical import LexicalIndex

    source = catalog.library / folder_name(base.generation)
    added, removed, purged = catalog.changes_since(base.txn)
    store = FaissStore.load(source / VECTORS_FILE)
    if store.suits(state.chunks):
        store.remove(removed)
        for ids, vectors in vector_pages(catalog, added):
            store.add(ids, vectors)
    else:
        store = _vectors_anew(catalog, state, catalog.chunk_ids())
    if purged:
        return store, _lexical_anew(catalog, folder, catalog.chunk_ids())
    shutil.copytree(source / LEXICAL_FOLDER, folder / LEXICAL_FOLDER)
    lexical = LexicalIndex.open(folder / LEXICAL_FOLDER)
    lexical.update(passages(catalog, added), removed.tolist())
    return store, lexical


def _vectors_anew(catalog: Catalog, state: CatalogState, ids: Ids) -> FaissStore:
    from index.faiss_store import FaissStore, training_rows

    wanted = training_rows(len(ids))
    chosen = np.sort(np.random.default_rng(0).choice(ids, wanted, replace=False)) if wanted else ids[:0]
    sample = [vectors for _, vectors in vector_pages(catalog, chosen)]
    empty = np.zeros((0, state.embedder.width), dtype=np.float32)
    store = FaissStore.of_size(len(ids), np.concatenate([empty, *sample]))
    for page, vectors in vector_pages(catalog, ids):
        store.add(page, vectors)
    return store


def _lexical_anew(catalog: Catalog, folder: Path, ids: Ids) -> LexicalIndex:
    from index.lexical import LexicalIndex

    disk.remove_tree(folder / LEXICAL_FOLDER)
    lexical = LexicalIndex.create(folder / LEXICAL_FOLDER)
    lexical.update(passages(catalog, ids))
    return lexical


def in_memory(catalog: Catalog) -> SearchIndex:
    """An index for this process alone, when none on disk can be used or made."""
    from index.lexical import LexicalIndex

    state = catalog.state()
    ids = catalog.chunk_ids()
    store = ExactStore(state.embedder.width)
    for page, vectors in vector_pages(catalog, ids):
        store.add(page, unit_rows(vectors))
    lexical = LexicalIndex.create()
    lexical.update(passages(catalog, ids))
    return SearchIndex(store, lexical, state.txn, 0)


def vector_pages(catalog: Catalog, ids: Ids) -> Iterator[tuple[Ids, Vectors]]:
    """Vectors, page by page, as they are stored."""
    for at in range(0, len(ids), _PAGE):
        query = "SELECT id, vector, crc FROM chunks WHERE id IN (?)"
        rows = list(catalog.rows_of(query, ids[at : at + _PAGE].tolist()))
        if rows:
            yield np.array([row[0] for row in rows], dtype=np.int64), stored_vectors(catalog.library, rows)


def passages(catalog: Catalog, ids: Ids) -> Iterator[Passage]:
    """What the keyword index holds of each chunk."""
    from index.lexical import Passage

    for at in range(0, len(ids), _PAGE):
        chunks = catalog.chunks(ids[at : at + _PAGE].tolist())
        papers = catalog.papers_by_id({chunk.paper_id for chunk in chunks.values()})
        for chunk in chunks.values():
            paper = papers[chunk.paper_id]
            yield Passage(chunk.id, title_text(paper), body_text(paper, chunk.start, chunk.end))
