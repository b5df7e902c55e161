"""Rarity of stems: ln(1 + N / (1 + n)) over the chunks of a library."""

from __future__ import annotations

import math

import pytest
from fakes import shared_library

from rag.rarity import Rarity


def test_a_stem_weighs_by_the_chunks_that_hold_it():
    library = shared_library()
    assert library.chunk_count == 9
    rarity = Rarity(library)
    assert rarity("altimetry") == pytest.approx(math.log(1 + 10 / 2))  # in one of nine
    assert rarity("kelp") == pytest.approx(math.log(1 + 10 / 3))  # in two
    assert rarity("nowhere") == pytest.approx(math.log(1 + 10 / 1))


def test_a_stem_without_its_final_e_is_still_found():
    rarity = Rarity(shared_library())
    assert rarity("gaug") == pytest.approx(math.log(1 + 10 / 4))  # gauge, gauges: in three
    assert rarity("scor") == rarity("score")


def test_common_words_weigh_less_than_rare_ones_and_all_weigh_something():
    rarity = Rarity(shared_library())
    assert 0 < rarity("tid") < rarity("altimetry") < rarity("nowhere")
