"""Indexing speed: Ibid's `index add` against LlamaIndex's stock way, same weights, same texts, one run.

Stock is SentenceSplitter + HuggingFaceEmbedding + FaissVectorStore at their defaults, persisted.
Ibid reads, tells duplicates, cuts, embeds, and writes catalogue, BM25 and FAISS index. Both models
are loaded and warm before the clock starts.

    pip install llama-index-embeddings-huggingface llama-index-vector-stores-faiss
    python tests/benchmarks/indexing.py [FILE_OR_FOLDER ...]
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from figures import DEMO, show


def main(paths: list[Path]) -> None:
    from index.dedupe import fold
    from index.readers.table import read_paths

    papers, _ = fold(paper for reading in read_paths(paths) for paper in reading.papers)
    texts = [f"{paper.title}\n\n{paper.abstract}" if paper.title else paper.abstract for paper in papers]
    with tempfile.TemporaryDirectory() as folder:
        stock, stock_vector = time_stock(texts, Path(folder) / "stock")
        ours, our_vector = time_ibid(paths, Path(folder) / "ibid", len(papers), texts[0])
    rows = [
        ("LlamaIndex, stock", f"{stock:.1f}", f"{len(texts) / stock:.1f}", "1.0"),
        ("ibid index add", f"{ours:.1f}", f"{len(texts) / ours:.1f}", f"{stock / ours:.1f}"),
    ]
    show(f"Indexing {len(texts)} papers", ("way", "seconds", "papers/s", "times"), rows)
    print(f"\ncosine of the two vectors of one text: {float(stock_vector @ our_vector):.5f}")


def time_stock(texts: list[str], folder: Path):
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
    import numpy as np

    from rag.models import bundled_embedder_path

    embedder = HuggingFaceEmbedding(str(bundled_embedder_path()), device="cpu")
    embedder.get_text_embedding_batch(texts[:20])
    began = time.monotonic()
    store = FaissVectorStore(faiss_index=faiss.IndexFlatIP(384))
    index = VectorStoreIndex.from_documents(
        [Document(text=text) for text in texts],
        storage_context=StorageContext.from_defaults(vector_store=store),
        transformations=[SentenceSplitter()],
        embed_model=embedder,
    )
    index.storage_context.persist(str(folder))
    spent = time.monotonic() - began
    return spent, np.array(embedder.get_text_embedding(texts[0]), dtype=np.float32)


def time_ibid(paths: list[Path], folder: Path, expected: int, text: str):
    from index.build import add_paths
    from rag.wiring import load_encoder

    encoder = load_encoder()
    encoder.encode([text] * 40)  # enough words for the encoder of large jobs
    began = time.monotonic()
    report = add_paths(folder, paths, encoder)
    spent = time.monotonic() - began
    assert report.new == expected, report
    return spent, encoder.encode([text] * 40)[0]


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]] or [DEMO])
