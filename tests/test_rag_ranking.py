"""Fusion, diversity and grouping, against numbers worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ranking import best_per_group, fuse, min_max

SCORES = st.dictionaries(st.integers(1, 20), st.floats(-100, 100), max_size=12)
BM25 = st.dictionaries(st.integers(1, 20), st.floats(0, 100), max_size=12)


def test_min_max_brings_the_lowest_to_0_and_the_highest_to_1():
    assert min_max({1: 2.0, 2: 6.0, 3: 3.0}) == {1: 0.0, 2: 1.0, 3: 0.25}
    assert min_max({7: -1.0, 8: 0.0}) == {7: 0.0, 8: 1.0}


def test_min_max_of_equal_scores_is_all_ones_and_of_nothing_is_nothing():
    assert min_max({4: 0.3, 9: 0.3}) == {4: 1.0, 9: 1.0}
    assert min_max({}) == {}


def test_fuse_weighs_the_two_normalised_lists():
    dense = {1: 0.9, 2: 0.5, 3: 0.1}  # 1, 0.5, 0
    lexical = {2: 12.0, 3: 9.0, 4: 3.0}  # 1, 0.75, 0.25: no word in common is 0
    assert fuse(dense, lexical) == pytest.approx({1: 0.6, 2: 0.7, 3: 0.3, 4: 0.1})
    assert fuse(dense, lexical, 0.8) == pytest.approx({1: 0.8, 2: 0.6, 3: 0.15, 4: 0.05})


def test_fuse_with_one_side_empty_ranks_by_the_other():
    assert fuse({}, {5: 3.0, 6: 1.0}, 0.25) == pytest.approx({5: 0.75, 6: 0.25})


@given(SCORES, BM25, st.floats(0, 1))
def test_fused_scores_stay_between_0_and_1(dense, lexical, weight):
    fused = fuse(dense, lexical, weight)
    assert fused.keys() == dense.keys() | lexical.keys()
    assert all(0 <= s <= 1 + 1e-9 for s in fused.values())


def test_best_per_group_keeps_the_first_of_each_group_in_order():
    items = ["a1", "b1", "a2", "a3", "c1", "b2"]
    assert best_per_group(items, lambda i: i[0]) == ["a1", "b1", "c1"]
    assert best_per_group(items, lambda i: i[0], 2) == ["a1", "b1", "a2", "c1", "b2"]
