"""What a sentence of a draft claims, and on whose word: the text that each citation stands behind.

Also which uncited sentences claim something that a paper could be cited for: no questions, nothing on
the draft's own work, nothing on its own parts.
"""

from __future__ import annotations

import re

from rag.audit.draft import DraftSentence
from rag.terms import content_stems

_OWN = re.compile(
    r"\b(?:I|us|(?i:we|our|ours|my|(?:this|the present|the current) (?:paper|article|study|work|section|"
    r"review|chapter|thesis|manuscript|report|draft)))\b"
    r"|\b(?i:fig(?:ure)?s?|tables?|sections?|appendix|equations?|chapters?)\.?[\s~]*[\dA-Z(]"
)
_OWN_START = re.compile(
    r"(?:we|our|in (?:this|the following|what follows)|here,|below|next,)\b", re.IGNORECASE
)
_LEAST = 4  # words with a meaning of a claim
_YEAR = r"(?: ?\(\d{4}[a-z]?\))"
_REPORT = (
    r"(?= (?:also |recently |later |first |further )?(?:show|find|found|report|demonstrat|argu|propos|"
    r"present|introduc|describ|observ|conclud|suggest|stud|compar|evaluat|develop|examin|investigat|note|claim|state|"
    r"use|apply|applied|train|test|build|built)\w*\b)"
)
_NAME = r"[A-Z][a-z'’][\w'’-]*"
_PEOPLE = rf"{_NAME}(?:, {_NAME})*,? (?:and|&) {_NAME}"
_NAMED = re.compile(  # "Smith et al. (2020) show", "According to Smith and Jones (2021),"
    r"(?P<lead>(?:^|[,;] (?:and |while |whereas |but )?)"
    r"(?:(?:[Ii]n|[Bb]y|[Aa]s|[Ff]ollowing|[Aa]ccording to) )?)"
    rf"(?:{_NAME},? (?:et al\.?|and (?:colleagues|co-?workers)){_YEAR}?|"
    rf"{_PEOPLE}{_YEAR}|{_PEOPLE}{_REPORT}|{_NAME}{_YEAR}{_REPORT})"
)
_FEW = 3  # words before a marker below which it names who speaks, and what it speaks for follows


def is_claim(sentence: DraftSentence) -> bool:
    """Whether a sentence without a citation states something that a paper could have found."""
    text = sentence.text
    if not text.endswith((".", "!", ")", "”", '"')) or _OWN_START.match(text) or _OWN.search(text):
        return False
    return len(set(content_stems(text))) >= _LEAST


def spoken(text: str) -> str:
    """A sentence without the names of those it reports: "Smith et al. show" is "The authors show"."""
    return _NAMED.sub(lambda m: f"{m['lead']}{'the' if m['lead'] else 'The'} authors", text)


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
