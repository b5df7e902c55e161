"""Names of a statement held against its source: no name may appear that the paper does not use."""

from __future__ import annotations

import re
from itertools import combinations

from rag.acronyms import spelled_out
from rag.places import Spot, changed_places
from rag.terms import Token, names, tokens

_SHARED = 4  # letters that a country and its adjective share: "Chinese", "China"


def name_faults(text: str, source: str) -> list[str]:
    """The names of `text` that `source` (title and abstract as `plain_name` gives it) does not have."""
    return [f"name {name} is not in the source" for name in sorted(names(text)) if not _known(name, source)]


_COMPARED = re.compile(
    r"\b(?:than|over|against|versus|vs|compared|outperform\w*|surpass\w*|beat\w*|exceed\w*)\b", re.I
)


_PASSIVE = re.compile(r"\b\w+(?:ed|en|beat) by\b")


def name_swaps(text: str, window: str) -> list[str]:
    """Two names of `text` that stand in each other's place in the source's sentences."""
    spots = {}
    for name in names(text):
        here, there = _first(name, text), _starts(name, window)
        if here is not None and there:
            spots[name] = Spot(here, here + len(name), there)
    said, held = _without(tokens(text), spots), _without(tokens(window), spots)
    for a, b in combinations(sorted(spots, key=lambda n: spots[n].start), 2):
        compared = _COMPARED.search(text, spots[a].end, spots[b].start)
        if (
            compared
            and not _PASSIVE.search(text, spots[a].end, spots[b].start)
            and changed_places(said, held, window, spots[a], spots[b]) > 1
        ):
            return [f"names {a} and {b} have changed places"]
    return []


def _without(words: list[Token], spots: dict[str, Spot]) -> list[Token]:
    parts = {p for name in spots for p in re.split(r"[-–]", name)}
    return [t for t in words if t.stem not in parts and t.stem not in spots]


def _first(name: str, text: str) -> int | None:
    starts = _starts(name, text)
    return starts[0] if len(starts) == 1 else None


def _starts(name: str, text: str) -> tuple[int, ...]:
    return tuple(m.start() for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE))


def _known(name: str, source: str) -> bool:
    if _stands(name, source) or spelled_out(name, source):
        return True
    if name.isalpha() and len(name) >= 5 and re.search(rf"\b{re.escape(name[:_SHARED])}\w{{0,4}}\b", source):
        return True
    parts = [p for p in re.split(r"[-–&]", name) if p]
    if len(parts) < 2 or any(p[0].isdigit() for p in parts):
        return False  # "GPT-3" is not in a paper on GPT-4
    return all(len(p) == 1 or _stands(p, source) or spelled_out(p, source) or _joins(p) for p in parts)


def _stands(name: str, source: str) -> bool:
    forms = {name, name.removesuffix("s")} if len(name) > 3 else {name}
    return any(re.search(rf"(?<![^\W_]){re.escape(f)}(?:s|es)?(?![^\W_])", source) for f in forms)


def _joins(part: str) -> bool:
    """Whether a part of a hyphenated name is an ordinary word: "LLM-driven"."""
    return part.endswith(("ed", "ing", "en")) or part in _ORDINARY


_ORDINARY = frozenset(
    """free like level specific style aware only to and of type non pre post multi sub based
    language token written""".split()
)
