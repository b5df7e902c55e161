"""Whether two things of a statement have changed places: each stands among the other's words.

Two figures, or two names, that a statement shares with its source are told apart by the words
beside them. Where the source has those words nearer to the other of the two, they were swapped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.terms import Token

_BESIDE = 2  # words on either side
_LONG_WAY = 100_000  # a distance across a full stop


@dataclass(frozen=True, slots=True)
class Spot:
    """Something in a statement, and where its source has it (offsets of its starts)."""

    start: int
    end: int
    source: tuple[int, ...]


def changed_places(said: Sequence[Token], held: Sequence[Token], window: str, a: Spot, b: Spot) -> int:
    """How many more words beside `a` and `b` speak for a swap than against it.

    :param said: the statement's words. :param held: the words of `window`, the source's sentences.
    """
    near_a, near_b = _beside(said, a, b), _beside(said, b, a)
    votes = [_nearer(s, held, a, b, window) for s in near_a - near_b]
    votes += [-_nearer(s, held, a, b, window) for s in near_b - near_a]
    return -sum(votes)


def _beside(said: Sequence[Token], spot: Spot, other: Spot) -> set[str]:
    """Stems of the words next to a spot, up to the other one."""
    low, high = sorted((spot.start, other.start))
    before = [t.stem for t in said if t.end <= spot.start and (spot.start == low or t.start > low)]
    after = [t.stem for t in said if t.start >= spot.end and (spot.start == high or t.end < high)]
    return set(before[-_BESIDE:] + after[:_BESIDE])


def _nearer(stem: str, held: Sequence[Token], a: Spot, b: Spot, window: str) -> int:
    """1 when the source has the word nearer to `a`, -1 when nearer to `b`, 0 when it does not tell."""
    places = [t.start for t in held if t.stem == stem]
    if not places:
        return 0
    to_a = min(_distance(window, p, at) for p in places for at in a.source)
    to_b = min(_distance(window, p, at) for p in places for at in b.source)
    return (to_a < to_b) - (to_a > to_b)


def _distance(window: str, place: int, at: int) -> int:
    low, high = sorted((place, at))
    return _LONG_WAY if ". " in window[low:high] else high - low
