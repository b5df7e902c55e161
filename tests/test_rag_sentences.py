"""Sentence sets: offsets, stems and vectors, made once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from fakes import PAPERS

from index.encoders import HashEncoder
from rag.sentences import SentenceStore


class Counting(HashEncoder):
    """Counts the texts it was given."""

    def __init__(self) -> None:
        super().__init__(16)
        self.texts: list[str] = []

    def encode(self, texts, progress=None):
        self.texts += texts
        return super().encode(texts, progress)


def test_spans_point_into_the_stored_abstract_and_texts_are_readable():
    (found,) = SentenceStore(HashEncoder(16)).get([PAPERS[0]])
    assert len(found.spans) == len(found.texts) == len(found.stems) == len(found.vectors) == 5
    start, end = found.spans[2]
    assert r"\textbf{69.68\%}" in PAPERS[0].abstract[start:end]
    assert "an accuracy of 69.68% and" in found.texts[2]
    assert {"tidenet", "accuracy"} <= found.stems[2]


def test_vectors_belong_to_their_sentences_and_the_title_has_its_own():
    encoder = HashEncoder(16)
    sets = SentenceStore(encoder).get(PAPERS)
    for paper, found in zip(PAPERS, sets, strict=True):
        assert np.allclose(found.vectors, encoder.encode(list(found.texts)))
        assert np.allclose(found.title, encoder.encode([paper.title])[0] if paper.title else 0)


def test_a_paper_is_embedded_once_and_again_when_it_changes():
    encoder = Counting()
    store = SentenceStore(encoder)
    store.get(PAPERS[:2])
    seen = len(encoder.texts)
    store.get(PAPERS[1::-1])
    assert len(encoder.texts) == seen
    changed = replace(PAPERS[0], abstract="Tides rise.")
    (found,) = store.get([changed])
    assert found.texts == ("Tides rise.",)
    assert encoder.texts[seen:] == ["Tides rise.", PAPERS[0].title]


def test_an_empty_abstract_has_no_sentences():
    (found,) = SentenceStore(HashEncoder(16)).get([PAPERS[-1]])
    assert found.spans == found.texts == ()
    assert found.vectors.shape == (0, 16)
