"""What the cross-encoder is trained on: labels read, papers cut, claims turned round, batches made."""

from __future__ import annotations

import itertools
import random

import pytest
from fakes import bundled_encoder

from rag.stance import Side
from rag.training.lessons import batched, contrary, in_turn, loose, near_papers, starters
from rag.training.pairs import LABELS, Pair, Text, read_own

KELP = Text.of(
    "kelp",
    "Satellite maps of kelp",
    "Forests under water are hard to see. We map kelp from 40 images. Kelp outperforms eelgrass on growth. "
    "Cold water raises growth.",
)


def test_an_abstract_is_cut_where_the_labels_count():
    assert KELP.sentences[2] == "Kelp outperforms eelgrass on growth."
    assert KELP.starts == (0, 37, 65, 102)
    assert KELP.abstract[65:].startswith("Kelp outperforms")


def test_a_claim_is_open_beside_the_paper_without_its_evidence():
    pair = Pair("Kelp grows faster in the cold.", KELP, Side.SUPPORTS, None, (3,), prior=(-1.0, -1.0, -1.0))
    left = pair.open
    assert left is not None
    assert (left.side, left.places, left.prior) == (Side.NEUTRAL, (), ())
    assert left.paper.sentences == KELP.sentences[:3]


def test_a_question_is_not_answered_without_its_sentence():
    left = Pair("How many images?", KELP, None, True, (1,)).open
    assert left is not None
    assert left.answered is False
    assert all("40" not in s for s in left.paper.sentences)


def test_what_has_no_evidence_cannot_be_opened():
    assert Pair("Kelp is blue.", KELP, Side.NEUTRAL).open is None


@pytest.mark.parametrize("seed", range(20))
def test_a_cropped_paper_keeps_the_deciding_sentences(seed):
    pair = Pair("x", KELP, Side.SUPPORTS, None, (1, 2)).cropped(random.Random(seed))
    assert [pair.paper.sentences[n] for n in pair.places] == [KELP.sentences[1], KELP.sentences[2]]


@pytest.mark.parametrize("seed", range(20))
def test_a_contrary_says_something_else(seed):
    said = contrary("Kelp outperforms eelgrass on growth.", random.Random(seed))
    assert said is not None
    assert said != "Kelp outperforms eelgrass on growth."


def test_a_sentence_without_direction_figure_or_verb_has_no_contrary():
    assert contrary("Forests of the sea", random.Random(1)) is None


def test_numbers_are_never_dropped():
    for seed in range(30):
        assert "40" in loose("we map kelp from 40 images of the sea", random.Random(seed))


def test_the_papers_near_to_one_do_not_hold_itself():
    papers = [Text.of(str(n), f"Kelp in bay {n}", "Kelp grows.") for n in range(20)]
    near = near_papers(papers, bundled_encoder())
    assert all(1 <= len(near[p.id]) <= 12 and p not in near[p.id] for p in papers)


def test_starters_hold_all_sides_in_like_parts():
    paper = Text.of(
        "a",
        "Kelp",
        " ".join(f"Kelp number {n} grows faster in very cold water than eelgrass does." for n in range(9)),
    )
    drawn = list(itertools.islice(starters([paper], {}, random.Random(3)), 300))
    counts = [sum(p.side is side for p in drawn) for side in Side]
    assert all(70 <= count <= 130 for count in counts)
    held = [p.paper.sentences[p.places[0]] for p in drawn if p.side is Side.SUPPORTS]
    assert all("grows faster" in sentence for sentence in held)


def test_every_pair_comes_round_once():
    pairs = [Pair(str(n), KELP, Side.NEUTRAL) for n in range(7)]
    drawn = itertools.islice(in_turn(pairs, 0.0, random.Random(1)), 14)
    assert sorted(p.text for p in drawn) == sorted([*map(str, range(7))] * 2)


def test_batches_have_like_lengths():
    short, long = Text.of("s", "", "Short."), Text.of("l", "", "Long. " * 90)
    pairs = (Pair("x", paper, Side.NEUTRAL) for paper in itertools.cycle([short, long]))
    batches = list(itertools.islice(batched(pairs, 4, random.Random(1)), 8))
    assert all(len({p.paper.id for p in batch}) == 1 for batch in batches)


def test_our_labels_name_sentences_and_balance_the_sides():
    papers = {}
    for line in (LABELS / "claims.jsonl").read_text("utf-8").splitlines():
        id = line[7 : line.index('"', 7)]
        papers[id] = Text(id, "", ())
    pairs = read_own(papers)
    sides = [sum(p.side is side for p in pairs) for side in Side]
    assert len(papers) == 1320
    assert max(sides) - min(sides) <= 5
    assert sum(p.answered is True for p in pairs) >= 1300
    assert sum(p.answered is False for p in pairs) >= 2600
    assert all(p.places for p in pairs if p.side in (Side.SUPPORTS, Side.REFUTES))
