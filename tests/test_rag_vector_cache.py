"""Sentence vectors are computed once, and a broken cache only costs time."""

import numpy as np
import pytest

from index.encoders import HashEncoder
from rag.vector_cache import CachingEncoder


class Counting(HashEncoder):
    def __init__(self, name="hash"):
        super().__init__(16, name)
        self.texts = []

    def encode(self, texts, progress=None):
        self.texts += texts
        return super().encode(texts, progress)


def test_a_text_is_computed_once_even_by_another_process_of_the_same_embedder(tmp_path):
    first, second = Counting(), Counting()
    rows = CachingEncoder(first, tmp_path / "c.sqlite").encode(["a b", "c d", "a b"])
    again = CachingEncoder(second, tmp_path / "c.sqlite").encode(["c d", "a b"])
    assert sorted(first.texts) == ["a b", "c d"]
    assert second.texts == []
    assert np.allclose(again, rows[[1, 0]], atol=1e-3)


def test_another_embedder_does_not_see_those_vectors(tmp_path):
    CachingEncoder(Counting("one"), tmp_path / "c.sqlite").encode(["a b"])
    other = Counting("two")
    CachingEncoder(other, tmp_path / "c.sqlite").encode(["a b"])
    assert other.texts == ["a b"]


@pytest.mark.parametrize("damage", [b"", b"not a database, but long enough to be read as one" * 50])
def test_a_damaged_cache_is_started_anew(tmp_path, damage):
    path = tmp_path / "c.sqlite"
    path.write_bytes(damage)
    encoder = Counting()
    rows = CachingEncoder(encoder, path).encode(["a b"])
    assert np.allclose(rows, HashEncoder(16).encode(["a b"]), atol=1e-3)
    CachingEncoder(encoder, path).encode(["a b"])
    assert CachingEncoder(Counting(), path).encode(["a b"]).shape == (1, 16)


def test_no_texts_give_no_rows(tmp_path):
    assert CachingEncoder(Counting(), tmp_path / "c.sqlite").encode([]).shape == (0, 16)
