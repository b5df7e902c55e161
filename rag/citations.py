"""Citation markers in model text: read leniently, bind to the served evidence, strip the rest.

Whatever a model emits, no number outside the served set survives. Accepted forms: `[1]`, `[1, 2]`,
`[1-3]`, `[1][2]`, `[1 and 2]`, `[source 1]`, `【1】`, `［1］`, `[^1]`, nested ones; `(1)` is not one. A
range is clamped before it is expanded: a model may write `[1-999999999]`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORD = r"(?:(?:sources?|evidence|papers?|ref(?:erence)?s?)\b\.?)"
_INSIDE = rf"(?:{_WORD}\s*)?[\^#]?\d(?:[\d\s,;/^#–—-]|\b(?:and|et|und|pp?\.)|&|{_WORD})*"
_MARKER = re.compile(rf"\s?[\[【［〔]\s*({_INSIDE})[\]】］〕]", re.IGNORECASE)
_BRACKETED = re.compile(rf"[\[【［〔](\s*{_INSIDE})[\]】］〕]", re.IGNORECASE)
_CUT_OFF = re.compile(r"\s?[\[【［〔]\s*\^?\d[\d\s,;–—-]*\Z")  # where the model ran out of tokens
_PAGES = re.compile(r"pp?\.[\d\s–—-]*", re.IGNORECASE)
_EMPTY = re.compile(r"\s?[\[【［〔][\s,;]*[\]】］〕]")
_RANGE = re.compile(r"(\d+)\s*[-–—]\s*(\d+)|(\d+)")
_LONGEST = 12  # digits; a longer "number" is not a citation


@dataclass(frozen=True, slots=True)
class Bound:
    """A text without markers, the served numbers it cited in order, and how many it invented."""

    text: str
    citations: tuple[int, ...]
    invented: int


def bind(text: str, served: int) -> Bound:
    """Take all citation markers out of `text`; keep those that name evidence 1..`served`."""
    cited: dict[int, None] = {}
    invented = 0

    def take(match: re.Match[str]) -> str:
        nonlocal invented
        numbers, bad = _expand(match.group(1), served)
        invented += bad
        cited.update(dict.fromkeys(numbers))
        return ""

    bare, before = text, ""
    while bare != before:  # from the inside out: "[1, [2]]"
        before = bare
        bare = _EMPTY.sub("", _MARKER.sub(take, bare))
    bare = _CUT_OFF.sub("", bare)
    bare = re.sub(r"(?<!\s)\s+([.,;:!?])", r"\1", bare)
    return Bound(re.sub(r"[ \t]{2,}", " ", bare).strip(), tuple(cited), invented)


def neutralise(text: str) -> str:
    """The text with its own bracketed numbers turned to parentheses: for the prompt copy only."""
    return _BRACKETED.sub(r"(\1)", text)


def _expand(inside: str, served: int) -> tuple[list[int], int]:
    numbers: list[int] = []
    bad = 0
    for first, last, single in _RANGE.findall(_PAGES.sub("", inside)):
        low, high = (single, single) if single else (first, last)
        if len(low) > _LONGEST or len(high) > _LONGEST:
            bad += 1
            continue
        wanted = range(int(low), int(high) + 1)
        kept = range(max(1, wanted.start), min(served, wanted.stop - 1) + 1)
        numbers += kept
        bad += len(wanted) > len(kept)
    return numbers, bad
