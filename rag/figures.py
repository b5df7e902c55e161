"""Numbers of a statement held against its source: value, unit, what they count, and their order."""

from __future__ import annotations

import re
from itertools import combinations

from rag.places import Spot, changed_places
from rag.terms import Number, content_stems, numbers, tokens

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
        elif not any(_same_neighbours(text, number, window, n) for n in same) or _counts_other(
            text, number, window, same
        ):
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


def _counts_other(text: str, number: Number, window: str, same: list[Number]) -> bool:
    """Whether the thing counted ("31 images") is counted by another number in the source."""
    counted = _next_stem(text, number)
    if number.unit or counted is None or any(counted in _next_stems(window, n) for n in same):
        return False
    return any(counted == _next_stem(window, n) for n in numbers(window) if n not in same)


def _next_stem(text: str, number: Number) -> str | None:
    return next(iter(_next_stems(text, number)), None)


def _next_stems(text: str, number: Number) -> list[str]:
    """Stems of up to three words right behind a number, before anything parts them from it."""
    behind = re.split(r"[,;:.()\d]| of | in | on | and ", text[number.end : number.end + _NEAR])[0]
    return content_stems(behind)[:3]


def _swapped(text: str, window: str, bound: list[tuple[Number, list[Number]]]) -> list[str]:
    """Two numbers that have changed places: the words beside each stand beside the other in the source."""
    said, held = tokens(text), tokens(window)
    for (a, in_a), (b, in_b) in combinations(bound, 2):
        if a.value == b.value or a.unit != b.unit or _in_order(window, in_a + in_b):
            continue
        votes = changed_places(said, held, window, _spot(a, in_a), _spot(b, in_b))
        if votes > 0 or _turned(text, window, a, b):
            return [f"numbers {_shown(text, a)} and {_shown(text, b)} have changed places"]
    return []


def _in_order(window: str, found: list[Number]) -> bool:
    """Whether a list in the order of another, "… respectively", holds one of the numbers."""
    ends = (window.find(". ", n.end) for n in found)
    return any(
        "respectively" in window[n.end : end if end >= 0 else None]
        for n, end in zip(found, ends, strict=True)
    )


def _spot(number: Number, found: list[Number]) -> Spot:
    return Spot(number.start, number.end, tuple(n.start for n in found))


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


def _shown(text: str, number: Number) -> str:
    return text[number.start : number.end].strip()
