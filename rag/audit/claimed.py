"""What a sentence of a draft claims, and on whose word: the text that each citation stands behind.

Also which uncited sentences claim something that a paper could be cited for: no questions, nothing on
the draft's own work, nothing on its own parts.
"""

from __future__ import annotations

import re

from rag.audit.draft import DraftSentence
from rag.terms import content_stems

_OWN = re.compile(
    r"\b(?:we|our|ours|us|I|my|(?:this|the present|the current) (?:paper|article|study|work|section|review|"
    r"chapter|thesis|manuscript|report|draft))\b|\b(?:figures?|tables?|sections?|appendix|equation|chapter)\s*[\dA-Z~(]",
)
_OWN_START = re.compile(
    r"(?:we|our|in (?:this|the following|what follows)|here,|below|next,)\b", re.IGNORECASE
)
_LEAST = 4  # words with a meaning of a claim
_NAMED = re.compile(  # "Smith et al. (2020) show", "In Smith and Jones,"
    r"(?P<lead>(?:^|[,;]\s+(?:and\s+|while\s+|whereas\s+)?)(?:(?:in|by|as|following|according to)\s+)?)"
    r"(?P<name>[A-Z][\w'’-]+(?:(?:,? [A-Z][\w'’-]+)*,? (?:and|&) [A-Z][\w'’-]+|"
    r",? et al\.?|(?: and (?:colleagues|co-?workers))))(?:['’]s?)?(?: ?\(\d{4}[a-z]?\))?(?P<comma>,?)",
    re.IGNORECASE,
)
_FEW = 3  # words before a marker below which it names who speaks, and what it speaks for follows


def is_claim(sentence: DraftSentence) -> bool:
    """Whether a sentence without a citation states something that a paper could have found."""
    text = sentence.text
    if not text.endswith((".", "!", ")", "”", '"')) or _OWN_START.match(text) or _OWN.search(text):
        return False
    return len(set(content_stems(text))) >= _LEAST


def spoken(text: str) -> str:
    """A sentence without the names of those it reports: "Smith et al. show" is "the authors show"."""

    def put(m: re.Match[str]) -> str:
        name = m.group("name")
        if not name[0].isupper():
            return m.group()
        return f"{m.group('lead')}{'the' if m.group('lead') else 'The'} authors{m.group('comma')}"

    return _NAMED.sub(put, text)


def behind(sentence: DraftSentence) -> dict[int, tuple[str, ...]]:
    """For each marker the texts that it may stand behind, the whole sentence first.

    With several markers a citation need only hold for its own stretch: from the marker before it, or,
    where it opens the stretch ("@smith shows …"), up to the next.
    """
    places = {c.group: c.at for c in sentence.cites}
    order = sorted(places, key=places.__getitem__)
    text = sentence.text
    found: dict[int, tuple[str, ...]] = {}
    for n, group in enumerate(order):
        before = places[order[n - 1]] if n else 0
        after = places[order[n + 1]] if n + 1 < len(order) else len(text)
        own = text[before : places[group]]
        if len(own.split()) <= _FEW:
            own = text[before:after]
        elif n + 1 == len(order):
            own = text[before:]
        own = own.strip(" ,;:.—–")
        alone = len(order) == 1 or len(content_stems(own)) < _LEAST
        found[group] = (
            (text,) if alone else (text, re.sub(r"^(?:and|but|while|whereas|or)\s+", "", own) + ".")
        )
    return found
