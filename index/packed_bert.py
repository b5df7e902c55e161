"""The forward pass of a BERT encoder over texts laid end to end, for bulk work on a processor with bfloat16.

The stock forward pads every batch, makes a mask, copies each bias, and keeps weights in a layout that
every product packs anew. Here the linear layers see real tokens only, with weights packed once and
bias, GELU and the residual sum fused into the product; attention runs over texts of equal length
together, so that it needs no mask. The same numbers as `BertModel` up to bf16 rounding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    """A `transformers.BertModel` rearranged for speed; see `fits` for the models it takes."""

    def __init__(self, model: Any) -> None:
        embeddings, heads = model.embeddings, model.config.num_attention_heads
        self._words = embeddings.word_embeddings.weight
        self._places = embeddings.position_embeddings.weight + embeddings.token_type_embeddings.weight[0]
        self._norm = _Norm(embeddings.LayerNorm)
        self._layers = [_Layer(layer, heads) for layer in model.encoder.layer]
        # glibc gives freed memory back to the system beyond twice the largest block it mapped; after this
        # one it keeps what a batch needs, a tenth faster than page faults anew in every layer.
        torch.empty(_KEPT, dtype=torch.uint8)

    @staticmethod
    def fits(config: Any) -> bool:
        """Whether a model of this configuration is a plain BERT, and this torch has the kernels."""
        return (
            config.model_type == "bert"
            and config.hidden_act == "gelu"
            and not config.is_decoder
            and getattr(config, "position_embedding_type", None) in (None, "absolute")
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


class _Layer:
    """One transformer block: attention and a feed-forward network, each with residual and norm."""

    def __init__(self, layer: Any, heads: int) -> None:
        attention, output = layer.attention.self, layer.attention.output
        query, key, value = attention.query, attention.key, attention.value
        self._heads = heads
        scale = (query.weight.shape[0] // heads) ** -0.5  # of the scores; into the query for good
        self._project = _Linear(
            torch.cat([query.weight * scale, key.weight, value.weight]),
            torch.cat([query.bias * scale, key.bias, value.bias]),
        )
        self._output = _Linear(output.dense.weight, output.dense.bias)
        self._norm = _Norm(output.LayerNorm)
        self._widen = _Linear(layer.intermediate.dense.weight, layer.intermediate.dense.bias)
        self._narrow = _Linear(layer.output.dense.weight, layer.output.dense.bias)
        self._final_norm = _Norm(layer.output.LayerNorm)

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

    def __call__(self, rows: Tensor) -> Tensor:
        return torch.ops.mkldnn._linear_pointwise(rows, self._weight, self._bias, "none", [], "")

    def gelu(self, rows: Tensor) -> Tensor:
        return torch.ops.mkldnn._linear_pointwise(rows, self._weight, self._bias, "gelu", [], "none")

    def plus(self, rows: Tensor, other: Tensor) -> Tensor:
        return torch.ops.mkldnn._linear_pointwise.binary(rows, other, self._weight, self._bias, "add")


class _Norm:
    """Layer normalisation in bf16."""

    def __init__(self, norm: Any) -> None:
        self._weight, self._bias, self._eps = norm.weight.bfloat16(), norm.bias.bfloat16(), norm.eps

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
