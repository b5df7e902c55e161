"""The baseline of screening: naive Bayes on TF-IDF, set as in ASReview ("ELAS u3").

Multinomial, smoothing 3.822; excluded records together weigh 1/1.2 of the included; English stop words
are left out. With it an order by Ibid can be compared with the tool that reviewers know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.naive_bayes import MultinomialNB

from rag.evaluate.screening import Record
from rag.screening.ranker import balanced_weights

_ALPHA, _RATIO = 3.822, 1.2


class NaiveBayesRanker:
    """A `rag.evaluate.screening.Ranker`."""

    def __init__(self, records: Sequence[Record]) -> None:
        texts = [f"{record.title} {record.abstract}" for record in records]
        self._features = TfidfVectorizer(stop_words="english").fit_transform(texts)
        self._model = MultinomialNB(alpha=_ALPHA)

    def fit(self, decisions: Mapping[int, bool]) -> None:
        """See `Ranker.fit`."""
        labels = np.fromiter(decisions.values(), dtype=int)
        self._model.fit(
            self._features[list(decisions)], labels, sample_weight=balanced_weights(labels, _RATIO)
        )

    def score(self, places: Sequence[int]) -> Sequence[float]:
        """See `Ranker.score`: the probability of inclusion."""
        return self._model.predict_proba(self._features[list(places)])[:, 1]
