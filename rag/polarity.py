"""Negation: what a sentence denies must be what its source denies, and nothing else.

A cue ("not", "without", "fails to") denies the few words after it. For words that a statement
denies, the source's most similar sentence must deny them too, in whatever manner ("eliminates the
need for"); for words it asserts, that sentence must not be a denial.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.terms import Token, tokens

Rarity = Callable[[str], float]

_CUE = re.compile(
    r"\b(?:not(?! only)(?! just)(?! merely)|(?-i:[Nn]o)(?! \d)|never|none|neither|nor|cannot|without|"
    r"fail(?:s|ed|ing)? to|unable to|lack(?:s|ed|ing)?(?: of)?|\w+n['’]t)\b",
    re.IGNORECASE,
)
_AHEAD = re.compile(  # in other words a denial of what follows
    r"\b(?:eliminat\w*|avoid\w*|obviat\w*|bypass\w*|dispens\w*|remov\w*|prevent\w*|instead of|"
    r"rather than|free (?:of|from)|"
    r"independent\w* (?:of|from)|absence of|unable|inability|difficult\w*|struggl\w*|"
    r"hardly|rarely|barely|scarcely|"
    r"little|few|zero|exclud\w*|ignor\w*|neglect\w*|miss\w*|overlook\w*|insufficient\w*|fail\w*|falter\w*|impossible)\b",
    re.IGNORECASE,
)
_BEHIND = re.compile(  # and of what stands before
    r"(?:-free\b|\b(?:is|are|was|were|be|been|remain\w*|still)? ?(?:absent|missing|"
    r"limited|unavailable|unnecessary|ignored|"
    r"neglected|overlooked|insufficient|eliminated|avoided|removed|persists?|fails?|failed|falters?|unclear)\b)",
    re.IGNORECASE,
)
_STRONG = re.compile(r"\b(?:eliminat\w*|avoid\w*|obviat\w*|bypass\w*)\b", re.IGNORECASE)
_CLAUSE = re.compile(
    r"[,;:.!?()]|\b(?:but|while|whereas|although|and|which|yet|by|via|using)\b", re.IGNORECASE
)
_PREFIXES = ("un", "non", "in", "im", "dis")
_UNDONE = re.compile(r"(?:un(?!i|der|cover|til|less)|non)\w{4,}")
_BEFORE_FIGURE = re.compile(r"(?:\bnot|n['’]t)\s+\d", re.IGNORECASE)
_CONTRARY = ("un", "in", "im", "ir", "non", "dis", "de")
_SHORTEST = 6  # letters of a word that a prefix may turn round
_SCOPE = 3  # words that a cue denies
_HEADS = 2  # the first of them, which carry the denial
_CONTEXT = 5  # words around them by which sentences are told apart


@dataclass(frozen=True, slots=True)
class _Passage:
    """A sentence with its words, those it denies strictly, and those it denies in any manner."""

    text: str
    held: tuple[Token, ...]
    stems: frozenset[str]
    denials: tuple[tuple[int, ...], ...]
    loosely: frozenset[int]


def negation_faults(text: str, sentences: Sequence[str], rarity: Rarity) -> list[str]:
    """What `text` denies that the sentences do not, or asserts that they deny."""
    said = _passage(text)
    source = [_passage(s) for s in sentences]
    faults = []
    if _BEFORE_FIGURE.search(text) and not any(_BEFORE_FIGURE.search(s) for s in sentences):
        faults.append("negated here, not in the source")
    elif any(not _is_denied(places, said, source, rarity) for places in said.denials):
        faults.append("negated here, not in the source")
    if _contrary(said, source):
        faults.append("the contrary word stands in the source")
    if _asserts_denied(said, source, rarity):
        faults.append("negated in the source, not here")
    return faults


def _contrary(said: _Passage, source: Sequence[_Passage]) -> bool:
    """Whether a word differs from the source's by its negating prefix alone: "inaccurate", "accurate"."""
    held = frozenset[str]().union(*(p.stems for p in source))
    denied = {said.held[i].stem for i in said.loosely}
    for stem in said.stems - held:
        bare = next((stem[len(p) :] for p in _CONTRARY if stem.startswith(p)), "")
        if len(bare) >= _SHORTEST and bare in held:
            return True
        if len(stem) >= _SHORTEST and stem not in denied and any(p + stem in held for p in _CONTRARY):
            return True
    return False


@lru_cache(maxsize=8192)
def _passage(text: str) -> _Passage:
    held = tuple(tokens(text))
    strict = tuple(_scope(text, held, cue) for cue in _CUE.finditer(text))
    strong = tuple(_scope(text, held, cue) for cue in _STRONG.finditer(text))
    loose = {i for places in strict for i in places}
    for cue in _AHEAD.finditer(text):
        loose.update(_scope(text, held, cue))
    for cue in _BEHIND.finditer(text):
        loose.update([i for i, t in enumerate(held) if t.end <= cue.start()][-1:])
    loose.update(i for i, t in enumerate(held) if _UNDONE.match(t.stem))
    return _Passage(text, held, frozenset(t.stem for t in held), strict + strong, frozenset(loose))


def _scope(text: str, held: Sequence[Token], cue: re.Match[str]) -> tuple[int, ...]:
    stop = _CLAUSE.search(text, cue.end() + 1)
    end = stop.start() if stop else len(text)
    return tuple(i for i, t in enumerate(held) if cue.end() <= t.start < end)[:_SCOPE]


def _is_denied(places: tuple[int, ...], said: _Passage, source: Sequence[_Passage], rarity: Rarity) -> bool:
    """Whether the sentence of the source most like the denied words denies them too."""
    stems = {said.held[i].stem for i in places}
    context = _context(said, places) | stems
    best, verdict = 0.0, False
    for passage in source:
        denied = {passage.held[i].stem for i in passage.loosely}
        touched = stems & passage.stems or {s for s in stems if _prefixed(s, passage.stems)}
        if stems and not touched:
            continue
        weight = _weight(context & passage.stems, rarity)
        here = bool(denied) if not stems else bool(stems & denied or _prefixed_any(stems, passage.stems))
        if weight > best or (weight == best and here):
            best, verdict = weight, here
    return verdict


def _prefixed(stem: str, stems: frozenset[str]) -> bool:
    return any(prefix + stem[:5] == s[: len(prefix) + 5] for prefix in _PREFIXES for s in stems)


def _prefixed_any(stems: set[str], held: frozenset[str]) -> bool:
    return any(_prefixed(s, held) for s in stems)


def _asserts_denied(said: _Passage, source: Sequence[_Passage], rarity: Rarity) -> bool:
    """Whether the statement asserts a word that the sentence most like it denies."""
    return any(
        _asserts(said, passage, places, source, rarity) for passage in source for places in passage.denials
    )


def _asserts(
    said: _Passage, passage: _Passage, places: tuple[int, ...], source: Sequence[_Passage], rarity: Rarity
) -> bool:
    """Whether the statement asserts the first word of one denial that it holds."""
    head = next((passage.held[i].stem for i in places[:_HEADS] if passage.held[i].stem in said.stems), None)
    mine = [i for i, t in enumerate(said.held) if t.stem == head]
    if not mine or any(i in said.loosely for i in mine):
        return False
    if any(t.stem == head and i not in passage.loosely for i, t in enumerate(passage.held)):
        return False  # the same sentence also asserts it
    scope = {passage.held[i].stem for i in places}
    if scope & {said.held[i].stem for own in said.denials for i in own}:
        return False  # the statement denies it too: "needs no labels", "does not need labels"
    context = _context(said, mine)
    shared = context & passage.stems
    others = [_weight(context & p.stems, rarity) for p in source if p is not passage and head in p.stems]
    return len(shared) * 2 >= len(context) and _weight(shared, rarity) > max(others, default=0.0)


def _context(said: _Passage, places: Sequence[int]) -> set[str]:
    if not places:
        return set(said.stems)
    low, high = min(places) - _CONTEXT, max(places) + _CONTEXT + 1
    inside = set(places)
    return {t.stem for i, t in enumerate(said.held) if low <= i < high and i not in inside}


def _weight(stems: set[str], rarity: Rarity) -> float:
    return sum(map(rarity, stems))
