"""What a sentence of an abstract shows of its purpose: cues of its wording, its place and part, its words.

Features are named numbers; `rag.compare.aspect_model` weighs them. A cue is a pattern of `cues`,
`data_cues` or `study_cues`, by name; words are lower-cased, digits made alike, alone and in pairs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.cleaning import readable
from index.types import Paper
from rag.compare import cues, data_cues, study_cues
from rag.compare.abstract import Part, Told, holds, paper_name, told
from rag.compare.study import is_study
from rag.terms import content_stems

# What leads a sentence in is left out of its text.
_LEADS = {f"cue:{name}": getattr(cues, name) for name in ("SETS_OUT", "SPECIFIES", "CONTRAST", "ASIDE")}
_CUES = tuple(
    (f"{kind}:{name}", pattern)
    for kind, module in (("cue", cues), ("data", data_cues), ("study", study_cues))
    for name, pattern in sorted(vars(module).items())
    if isinstance(pattern, re.Pattern) and f"{kind}:{name}" not in _LEADS
)
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*|%")
_DIGITS = re.compile(r"\d+")
_FIGURE = re.compile(r"\d\s?%|\d\.\d")
_START = "^"  # stands before the first word, in a pair
_WORDS = 3.0  # the length of a sentence's words as a vector; a cue that holds is _CUE
_CUE = 0.5
_SHORT, _LONG = 65, 400  # characters
_FAR = 6  # sentences since the paper began to speak of itself


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sentence stands: from the first on the paper itself, and in the whole, in [0, 1]."""

    since: int
    late: float
    last_before: bool = False  # the last sentence before the paper speaks of itself
    topic: frozenset[str] = frozenset()  # stems of the title
    name: str = ""  # of the work, where its title gives one

    def asked(self, text: str) -> float:
        """How much of what the title speaks of a text holds, in [0, 1]."""
        if not self.topic:
            return 0.0
        return min(1.0, 2 * len(self.topic & set(content_stems(text))) / len(self.topic))


def features_of(paper: Paper) -> list[tuple[Told, dict[str, float]]]:
    """The sentences of a paper's abstract with their features."""
    topic = frozenset(content_stems(readable(paper.title or "")))
    sentences = told(paper)
    study = is_study([one.text for one in sentences])
    parted = all(one.part is not Part.OWN for one in sentences)
    found = []
    for one, place in _placed(sentences, topic, paper_name(paper)):
        there = {
            **_place_features(one, place, len(sentences)),
            "parted": float(parted),
            "study": float(study),
        }
        if study:
            there |= {f"study*{name}": there[name] for name in ("late", "own", "begins", f"part:{one.part}")}
        there |= {name: 1.0 for name, pattern in _CUES if pattern.search(one.text)}
        there |= {name: 1.0 for name, pattern in _LEADS.items() if pattern.match(one.lead)}
        found.append((one, {**{n: _CUE * v for n, v in there.items() if v}, **_words(one.text)}))
    return found


def _placed(sentences: Sequence[Told], topic: frozenset[str], name: str) -> Iterator[tuple[Told, Place]]:
    begin = next((one.number for one in sentences if one.own), 0)
    last = max(1, len(sentences) - 1)
    for one in sentences:
        yield one, Place(max(0, one.number - begin), one.number / last, one.number == begin - 1, topic, name)


def _place_features(one: Told, place: Place, count: int) -> dict[str, float]:
    return {
        f"part:{one.part}": 1.0,
        "own": float(one.own),
        "begins": float(one.own and place.since == 0),
        "begun": float(one.own and place.since == 1),
        "last before": float(place.last_before),
        "since": min(place.since, _FAR) / _FAR,
        "late": place.late,
        "late, squared": place.late**2,
        "first": float(one.number == 0),
        "second": float(one.number == 1),
        "last": float(one.number == count - 1),
        "last but one": float(one.number == count - 2),
        "title": place.asked(one.text),
        "name": float(holds(one.text, place.name)),
        "length": min(len(one.text), _LONG) / _LONG,
        "short": float(len(one.text) < _SHORT),
        "digits": float(bool(_DIGITS.search(one.text))),
        "figure": float(bool(_FIGURE.search(one.text))),
        "question": float(one.text.endswith("?")),
    }


def _words(text: str) -> Mapping[str, float]:
    """The words of a text and the pairs of neighbours, as a vector of length `_WORDS`."""
    words = [_DIGITS.sub("0", word.lower()) for word in _WORD.findall(text)]
    there = {*words, *(f"{a} {b}" for a, b in zip([_START, *words], words, strict=False))}
    return {f"w:{word}": _WORDS / len(there) ** 0.5 for word in there}
