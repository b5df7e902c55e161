"""Negation: what a sentence denies must be what its source denies, and nothing else.

A cue ("not", "without", "fails to") denies the few words after it. For words that a statement
denies, the source's most similar passage must deny them too, in whatever manner ("eliminates the
need for"); for words it asserts, that passage must not be a denial.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.terms import Token, tokens

Rarity = Callable[[str], float]

_CUE = re.compile(
    r"\b(?:not(?! only)(?! just)(?! merely)|no(?! (?:\d|longer than|[A-Z]))|never|none|neither|nor|cannot|without|"
    r"fail(?:s|ed|ing)? to|unable to|lack(?:s|ed|ing)?(?: of)?|\w+n['’]t)\b",
    re.IGNORECASE,
)
_WIDE = re.compile(  # words that may stand for a denial
    r"\b(?:eliminat\w*|avoid\w*|free|instead|rather|only|limited|insufficient\w*|absen\w*|despite|unable|inability|"
    r"difficult\w*|obviat\w*|remov\w*|independent\w*|exclud\w*|ignor\w*|neglect\w*|miss\w*|poor\w*|hardly|rarely|"
    r"marginal\w*|zero|un\w{4,}|in(?:capab|effect|consist|accur|adequ|complet)\w*|non|impossible|struggl\w*|"
    r"challeng\w*|prevent\w*|overlook\w*|fall short|falter\w*|fail\w*|lack\w*|bypass\w*|dispens\w*|little|few|"
    r"barely|scarc\w*|persist\w*|comparable|similar|same|equal\w*)\b|n['’]t\b|-free\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,;:.!?()]|\b(?:but|while|whereas|although|and|which|yet)\b", re.IGNORECASE)
_SCOPE = 3  # words that a cue denies
_CONTEXT = 5  # words around them by which passages are told apart
_REACH = 60  # characters between a wide cue and what it denies


@dataclass(frozen=True, slots=True)
class _Denial:
    """The words a cue denies, as positions in the token list of their sentence."""

    places: tuple[int, ...]


def negation_faults(text: str, sentences: Sequence[str], rarity: Rarity) -> list[str]:
    """What `text` denies that the sentences do not, or asserts that they deny."""
    said = tokens(text)
    denied = _denials(text, said)
    source = [(s, tokens(s)) for s in sentences]
    faults = []
    for denial in denied:
        if not _is_denied(denial, said, source, rarity):
            faults.append("negated here, not in the source")
            break
    if _asserts_denied(text, said, denied, source, rarity):
        faults.append("negated in the source, not here")
    return faults


def _denials(text: str, held: Sequence[Token]) -> list[_Denial]:
    found = []
    for cue in _CUE.finditer(text):
        stop = _CLAUSE.search(text, cue.end())
        end = stop.start() if stop and stop.start() > cue.end() + 1 else len(text)
        places = [i for i, t in enumerate(held) if cue.end() <= t.start < end][:_SCOPE]
        found.append(_Denial(tuple(places)))
    return found


def _is_denied(
    denial: _Denial, said: Sequence[Token], source: Sequence[tuple[str, list[Token]]], rarity: Rarity
) -> bool:
    """Whether the passage of the source most like the denied words denies them too."""
    stems = {said[i].stem for i in denial.places}
    context = _context(said, denial.places)
    best, verdict = -1.0, False
    for sentence, held in source:
        places = [i for i, t in enumerate(held) if t.stem in stems]
        if not places and stems:
            continue
        weight = sum(rarity(s) for s in (context | stems) & {t.stem for t in held})
        near = _near_cue(sentence, held, places) if places else bool(_CUE.search(sentence))
        if weight > best or (weight == best and near):
            best, verdict = weight, near
    return verdict


def _asserts_denied(
    text: str,
    said: Sequence[Token],
    denied: Sequence[_Denial],
    source: Sequence[tuple[str, list[Token]]],
    rarity: Rarity,
) -> bool:
    """Whether the statement asserts words that the passage most like it denies."""
    own = {said[i].stem for d in denied for i in d.places}
    for sentence, held in source:
        for denial in _denials(sentence, held):
            stems = [held[i].stem for i in denial.places][:2]
            places = [i for i, t in enumerate(said) if t.stem in stems]
            if not stems or not set(stems) <= {said[i].stem for i in places} or own & set(stems):
                continue
            if _near_cue(text, said, places):
                continue
            context = _context(said, places)
            here = _likeness(context, held, rarity)
            others = [
                _likeness(context, other, rarity)
                for s, other in source
                if s != sentence and set(stems) <= {t.stem for t in other}
            ]
            if here > 0 and here >= max(others, default=0.0) and _mostly_there(said, places, held):
                return True
    return False


def _mostly_there(said: Sequence[Token], places: Sequence[int], held: Sequence[Token]) -> bool:
    """Whether at least half of the words around `places` stand in the source sentence."""
    context = _context(said, places)
    return not context or len(context & {t.stem for t in held}) * 2 >= len(context)


def _context(said: Sequence[Token], places: Sequence[int]) -> set[str]:
    if not places:
        return {t.stem for t in said}
    low, high = min(places) - _CONTEXT, max(places) + _CONTEXT + 1
    inside = set(places)
    return {t.stem for i, t in enumerate(said) if low <= i < high and i not in inside}


def _likeness(context: set[str], held: Sequence[Token], rarity: Rarity) -> float:
    return sum(rarity(s) for s in context & {t.stem for t in held})


def _near_cue(text: str, held: Sequence[Token], places: Sequence[int]) -> bool:
    """Whether a cue, strict or wide, stands close to one of the words."""
    for pattern in (_CUE, _WIDE):
        for cue in pattern.finditer(text):
            for i in places:
                token = held[i]
                gap = token.start - cue.end() if token.start >= cue.end() else cue.start() - token.end
                if gap <= _REACH:
                    return True
    return False
