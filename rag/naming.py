"""Names of a statement held against its source: no name may appear that the paper does not use."""

from __future__ import annotations

import re

from rag.acronyms import spelled_out
from rag.terms import names

_SHARED = 4  # letters that a country and its adjective share: "Chinese", "China"


def name_faults(text: str, source: str) -> list[str]:
    """The names of `text` that `source` (title and abstract as `plain_name` gives it) does not have."""
    return [f"name {name} is not in the source" for name in sorted(names(text)) if not _known(name, source)]


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
    "free like level specific style aware only to and of type non pre post multi sub based language token written".split()
)
