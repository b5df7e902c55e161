"""The bundled MiniLM sentence encoder in NumPy: no torch, ready in a fifth of a second.

A question is a dozen tokens; importing torch and transformers to embed it takes several seconds,
this forward pass takes milliseconds. It is the same network and weights as
`index.embedders.TransformersEncoder` (a test holds the two together) and also the pooling:
mean over tokens, then unit length. Bulk work belongs to the torch version, which is faster there.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from copy import copy
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.adapters import differences
from index.encoders import EmbedderId, Progress, Vectors, batches_by_length

MAX_TOKENS = 256
BATCH_TOKENS = 2048  # tokens of one forward pass; keeps the work inside the processor's cache
MOST = 64  # texts of one forward pass
_LAYER_NORM_EPS = 1e-12
_MASKED = np.float32(-1e9)


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
        hidden, _ = self._forward(texts)
        return [states[: len(text)] for states, text in zip(hidden, texts, strict=True)]

    def _pooled(self, batch: Sequence[Sequence[int]]) -> Vectors:
        """Token ids of a batch → unit rows, float32 (b, width)."""
        hidden, mask = self._forward(batch)
        pooled = (hidden * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        return pooled / np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-12)

    def _forward(self, batch: Sequence[Sequence[int]]) -> tuple[Vectors, NDArray[np.bool_]]:
        """Token ids of a batch → last hidden states (b, t, width) and which are of a token (b, t)."""
        length = max(map(len, batch))
        ids = np.zeros((len(batch), length), dtype=np.int64)
        mask = np.zeros((len(batch), length), dtype=bool)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = True
        hidden = self._embed(ids)  # (b, t, h)
        for layer in range(self._layers):
            hidden = self._block(hidden, mask, f"encoder.layer.{layer}.")
        return hidden, mask

    def _embed(self, ids: NDArray[np.int64]) -> Vectors:
        w = self._weights
        hidden = (
            w["embeddings.word_embeddings.weight"][ids]
            + w["embeddings.position_embeddings.weight"][: ids.shape[1]]
            + w["embeddings.token_type_embeddings.weight"][0]
        )
        return self._norm(hidden, "embeddings.LayerNorm.")

    def _block(self, hidden: Vectors, mask: NDArray[np.bool_], at: str) -> Vectors:
        b, t, h = hidden.shape

        def heads(name: str) -> Vectors:  # (b, heads, t, h / heads)
            projected = self._linear(hidden, f"{at}attention.self.{name}.")
            return projected.reshape(b, t, self._heads, -1).transpose(0, 2, 1, 3)

        scores = heads("query") @ heads("key").transpose(0, 1, 3, 2)
        scores *= np.float32(1 / np.sqrt(h // self._heads))
        scores += np.where(mask, np.float32(0), _MASKED)[:, None, None, :]
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        mixed: Vectors = np.asarray(scores @ heads("value"), dtype=np.float32)
        context: Vectors = mixed.transpose(0, 2, 1, 3).reshape(b, t, h)
        attended = self._linear(context, f"{at}attention.output.dense.")
        hidden = self._norm(np.add(attended, hidden), f"{at}attention.output.LayerNorm.")
        inner = _gelu(self._linear(hidden, f"{at}intermediate.dense."))
        return self._norm(self._linear(inner, f"{at}output.dense.") + hidden, f"{at}output.LayerNorm.")

    def _linear(self, x: Vectors, name: str) -> Vectors:
        flat = x.reshape(-1, x.shape[-1]) @ self._weights[name + "weight"].T
        flat += self._weights[name + "bias"]
        return flat.reshape(*x.shape[:-1], -1)

    def _norm(self, x: Vectors, name: str) -> Vectors:
        x = x - x.mean(axis=-1, keepdims=True)
        x /= np.sqrt((x * x).mean(axis=-1, keepdims=True) + np.float32(_LAYER_NORM_EPS))
        return x * self._weights[name + "weight"] + self._weights[name + "bias"]


def _gelu(x: Vectors) -> Vectors:
    """Gaussian error linear unit, x Φ(x); erf by Abramowitz & Stegun 7.1.26 (error ≤ 1.5e-7)."""
    z = np.abs(x) * np.float32(1 / np.sqrt(2))
    t = 1 / (1 + np.float32(0.3275911) * z)
    poly = t * (
        np.float32(0.254829592)
        + t
        * (
            np.float32(-0.284496736)
            + t * (np.float32(1.421413741) + t * (np.float32(-1.453152027) + t * np.float32(1.061405429)))
        )
    )
    erf = 1 - poly * np.exp(-z * z)
    return x * (1 + np.where(x < 0, -erf, erf)) * np.float32(0.5)
