"""Orders unread records by likely relevance, and learns from every decision.

Three linear models look at the same records in ways that err differently: a support vector machine on
words and pairs of words, one on embeddings, and naive Bayes on words; their scores are standardised over the
records to be ordered and added. Before there is a decision of each kind the order comes from the question,
from the first included records, or both. scikit-learn loads when a ranker is made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from index.encoders import Vectors
from rag.screening.reasons import Explainer

# Word model and balance as ASReview sets its own support vector machine ("ELAS u4").
_WORDS_C, _RATIO = 0.11, 9.8
_BAYES_ALPHA, _BAYES_RATIO = 3.822, 1.2
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
        texts = [f"{record.title or ''} {record.abstract}" for record in records]
        self._pairs, self._words, self._counts, question = _word_features(texts, asked)
        self._asked = asked
        self._meaning = _centred(vectors)
        self._zero_shot = None if asked is None else _standard(question) + _standard(vectors @ asked.vector)
        self._models: list[Any] = []
        self._decisions: dict[int, bool] = {}

    def fit(self, decisions: Mapping[int, bool]) -> None:
        """Learn from all decisions so far, by place from 0; any number of any kind."""
        self._decisions = dict(decisions)
        self._models = []
        if len(set(self._decisions.values())) < 2:
            return
        from sklearn.naive_bayes import MultinomialNB
        from sklearn.svm import LinearSVC

        places = list(self._decisions)
        labels = np.fromiter(self._decisions.values(), dtype=int)
        margins, bayes = balanced_weights(labels, _RATIO), balanced_weights(labels, _BAYES_RATIO)
        for features in (self._words, self._meaning):
            machine = LinearSVC(C=_WORDS_C, max_iter=5000, random_state=0)
            self._models.append(
                machine.fit(features[places], labels, sample_weight=margins).decision_function
            )
        model = MultinomialNB(alpha=_BAYES_ALPHA)
        self._models.append(_odds(model.fit(self._counts[places], labels, sample_weight=bayes)))

    def score(self, places: Sequence[int]) -> Scores:
        """How likely each of these records is to be included; only the order counts."""
        rows = list(places)
        if not self._models:
            return self._first_scores()[rows]
        features = (self._words, self._meaning, self._counts)
        views = (_standard(m(f[rows])) for m, f in zip(self._models, features, strict=True))
        return np.asarray(sum(views))

    def explainer(self) -> Explainer:
        """What explains the order that the last lesson gives; later lessons leave it as it is."""
        weights = self._models[0].__self__.coef_[0] if self._models else self._first_weights()
        included = tuple(place for place, label in self._decisions.items() if label)
        return Explainer(self._names, self._words, weights, self._meaning, included)

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
        scores = np.zeros(len(self._meaning))
        if self._zero_shot is not None:
            scores += self._zero_shot
        for included, sign in ((True, 1.0), (False, -1.0)):
            places = [place for place, label in self._decisions.items() if label is included]
            if places:
                words = np.asarray(self._words[places].mean(axis=0)).ravel()
                meaning = self._meaning @ self._meaning[places].mean(axis=0)
                scores += sign * (_standard(self._words @ words) + _standard(meaning))
        return scores


def lesson_size(decided: int, records: int) -> int:
    """How many records are read before the next lesson: one at first, later a hundredth of all."""
    return 1 if decided < _SINGLE_LESSONS else max(1, records // 100)


def balanced_weights(labels: np.ndarray, ratio: float = _BAYES_RATIO) -> np.ndarray:
    """Weights by which the included together weigh `ratio` times the excluded; their mean is 1."""
    included = labels == 1
    weights = np.where(included, 1.0, included.sum() / (ratio * (~included).sum()))
    return weights * (len(labels) / weights.sum())


def _word_features(texts: Sequence[str], asked: Asked | None) -> tuple[Any, Any, Any, Scores]:
    """The model of words and pairs, these for margins, words alone for Bayes, the question's likeness."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    pairs = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, max_features=_MOST_FEATURES)
    single = TfidfVectorizer(stop_words="english", max_features=_MOST_FEATURES)
    filled = [text if any(c.isalnum() for c in text) else "nothing said" for text in texts]
    words, counts = pairs.fit_transform(filled), single.fit_transform([f"{t} said" for t in filled])
    likeness = np.zeros(len(texts))
    if asked is not None:
        likeness = np.asarray((counts @ single.transform([asked.text]).T).todense()).ravel()
    return pairs, words.tocsr(), counts.tocsr(), likeness


def _centred(vectors: Vectors) -> Vectors:
    """Vectors without what all records share, of unit length again."""
    centred = vectors - vectors.mean(axis=0)
    return centred / (np.linalg.norm(centred, axis=1, keepdims=True) + _TINY)


def _standard(scores: Scores) -> Scores:
    """Mean 0, standard deviation 1."""
    return (scores - scores.mean()) / (scores.std() + _TINY)


def _odds(model: Any) -> Any:
    """The log-odds of a naive Bayes model's two classes."""

    def score(features: Any) -> Scores:
        logs = model.predict_log_proba(features)
        return np.asarray(logs[:, 1] - logs[:, 0])

    return score
