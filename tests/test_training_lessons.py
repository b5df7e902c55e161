"""What the cross-encoder is trained on: labels read, papers cut, claims turned round, batches made."""

from __future__ import annotations

import itertools
import json
import random
from dataclasses import replace

import pytest
from fakes import bundled_encoder

from rag.stance import Side
from rag.training.lessons import Lessons, batched, contrary, in_turn, loose, near_papers, starters
from rag.training.pairs import LABELS, Pair, Text, edited, read_contrasts, read_own

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
    near = near_papers(papers, bundled_encoder().encode)
    assert all(len(near[p.id]) == 19 and p not in near[p.id] for p in papers)


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


FILLER = " ".join("abcdefghijklmnopqrstuvwxyz" * 6)


def test_words_are_put_in_the_place_of_others():
    said = "Kelp grows faster in the cold water ."
    assert edited(said, [(2, 3, "slower"), (4, 6, ""), (7, 7, "here")]) == "Kelp grows slower in water here ."


def test_every_contrast_is_said_of_an_abstract_and_of_its_contrary():
    rows = [json.loads(line) for line in (LABELS / "contrasts.jsonl").read_text("utf-8").splitlines()]
    papers = {
        row["id"]: Text(row["id"], "A title", tuple(f"Sentence {n} {FILLER}" for n in range(60)))
        for row in rows
    }
    pairs = read_contrasts(papers)
    sides: dict[tuple[str, str], list[Side | None]] = {}
    for pair in pairs:
        sides.setdefault((pair.paper.id, pair.text), []).append(pair.side)
    both, left = [Side.REFUTES, Side.SUPPORTS], [Side.NEUTRAL, Side.NEUTRAL]
    assert len(rows) >= 1000
    assert all(sorted(s for s in found if s)[:2] in (both, left) for found in sides.values())
    assert all(p.paper.title == "" for p in pairs)


def test_a_contrast_changes_the_sentences_that_decide_and_no_others():
    row = json.loads((LABELS / "contrasts.jsonl").read_text("utf-8").splitlines()[0])
    paper = Text(row["id"], "", tuple(f"Sentence {n} {FILLER}" for n in range(60)))
    changed = {place for place, _ in row["f"][0]["o"]}
    own, other = (p for p in read_contrasts({paper.id: paper}) if p.text == row["f"][0]["c"][0][1])
    assert own.paper.sentences == paper.sentences
    assert {n for n in range(60) if other.paper.sentences[n] != paper.sentences[n]} == changed
    assert own.places == other.places == tuple(sorted(changed))


def test_a_quarter_of_a_batch_is_one_text_beside_graded_papers():
    labels = [Pair(f"Claim {n}", KELP, Side.SUPPORTS, None, (2,)) for n in range(40)]
    topics = [[Pair("Kelp in bays", replace(KELP, id=str(n)), grade=n % 3) for n in range(20)]]
    lessons = Lessons(labels, topics, [replace(KELP, id="other")], bundled_encoder().encode)
    batch = next(lessons.batches(64, False, random.Random(1)))
    graded = [pair for pair in batch if pair.grade is not None]
    assert (len(batch), len(graded)) == (64, 16)
    assert {pair.text for pair in graded} == {"Kelp in bays"}
