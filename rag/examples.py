"""Example questions that a library can answer: what many of its titles share, and two of its papers."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice

from index.cleaning import readable
from index.library import Library
from rag.terms import REPORTING, STOP
from rag.wording import short_name

_READ = 2000  # papers looked at
_DULL = (
    STOP
    | REPORTING
    | {"based", "towards", "toward", "via", "using", "learning", "deep", "large", "data", "multi"}
)


def example_questions(library: Library) -> list[str]:
    """Up to four questions: two surveys on phrases common in titles, one comparison, one fact."""
    papers = list(islice(library.papers(), _READ))
    phrases: Counter[str] = Counter()
    for paper in papers:
        tokens = re.findall(r"[\w-]+", readable(paper.title or "").lower())
        pairs = zip(tokens, tokens[1:], strict=False)
        phrases.update(
            {f"{a} {b}" for a, b in pairs if a not in _DULL and b not in STOP and len(a) > 2 and len(b) > 2}
        )
    common = [phrase for phrase, count in phrases.most_common(12) if count >= 3]
    examples = [f"What has been done on {phrase}?" for phrase in _apart(common)[:2]]
    named = [(p, name) for p in papers if (name := short_name(p)) and len(p.abstract) > 400]
    if len(named) >= 2:
        first, second = named[0][1], named[1][1]
        examples.append(f"How do {first} and {second} differ?")
        examples.append(f"What does {named[len(named) // 2][1]} do?")
    return examples or [f"What is known about {p.label}?" for p in papers[:2]]


def _apart(phrases: list[str]) -> list[str]:
    """Phrases that share no word with an earlier one."""
    kept: list[str] = []
    seen: set[str] = set()
    for phrase in phrases:
        words = set(phrase.split())
        if not words & seen:
            kept.append(phrase)
            seen |= words
    return kept
