"""Checked sentences made to follow each other as prose: who speaks, and how one relates to the last.

Only the subject and a connective change. "The authors" become the authors' names or "the authors of
NAME", a second sentence of the same paper says "They". A connective is set only where its relation was
computed and holds between the two sentences as they are shown; without one, none is set.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from index.cleaning import readable
from index.names import split_name
from index.readers.fields import CORPORATE
from index.types import Paper
from rag.contraries import contrary_stems
from rag.terms import REPORTING_STEMS, STOP, content_stems, stem, words
from rag.wording import short_name

Rarity = Callable[[str], float]

ALIKE = 0.62  # cosine of two sentences from which the second may begin with "Similarly"
_SHARED = 2  # rare words that two such sentences must share
_RARE = 1.5  # rarity (ln of inverse document share) from which a word tells
_THEIR = re.compile(r"^their (?=[a-z])", re.IGNORECASE)
# A clause in front that may point back to what is not shown: "To overcome this limitation, the authors …".
_CLAUSE = re.compile(
    r"^(?:to|for|by|with|in|given|considering|inspired by|motivated by|based on|building on|unlike|despite) "
    r"[^.;:]{1,120}?, (?=the authors\b)",
    re.I,
)
_POINTS_BACK = re.compile(r"\b(?:this|these|those|such|it|them|the (?:above|former|latter))\b", re.I)
_AUTHORS = re.compile(r"^(?:the authors|they)\b", re.IGNORECASE)
_THIS = re.compile(
    r"^(?:this|the proposed|the present(?:ed)?|the) (?:framework|model|method|approach|dataset|benchmark|"
    r"system|network|architecture)\b(?! of\b| for\b| that\b)",
    re.IGNORECASE,
)
_LOWERED = frozenset(
    """a an the this these those they it its their in on at by for from with within without to as of using
    based compared experiments experimental extensive results evaluation evaluations comprehensive
    quantitative qualitative across among after before when while although because unlike through under
    over given trained training tested our both all each most many several some one two three four five
    six seven eight nine ten moreover analyses analysis adding another other testing across empirical
    thorough""".split()
)
_ANONYMOUS = (
    "One group of authors",
    "Another group of authors",
    "Other authors",
    "A further group of authors",
)
_SIMILAR = ("Similarly, ", "Likewise, ", "In the same vein, ")
_CONTRAST = ("In contrast, ", "By contrast, ")
CONNECTIVE = re.compile(r"^(?:Similarly|Likewise|In the same vein|In contrast|By contrast), (\w)")
_NO_CONNECTIVE = re.compile(
    r"^(?:however|similarly|likewise|in contrast|by contrast|also|moreover|although|while|despite|unlike)\b",
    re.I,
)


class Voice:
    """Words the sentences of one section; knows which paper spoke last. `rarity` weighs stems."""

    def __init__(self, rarity: Rarity) -> None:
        self._rarity = rarity
        self._paper: str | None = None
        self._said = ""
        self._used = {"alike": 0, "contrast": 0}
        self._last = ""
        self._unnamed = 0
        self._named = False  # whether the last sentence had the authors for its subject

    def first(self) -> None:
        """A new paragraph begins: nothing relates to what stands before."""
        self._paper, self._said = None, ""

    def say(self, text: str, paper: Paper, alike: float = 0.0) -> str:
        """The sentence as it stands in the paragraph.

        :param alike: cosine of this and the last sentence, 0 where it is not known.
        """
        again = ("They" if self._named else "The authors") if paper.id == self._paper else ""
        core = named(text, paper, _ANONYMOUS[self._unnamed % len(_ANONYMOUS)], again=again)
        self._unnamed += not again and core.startswith(_ANONYMOUS)
        lead = "" if again or _NO_CONNECTIVE.match(core) else self._lead(text, alike)
        self._paper, self._said = paper.id, text
        self._named = bool(re.match(r"(?:they|the authors|.{1,40} et al\.|.{1,60} authors)\b", core, re.I))
        return lead + (lowered(core, paper) if lead else core)

    def _lead(self, text: str, alike: float) -> str:
        if not self._said:
            return ""
        kind = self._relation(text, alike)
        if kind == self._last or not kind:  # the same connective twice in a row reads like a list
            self._last = ""
            return ""
        self._last = kind
        choices = _SIMILAR if kind == "alike" else _CONTRAST
        self._used[kind] += 1
        return choices[(self._used[kind] - 1) % len(choices)]

    def _relation(self, text: str, alike: float) -> str:
        if contrasted(self._said, text):
            return "contrast"
        shared = [s for s in set(content_stems(self._said)) & set(content_stems(text)) if self._tells(s)]
        return "alike" if alike >= ALIKE and len(shared) >= _SHARED else ""

    def _tells(self, s: str) -> bool:
        return s not in REPORTING_STEMS and self._rarity(s) >= _RARE


def contrasted(first: str, second: str) -> bool:
    """Whether the two say contrary things of the same word: "with labels", "without labels"."""
    one, other = _pairs(first), _pairs(second)
    return any(
        head == same and contrary in contrary_stems(word) and contrary != word
        for word, head in one
        for contrary, same in other
    )


def _pairs(text: str) -> set[tuple[str, str]]:
    """Neighbouring words as stems, the first of which may have a contrary."""
    found = words(text)
    kept = [stem(w) for w in found]
    return {
        (a, b)
        for a, b, plain in zip(kept, kept[1:], found[1:], strict=False)
        if plain not in STOP and a in _KINDS
    }


# Contraries that tell kinds of work apart; "higher" and "lower" compare within one paper.
_KINDS = frozenset(
    map(
        stem,
        """supervised unsupervised with without single multiple global local public private dense
    sparse""".split(),
    )
)


def named(text: str, paper: Paper, anonymous: str = "The authors", *, again: str = "") -> str:
    """A sentence whose subject is told by name instead of by a label in front of it.

    :param anonymous: who "the authors" are where neither they nor their work have a name.
    :param again: what they are called in a further sentence of the same paper.
    """
    name = short_name(paper)
    prefix = f"{name}: " if name else ""
    labelled = bool(prefix) and text.startswith(prefix)
    rest = text[len(prefix) :] if labelled else text
    if again:
        return _opened(_AUTHORS.sub(again, rest))
    rest = re.sub(r"^(the authors) (?:also|further|then|first|additionally) ", r"\1 ", rest, flags=re.I)
    clause = _CLAUSE.match(rest)
    if clause and _POINTS_BACK.search(clause.group()):
        rest = rest[clause.end() :]
    subject = _subject(paper, name if labelled else None)
    if _AUTHORS.match(rest):
        return _opened(_AUTHORS.sub(subject or anonymous, rest, count=1))
    if their := _THEIR.match(rest):
        return f"{_whose(paper, name if labelled else None)}, the {rest[their.end() :]}"
    if labelled and name and (_THIS.match(rest) or re.match(r"it\b", rest, re.I)):
        return _opened(re.sub(r"^it\b", name, _THIS.sub(name, rest, count=1), flags=re.I))
    return _opened(rest)


def _subject(paper: Paper, name: str | None) -> str:
    """Who "the authors" are: by their names where there are several, else by the name of their work."""
    authors = surnames(paper)
    if len(authors) == 2:
        return f"{authors[0]} and {authors[1]}"
    if len(authors) > 2:
        return f"{authors[0]} et al."
    return f"The authors of {name}" if name else ""


def _whose(paper: Paper, name: str | None) -> str:
    """Where a finding comes from: "In the study of Holm et al."."""
    subject = _subject(paper, None)
    if subject:
        return f"In the study of {subject}"
    return f"In the study of {name}" if name else "In one study"


def unvoiced(text: str, paper: Paper) -> str:
    """A sentence as it was before it was voiced, as far as a check of it needs: no connective, no names."""
    plain = CONNECTIVE.sub(lambda m: m[1].upper(), text)
    subject = _subject(paper, None)
    if subject and plain.startswith(subject):
        return "The authors" + plain[len(subject) :]
    return plain.removeprefix(f"In the study of {subject}, ") if subject else plain


def surnames(paper: Paper) -> list[str]:
    """The family names of the authors, in order."""
    corporate = set(paper.extra.get(CORPORATE) or ())
    return [split_name(readable(a), corporate=a in corporate).family for a in paper.authors]


def lowered(text: str, paper: Paper) -> str:
    """The sentence behind a connective: a common first word in small letters, a name as it is."""
    first = text.split(" ", 1)[0]
    if first.lower().strip(",") in _LOWERED:
        return text[:1].lower() + text[1:]
    return text


def _opened(text: str) -> str:
    return text[:1].upper() + text[1:] if text[:1].islower() and not _camel(text) else text


def _camel(text: str) -> bool:
    first = text.split(" ", 1)[0]
    return any(c.isupper() for c in first)


def joined_names(names: Sequence[str]) -> str:
    """The names in one phrase: "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
