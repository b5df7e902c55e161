"""What the stance model looks at: how near a claim and a sentence are, and where they disagree.

Two rows of numbers: one a sentence (does it decide the claim?) and one a paper (does it speak to the
claim, and for or against it?). Existing checks lend their findings: numbers, names, negation,
direction and order of comparisons. Every feature is bounded; names are in `SENTENCE` and `PAPER`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.cleaning import readable
from index.encoders import Vectors
from rag.acronyms import expansions
from rag.comparison import direction_faults, order_faults, signs
from rag.contraries import contrary_stems
from rag.figures import number_faults
from rag.naming import name_faults
from rag.polarity import negation_faults
from rag.relevance import BACKGROUND, FOUND
from rag.stance import Candidate, Claim
from rag.terms import content_stems, names, numbers, plain_name, stem
from rag.verify import credit

Rarity = Callable[[str], float]
Row = NDArray[np.float64]

_NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|cannot|without|fail\w*|lack\w*|unable|n't|absence|hardly|rarely)\b",
    re.I,
)
_NULL = re.compile(
    r"\b(?:no (?:significant|evidence|difference|effect|association|benefit|change|correlation|gain|such|"
    r"longer|impact|relation\w*)|not (?:significant\w*|associated|differ\w*|affect\w*|improve\w*|change\w*|"
    r"relate\w*|correlate\w*|increase\w*|reduce\w*|necessar\w*|require\w*)|similar|comparable|on par|"
    r"equal\w*|unchanged|unaffected|unrelated|independent(?:ly)? of|irrespective|"
    r"regardless|as well as|equivalent|"
    r"little (?:effect|impact|difference)|did not|does not|do not|marginal\w*|limited)\b",
    re.I,
)
_STRONG = re.compile(
    r"\b(?:all|always|every|never|none|only|must|needs?|requires?|entirely|completely|any|solely|fully|"
    r"exclusively|reliably|clearly|depends?|at least|most|no)\b",
    re.I,
)
_HEDGE = re.compile(r"\b(?:may|might|can|could|possibl\w*|potential\w*|some|sometimes|often|several)\b", re.I)
_BUT = re.compile(
    r"\b(?:but|however|whereas|while|although|though|despite|yet|contrary|unlike|instead)\b", re.I
)
_AIM = re.compile(
    r"\b(?:aim\w*|purpose|objective|investigat\w*|to (?:determine|assess|evaluate|examine|test)|"
    r"whether|hypothes\w*)\b",
    re.I,
)
_CONCLUDE = re.compile(
    r"\b(?:conclusions?|conclude\w*|suggest\w*|indicat\w*|demonstrat\w*|reveal\w*|thus|"
    r"therefore|these (?:results|findings|data)|our (?:results|findings|data))\b",
    re.I,
)

SENTENCE = (
    "cosine", "cosine_gap", "share", "share_with_title", "share_beyond_title", "place", "first", "last",
    "found", "concludes", "background", "aim", "length", "shared_numbers", "lacking_numbers", "shared_names",
    "contrary_words",
)  # fmt: skip
_MATCH = (
    "turned_gap", "denied_gap", "negation_xor", "negation_both", "claim_negates", "source_null",
    "null_against_claim", "signs_agree", "signs_oppose", "contrary_pairs", "negation_faults_here",
    "negation_faults_there", "contrary_prefix", "direction_faults", "order_faults", "numbers_absent",
    "numbers_elsewhere", "numbers_kept", "names_absent", "names_kept", "claim_strong", "claim_hedges",
    "claim_compares", "claim_counts", "source_but", "claim_length",
)  # fmt: skip
PAPER = (
    *(f"best_{name}" for name in SENTENCE), "decides", "decides_second", "decides_mean", "title_cosine",
    "mean_cosine", "whole_share", "title_share", "dense", "fused", *_MATCH,
    *(f"top_{name}" for name in ("turned_gap", "denied_gap", "signs_agree", "signs_oppose", "source_null")),
)  # fmt: skip
_COMPARED = (
    "decides", "decides_mean", "mean_cosine", "title_cosine", "whole_share", "dense", "best_share",
    "best_cosine",
)  # fmt: skip
RELATIVE = (*(f"{name}_above_best" for name in _COMPARED), *(f"{name}_above_mean" for name in _COMPARED))
_COLUMNS = [PAPER.index(name) for name in _COMPARED]
_TOP = 3  # sentences beside the best that the second look takes in


@dataclass(frozen=True, slots=True)
class _Said:
    """A claim as the features see it."""

    text: str
    stems: frozenset[str]
    numbers: frozenset[float]
    names: frozenset[str]


class Features:
    """Makes the rows; `rarity` weighs stems."""

    def __init__(self, rarity: Rarity) -> None:
        self.rarity = rarity

    def sentences(self, claim: Claim, candidate: Candidate) -> Row:
        """(sentences, len(SENTENCE))."""
        said = _said(claim.text)
        held = candidate.sentences
        title = frozenset(content_stems(readable(candidate.paper.title or "")))
        cosines = held.vectors @ claim.vector
        top = float(cosines.max())
        rows = []
        for i, text in enumerate(held.texts):
            stems = held.stems[i] | {stem(w) for w in expansions(held.stems[i], text.lower())}
            values = {n.value for n in numbers(text)}
            named = plain_name(text)
            rows.append((
                float(cosines[i]), float(cosines[i]) - top,
                self.share(said.stems, stems), self.share(said.stems, stems | title),
                self.share(said.stems - title, stems),
                i / max(1, len(held.texts) - 1), i == 0, i == len(held.texts) - 1,
                bool(FOUND.search(text)), bool(_CONCLUDE.search(text)), bool(BACKGROUND.search(text)),
                bool(_AIM.search(text)), min(len(text.split()), 60) / 30,
                min(3, len(said.numbers & values)), min(3, len(said.numbers - values)),
                min(3, sum(name in named for name in said.names)),
                bool(_contrary_pairs(said.stems, stems)),
            ))  # fmt: skip
        return np.array(rows, dtype=np.float64)

    def paper(self, claim: Claim, candidate: Candidate, rows: Row, decides: Row) -> Row:
        """(len(PAPER),). :param rows: of `sentences`. :param decides: each sentence's probability."""
        said = _said(claim.text)
        held = candidate.sentences
        order = np.argsort(-decides, kind="stable")
        best = int(order[0])
        title = frozenset(content_stems(readable(candidate.paper.title or "")))
        whole = title.union(*held.stems)
        ranked = decides[order]
        basics = (
            float(ranked[0]), float(ranked[1]) if len(ranked) > 1 else 0.0, float(ranked[:3].mean()),
            float(held.title @ claim.vector), float(np.sort(held.vectors @ claim.vector)[-3:].mean()),
            self.share(said.stems, whole), self.share(said.stems, title),
            candidate.scores.dense or 0.0, candidate.scores.fused or 0.0,
        )  # fmt: skip
        match = self._match(claim, said, candidate, best)
        top = [self._pull(claim, said, candidate, int(i)) for i in order[:_TOP]]
        weights = ranked[:_TOP] / max(1e-9, float(ranked[:_TOP].sum()))
        pulled = weights @ np.array(top)
        return np.concatenate([rows[best], basics, match, pulled])

    def _pull(self, claim: Claim, said: _Said, candidate: Candidate, i: int) -> tuple[float, ...]:
        """What draws a sentence to the claim's side or away from it, in brief."""
        text = candidate.sentences.texts[i]
        vector = candidate.sentences.vectors[i]
        near = float(vector @ claim.vector)
        turned = _gap(near, claim.vector, claim.turned, vector)
        agree, oppose = _signs(said.text, text)
        return (
            turned,
            _gap(near, claim.vector, claim.denied, vector),
            agree,
            oppose,
            bool(_NULL.search(text)),
        )

    def _match(self, claim: Claim, said: _Said, candidate: Candidate, best: int) -> tuple[float, ...]:
        text = candidate.sentences.texts[best]
        near = candidate.sentences.texts[max(0, best - 1) : best + 2]
        turned, denied, agree, oppose, null = self._pull(claim, said, candidate, best)
        mine, theirs = bool(_NEGATION.search(said.text)), bool(_NEGATION.search(text))
        negated = negation_faults(said.text, [text], self.rarity)
        figures = number_faults(said.text, " ".join(near))
        absent = sum("not in the source" in f for f in figures)
        whole = plain_name(" ".join((readable(candidate.paper.title or ""), *candidate.sentences.texts)))
        unknown = len(name_faults(said.text, whole))
        compares = bool(direction_faults(said.text, [], self.rarity))
        return (
            turned, denied, mine != theirs, mine and theirs, mine, null,
            bool(null) and compares and not mine, agree, oppose,
            min(3, _contrary_pairs(said.stems, candidate.sentences.stems[best])),
            "negated here, not in the source" in negated, "negated in the source, not here" in negated,
            "the contrary word stands in the source" in negated,
            bool(direction_faults(said.text, [text], self.rarity)),
            bool(order_faults(said.text, near, self.rarity)),
            min(2, absent), min(2, len(figures) - absent), min(2, len(said.numbers) - len(figures)),
            min(2, unknown), min(3, len(said.names) - unknown),
            bool(_STRONG.search(said.text)), bool(_HEDGE.search(said.text)), compares, bool(said.numbers),
            bool(_BUT.search(text)), min(len(said.text.split()), 40) / 20,
        )  # fmt: skip

    def share(self, wanted: frozenset[str], held: frozenset[str]) -> float:
        """The rarity-weighted share of `wanted` among `held`; a word of the same family counts in part."""
        total = sum(map(self.rarity, wanted))
        return sum(self.rarity(s) * credit(s, held) for s in wanted) / total if total else 0.0


def relative(papers: Row) -> Row:
    """How papers stand to the other candidates of the same claim: (n, len(PAPER)) → (n, len(RELATIVE))."""
    x = papers[:, _COLUMNS]
    if len(x) == 1:
        return np.concatenate([x, x], axis=1)
    ordered = np.sort(x, axis=0)
    best = np.where(x == ordered[-1], ordered[-2], ordered[-1])
    mean = (x.sum(axis=0) - x) / (len(x) - 1)
    return np.concatenate([x - best, x - mean], axis=1)


def _said(text: str) -> _Said:
    return _Said(
        text,
        frozenset(content_stems(text)),
        frozenset(n.value for n in numbers(text)),
        frozenset(names(text)),
    )


def _gap(near: float, claim: Vectors, contrary: Vectors | None, sentence: Vectors) -> float:
    """How much nearer a sentence is to the claim than to its contrary, by what the two differ; in [-1, 1]."""
    if contrary is None:
        return 0.0
    apart = float(np.linalg.norm(claim - contrary))
    return (near - float(sentence @ contrary)) / apart if apart > 1e-6 else 0.0


def _signs(said: str, held: str) -> tuple[float, float]:
    """How many scales two texts speak of with the same sign alone, and with opposite signs."""
    mine, theirs = signs(said), signs(held)
    agree = sum(mine[s] * theirs[s] > 0 for s in mine.keys() & theirs.keys())
    oppose = sum(mine[s] * theirs[s] < 0 for s in mine.keys() & theirs.keys())
    return float(agree), float(oppose)


def _contrary_pairs(said: frozenset[str], held: frozenset[str] | Sequence[str]) -> int:
    """Words of the claim whose contrary, but not they themselves, stands in the sentence."""
    return sum(bool(contrary_stems(s) & set(held)) for s in said if s not in held)
