"""Pairs as tensors, and the losses on them, against numbers worked out by hand."""

from __future__ import annotations

import math

import pytest

torch = pytest.importorskip("torch")

from rag.models import bundled_embedder_path  # noqa: E402
from rag.stance import Side  # noqa: E402
from rag.training.batches import Tokens  # noqa: E402
from rag.training.cross_encoder import _order_loss, _place_loss  # noqa: E402
from rag.training.pairs import Pair, Text  # noqa: E402

KELP = Text("kelp", "Kelp", ("Forests are hard to see.", "Kelp grows in the cold.", "Fish like it."))


@pytest.fixture(scope="module")
def tokens():
    return Tokens(str(bundled_embedder_path()))


def test_each_token_knows_its_sentence(tokens):
    ids, places = tokens.of(Pair("Cold helps kelp.", KELP, Side.SUPPORTS))
    assert ids[0] == 101
    assert ids.count(102) == 2
    assert places.count(-1) == ids.index(102) + 2  # the claim with its two marks, and the last mark
    assert [p for n, p in enumerate(places) if n and p != places[n - 1]] == [0, 1, 2, 3, -1]


def test_labels_stand_in_rows_and_what_is_missing_is_minus_one(tokens):
    batch = tokens.batch(
        [
            Pair("Cold harms kelp.", KELP, Side.REFUTES, None, (1,), prior=(-1.0, -2.0, -3.0)),
            Pair("How cold is it?", KELP, None, False),
            Pair("Kelp", KELP, grade=2, places=(0, 2)),
        ]
    )
    assert batch.side.tolist() == [1, -1, -1]
    assert batch.answered.tolist() == [-1, 0, -1]
    assert batch.grade.tolist() == [-1, -1, 2]
    assert batch.decide.tolist() == [[False, False, True, False], [False] * 4, [False, True, False, True]]
    assert batch.column.tolist() == [0, 2, 3]
    assert batch.prior.tolist() == [[-1.0, -2.0, -3.0], [0.0] * 3, [0.0] * 3]
    assert batch.ids.shape == batch.mask.shape == (3, 64)


def test_order_is_learnt_within_one_text_only(tokens):
    pairs = [Pair("Kelp", KELP, grade=2), Pair("Kelp", KELP, grade=0), Pair("Tiles", KELP, grade=0)]
    batch = tokens.batch(pairs)
    # one pair of unlike grades, told apart by 1: log(1 + e^-1), times the three graded rows
    loss = _order_loss(torch.tensor([1.0, 0.0, 9.0]), batch)
    assert loss.item() == pytest.approx(3 * math.log(1 + math.exp(-1)))


def test_the_sentence_that_decides_is_learnt_among_those_of_its_paper(tokens):
    batch = tokens.batch([Pair("How cold is it?", KELP, None, True, (1,))])
    scores = torch.zeros(1, 4, 4)
    scores[0, 2, 2] = 1.0  # what answers, of the second sentence
    assert _place_loss(scores, batch).item() == pytest.approx(-math.log(math.e / (math.e + 3)))
