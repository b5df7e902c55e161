"""Numbers of a statement held against its source: value, unit, what they count, and their order."""

from __future__ import annotations

import re
from itertools import combinations

from rag.terms import Number, Token, content_stems, numbers, tokens

_NEAR = 60  # characters on either side of a number in which it says what it counts
_AROUND = 120  # the same in the source, where sentences are longer
_PAIRS = re.compile(r"\b(?:both|dual|twin|pairs?|twice|double|bi|second(?:ly)?|ii)\b|\band\b", re.IGNORECASE)
_MOST = 8  # numbers of a statement that are compared in pairs


def number_faults(text: str, window: str) -> list[str]:
    """What is wrong with the numbers of `text`, given the sentences of the source that it draws on."""
    there = numbers(window)
    faults = []
    bound = []
    for number in numbers(text):
        shown = text[number.start : number.end].strip()
        if not shown[0].isdigit() and _lenient(shown, number, window):
            continue
        same = [n for n in there if n.value == number.value and (not number.unit or n.unit == number.unit)]
        if not same:
            faults.append(f"number {shown} is not in the source")
        elif not any(_same_neighbours(text, number, window, n) for n in same):
            faults.append(f"number {shown} counts something else")
        else:
            bound.append((number, same))
    return faults or _swapped(text, window, bound[:_MOST])


def _lenient(shown: str, number: Number, window: str) -> bool:
    """Ordinals order the telling; "two" may count what the source only lists."""
    ordinal = shown.lower().endswith(("th", "first", "second", "third"))
    return ordinal or (
        number.value == 2 and bool(_PAIRS.search(window)) and not _counted(window, number.value)
    )


def _counted(window: str, value: float) -> bool:
    return any(n.value == value for n in numbers(window))


def _same_neighbours(text: str, number: Number, window: str, found: Number) -> bool:
    """Whether a word close to the number in the statement is close to it in the source too."""
    near = set(content_stems(text[number.end : number.end + _NEAR])[:3])
    near |= set(content_stems(text[max(0, number.start - _NEAR) : number.start])[-3:])
    around = set(content_stems(window[max(0, found.start - _AROUND) : found.end + _AROUND]))
    return not near or bool(near & around)


def _swapped(text: str, window: str, bound: list[tuple[Number, list[Number]]]) -> list[str]:
    """Two numbers that have changed places: the words beside each stand beside the other in the source."""
    if "respectively" in window.lower():
        return []
    said, held = tokens(text), tokens(window)
    for (a, in_a), (b, in_b) in combinations(bound, 2):
        if a.value == b.value or a.unit != b.unit:
            continue
        if _turned(text, window, a, b):
            return [f"numbers {_shown(text, a)} and {_shown(text, b)} have changed places"]
        near_a, near_b = _beside(said, a, b), _beside(said, b, a)
        votes = [_nearer(s, held, in_a, in_b, window) for s in near_a - near_b]
        votes += [-_nearer(s, held, in_a, in_b, window) for s in near_b - near_a]
        if sum(votes) < 0 and min(votes) < 0:
            return [f"numbers {_shown(text, a)} and {_shown(text, b)} have changed places"]
    return []


def _turned(text: str, window: str, a: Number, b: Number) -> bool:
    """Whether "from a to b" is "from b to a" in the source."""
    between = re.compile(r"\W*(?:\w+\W+)?(?:to|→)\W*", re.IGNORECASE)
    if not between.fullmatch(text, a.end, b.start):
        return False
    there = numbers(window)
    orders = {
        (x.value, y.value)
        for x, y in zip(there, there[1:], strict=False)
        if {x.value, y.value} == {a.value, b.value}
    }
    return orders == {(b.value, a.value)}


def _beside(said: list[Token], number: Number, other: Number) -> set[str]:
    """Stems of the words next to a number, up to the other number."""
    low, high = sorted((number.start, other.start))
    before = [t.stem for t in said if t.end <= number.start and (number.start == low or t.start > low)]
    after = [t.stem for t in said if t.start >= number.end and (number.start == high or t.end < high)]
    return set(before[-2:] + after[:2])


def _nearer(stem: str, held: list[Token], in_a: list[Number], in_b: list[Number], window: str) -> int:
    """1 when the source has the word nearer to number a, -1 when nearer to b, 0 when it does not tell."""
    places = [t.start for t in held if t.stem == stem]
    if not places:
        return 0
    to_a = min(_distance(window, p, n) for p in places for n in in_a)
    to_b = min(_distance(window, p, n) for p in places for n in in_b)
    return (to_a < to_b) - (to_a > to_b)


def _distance(window: str, place: int, number: Number) -> float:
    low, high = sorted((place, number.start))
    between = window[low:high]
    return float("inf") if ". " in between else len(between)


def _shown(text: str, number: Number) -> str:
    return text[number.start : number.end].strip()
