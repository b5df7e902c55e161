"""Yes, no or maybe: what one paper says to a question of yes or no, by how it words what it found.

A logistic regression over a few cues, each of which can be pointed at: denials, null findings, hedges and
advice in the sentences that speak to the question, late ones weighing more; what the question asks for; and
the side that the cross-encoder reads. On papers held out a share of 0.85 was right nine times in ten.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rag.contraries import contrary_stems
from rag.cross_encoder import CrossReading
from rag.decision_weights import WEIGHTS
from rag.terms import content_stems
from rag.types import Decision

_FOUND = (
    r"(?:significan\w*|differ\w*|associat\w*|correlat\w*|relat\w*|effects?|affect\w*|influenc\w*|impact|"
    r"improv\w*|change\w*|benefi\w*|increas\w*|reduc\w*|predict\w*|evidence|advantage\w*|role|support\w*)"
)
_SAID = {  # of a sentence
    "finds_nothing": (
        rf"\b(?:no|not|neither|nor|without|lack\w*)\b[^.;]{{0,45}}?\b{_FOUND}\b|\b(?:non-?significant|"
        r"insignificant|unrelated|unaffected|unchanged|independent of|regardless of|irrespective|did not|"
        r"does not|do not)\b"
    ),
    "denies": (
        r"\b(?:not|no|cannot|neither|nor|none|never|fail(?:s|ed|ure)? to|lack\w*|unable|unlikely|hardly|"
        r"rarely|un(?:necessary|reliable|satisfactory)|unsafe)\b"
    ),
    "falls_short": (
        r"\b(?:poor\w*|insufficient\w*|inadequa\w*|inaccura\w*|limited|little|low|disappoint\w*|minimal\w*|"
        r"only|minority|small|questionable|inappropriate\w*|incomplete\w*|suboptimal|inferior|weak\w*|"
        r"rather than|instead|unclear|few)\b"
    ),
    "finds": (
        r"(?<!no )(?<!not )(?<!any )\b(?:significant(?:ly)?|effective\w*|useful|feasible|safe(?:ly)?|"
        r"benefi\w*|associated|correlat\w*|predict\w*|superior|success\w*|valuable|reliab\w*|strong\w*|"
        r"important\w*|better|improv\w*|higher|greater|lower|increas\w*|reduc\w*|decreas\w*|more|advantag\w*|"
        r"accura\w*|good|excellent|promising|favou?rabl\w*)\b"
    ),
    "hedges": r"\b(?:may|might|could|possibl\w*|potential\w*|appear\w*|seem\w*|perhaps|probabl\w*|likely)\b",
    "in_part": (
        r"\b(?:some|selected|subset|subgroups?|certain|depend\w*|partial\w*|partly|in part|varie[sd]|mixed|"
        r"controvers\w*|inconclusive|conflicting|unclear|unknown|remain\w*|caution\w*|limitations?)\b"
    ),
    "advises": r"\b(?:should|recommend\w*|must|need(?:s|ed)? to|advocate|can be|is an?|are an?)\b",
    "by_chance": r"\bp\s?[=>]\s?(?:0?\.(?:0[5-9]|[1-9])\d*)|\bp ?= ?ns\b|\bns\b",
    "alike": (
        r"\b(?:similar\w*|comparable|equivalent\w*|equal\w*|the same|identical|alike|"
        r"as (?:good|effective|safe|well) as)\b"
    ),
}
_ASKED = {  # of a question
    "asks_need": (
        r"\b(?:necess\w*|need\w*|require\w*|always|mandatory|routine\w*|should|must|still|indicated|"
        r"justif\w*|worth\w*)\b"
    ),
    "asks_same": (
        r"\b(?:same|similar\w*|equal\w*|equivalen\w*|comparable|coincide|agree\w*|as \w+ as|consistent\w*|"
        r"correspond\w*)\b"
    ),
    "asks_gain": (
        r"\b(?:improv\w*|reduc\w*|increas\w*|decreas\w*|benefi\w*|prevent\w*|enhanc\w*|lower|promot\w*)\b"
    ),
    "asks_fit": (
        r"\b(?:safe\w*|feasib\w*|possible|effective\w*|efficac\w*|useful|reliab\w*|valid\w*|adequate\w*|"
        r"accurate\w*|appropriate\w*|suitable|option|alternative|acceptable|work)\b"
    ),
    "asks_people": r"\b(?:know\w*|aware\w*|understand\w*|want|satisf\w*|correctly|adequately|prefer\w*|we)\b",
    "asks_there": r"\b(?:is|are) there\b|\bexist\w*\b",
    "asks_is": r"(?:^|[:.?] ?)(?:is|are|was|were)\b",
}
_SENTENCE = {name: re.compile(cue, re.IGNORECASE) for name, cue in _SAID.items()}
_QUESTION = {name: re.compile(cue, re.IGNORECASE) for name, cue in _ASKED.items()}
FEATURES = (*_SENTENCE, *_QUESTION, "read_supports", "read_refutes")
_QUALITIES = frozenset(
    content_stems(
        """higher lower high low greater smaller larger longer shorter long short better worse best worst
        strong weak stronger weaker superior inferior faster slower earlier later same different similar
        dependent independent safe unsafe effective ineffective reliable unreliable sufficient
        insufficient adequate inadequate possible impossible robust fragile stable unstable accurate
        inaccurate equal unequal consistent inconsistent necessary unnecessary beneficial harmful
        positive negative deeper shallower wider narrower deep shallow older younger"""
    )
)
_SAME = 0.4  # of the question's other words, that must stand in a sentence which says the contrary
_UNSAID = 0.1  # weight of a sentence that shares no word with the question
_SHARE_SURE = 0.65  # of the likeliest decision, from which a paper says it and does not only lean to it


@dataclass(frozen=True, slots=True)
class Leaning:
    """How likely it is that a paper says yes, no, or neither; the three sum to 1."""

    yes: float
    no: float
    maybe: float

    @property
    def decision(self) -> Decision:
        """The likeliest; maybe, where none is."""
        if self.maybe >= max(self.yes, self.no) or self.yes == self.no:
            return Decision.MAYBE
        return Decision.YES if self.yes > self.no else Decision.NO

    @property
    def turned(self) -> Leaning:
        """Yes and no exchanged."""
        return Leaning(self.no, self.yes, self.maybe)

    @property
    def share(self) -> float:
        """The probability of the decision."""
        return float({Decision.YES: self.yes, Decision.NO: self.no}.get(self.decision, self.maybe))

    @property
    def sure(self) -> bool:
        """Whether the paper says it, rather than leans to it; right four times in five on papers held out."""
        return self.share >= _SHARE_SURE


def opposed(asked: frozenset[str], said: frozenset[str]) -> bool:
    """Whether a sentence says the contrary of a question in its own words: "shorter ones are more reliable"
    where it asks whether longer ones are. One quality is turned round, the word itself is absent, and much of
    what is asked about stands in the sentence; verbs do not count, for what they act on may be another thing.

    :param asked: stems of the question. :param said: stems of the sentence.
    """
    pairs = [w for w in asked & _QUALITIES if w not in said and contrary_stems(w) & said & _QUALITIES]
    rest = asked - set(pairs)
    return len(pairs) == 1 and len(rest & said) >= _SAME * len(rest) > 0


def features(
    question: str,
    stems: frozenset[str],
    texts: Sequence[str],
    held: Sequence[frozenset[str]],
    read: CrossReading,
) -> list[float]:
    """The row of `FEATURES`. :param stems: of the question. :param held: of each sentence."""
    first = len(texts) // 3  # what an abstract begins with is its background
    late = range(first, len(texts))
    weights = np.array(
        [(len(stems & held[n]) / max(1, len(stems)) + _UNSAID) * (1 + 2 * n / len(texts)) for n in late]
    )
    weights /= weights.sum()
    said = [
        float(sum(w for w, n in zip(weights, late, strict=True) if cue.search(texts[n])))
        for cue in _SENTENCE.values()
    ]
    asked = [float(bool(cue.search(question))) for cue in _QUESTION.values()]
    return [*said, *asked, read.supports, read.refutes]


def leaning(row: Sequence[float], weights: Mapping[str, tuple[float, float]] = WEIGHTS) -> Leaning:
    """What weights make of a row of `FEATURES`."""
    table = np.array([weights[name] for name in FEATURES])
    yes, no = np.array(row) @ table + np.array(weights["bias"])
    odds = np.exp(np.array([yes, no, 0.0]) - max(yes, no, 0.0))
    return Leaning(*map(float, odds / odds.sum()))
