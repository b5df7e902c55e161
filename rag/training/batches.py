"""Pairs as tensors: both texts' tokens, which sentence each is of, and what was labelled."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache

import torch
from torch import Tensor
from torch.utils.data import IterableDataset, get_worker_info

from rag.training.pairs import COLUMNS, Pair

TOKENS, FIRST_TOKENS = 384, 80
SIDES, ANSWERS, RELEVANT = 0, 2, 3  # columns of a sentence's scores: for and against, answers, bears on it
_UNLABELLED = -1
_STEP = 64  # lengths are padded to multiples of it: few shapes, each of which costs its first use seconds


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one shape (n, tokens). Labels are -1 where a row has none; `topic` tells rows of one question.

    `decide` (n, places) marks the sentences that decide, place 0 the title; `column` which score they have.
    """

    ids: Tensor
    mask: Tensor
    places: Tensor
    side: Tensor
    answered: Tensor
    grade: Tensor
    topic: Tensor
    prior: Tensor
    decide: Tensor
    column: Tensor

    def __len__(self) -> int:
        return len(self.ids)

    def to(self, device: torch.device) -> Batch:
        """The same on a device."""
        return replace(
            self, **{f.name: getattr(self, f.name).to(device, non_blocking=True) for f in fields(self)}
        )


class Tokens:
    """Token ids of pairs. :param base: folder of the encoder."""

    def __init__(self, base: str) -> None:
        from transformers import AutoTokenizer

        self._tokenizer = AutoTokenizer.from_pretrained(base)
        self._sentence = lru_cache(400_000)(self._ids)

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer(text, add_special_tokens=False).input_ids
        return ids

    def of(self, pair: Pair) -> tuple[list[int], list[int]]:
        """Token ids of both texts, and the place each is of: 0 the title, from 1 a sentence, else -1."""
        said = self._sentence(pair.text)[: FIRST_TOKENS - 2]
        ids = [self._tokenizer.cls_token_id, *said, self._tokenizer.sep_token_id]
        places = [-1] * len(ids)
        for place, text in enumerate((pair.paper.title, *pair.paper.sentences)):
            new = self._sentence(text)[: TOKENS - 1 - len(ids)]
            ids += new
            places += [place] * len(new)
        return [*ids, self._tokenizer.sep_token_id], [*places, -1]

    def batch(self, pairs: Sequence[Pair]) -> Batch:
        """The pairs as tensors."""
        rows, places = zip(*map(self.of, pairs), strict=True)
        longest = max(map(len, rows))
        length = min(TOKENS, -(-longest // _STEP) * _STEP)
        where = torch.full((len(rows), length), _UNLABELLED)
        ids = torch.zeros((len(rows), length), dtype=torch.long)
        for n, (row, place) in enumerate(zip(rows, places, strict=True)):
            ids[n, : len(row)] = torch.tensor(row)
            where[n, : len(row)] = torch.tensor(place)
        mask = torch.arange(length)[None] < torch.tensor([len(row) for row in rows])[:, None]
        topics = {text: n for n, text in enumerate(dict.fromkeys(p.text for p in pairs))}
        return Batch(
            ids,
            mask.long(),
            where,
            torch.tensor([_UNLABELLED if p.side is None else COLUMNS[p.side] for p in pairs]),
            torch.tensor([_UNLABELLED if p.answered is None else int(p.answered) for p in pairs]),
            torch.tensor([_UNLABELLED if p.grade is None else p.grade for p in pairs]),
            torch.tensor([topics[p.text] for p in pairs]),
            torch.tensor([[*p.prior, 0.0, 0.0, 0.0][:3] for p in pairs]),
            _decide(pairs, where),
            torch.tensor([_column(p) for p in pairs]),
        )


def _decide(pairs: Sequence[Pair], where: Tensor) -> Tensor:
    """Which places were named as deciding, of those that were read."""
    count = int(where.max()) + 1
    decide = torch.zeros((len(pairs), count), dtype=torch.bool)
    for n, pair in enumerate(pairs):
        read = [place + 1 for place in pair.places if place + 1 <= int(where[n].max())]
        decide[n, read] = True
    return decide


def _column(pair: Pair) -> int:
    if pair.side is not None:
        return SIDES
    return ANSWERS if pair.answered is not None else RELEVANT


class Stream(IterableDataset[Batch]):
    """Batches without end. Each worker draws its own.

    :param draw: gives lists of pairs, by a generator of random numbers.
    """

    def __init__(
        self, draw: Callable[[random.Random], Iterator[list[Pair]]], tokens: Tokens, seed: int
    ) -> None:
        self._draw, self._tokens, self._seed = draw, tokens, seed

    def __iter__(self) -> Iterator[Batch]:
        worker = get_worker_info()
        rng = random.Random(self._seed + 1000 * (worker.id if worker else 0))
        return map(self._tokens.batch, self._draw(rng))
