"""Contrary words, and a sentence turned into its contrary: "higher" for "lower", "not" put in or taken out.

A sentence of an abstract that is nearer to the contrary of a claim than to the claim speaks against
it. Word pairs are kept as stems (`rag.terms.stem`), so every inflection counts.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rag.terms import stem

_PAIRS = """
increase/decrease increase/reduce raise/lower rise/fall rise/drop grow/shrink higher/lower high/low more/less
more/fewer greater/smaller greater/less larger/smaller large/small big/small longer/shorter long/short
most/least above/below better/worse best/worst improve/worsen improve/degrade improve/deteriorate
improve/reduce outperform/underperform surpass/trail exceed/trail strong/weak stronger/weaker
superior/inferior faster/slower fast/slow accelerate/slow quick/slow promote/inhibit promote/suppress
promote/prevent stimulate/inhibit activate/inhibit activate/suppress activate/inactivate enhance/inhibit
enhance/impair enhance/reduce enhance/suppress upregulate/downregulate induce/inhibit induce/suppress
induce/prevent cause/prevent positive/negative presence/absence present/absent gain/lose gain/loss gain/drop
early/late earlier/later before/after with/without same/different similar/different identical/different
dependent/independent success/failure succeed/fail benefit/harm beneficial/harmful help/hurt help/harm
protect/damage cheap/expensive cheap/costly simple/complex easy/hard easy/difficult open/closed
reliable/unreliable necessary/unnecessary always/never always/rarely often/rarely frequently/rarely
all/none every/no both/neither majority/minority many/few common/rare common/uncommon frequent/rare
include/exclude accept/reject safe/dangerous safe/unsafe effective/ineffective robust/fragile stable/unstable
sufficient/insufficient able/unable possible/impossible deep/shallow wide/narrow broad/narrow young/old
male/female men/women internal/external global/local supervised/unsupervised single/multiple public/private
overestimate/underestimate over/under maximum/minimum maximal/minimal upper/lower forward/backward
first/last dense/sparse hot/cold warm/cold warm/cool thick/thin light/heavy lengthen/shorten widen/narrow
strengthen/weaken expand/shrink
keep/lose retain/lose preserve/lose maintain/lose close/far near/far inside/outside improve/harm
adequate/inadequate accurate/inaccurate equal/unequal even/uneven consistent/inconsistent
known/unknown clear/unclear related/unrelated associated/unrelated sensitive/insensitive
resistant/susceptible resistant/sensitive acute/chronic wild/mutant elevated/reduced elevate/reduce
elevate/decrease longest/shortest highest/lowest largest/smallest fastest/slowest
"""
_NOT = re.compile(
    r"\b(?:(?:does|do|did) not|cannot|can not|not|never|no longer|hardly|rarely|no)\b ?", re.IGNORECASE
)
_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|can|could|may|might|will|would|should|has|have|had|does|do|did|must)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=1)
def _contraries() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for pair in _PAIRS.split():
        a, b = pair.split("/")
        found.setdefault(stem(a), set()).add(b)
        found.setdefault(stem(b), set()).add(a)
    return {word: frozenset(others) for word, others in found.items()}


@lru_cache(maxsize=1)
def _contrary_stems() -> dict[str, frozenset[str]]:
    return {word: frozenset(map(stem, others)) for word, others in _contraries().items()}


def contrary_stems(word: str) -> frozenset[str]:
    """The stems of a stem's contraries; empty when it has none."""
    return _contrary_stems().get(word, frozenset())


def turned(text: str) -> str | None:
    """The text with its first word that has a contrary exchanged for it; None when there is none."""
    for m in re.finditer(r"[^\W\d_]{3,}", text):
        others = _contraries().get(stem(m.group()))
        if others:
            other = min(others, key=lambda w: (abs(len(w) - len(m.group())), w))
            return text[: m.start()] + other + text[m.end() :]
    return None


def denied(text: str) -> str:
    """The text with its first "not" taken out, or with one put in."""
    cue = _NOT.search(text)
    if cue:
        return text[: cue.start()] + text[cue.end() :]
    verb = _AUXILIARY.search(text)
    if verb:
        return f"{text[: verb.end()]} not{text[verb.end() :]}"
    return f"It is not true that {text[:1].lower()}{text[1:]}"
