"""Direction and order of comparisons: "higher" is not "lower", and A above B is not B above A.

A direction word belongs to a scale (amount, quality) and has a sign. It is held against the
source's direction words of the same scale whose surroundings are most like its own. Two compared
things are told by the words on either side of the comparing word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.terms import names, numbers, stem, tokens

Rarity = Callable[[str], float]

_AMOUNT_UP = (
    "increas rais rise rises rising rose risen higher highest greater greatest larger largest more "
    "lift grow grew gain longer above exceed double tripl"
)
_AMOUNT_DOWN = (
    "decreas reduc lower lowest fewer fewest less smaller smallest drop declin shorter below fall "
    "falls falling fell cut cuts cutting shrink shrank halv sav"
)
_QUALITY_UP = (
    "outperform surpass exceed improv better best superior enhanc boost beat ahead win wins won "
    "strong excel gain outscor"
)
_QUALITY_DOWN = (
    "underperform worse worst inferior degrad deteriorat worsen behind weak trail impair hurt harm "
    "lag lost loses losing miss"
)
_SPEED_UP = "faster fastest accelerat speed quick"
_SPEED_DOWN = "slower slowest slow"
_SCALES = (
    ("amount", 1, _AMOUNT_UP), ("amount", -1, _AMOUNT_DOWN), ("quality", 1, _QUALITY_UP),
    ("quality", -1, _QUALITY_DOWN), ("speed", 1, _SPEED_UP), ("speed", -1, _SPEED_DOWN),
    ("effect", 1, "promot stimulat"), ("effect", -1, "inhibit suppress prevent"),
    ("sign", 1, "positiv"), ("sign", -1, "negativ"),
)  # fmt: skip
_COMPARING = frozenset({"amount", "quality", "speed"})  # the other scales are content too
_WHOLE = frozenset(
    "rise rises rising more less cut cuts cutting fall falls falling win wins won best lost loses losing sav "
    "fell lag loss losses above below behind ahead extra miss".split()
)  # compared whole: "morec" is no "more"
_COMPARES = re.compile(
    r"\b(?:outperform(?:s|ed|ing)?|surpass(?:es|ed|ing)?|exceed(?:s|ed|ing)?|"
    r"beat(?:s|ing|en)?|outscor(?:es?|ed|ing)|underperform(?:s|ed|ing)?|trail(?:s|ed|ing)?|"
    r"los(?:es?|t|ing) to|than)\b",
    re.IGNORECASE,
)
_FROM_TO = re.compile(
    r"\bfrom\W+(\d[\d,]*(?:\.\d+)?)\S{0,2}(?:\W+\w+)?\W+to\W+(\d[\d,]*(?:\.\d+)?)", re.IGNORECASE
)
_FIGURE = 5.0  # what a shared number weighs
_CLAUSE = re.compile(r"[,;:()]|\b(?:while|and|but|with|whereas|although|though|yet)\b", re.IGNORECASE)
_FADE, _CLAUSE_FADE = 0.85, 0.5
_AROUND = 6  # words on either side by which direction words are matched
_SIDE = 6  # words on either side of a comparing word that may be what is compared
_CLEARER = 1.15  # how much more alike the opposite must be to be believed


@dataclass(frozen=True, slots=True)
class _Turn:
    """A direction word: the scales it speaks of with their signs, and the words around it."""

    scales: tuple[tuple[str, int], ...]
    around: Mapping[str, float]  # stems and figures, nearer ones weighing more


def is_direction(word: str) -> bool:
    """Whether a stem tells a direction; such words are checked here, not counted as content."""
    return any(scale in _COMPARING for scale, _ in _scales(word))


def direction_faults(text: str, sentences: Sequence[str], rarity: Rarity) -> list[str]:
    """Direction words of `text` whose place in the source says the opposite, or nothing at all."""
    turns = _turns(text)
    if not turns:
        return []
    there = [turn for s in sentences for turn in _turns(s)]
    if not there and any(scale in _COMPARING for turn in turns for scale, _ in turn.scales):
        return ["compares, which the source does not"]
    if any(_opposed(turn, there, rarity) for turn in turns) or _against_figures(text):
        return ["the direction of the comparison is not the source's"]
    return []


def signs(text: str) -> dict[str, int]:
    """The scales a text speaks of, each with the sum of its direction words' signs."""
    found: dict[str, int] = {}
    for word in re.findall(r"[^\W\d_]+", text):
        for scale, sign in _scales(word.lower()) or _scales(stem(word)):
            found[scale] = found.get(scale, 0) + sign
    return found


def order_faults(text: str, sentences: Sequence[str], rarity: Rarity) -> list[str]:
    """What is compared must stand on the source's sides: A over B is not B over A."""
    there = [pair for s in sentences for pair in _compared(s)]
    named = frozenset(t.stem for name in names(text) for t in tokens(name))
    for left, right in _compared(text):
        for some in (named, left | right):  # names tell better than all words together
            straight = max((_both(left & some, right & some, a, b, rarity) for a, b in there), default=0.0)
            crossed = max((_both(left & some, right & some, b, a, rarity) for a, b in there), default=0.0)
            if crossed > straight * _CLEARER:
                return ["the compared stand in another order"]
            if straight:
                break
    return []


@lru_cache(maxsize=8192)
def _scales(word: str) -> tuple[tuple[str, int], ...]:
    found = []
    for scale, sign, starts in _SCALES:
        for start in starts.split():
            if word == start or (start not in _WHOLE and len(start) > 3 and word.startswith(start)):
                found.append((scale, sign))
                break
    return tuple(found)


@lru_cache(maxsize=8192)
def _turns(text: str) -> list[_Turn]:
    """Direction words with the content words around them."""
    content = [(t.start, t.end, t.stem) for t in tokens(text) if not _scales(t.stem)]
    content = sorted(content + [(n.start, n.end, f"{n.value:g}") for n in numbers(text)])
    found = []
    for m in re.finditer(r"[^\W\d_]+", text):
        scales = _scales(m.group().lower()) or _scales(stem(m.group()))
        if scales and m.group().lower() not in ("strongly", "unless"):
            found.append(_Turn(scales, _around(text, content, m)))
    return found


def _around(text: str, content: list[tuple[int, int, str]], word: re.Match[str]) -> dict[str, float]:
    """What stands around a direction word; each step away, and each clause in between, counts for less."""
    near: dict[str, float] = {}
    before = [(text[end : word.start()], s) for _, end, s in content if end <= word.start()][-_AROUND:]
    after = [(text[word.end() : start], s) for start, _, s in content if start >= word.end()][:_AROUND]
    for side in (before[::-1], after):
        for steps, (between, s) in enumerate(side):
            weight = _FADE**steps * _CLAUSE_FADE ** len(_CLAUSE.findall(between))
            near[s] = max(near.get(s, 0.0), weight)
    return near


def _opposed(turn: _Turn, there: Sequence[_Turn], rarity: Rarity) -> bool:
    """Whether the source's most similar direction word says the opposite."""
    same, opposite, other = 0.0, 0.0, 0.0
    for held in there:
        alike = 0.01 + sum(
            _weight(s, rarity) * min(near, held.around[s])
            for s, near in turn.around.items()
            if s in held.around
        )
        signs = dict(held.scales)
        shared = [sign * signs[scale] for scale, sign in turn.scales if scale in signs]
        if not shared:
            other = max(other, alike)
        elif max(shared) > 0:
            same = max(same, alike)
        else:
            opposite = max(opposite, alike)
    if opposite <= 1.0:
        return False
    return opposite > same * _CLEARER and (same > 0.0 or opposite >= other)


def _weight(stem: str, rarity: Rarity) -> float:
    return _FIGURE if stem[0].isdigit() else rarity(stem)


def _against_figures(text: str) -> bool:
    """Whether an amount is said to rise "from 9 to 7", or to fall from 7 to 9."""
    for m in _FROM_TO.finditer(text):
        said = re.split(r"[,;:()]|\band\b", text[max(0, m.start() - 120) : m.start()])[-1]
        scales = [_scales(w.lower()) for w in re.findall(r"[^\W\d_]+", said)]
        signs = {sign for found in scales for scale, sign in found if scale == "amount"}
        first, last = (float(n.replace(",", "")) for n in m.groups())
        if len(signs) == 1 and first != last and signs.pop() != (1 if last > first else -1):
            return True
    return False


@lru_cache(maxsize=8192)
def _compared(text: str) -> list[tuple[frozenset[str], frozenset[str]]]:
    """The words before and after each comparing word, the better or greater side first."""
    content = tokens(text)
    found = []
    for m in _COMPARES.finditer(text):
        before = [t.stem for t in content if t.end <= m.start()][-_SIDE:]
        after = [t.stem for t in content if t.start >= m.end()][:_SIDE]
        word = m.group().lower()
        down = word.startswith(("under", "trail", "los"))
        if word == "than":
            sign = _than_sign(text[: m.start()])
            if not sign:
                continue
            down = sign < 0
        passive = bool(re.match(r"\W*by\b", text[m.end() :])) and word.endswith(("ed", "en"))
        pair = (frozenset(before), frozenset(after))
        found.append(pair[::-1] if down != passive else pair)
    return found


def _than_sign(before: str) -> int:
    """The sign of the comparative that "than" belongs to; 0 when there is none."""
    for word in reversed(re.findall(r"[^\W\d_]+", before)[-5:]):
        signs = {sign for _, sign in _scales(word.lower())}
        if len(signs) == 1:
            return signs.pop()
    return 0


def _both(
    left: frozenset[str], right: frozenset[str], a: frozenset[str], b: frozenset[str], rarity: Rarity
) -> float:
    """How alike two ordered pairs are; nothing when either side shares no word of its own."""
    first = sum(map(rarity, (left & a) - (right | b)))
    second = sum(map(rarity, (right & b) - (left | a)))
    return first + second if first and second else 0.0
