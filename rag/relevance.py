"""Three small logistic models: which sentence bears on a question, which paper does, is it answered.

Each is a weighted sum of features that can be read off the words and the vectors, so a judgement
can be explained. The weights were fitted by scikit-learn's logistic regression on labels made by
reading (141 survey questions with 1,342 core papers and their key sentences; 200 fact questions,
half of them asking what the abstract does not say), papers held out by question or by id: key
sentence first for 68 % of survey papers (cosine alone 32 %) and 84 % of facts (50 %); area under
the ROC curve 0.78 for core papers among thirty candidates (cosine 0.74), 0.82 for answerability.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np

from index.cleaning import readable
from index.encoders import Vectors
from index.types import Paper
from rag.odds import logistic
from rag.sentences import SentenceSet
from rag.terms import STOP, content_stems, names, numbers, stem, words

# What a sentence is for, by its wording.
DID = re.compile(
    r"\b(?:we|this (?:paper|work|study|article|survey|review)|our)\b.{0,40}\b(?:propos|introduc|present|"
    r"develop|"
    r"describ|investigat|evaluat|review|release|construct|build|design|examin|stud|analy|creat|provid|explor|"
    r"address|conduct)",
    re.IGNORECASE,
)
FOUND = re.compile(
    r"\b(?:results?|experiment\w*|outperform\w*|achiev\w*|show(?:s|ed)? that|demonstrat\w*|improv\w*|found|"
    r"find that|surpass\w*|yield\w*|reach\w*|state-of-the-art)\b",
    re.IGNORECASE,
)
_CODE = re.compile(r"\b(?:code|github|https?:|available at|publicly available|project page)\b", re.IGNORECASE)
_OWN = re.compile(r"\b(?:we|our|us)\b", re.IGNORECASE)
BACKGROUND = re.compile(
    r"\b(?:however|challeng\w*|remain\w*|limited|despite|existing|conventional|crucial|essential|important|"
    r"increasingly|recent(?:ly)?)\b",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"\b(?:how (?:many|much|long|large|big|fast|high)|what|which|to what|by what|combien|quel(?:le)?s?|"
    r"wie ?viele?|welche[rsn]?)\b\s*(.{0,60})",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\b(?:how (?:many|much|long|large|big|fast|high)|percent\w*|share|proportion|accuracy|auroc|auc|dice|f1|"
    r"score|rate|fold|psnr|fid|kappa|size|number|what .{0,30}(?:value|correlation)|combien|pourcentage|"
    r"wie ?viele?)\b",
    re.IGNORECASE,
)

_ITEM_MARK = re.compile(r"\(?\b\d{1,2}\)")  # "(1) … (2) …" counts items, it tells no figure
_WHY = re.compile(r"^(?:and |but )?(?:why|pourquoi|warum)\b", re.IGNORECASE)
_REASON = re.compile(
    r"\b(?:because|since|due to|owing|as a result|caus\w+|attribut\w+|reason\w*|explain\w*|therefore|"
    r"stem\w*)\b",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\bhow (?:many|much) (?:[\w-]+ )?(hours?|minutes?|seconds?|milliseconds?|days?|weeks?|months?|years?|"
    r"dollars?|euros?|"
    r"gigabytes?|megabytes?|memory|watts?|kilometers?|parameters?|tokens?|epochs?)\b",
    re.IGNORECASE,
)

Rarity = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the models see it."""

    text: str
    vector: Vectors
    stems: frozenset[str]
    target: tuple[str, ...]  # stems of what is asked for: "GPU hours" of "How many GPU hours …"
    counted: bool  # the answer must hold a number
    things: tuple[str, ...]  # stems of what "how many" counts, up to the first small word
    unit: str  # stem of a unit that the answer must have behind its number; "" if none is asked

    @classmethod
    def of(cls, question: str, vector: Vectors) -> Asked:
        """Read a standalone question; `vector` is its unit vector."""
        match = _ASKED.search(question)
        target = content_stems(match.group(1))[:3] if match else content_stems(question)[:2]
        stems = frozenset(content_stems(question))
        unit = _UNIT.search(question)
        return cls(
            question,
            vector,
            stems,
            tuple(target),
            bool(_COUNTED.search(question)) and not _WHY.search(question),
            _things(question),
            stem(unit.group(1)) if unit else "",
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """One paper judged for one question: each sentence's score, and the paper's, all in [0, 1]."""

    sentences: tuple[float, ...]
    relevance: float
    answered: float
    best: float  # cosine of the question and the closest sentence
    closeness: float  # mean cosine of the three closest sentences


class Judge:
    """Applies the three models. `rarity` weighs stems."""

    def __init__(self, rarity: Rarity) -> None:
        self._rarity = rarity

    def survey(
        self, asked: Asked, paper: Paper, sentences: SentenceSet, dense: float, title: float
    ) -> Judged:
        """Judge a paper for a question that several papers answer.

        :param dense: cosine of question and chunk. :param title: cosine of question and title.
        """
        cosines = sentences.vectors @ asked.vector
        title_stems = set(content_stems(readable(paper.title or "")))
        whole = title_stems.union(*sentences.stems)
        top = np.sort(cosines)[::-1]
        relevance = logistic(
            -6.18
            + 1.16 * dense
            + 1.70 * title
            + 2.75 * float(top[0])
            + 2.41 * float(top[:3].mean())
            + 1.92 * self._share(asked.stems, whole)
            + 0.75 * self._share(asked.stems, title_stems)
        )
        scores = tuple(
            self._survey_sentence(asked, paper, sentences, cosines, i) for i in range(len(cosines))
        )
        return Judged(scores, relevance, relevance, float(top[0]), float(top[:3].mean()))

    def _survey_sentence(
        self, asked: Asked, paper: Paper, sentences: SentenceSet, cosines: Vectors, i: int
    ) -> float:
        text = sentences.texts[i]
        title_names = names(readable(paper.title or "").split(":")[0])
        return logistic(
            -3.21
            + 0.95 * float(cosines[i])
            + 0.11 * float(cosines[i] - cosines.max())
            + 1.63 * self._share(asked.stems, sentences.stems[i])
            + 0.55 * i / max(1, len(cosines) - 1)
            - 1.72 * (i == 0)
            + 0.62 * bool(DID.search(text))
            + 0.75 * bool(FOUND.search(text))
            - 0.94 * bool(_CODE.search(text))
            + 0.44 * bool(_OWN.search(text))
            - 0.65 * bool(BACKGROUND.search(text))
            + 0.57 * bool(numbers(text))
            + 1.01 * min(len(text.split()), 60) / 30
            + 0.56 * bool(title_names & names(text))
        )

    def fact(self, asked: Asked, paper: Paper, sentences: SentenceSet, dense: float) -> Judged:
        """Judge a paper for a question that one sentence answers."""
        cosines = sentences.vectors @ asked.vector
        title_stems = frozenset(content_stems(readable(paper.title or "")))
        logits = [self._fact_logit(asked, title_stems, sentences, cosines, i) for i in range(len(cosines))]
        best = int(np.argmax(logits))
        whole = title_stems.union(*sentences.stems)
        answered = logistic(
            -2.77
            + 0.25 * logits[best]
            + 1.09 * float(cosines[best])
            + 0.44 * self._share(asked.target, sentences.stems[best])
            + 0.33 * self._share(asked.stems - title_stems, sentences.stems[best])
            - 0.79 * (asked.counted and not new_numbers(asked, sentences.texts[best]))
            + 0.76 * self._share(asked.stems, whole)
            + 1.11 * self._share(asked.target, whole)
            + 0.31 * self._share(asked.stems, sentences.stems[best] | title_stems)
        )
        relevance = 0.5 * self._share(asked.stems, whole) + 0.25 * dense + 0.25 * float(cosines[best])
        top = np.sort(cosines)[::-1]
        if _WHY.search(asked.text) and not _REASON.search(sentences.texts[best]):
            answered *= 0.5
        if asked.unit and not any(asked.unit in _after_numbers(text) for text in sentences.texts):
            answered *= 0.4
        return Judged(tuple(map(logistic, logits)), relevance, answered, float(top[0]), float(top[:3].mean()))

    def _fact_logit(
        self, asked: Asked, title: frozenset[str], sentences: SentenceSet, cosines: Vectors, i: int
    ) -> float:
        text, stems = sentences.texts[i], sentences.stems[i]
        figures = new_numbers(asked, text)
        return (
            -3.31
            + 0.53 * float(cosines[i])
            + 1.63 * float(cosines[i] - cosines.max())
            - 0.89 * self._share(asked.stems, stems)
            + 2.05 * self._share(asked.target, stems)
            + 3.03 * self._share(asked.stems - title, stems)
            + 0.65 * (asked.counted and figures)
            + 1.50 * self._share(asked.things, _after_numbers(text))  # "167k patient notes"; by eye
            - 2.50 * (asked.counted and not figures)
            + 1.02 * bool(FOUND.search(text))
            - 1.03 * (i == 0)
            - 0.49 * bool(_CODE.search(text))
            - 0.62 * bool(BACKGROUND.search(text))
        )

    def _share(self, wanted: Sequence[str] | frozenset[str], held: frozenset[str] | set[str]) -> float:
        """The rarity-weighted share of `wanted` stems that are among `held`."""
        total = sum(map(self._rarity, wanted))
        return sum(self._rarity(s) for s in wanted if s in held) / total if total else 0.0


def _things(question: str) -> tuple[str, ...]:
    match = re.search(r"\bhow many ((?:[\w-]+ ?){1,4})", question, re.IGNORECASE)
    counted = takewhile(lambda word: word not in STOP, words(match.group(1)) if match else [])
    return tuple(content_stems(" ".join(counted)))


def new_numbers(asked: Asked, text: str) -> bool:
    """Whether a sentence has a number that the question did not bring along."""
    given = {n.value for n in numbers(asked.text)}
    return any(n.value not in given for n in numbers(_ITEM_MARK.sub(" ", text)))


def _after_numbers(text: str) -> set[str]:
    """Stems of the words that stand right behind a number, its unit included."""
    return {
        s for n in numbers(text) for s in [*content_stems(text[n.end : n.end + 40])[:3], stem(n.unit or "-")]
    }
