"""The only place that converts between Ibid's vocabulary and LlamaIndex's.

`Hit` ⇄ `NodeWithScore`, `Encoder` ⇄ `BaseEmbedding`, files → `Document`. Importing this module
imports LlamaIndex, so only code that serves LlamaIndex users does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.readers.base import BaseReader
from llama_index.core.schema import Document, NodeWithScore, TextNode

from index.cleaning import readable
from index.encoders import EmbedderId, Encoder, Progress, Vectors
from index.readers.table import read_paths
from index.types import Hit, Paper


class EncoderEmbedding(BaseEmbedding):
    """An Ibid encoder in LlamaIndex's socket."""

    _encoder: Encoder = PrivateAttr()

    def __init__(self, encoder: Encoder, **kwargs: Any) -> None:
        super().__init__(model_name=encoder.id.name, **kwargs)
        self._encoder = encoder

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._encoder.encode_query(query).tolist()

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._encoder.encode(texts).tolist()


class EmbeddingEncoder:
    """Any LlamaIndex embedding model as an Ibid encoder; rows are brought to unit length."""

    def __init__(self, embedding: BaseEmbedding, revision: str = "") -> None:
        self._embedding = embedding
        width = len(embedding.get_query_embedding("width"))
        self._id = EmbedderId(embedding.model_name, revision, width, "llama-index")

    @property
    def id(self) -> EmbedderId:
        """See `Encoder.id`."""
        return self._id

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """See `Encoder.encode`."""
        rows = self._embedding.get_text_embedding_batch(list(texts))
        if progress:
            progress(len(texts), len(texts))
        return _unit(np.asarray(rows, dtype=np.float32).reshape(len(texts), self._id.width))

    def encode_query(self, text: str) -> Vectors:
        """See `Encoder.encode_query`."""
        return _unit(np.asarray([self._embedding.get_query_embedding(text)], dtype=np.float32))[0]


class PaperReader(BaseReader):
    """Reads bibliographic files into one LlamaIndex document a paper."""

    def load_data(self, *paths: str | Path, format: str | None = None) -> list[Document]:
        """Documents of all papers in `paths` (files or folders); unusable records are left out."""
        readings = read_paths([Path(path) for path in paths], format)
        return [_to_document(paper) for reading in readings for paper in reading.papers]


def to_nodes(hits: Iterable[Hit]) -> list[NodeWithScore]:
    """Hits as scored LlamaIndex nodes; offsets into the abstract and all scores go along."""
    return [NodeWithScore(node=_to_node(hit), score=hit.scores.fused or 0.0) for hit in hits]


def _to_node(hit: Hit) -> TextNode:
    node = TextNode(
        id_=str(hit.chunk.id),
        text=hit.chunk.text,
        start_char_idx=hit.chunk.start,
        end_char_idx=hit.chunk.end,
        metadata={**_metadata(hit.paper), "dense": hit.scores.dense, "lexical": hit.scores.lexical},
    )
    node.excluded_llm_metadata_keys = ["paper_id", "dense", "lexical"]
    node.excluded_embed_metadata_keys = ["paper_id", "year", "dense", "lexical"]
    return node


def _to_document(paper: Paper) -> Document:
    return Document(doc_id=paper.id, text=readable(paper.abstract), metadata=_metadata(paper))


def _metadata(paper: Paper) -> dict[str, Any]:
    return {"paper_id": paper.id, "title": readable(paper.label), "year": paper.year}


def _unit(rows: Vectors) -> Vectors:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
