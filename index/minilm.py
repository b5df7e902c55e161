"""The bundled MiniLM sentence encoder in NumPy: no torch, ready in a fifth of a second.

A question is a dozen tokens; importing torch and transformers to embed it takes several seconds,
this forward pass takes milliseconds. It is the same network and weights as
`index.embedders.TransformersEncoder` (a test holds the two together) and also the pooling:
mean over tokens, then unit length. Bulk work belongs to the torch version, which is faster there.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from copy import copy
from pathlib import Path

import numpy as np

from index.adapters import differences
from index.encoders import EmbedderId, Progress, Vectors, batches_by_length

MAX_TOKENS = 256
BATCH_TOKENS = 2048  # tokens of one forward pass; keeps the work inside the processor's cache
MOST = 64  # texts of one forward pass
_LAYER_NORM_EPS = 1e-12
_FEW = 26  # columns; with more of them dividing no longer pays
_BLOCK = 36_864  # numbers of a weight; times `_FEW` below a million, where OpenBLAS's small kernels end


class MiniLMEncoder:
    """A BERT-type encoder with mean pooling, read from a folder of safetensors and tokenizer.json."""

    def __init__(self, folder: Path, revision: str, name: str = "all-MiniLM-L6-v2") -> None:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self._heads: int = config["num_attention_heads"]
        self._layers: int = config["num_hidden_layers"]
        self._weights = load_file(folder / "model.safetensors")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._id = EmbedderId(name, revision, config["hidden_size"], f"mean/{MAX_TOKENS}")

    def adapted(self, adapter: Path) -> MiniLMEncoder:
        """The encoder with an adapter added; the weights that it leaves alone are shared."""
        other = copy(self)
        changed = {name: self._weights[name] + by for name, by in differences(adapter).items()}
        other._weights = self._weights | changed
        return other

    @property
    def id(self) -> EmbedderId:
        """See `Encoder.id`."""
        return self._id

    def encode_query(self, text: str) -> Vectors:
        """See `Encoder.encode_query`."""
        return self.encode([text])[0]

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """See `Encoder.encode`; texts of like length go through the network together."""
        encoded = [e.ids for e in self._tokenizer.encode_batch(list(texts))]
        rows = np.empty((len(texts), self._id.width), dtype=np.float32)
        done = 0
        for batch in batches_by_length([len(ids) for ids in encoded], BATCH_TOKENS, MOST):
            rows[batch] = self._pooled([encoded[i] for i in batch])
            done += len(batch)
            if progress:
                progress(done, len(texts))
        return rows

    def hidden(self, texts: Sequence[Sequence[int]]) -> list[Vectors]:
        """Last hidden states of lists of token ids, float32 (tokens, width) each; for a few short texts."""
        hidden = self._forward(texts)
        return [np.ascontiguousarray(hidden[:, place].T) for place in _places(texts)]

    def _pooled(self, batch: Sequence[Sequence[int]]) -> Vectors:
        """Token ids of a batch → unit rows, float32 (b, width)."""
        hidden = self._forward(batch)
        pooled = np.stack([hidden[:, place].mean(axis=1) for place in _places(batch)])
        return pooled / np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-12)

    def _forward(self, batch: Sequence[Sequence[int]]) -> Vectors:
        """Token ids of a batch → last hidden states, a column a token, float32 (width, all tokens).

        Columns, because BLAS multiplies a weight by a few columns in half the time of a few rows by a weight.
        """
        places = _places(batch)
        hidden = self._embed(batch)
        for layer in range(self._layers):
            hidden = self._block(hidden, places, f"encoder.layer.{layer}.")
        return hidden

    def _embed(self, batch: Sequence[Sequence[int]]) -> Vectors:
        w = self._weights
        ids = np.concatenate([np.asarray(tokens, dtype=np.int64) for tokens in batch])
        positions = np.concatenate([np.arange(len(tokens)) for tokens in batch])
        hidden = (
            w["embeddings.word_embeddings.weight"][ids]
            + w["embeddings.position_embeddings.weight"][positions]
            + w["embeddings.token_type_embeddings.weight"][0]
        )
        return self._norm(np.ascontiguousarray(hidden.T), "embeddings.LayerNorm.")

    def _block(self, hidden: Vectors, places: Sequence[slice], at: str) -> Vectors:
        query, key, value = (
            self._linear(hidden, f"{at}attention.self.{name}.").reshape(self._heads, -1, hidden.shape[1])
            for name in ("query", "key", "value")
        )  # (heads, h / heads, tokens)
        query *= np.float32(1 / np.sqrt(query.shape[1]))
        context = np.empty_like(value)
        for place in places:
            scores = key[..., place].transpose(0, 2, 1) @ query[..., place]  # (heads, keys, queries)
            scores -= scores.max(axis=1, keepdims=True)
            np.exp(scores, out=scores)
            scores /= scores.sum(axis=1, keepdims=True)
            context[..., place] = value[..., place] @ scores
        attended = self._linear(context.reshape(hidden.shape), f"{at}attention.output.dense.")
        attended += hidden
        hidden = self._norm(attended, f"{at}attention.output.LayerNorm.")
        inner = _gelu(self._linear(hidden, f"{at}intermediate.dense."))
        outer = self._linear(inner, f"{at}output.dense.")
        outer += hidden
        return self._norm(outer, f"{at}output.LayerNorm.")

    def _linear(self, x: Vectors, name: str) -> Vectors:
        y = _product(self._weights[name + "weight"], x)
        y += self._weights[name + "bias"][:, None]
        return y

    def _norm(self, x: Vectors, name: str) -> Vectors:
        """Layer normalisation of the columns, in place."""
        x -= x.mean(axis=0)
        x /= np.sqrt((x * x).mean(axis=0) + np.float32(_LAYER_NORM_EPS))
        x *= self._weights[name + "weight"][:, None]
        x += self._weights[name + "bias"][:, None]
        return x


def _product(weight: Vectors, x: Vectors) -> Vectors:
    """The matrix product; of few columns block by block, so small that BLAS neither copies a block first
    nor shares it among threads, which a busy machine makes wait for each other.
    """
    (rows, width), columns = weight.shape, x.shape[1]
    if columns > _FEW:
        return np.asarray(weight @ x)
    block = math.gcd(rows, max(1, _BLOCK // width))
    return np.asarray(weight.reshape(-1, block, width) @ x).reshape(rows, columns)


def _places(texts: Sequence[Sequence[int]]) -> list[slice]:
    """Which columns are of which text."""
    ends = np.cumsum([len(text) for text in texts]).tolist()
    return [slice(end - len(text), end) for end, text in zip(ends, texts, strict=True)]


def _gelu(x: Vectors) -> Vectors:
    """Gaussian error linear unit, x Φ(x); erf by Abramowitz & Stegun 7.1.26 (error ≤ 1.5e-7)."""
    z = np.abs(x)
    z *= np.float32(1 / np.sqrt(2))
    t = z * np.float32(0.3275911)
    t += np.float32(1)
    np.reciprocal(t, out=t)
    tail = t * np.float32(1.061405429)  # becomes 1 - erf(z)
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        tail += np.float32(factor)
        tail *= t
    z *= z
    np.negative(z, out=z)
    tail *= np.exp(z, out=z)
    np.abs(x, out=z)
    z *= tail  # x Φ(x) = max(x, 0) - |x| (1 - erf) / 2
    z *= np.float32(0.5)
    return np.subtract(np.maximum(x, np.float32(0), out=t), z, out=z)
