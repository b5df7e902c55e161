"""From hits to numbered evidence: which papers bear on the question, and which of their sentences.

Code chooses the sentences, never the model. A survey keeps every paper judged relevant; a fact
keeps the one paper whose best sentence answers, of those that speak of what the question names.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.cleaning import readable
from index.encoders import Vectors
from index.types import Hit, Paper
from rag.cross_encoder import CrossEncoder, CrossReading
from rag.decision import Leaning, features, leaning, opposed
from rag.feedback import likeness
from rag.odds import log_odds, logistic
from rag.question import asks_whether, foreign
from rag.reader import Reader, Reading
from rag.relevance import Asked, Judge, Judged, Rarity
from rag.sentences import SentenceSet, SentenceStore
from rag.terms import names
from rag.types import Decision, Evidence, Sentence

# Log-odds of a sentence for each unit of the reader's cosine; on surveys held out the key sentence comes
# first for 71 % of the papers instead of 69 %. Centred, so that shares of the best score keep their size.
_READ_SENTENCE = 8
_USUAL_COSINE = 0.35

READ_TOPIC = 30  # papers that the cross-encoder reads for a survey
# Standing for each unit of its relevance: on development surveys R-precision 0.63 -> 0.66 and Recall@20
# 0.91 -> 0.99, the same from 0.5 to 1.
_BEARS = 0.7
# Standing for each unit of likeness to the papers that stand best: on development surveys R-precision
# 0.66 -> 0.72, the same from 8 to 16; on 303 surveys over arXiv, from cosine alone, MAP 0.607 -> 0.613.
_LIKE = 12.0
_READ_CARRIES = 1.0  # log-odds of a sentence for each unit of the logarithm of its share
_READ_FACTS = 4  # papers that the cross-encoder reads for a fact
# Bias, judge, cross-encoder's answer and its relevance: log-odds of the answer being there. On 200 facts
# held out the area under the ROC curve is 0.907 (judge alone 0.84, cross-encoder's answer alone 0.90).
_ANSWERED = (-0.8, 0.48, 0.47, 0.15)
_READ_ANSWER = 1.0  # what the cross-encoder's answer, in [0, 1], adds to a fact's standing
_READ_WHETHER = 8  # papers that it reads for a question of yes or no
_SAYS = 0.3  # probability from which a paper says whether it is so
_FAR_BELOW = 10.0  # standing; a paper so far below the best speaks of another matter
AHEAD = 7.0  # standing; a first paper so far above the next is what was looked for
_TOUCHES = -3.0  # how far such a paper must bear on a question of yes or no
# Words that no sentence ends with: listings cut abstracts off.
_CUT = re.compile(
    r"\b(?:a|an|the|and|or|of|in|on|at|by|for|with|to|from|that|which|as|via|through|into|between|our|its|their)$",
    re.IGNORECASE,
)
_READ_STATES = 0.5  # log-odds of a sentence for each unit of the logarithm of its share


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper under consideration: its hit, its sentences, and how it was judged."""

    hit: Hit
    sentences: SentenceSet
    judged: Judged
    read: float = 0.0  # the reader's relevance, or the cross-encoder's answer; differences count
    bears: float | None = None  # the cross-encoder's relevance, where it read for a survey
    likeness: float = 0.0  # to the papers that stand best without it; see `rag.feedback`
    crossed: CrossReading | None = None  # what the cross-encoder read for a survey
    leaning: Leaning | None = None  # what it says to a question of yes or no

    @property
    def paper(self) -> Paper:
        """The paper of the hit."""
        return self.hit.paper

    def evidence(self, number: int, most: int, floor: float = 0.35) -> Evidence:
        """The best `most` sentences in text order, none scoring under `floor` of the best; one that breaks
        off comes last.
        """
        spans = self.sentences.spans
        texts = (self.paper.abstract[slice(*span)] for span in spans)
        scores = [0.0 if _CUT.search(t) else s for t, s in zip(texts, self.judged.sentences, strict=True)]
        best = sorted(range(len(scores)), key=lambda i: -scores[i])[:most]
        kept = sorted(i for i in best if scores[i] >= floor * scores[best[0]])
        chosen = tuple(Sentence(self.paper.abstract[slice(*spans[i])], *spans[i], scores[i]) for i in kept)
        return Evidence(number, self.paper, chosen, self.hit.scores)

    @property
    def standing(self) -> float:
        """What a survey's papers are ordered by: judged relevance (log-odds), fusion, sentences, readings.

        Weights from development questions; differences count, not values.
        """
        fused = self.hit.scores.fused or 0.0
        judged = log_odds(self.judged.relevance) + 2 * fused + 4 * self.judged.closeness
        return judged + self.read + _BEARS * (self.bears or 0.0) + _LIKE * self.likeness

    @property
    def vector(self) -> Vectors:
        """The paper's direction, by its sentences and half its title."""
        return np.asarray(self.sentences.vectors.mean(axis=0) + 0.5 * self.sentences.title)


class EvidenceFinder:
    """Judges hits for a question. Papers without an abstract cannot be evidence and are left out."""

    def __init__(
        self,
        store: SentenceStore,
        judge: Judge,
        rarity: Rarity,
        load_reader: Callable[[], Reader] | None = None,
        load_cross: Callable[[], CrossEncoder] | None = None,
    ) -> None:
        self._store = store
        self._judge = judge
        self._rarity = rarity
        self._load_reader = load_reader
        self._load_cross = load_cross

    @property
    def reads(self) -> bool:
        """Whether there is a reader."""
        return self._load_reader is not None

    def for_survey(self, asked: Asked, hits: Sequence[Hit], read: bool = False) -> list[Candidate]:
        """All hits judged, most relevant first. :param read: by the reader too, where there is one."""
        found = []
        for hit, sentences in self._with_sentences(hits):
            title = float(sentences.title @ asked.vector)
            judged = self._judge.survey(asked, hit.paper, sentences, hit.scores.dense or 0.0, title)
            found.append(Candidate(hit, sentences, judged))
        if read and self._load_reader:
            readings = self._load_reader().read(asked.text, [c.paper for c in found])
            found = [_with_reading(c, reading) for c, reading in zip(found, readings, strict=True)]
        found.sort(key=lambda c: -c.standing)
        if read and self._load_cross and not foreign(asked.text):
            found = self._by_topic(asked, found, self._load_cross())
        return found

    def _by_topic(self, asked: Asked, found: list[Candidate], cross: CrossEncoder) -> list[Candidate]:
        """The first candidates read by the cross-encoder and put in order anew; the rest bear no more on the
        question than the least of them.
        """
        first, rest = found[:READ_TOPIC], found[READ_TOPIC:]
        readings = cross.read(asked.text, [c.paper for c in first])
        least = min((reading.relevance for reading in readings), default=0.0)
        seen = [_with_topic(c, reading) for c, reading in zip(first, readings, strict=True)]
        return _by_likeness([*seen, *(replace(c, bears=least) for c in rest)])

    def saying_whether(self, asked: Asked, found: Sequence[Candidate]) -> list[Candidate]:
        """Those of the first few papers that say whether it is so, with the sentences that decide, the surest
        first; none without a cross-encoder, or where no paper says it. A paper far ahead of all others is
        taken at its word even where it is less sure.
        """
        if not self._load_cross or not found:
            return []
        first = found[:_READ_WHETHER]
        readings = _readings(asked, first, self._load_cross())
        asks = asks_whether(asked.text)
        says = [reading.answers if asks else 1 - reading.neutral for reading in readings]
        best = max(says)
        told = [
            (said, _with_deciding(asked, candidate, reading))
            for candidate, reading, said in zip(first, readings, says, strict=True)
            if said >= max(_SAYS, 0.6 * best)
        ]
        if not told and _stands_out(found):
            told = [(best, _with_deciding(asked, first[0], readings[0]))]
        least = max((candidate.standing for _, candidate in told), default=0.0) - _FAR_BELOW
        told.sort(key=lambda pair: -pair[0])
        return [candidate for _, candidate in told if candidate.standing >= least]

    def rejudge(self, asked: Asked, candidate: Candidate) -> Candidate:
        """The same paper judged as a fact for another part of the question."""
        return self._as_fact(asked, candidate.hit, candidate.sentences)

    def for_fact(self, asked: Asked, hits: Sequence[Hit], read: bool = False) -> list[Candidate]:
        """All hits judged, the likeliest to answer first.

        :param read: the first few by the cross-encoder too, where there is one.
        """
        found = [self._as_fact(asked, hit, sentences) for hit, sentences in self._with_sentences(hits)]
        found.sort(key=lambda c: -self._fact_standing(asked, c))
        if not (read and self._load_cross):
            return found
        readings = self._load_cross().read(asked.text, [c.paper for c in found[:_READ_FACTS]])
        seen = [_with_answer(c, reading) for c, reading in zip(found, readings, strict=False)]
        seen.sort(key=lambda c: -self._fact_standing(asked, c) - self._lift(asked, c))
        return [*seen, *found[_READ_FACTS:]]

    def _as_fact(self, asked: Asked, hit: Hit, sentences: SentenceSet) -> Candidate:
        judged = self._judge.fact(asked, hit.paper, sentences, hit.scores.dense or 0.0)
        return Candidate(hit, sentences, judged)

    def _fact_standing(self, asked: Asked, candidate: Candidate) -> float:
        """What a fact's papers are ordered by; the name asked about counts most.

        Weights by eye on development questions: a paper without the name must be better on all else.
        """
        judged = candidate.judged
        named = self.named(asked.text, candidate.paper)
        return 2 * named + max(judged.sentences) + judged.relevance + (candidate.hit.scores.fused or 0.0)

    def _lift(self, asked: Asked, candidate: Candidate) -> float:
        """What an answer read in a paper adds to its standing; another thing's figure adds nothing."""
        about = self.named(asked.text, candidate.paper) if question_names(asked.text) else 1.0
        return _READ_ANSWER * candidate.read * about

    def named(self, question: str, paper: Paper) -> float:
        """The rarity-weighted share of the question's names that a paper holds; 0 when it has none.

        A name in the title counts whole, one in the abstract three quarters; a short acronym ("GPU")
        is a word of the trade rather than a name and weighs a third.
        """
        wanted = {n: self._rarity(n) * (1 if len(n) > 4 else 1 / 3) for n in question_names(question)}
        title, text = readable(paper.title or "").lower(), readable(paper.abstract).lower()
        held = sum(w * (1.0 if n in title else 0.75 if n in text else 0.0) for n, w in wanted.items())
        return held / sum(wanted.values()) if wanted else 0.0

    def _with_sentences(self, hits: Sequence[Hit]) -> list[tuple[Hit, SentenceSet]]:
        kept = [hit for hit in hits if hit.paper.abstract.strip()]
        sets = self._store.get([hit.paper for hit in kept])
        return [(hit, s) for hit, s in zip(kept, sets, strict=True) if s.texts]


def _with_reading(candidate: Candidate, reading: Reading) -> Candidate:
    """The candidate with the reader's view of the paper and of its sentences added."""
    judged = candidate.judged
    odds = [
        log_odds(score) + _READ_SENTENCE * (seen - _USUAL_COSINE)
        for score, seen in zip(judged.sentences, reading.sentences, strict=True)
    ]
    sentences = tuple(map(logistic, odds))
    scores = replace(candidate.hit.scores, rerank=reading.relevance)
    return replace(
        candidate,
        hit=replace(candidate.hit, scores=scores),
        judged=replace(judged, sentences=sentences),
        read=reading.relevance,
    )


def _by_likeness(found: Sequence[Candidate]) -> list[Candidate]:
    """The candidates ordered anew with their likeness to those that stand best."""
    if not found:
        return []
    likenesses = likeness(np.array([c.standing for c in found]), np.array([c.vector for c in found]))
    alike = (replace(c, likeness=float(like)) for c, like in zip(found, likenesses, strict=True))
    return sorted(alike, key=lambda c: -c.standing)


def _readings(asked: Asked, candidates: Sequence[Candidate], cross: CrossEncoder) -> list[CrossReading]:
    """What the cross-encoder reads in each; a candidate that it has read is not read again."""
    unread = [c.paper for c in candidates if c.crossed is None]
    fresh = iter(cross.read(asked.text, unread))
    return [c.crossed or next(fresh) for c in candidates]


def _with_topic(candidate: Candidate, reading: CrossReading) -> Candidate:
    """The candidate with how far the paper bears on the topic, and which sentences carry it."""
    sentences = tuple(
        logistic(log_odds(score) + _READ_CARRIES * (math.log(share + 0.01) + 2))
        for score, share in zip(candidate.judged.sentences, reading.carries, strict=True)
    )
    judged = replace(candidate.judged, sentences=sentences)
    return replace(candidate, bears=reading.relevance, crossed=reading, judged=judged)


def _with_answer(candidate: Candidate, reading: CrossReading) -> Candidate:
    """The candidate with what the cross-encoder says of each sentence, and of the answer being there."""
    judged = candidate.judged
    bias, by_words, by_reading, by_relevance = _ANSWERED
    odds = bias + by_words * log_odds(judged.answered) + by_reading * log_odds(reading.answers, 1e-4)
    odds += by_relevance * reading.relevance
    sentences = tuple(
        logistic(log_odds(score) + _READ_STATES * math.log(stated + 0.01) + 3)
        for score, stated in zip(judged.sentences, reading.states, strict=True)
    )
    judged = replace(judged, sentences=sentences, answered=logistic(odds))
    return replace(candidate, judged=judged, read=reading.answers)


def _stands_out(found: Sequence[Candidate]) -> bool:
    """Whether the first paper bears on the question and is far ahead of the next."""
    first = found[0]
    ahead = len(found) == 1 or first.standing - found[1].standing >= AHEAD
    return ahead and (first.bears or 0.0) >= _TOUCHES


def _with_deciding(asked: Asked, candidate: Candidate, reading: CrossReading) -> Candidate:
    """The candidate with what it says to a question of yes or no, and how far its sentences decide."""
    top = max(reading.decides)
    sentences = tuple(min(max(share / top, 1e-3), 0.999) for share in reading.decides)
    held = candidate.sentences
    row = features(asked.text, asked.stems, held.texts, held.stems, reading)
    judged = replace(candidate.judged, sentences=sentences)
    told = leaning(row)
    deciding = held.stems[reading.decides.index(top)]
    if told.decision is Decision.YES and opposed(asked.stems, deciding):
        told = told.turned
    return replace(candidate, judged=judged, leaning=told)


def question_names(question: str) -> frozenset[str]:
    """The names a question uses, a number behind one included ("Med-PaLM 2"), lower-cased.

    The question's first word counts only when it has a capital inside.
    """
    found = set()
    for name in names(question[:1].lower() + question[1:]):
        numbered = re.search(
            rf"(?<![\w-]){re.escape(name)} (\d(?:\.\d)?)(?![\d%])\b(?! ?(?:%|of|images|patients))",
            question,
            re.I,
        )
        found.add(f"{name} {numbered.group(1)}" if numbered else name)
    return frozenset(found)


def subject_names(question: str) -> frozenset[str]:
    """The names a question is about: those it uses less those it only locates ("… on MedQA")."""
    every = question_names(question)
    located = {
        n for n in every if re.search(rf"\b(?:on|for|in|at|of) (?:the )?{re.escape(n)}", question, re.I)
    }
    return every - located if len(every - located) >= 2 else every
