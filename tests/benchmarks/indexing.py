"""Indexing speed: Ibid's `index add` against LlamaIndex's stock way, same weights, same texts, one run.

Stock is SentenceSplitter + HuggingFaceEmbedding + FaissVectorStore at their defaults, persisted.
Ibid reads, tells duplicates, cuts, embeds, and writes catalogue, BM25 and FAISS index. Both models
are loaded and warm before the clock starts.

    pip install llama-index-embeddings-huggingface llama-index-vector-stores-faiss
    python tests/benchmarks/indexing.py [FILE_OR_FOLDER ...]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from figures import DEMO, show

ROUNDS = 3


def main(paths: list[Path]) -> None:
    from index.dedupe import fold
    from index.readers.table import read_paths

    papers, _ = fold(paper for reading in read_paths(paths) for paper in reading.papers)
    texts = [f"{paper.title}\n\n{paper.abstract}" if paper.title else paper.abstract for paper in papers]
    stock, ours = stock_way(texts), ibid_way(paths, texts)
    spent: dict[str, list[float]] = {"LlamaIndex, stock": [], "ibid index add": []}
    for _ in range(ROUNDS):  # in turn, so that whatever else the machine does meets both
        for way, index in zip(spent, (stock, ours), strict=True):
            with tempfile.TemporaryDirectory() as folder:
                began = time.monotonic()
                index(Path(folder) / "index")
                spent[way].append(time.monotonic() - began)
    base = statistics.median(spent["LlamaIndex, stock"])
    rows = [
        (
            way,
            f"{(m := statistics.median(s)):.1f}",
            f"{min(s):.1f}",
            f"{len(texts) / m:.1f}",
            f"{base / m:.1f}",
        )
        for way, s in spent.items()
    ]
    head = ("way", "seconds, median", "fastest", "papers/s", "times")
    show(f"Indexing {len(texts)} papers, {ROUNDS} rounds in turn", head, rows)


def stock_way(texts: list[str]) -> Callable[[Path], None]:
    try:
        import faiss
        from llama_index.core import Document, StorageContext, VectorStoreIndex
        from llama_index.core.node_parser import SentenceSplitter
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding
        from llama_index.vector_stores.faiss import FaissVectorStore
    except ImportError as error:
        sys.exit(
            f"{error}; the comparison needs what Ibid does not:\n"
            "  pip install llama-index-embeddings-huggingface llama-index-vector-stores-faiss"
        )
    from rag.models import bundled_embedder_path

    embedder = HuggingFaceEmbedding(str(bundled_embedder_path()), device="cpu")
    embedder.get_text_embedding_batch(texts[:20])

    def index(folder: Path) -> None:
        store = FaissVectorStore(faiss_index=faiss.IndexFlatIP(384))
        made = VectorStoreIndex.from_documents(
            [Document(text=text) for text in texts],
            storage_context=StorageContext.from_defaults(vector_store=store),
            transformations=[SentenceSplitter()],
            embed_model=embedder,
        )
        made.storage_context.persist(str(folder))

    return index


def ibid_way(paths: list[Path], texts: list[str]) -> Callable[[Path], None]:
    from index.build import add_paths
    from rag.embedder import load_encoder

    encoder = load_encoder()
    encoder.encode((texts * 40)[:40])  # enough words for the encoder of large jobs

    def index(folder: Path) -> None:
        report = add_paths(folder, paths, encoder)
        assert report.new == len(texts), report

    return index


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]] or [DEMO])
