"""The cross-encoder: what it gives for a pair, the same in NumPy as in training, and how stances join it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from index.types import Paper, Scores
from rag.cross_encoder import ADAPTER, TOKENS, CrossEncoder, CrossReading, load_cross_encoder
from rag.cross_stance import CrossStance, joined
from rag.stance import Candidate, Claim, Stance
from rag.token_states import bundled_tokenizer

NURSES = Paper(
    id="coffee",
    title="Coffee and the sleep of night nurses",
    abstract="Night nurses often drink coffee. We followed 240 night nurses for six weeks. Three cups of "
    "coffee a night shortened their daytime sleep by 52 minutes. Caffeine did not change how often "
    "they woke.",
)
TILES = Paper(
    id="kiln",
    title="Firing temperature and the strength of roof tiles",
    abstract="Roof tiles break in frost. Tiles fired at 1,050 degrees were stronger than tiles fired at 950 "
    "degrees. Glazing lowered their uptake of water by 40%.",
)


@pytest.fixture(scope="module")
def cross() -> CrossEncoder:
    return load_cross_encoder()


def test_sides_share_one_and_sentences_are_those_of_the_abstract(cross):
    (reading,) = cross.read("Coffee at night costs nurses sleep.", [NURSES])
    assert reading.supports + reading.refutes + reading.neutral == pytest.approx(1, abs=1e-6)
    assert len(reading.decides) == len(reading.states) == 4
    assert 0 < sum(reading.decides) <= 1 + 1e-6
    assert 0 < reading.answers < 1


def test_the_deciding_sentence_and_the_paper_that_speaks_come_first(cross):
    near, far = cross.read("Coffee at night costs nurses sleep.", [NURSES, TILES])
    assert int(np.argmax(near.decides)) == 2
    assert near.neutral < far.neutral


def test_a_question_that_is_answered_stands_above_one_that_is_not(cross):
    (told,) = cross.read("How many night nurses were followed?", [NURSES])
    (untold,) = cross.read("What was the mean age of the night nurses?", [NURSES])
    assert told.answers > untold.answers + 0.2
    assert int(np.argmax(told.states)) == 1


def test_a_text_beyond_the_tokens_read_does_no_harm(cross):
    long = Paper(
        id="long", title="Long", abstract=NURSES.abstract + " Tiles break in the frost of winter." * 90
    )
    (reading,) = cross.read("word " * 300, [long])
    assert len(reading.decides) == 94
    assert reading.decides[-1] == 0.0
    assert math.isfinite(reading.answers)


def test_nothing_to_read_gives_nothing(cross):
    assert cross.read("Coffee costs sleep.", []) == []


class Recording:
    """Token states of zeros, and the ids that were asked for."""

    def __init__(self):
        self.ids = []

    def hidden(self, texts):
        self.ids += texts
        return [np.zeros((len(text), 384), np.float32) for text in texts]


def test_both_texts_go_in_together_and_no_more_than_the_most():
    recording = Recording()
    own = CrossEncoder(bundled_tokenizer(), recording)
    own.read("Coffee costs sleep.", [NURSES, Paper(id="x", title="", abstract="Sleep. " * 500)])
    assert max(map(len, recording.ids)) == TOKENS
    assert all(ids[0] == 101 and ids[-1] == 102 and ids.count(102) == 2 for ids in recording.ids)


def test_training_and_product_read_alike(cross):
    pytest.importorskip("torch")
    from rag.stance import Side
    from rag.training.cross_encoder import CrossEncoder as Trained
    from rag.training.cross_encoder import judged
    from rag.training.pairs import Pair, Text

    trained = Trained()
    trained.load(ADAPTER)
    said = "Coffee at night costs nurses sleep."
    logits, _ = judged(
        trained, [Pair(said, Text.of(p.id, p.title or "", p.abstract), Side.NEUTRAL) for p in (NURSES, TILES)]
    )
    weights = np.exp(logits[:, :3] - logits[:, :3].max(axis=1, keepdims=True))
    sides = weights / weights.sum(axis=1, keepdims=True)
    for reading, row in zip(cross.read(said, [NURSES, TILES]), sides, strict=True):
        assert (reading.supports, reading.refutes, reading.neutral) == pytest.approx(tuple(row), abs=0.06)


# -- stances

READING = CrossReading(0.6, 0.2, 0.2, 0.5, 0.0, (0.1, 0.9), (0.5, 0.5), (0.5, 0.5))


def test_a_joined_stance_sums_to_one_and_keeps_the_sentences():
    stance = joined(READING, Stance(0.2, 0.2, 0.6, (0.5, 0.4)))
    assert stance.supports + stance.refutes + stance.neutral == pytest.approx(1)
    assert len(stance.sentences) == 2
    assert stance.best == 1  # the cross-encoder's: the words hardly tell the two apart


def test_both_witnesses_move_the_stance():
    plain = joined(READING, Stance(0.2, 0.2, 0.6, (0.5, 0.5)))
    assert joined(READING, Stance(0.5, 0.4, 0.1, (0.5, 0.5))).speaks > plain.speaks
    against = joined(
        CrossReading(0.2, 0.6, 0.2, 0.5, 0.0, (0.5, 0.5), (0.5, 0.5), (0.5, 0.5)),
        Stance(0.2, 0.2, 0.6, (0.5, 0.5)),
    )
    assert against.refutes > plain.refutes


def test_each_candidate_gets_the_stance_of_its_own_paper():
    class Words:
        def judge(self, claim, candidates):
            return [Stance(0.3, 0.3, 0.4, (0.5,) * 4) for _ in candidates]

    class Read:
        def read(self, text, papers):
            assert text == "a claim"
            return [
                CrossReading(
                    0.8 if p.id == "a" else 0.1,
                    0.1,
                    0.1 if p.id == "a" else 0.8,
                    0.5,
                    3.5,
                    (0.25,) * 4,
                    (0.25,) * 4,
                    (0.25,) * 4,
                )
                for p in papers
            ]

    vector = np.zeros(4, np.float32)
    claim = Claim("a claim", vector, None, vector)
    candidates = [Candidate(Paper(id=i, title="", abstract="x"), None, Scores()) for i in "ba"]  # type: ignore[arg-type]
    far, near = CrossStance(lambda: Read(), Words()).judge(claim, candidates)  # type: ignore[arg-type,return-value]
    assert near.supports > 0.4 > 0.2 > far.supports
    assert near.bears == far.bears == 3.5
