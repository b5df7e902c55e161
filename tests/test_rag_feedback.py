"""Pseudo-relevance feedback: likeness to the papers that stand best, worked out by hand."""

import numpy as np
import pytest

from rag.feedback import likeness


def test_a_paper_like_the_best_gains_and_one_unlike_it_loses():
    # Less their mean the vectors are (1, 0), (1, 0) and (-1, 0), twice over: two sides of one topic.
    vectors = np.array([[2, 1], [2, 1], [0, 1], [0, 1]], dtype=np.float32)
    gained = likeness(np.array([9.0, 1.0, 1.0, 1.0]), vectors)
    best, other = 1.0, np.exp(-4)
    assert gained[1] == pytest.approx((best - 2 * other) / (best + 2 * other), abs=1e-6)
    assert gained[2] == pytest.approx((-best - other + other) / (best + 2 * other), abs=1e-6)
    assert gained[0] == pytest.approx((1 - 2) / 3, abs=1e-6)  # the best is held against the others alone


def test_one_paper_or_papers_alike_gain_nothing():
    assert likeness(np.array([3.0]), np.ones((1, 4), np.float32)).tolist() == [0.0]
    assert likeness(np.array([3.0, 1.0]), np.ones((2, 4), np.float32)).tolist() == [0.0, 0.0]
