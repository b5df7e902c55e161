"""The forward pass of a BERT encoder over texts laid end to end, for bulk work on a processor with bfloat16.

The stock forward pads every batch, makes a mask, copies each bias, and keeps weights in a layout that
every product packs anew. Here the linear layers see real tokens only, with weights packed once and
bias, GELU and the residual sum fused into the product; attention runs over texts of equal length
together, so that it needs no mask. The same numbers as `BertModel` up to bf16 rounding. It is made of the
weights themselves, so that importing transformers, which takes longer than reading thirty papers, is saved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

_KERNELS = ("_reorder_linear_weight", "_linear_pointwise")  # oneDNN's, which torch's own compiler calls


_KEPT = 24 << 20  # bytes; half of what a batch has in use at once
_SAFE = 60  # exp(60) times any number of tokens is far inside the range of bf16
_SCORES = 1 << 18  # attention scores of one head in one product; all heads' stay in the processor's cache


class _Run(NamedTuple):
    """Neighbouring texts of one length: `texts` texts of `length` tokens from row `start`."""

    start: int
    texts: int
    length: int


class PackedBert:
    """A BERT encoder rearranged for speed; see `fits` for the models it takes.

    :param weights: by the names that `transformers.BertModel` gives them.
    :param config: what its `config.json` holds.
    """

    def __init__(self, weights: Mapping[str, Tensor], config: Mapping[str, Any]) -> None:
        at = _Named(weights, "embeddings.")
        eps = float(config.get("layer_norm_eps", 1e-12))
        self._words = at["word_embeddings.weight"]
        self._places = at["position_embeddings.weight"] + at["token_type_embeddings.weight"][0]
        self._norm = _Norm(at, "LayerNorm.", eps)
        self._layers = [
            _Layer(_Named(weights, f"encoder.layer.{n}."), int(config["num_attention_heads"]), eps)
            for n in range(int(config["num_hidden_layers"]))
        ]
        # glibc gives freed memory back to the system beyond twice the largest block it mapped; after this
        # one it keeps what a batch needs, a tenth faster than page faults anew in every layer.
        torch.empty(_KEPT, dtype=torch.uint8)

    @staticmethod
    def fits(config: Mapping[str, Any]) -> bool:
        """Whether a model of this configuration is a plain BERT, and this torch has the kernels."""
        return (
            config.get("model_type") == "bert"
            and config.get("hidden_act", "gelu") == "gelu"
            and not config.get("is_decoder")
            and config.get("position_embedding_type") in (None, "absolute")
            and all(hasattr(torch.ops.mkldnn, kernel) for kernel in _KERNELS)
        )

    def __call__(self, texts: Sequence[Sequence[int]]) -> list[Tensor]:
        """Last hidden states, (tokens, width) float32 for each list of token ids.

        Texts of one length should be neighbours: each run of them is one product.
        """
        lengths = [len(text) for text in texts]
        places = torch.cat([torch.arange(length) for length in lengths])
        rows = self._words[torch.tensor([token for text in texts for token in text])] + self._places[places]
        rows = self._norm(rows)
        runs = list(_runs(lengths))
        for layer in self._layers:
            rows = layer(rows, runs)
        return list(rows.float().split(lengths))


class _Named:
    """The weights of one part of a network, whose names begin alike."""

    def __init__(self, weights: Mapping[str, Tensor], prefix: str) -> None:
        self._weights = weights
        self._prefix = prefix

    def __getitem__(self, name: str) -> Tensor:
        return self._weights[self._prefix + name]


class _Layer:
    """One transformer block: attention and a feed-forward network, each with residual and norm."""

    def __init__(self, at: _Named, heads: int, eps: float) -> None:
        query, key, value = (
            (at[f"attention.self.{name}.weight"], at[f"attention.self.{name}.bias"])
            for name in ("query", "key", "value")
        )
        self._heads = heads
        scale = (query[0].shape[0] // heads) ** -0.5  # of the scores; into the query for good
        self._project = _Linear(
            torch.cat([query[0] * scale, key[0], value[0]]), torch.cat([query[1] * scale, key[1], value[1]])
        )
        self._output = _Linear.of(at, "attention.output.dense.")
        self._norm = _Norm(at, "attention.output.LayerNorm.", eps)
        self._widen = _Linear.of(at, "intermediate.dense.")
        self._narrow = _Linear.of(at, "output.dense.")
        self._final_norm = _Norm(at, "output.LayerNorm.", eps)

    def __call__(self, rows: Tensor, runs: list[_Run]) -> Tensor:
        rows = self._norm(self._output.plus(self._attention(self._project(rows), runs), rows))
        return self._final_norm(self._narrow.plus(self._widen.gelu(rows), rows))

    def _attention(self, projected: Tensor, runs: list[_Run]) -> Tensor:
        heads, width = self._heads, projected.shape[1] // 3
        mixed = projected.new_empty(projected.shape[0], width)
        for start, count, length in runs:
            rows = slice(start, start + count * length)
            query, key, value = (
                projected[rows]
                .view(count, length, 3, heads, -1)
                .permute(2, 0, 3, 1, 4)
                .reshape(3, count * heads, length, -1)
            )
            sums = _weighted(torch.bmm(query, key.transpose(1, 2)), value)
            mixed[rows].view(count, length, heads, -1).copy_(
                sums.view(count, heads, length, -1).transpose(1, 2)
            )
        return mixed


def _weighted(scores: Tensor, values: Tensor) -> Tensor:
    """softmax(scores) values, for scores (n, queries, keys) that are used up and values (n, keys, width).

    Dividing the products by the sum of exponentials instead of dividing the exponentials, and leaving
    out the search for each row's maximum, halves the time; it needs scores that neither overflow nor vanish.
    """
    low, high = torch.aminmax(scores)
    if low < -_SAFE or high > _SAFE:
        return torch.bmm(scores.softmax(-1), values)
    weights = scores.exp_()
    return torch.bmm(weights, values).div_(weights.sum(-1, keepdim=True))


class _Linear:
    """A linear layer in bf16 whose weight is packed once."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        self._weight = torch.ops.mkldnn._reorder_linear_weight(weight.bfloat16().contiguous())
        self._bias = bias.bfloat16().contiguous()

    @classmethod
    def of(cls, at: _Named, name: str) -> _Linear:
        """The layer of this name."""
        return cls(at[f"{name}weight"], at[f"{name}bias"])

    def __call__(self, rows: Tensor) -> Tensor:
        return torch.ops.mkldnn._linear_pointwise(rows, self._weight, self._bias, "none", [], "")

    def gelu(self, rows: Tensor) -> Tensor:
        return torch.ops.mkldnn._linear_pointwise(rows, self._weight, self._bias, "gelu", [], "none")

    def plus(self, rows: Tensor, other: Tensor) -> Tensor:
        return torch.ops.mkldnn._linear_pointwise.binary(rows, other, self._weight, self._bias, "add")


class _Norm:
    """Layer normalisation in bf16."""

    def __init__(self, at: _Named, name: str, eps: float) -> None:
        self._weight, self._bias = at[f"{name}weight"].bfloat16(), at[f"{name}bias"].bfloat16()
        self._eps = eps

    def __call__(self, rows: Tensor) -> Tensor:
        return functional.layer_norm(rows.bfloat16(), self._weight.shape, self._weight, self._bias, self._eps)


def _runs(lengths: Sequence[int]) -> Iterator[_Run]:
    start = 0
    for length, same in groupby(lengths):
        left, most = len(list(same)), max(1, _SCORES // length**2)
        while left:
            count = min(left, most)
            yield _Run(start, count, length)
            start += count * length
            left -= count
