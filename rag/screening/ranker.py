"""Orders unread records by likely relevance, and learns from every decision.

Two support vector machines look at the same records in ways that err differently: one at words and pairs of
words, one at embeddings; their scores are standardised over all records and added. Before there is a decision
of each kind the order comes from the question, from the first included records, or both. A record without
text teaches nothing and stands where an average one does. scikit-learn loads when a ranker is made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from index.encoders import Vectors
from rag.screening.reasons import Explainer

# Softness and balance as ASReview sets its own support vector machine ("ELAS u4").
_SOFTNESS, _RATIO = 0.11, 9.8
_MEANING_SHARE = 0.2  # of the score by words; more finds the last ones sooner and the first ones later
_TOLERANCE = 1e-2  # orders as 1e-4 does in half the time
_MOST_FEATURES = 200_000
_SINGLE_LESSONS = 50
_TINY = 1e-9

Scores = np.ndarray  # float (n,): higher is likelier to be included


class Readable(Protocol):
    """A record as a ranker sees it."""

    @property
    def title(self) -> str | None:
        """Its title."""
        ...

    @property
    def abstract(self) -> str:
        """Its abstract."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """The review's question: its words, and its unit vector (width,)."""

    text: str
    vector: Vectors


class ScreeningRanker:
    """Learns from decisions on some records how likely the others are to be included.

    :param vectors: unit vectors of the records, float32 (n, width).
    """

    def __init__(self, records: Sequence[Readable], vectors: Vectors, asked: Asked | None = None) -> None:
        titles = [record.title or "" for record in records]
        texts = [f"{title} {record.abstract}" for title, record in zip(titles, records, strict=True)]
        self._told = np.array([any(c.isalnum() for c in text) for text in texts])
        self._pairs, self._words = _word_features([f"{a} {b}" for a, b in zip(titles, texts, strict=True)])
        self._asked = asked
        self._meaning = _centred(vectors, self._told)
        self._zero_shot = np.zeros(len(texts))
        if asked is not None:
            likeness = _likeness(texts, asked.text)
            self._zero_shot = self._standard(likeness) + self._standard(vectors @ asked.vector)
        self.fit({})

    def fit(self, decisions: Mapping[int, bool]) -> None:
        """Learn from all decisions so far, by place from 0; any number of any kind."""
        self._decisions = {place: label for place, label in decisions.items() if self._told[place]}
        if len(set(self._decisions.values())) < 2:
            self._scores, self._weights = self._first_scores(), self._first_weights()
            return
        words, self._weights = self._lesson(self._words)
        meaning, _ = self._lesson(self._meaning)
        self._scores = words + _MEANING_SHARE * meaning

    def score(self, places: Sequence[int]) -> Scores:
        """How likely each of these records is to be included; only the order counts."""
        return self._scores[list(places)]

    def explainer(self) -> Explainer:
        """What explains the order that the last lesson gives; later lessons leave it as it is."""
        included = tuple(place for place, label in self._decisions.items() if label)
        return Explainer(self._names, self._words, self._weights, self._meaning, included)

    def _lesson(self, features: Any) -> tuple[Scores, np.ndarray]:
        """Scores of all records by these features, and how much each feature speaks for a record."""
        from sklearn.svm import LinearSVC

        labels = np.fromiter(self._decisions.values(), dtype=int)
        machine = LinearSVC(C=_SOFTNESS, tol=_TOLERANCE, max_iter=5000, random_state=0)
        machine.fit(features[list(self._decisions)], labels, sample_weight=balanced_weights(labels, _RATIO))
        weights = machine.coef_[0]
        return self._standard(features @ weights), weights

    def _standard(self, scores: Scores) -> Scores:
        """Mean 0, standard deviation 1 over the records with text; 0 for the others."""
        told = scores[self._told] if self._told.any() else scores
        return np.where(self._told, (scores - told.mean()) / (told.std() + _TINY), 0.0)

    @cached_property
    def _names(self) -> Sequence[str]:
        names: Sequence[str] = self._pairs.get_feature_names_out()
        return names

    def _first_weights(self) -> np.ndarray:
        """How much each word speaks for a record while there is no model, float (features,)."""
        weights = np.zeros(self._words.shape[1])
        if self._asked is not None:
            weights += self._pairs.transform([self._asked.text]).toarray().ravel()
        for included, sign in ((True, 1.0), (False, -1.0)):
            places = [place for place, label in self._decisions.items() if label is included]
            if places:
                weights += sign * np.asarray(self._words[places].mean(axis=0)).ravel()
        return weights

    def _first_scores(self) -> Scores:
        """Likeness to the question and to the included records, unlikeness to the excluded."""
        scores = self._zero_shot.copy()
        for included, sign in ((True, 1.0), (False, -1.0)):
            places = [place for place, label in self._decisions.items() if label is included]
            if places:
                words = np.asarray(self._words[places].mean(axis=0)).ravel()
                meaning = self._meaning @ self._meaning[places].mean(axis=0)
                scores += sign * (self._standard(self._words @ words) + self._standard(meaning))
        return scores


def lesson_size(decided: int, records: int) -> int:
    """How many records are read before the next lesson: one at first, later a hundredth of all."""
    return 1 if decided < _SINGLE_LESSONS else max(1, records // 100)


def balanced_weights(labels: np.ndarray, ratio: float) -> np.ndarray:
    """Weights by which the included together weigh `ratio` times the excluded; their mean is 1."""
    included = labels == 1
    weights = np.where(included, 1.0, included.sum() / (ratio * (~included).sum()))
    return weights * (len(labels) / weights.sum())


def _word_features(texts: Sequence[str]) -> tuple[Any, Any]:
    """The model of words and pairs of words, and the texts by it, sparse (n, features)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    model = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, max_features=_MOST_FEATURES)
    return model, model.fit_transform([*texts, "nothing said"])[:-1].tocsr()


def _likeness(texts: Sequence[str], question: str) -> Scores:
    """How many words each text shares with a question, rare ones counting more."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    model = TfidfVectorizer(stop_words="english", max_features=_MOST_FEATURES)
    words = model.fit_transform([*texts, "said"])[:-1]
    return np.asarray((words @ model.transform([question]).T).todense()).ravel()


def _centred(vectors: Vectors, told: np.ndarray) -> Vectors:
    """Vectors without what all records with text share, of unit length again."""
    centred = vectors - vectors[told if told.any() else ~told].mean(axis=0)
    return centred / (np.linalg.norm(centred, axis=1, keepdims=True) + _TINY)
