"""Numbers of a draft's sentence that no cited abstract has, and what stands there in their place.

An author may round ("91 %" for 91.3 %), write a share as percent, or give the difference of two
figures; none of these is another number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from index.cleaning import readable
from index.types import Paper
from rag.terms import Number, content_stems, numbers

_ABOUT = re.compile(
    r"(?:about|around|roughly|nearly|almost|approximately|over|some|close to|more than|less than|at least|"
    r"up to|above|below|under|~|≈|>|<|≥|≤)\s*$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\b(?:by|differ\w*|gap|margin|gain\w*|more|fewer|less|higher|lower|points?)\b", re.I)
_LOOSELY = 0.05  # relative error of a number that is said to be about right
_SPAN = 70  # characters on either side that say what a number counts
_YEARS = range(1900, 2051)
_WHEN = re.compile(
    r"(?:\b(?:in|since|from|until|till|by|of|during|before|after|between|and|to|year|early|late|mid)\W?|[(–-])\s*$",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s*[%]?\s*(?:to|and|[-–—])\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Differing:
    """A number as the sentence writes it, and as the nearest like it stands in the abstract, or ""."""

    said: str
    held: str


def differing(text: str, papers: Sequence[Paper]) -> list[Differing]:
    """The figures of a sentence that none of the papers' abstracts or titles has."""
    sources = [readable(f"{p.title or ''}. {p.abstract}") for p in papers]
    held = [(n, source) for source in sources for n in numbers(source)]
    found = []
    for number in numbers(text):
        shown = text[number.start : number.end].strip()
        if not any(c.isdigit() for c in shown) or _is_year(number, text):
            continue
        if not any(_same(number, other, text) for other, _ in held) and not _difference(number, held, text):
            found.append(Differing(shown, _place(number, text, held)))
    return found


def _is_year(number: Number, text: str) -> bool:
    """Whether it is a year, which tells when, as in "Smith (2020)"."""
    shown = text[number.start : number.end].strip()
    when = number.value in _YEARS and shown.isdigit() and bool(_WHEN.search(text[: number.start]))
    return when and not number.unit


def _same(number: Number, other: Number, text: str) -> bool:
    """Whether two numbers are one, rounded, as a share, or loosely where the sentence says so."""
    a, b = number.value, other.value
    if number.unit and other.unit and number.unit != other.unit:
        return False
    step = _step(text[number.start : number.end])
    scales = [b, b * 100] if number.unit == "%" and not other.unit else [b]
    scales += [b / 100] if other.unit == "%" and not number.unit else []
    loosely = bool(_ABOUT.search(text[: number.start]))
    return any(
        abs(a - v) <= 1e-9 * max(1.0, abs(v))
        or (abs(v) >= 10 * step and abs(a - v) <= step / 2 + 1e-9 and _is_finer(v, a, step))
        or (loosely and abs(a - v) <= _LOOSELY * abs(v))
        for v in scales
    )


def _step(shown: str) -> float:
    """The unit of the last decimal that is written: 0.1 for "91.3", 1 for "91"."""
    decimals = re.search(r"\d[.·](\d+)", shown)
    return 10.0 ** -len(decimals.group(1)) if decimals else 1.0


def _is_finer(held: float, said: float, step: float) -> bool:
    """Whether the source gives more decimals than the sentence, so that this can be rounding."""
    return abs(held / step - round(held / step)) > 1e-6 and held != said


def _difference(number: Number, held: list[tuple[Number, str]], text: str) -> bool:
    if not _BETWEEN.search(text[max(0, number.start - _SPAN) : number.end + _SPAN]):
        return False
    step = _step(text[number.start : number.end])
    return any(
        s == t and a.unit == b.unit and abs(abs(a.value - b.value) - number.value) <= 0.51 * step * 0.1
        for (a, s), (b, t) in combinations(held[:40], 2)
    )


def _place(number: Number, text: str, held: list[tuple[Number, str]]) -> str:
    """The source's number of the same unit that counts the same: by the words around it, then by value."""
    around = set(content_stems(text[max(0, number.start - _SPAN) : number.end + _SPAN]))
    best, shown = (0, 0.0), ""
    for other, source in held:
        if other.unit != number.unit:
            continue
        before, behind = source[: other.start], source[other.end :]
        before, behind = before[before.rfind(". ") + 1 :][-_SPAN:], behind.split(". ")[0][:_SPAN]
        shared = len(around & set(content_stems(f"{before} {behind}")))
        near = 1 / (1 + abs(number.value - other.value) / max(abs(number.value), abs(other.value), 1e-9))
        if shared and (shared, near) > best:
            best, shown = (shared, near), source[other.start : other.end].strip()
    return shown


def swapped(text: str, source: Sequence[str]) -> bool:
    """Whether figures that a text shares with one sentence of its source stand in another order there.

    The ends of a range ("from 2.5% to 5%") have no order to keep.
    """
    said = [n for n in numbers(text) if any(c.isdigit() for c in text[n.start : n.end])]
    for sentence in source:
        places: dict[float, int] = {}
        for n in numbers(sentence):
            places.setdefault(n.value, n.start)
        shared = [n for n in said if n.value in places]
        for a, b in zip(shared, shared[1:], strict=False):
            if places[a.value] > places[b.value] and not _RANGE.fullmatch(text, a.end, b.start):
                return True
    return False
